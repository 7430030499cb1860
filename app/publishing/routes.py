from pathlib import Path as FilePath
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from starlette.responses import FileResponse

from app.db import Reading, Writing
from app.errors import NotAllowed, NotFound
from app.evidence.store import path_of
from app.movements.routes import MovementPath
from app.policy import Action, Actor
from app.publishing import actions, bundle, computing, drafting, queries
from app.publishing.finalising import blockers
from app.publishing.rules import Blocker, Edition
from app.publishing.schemas import (
    FinalisationOut,
    OverrideIn,
    OverridesOut,
    ProvenOut,
    PublicationDraftIn,
    PublicationDraftOut,
    PublicationOut,
    PublishedResultOut,
)
from app.units.routes import UnitPath
from app.web.house import of
from app.web.page import Listed
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import Rendered, prepared_by, router
from app.web.texts import Language

routes = router("publishing")
NumberPath = Annotated[int, Path(ge=1, le=100_000, description="Lần công bố thứ mấy")]


@routes.get(
    "/movements/{movement}/finalisation",
    operation_id="publishing_finalisation",
    summary="Những việc còn vướng trước khi công bố kết quả",
    responses=documented(*READ),
)
def finalisation(db: Reading, actor: Actor, language: Language, movement: MovementPath) -> FinalisationOut:
    return queries.finalisation(db, actor, movement, language)


def _found(db: Reading, actor: Actor, movement: str) -> list[Blocker]:
    if actor.units_for(Action.PUBLICATION_APPROVE) is not None:
        raise NotAllowed
    return blockers(db, movement)


@routes.post(
    "/movements/{movement}/overrides",
    operation_id="publishing_override",
    status_code=201,
    summary="Chịu trách nhiệm cho công bố dù còn việc vướng, nêu lý do",
    responses=documented(*WRITE, actions.NeverOverridden),
)
@prepared_by(_found)
def override(db: Writing, actor: Actor, movement: MovementPath, sent: OverrideIn, prepared: list[Blocker]) -> OverridesOut:
    """Việc phát sinh sau không được chấp thuận sẵn."""
    made = actions.override(db, actor, movement=movement, kind=sent.kind, subjects=sent.subjects, reason=sent.reason, found=prepared)
    return OverridesOut(movement=movement, kind=sent.kind, overridden=made)


def _drafted(db: Reading, actor: Actor, request: Request, movement: str, sent: PublicationDraftIn) -> drafting.Drafted:
    return drafting.drafted(db, actor, movement, sent.stage, sent.reason, of(request).settings)


@routes.post(
    "/movements/{movement}/publication-drafts",
    operation_id="publishing_draft",
    status_code=201,
    summary="Lập bản công bố kết quả, chờ người thứ hai duyệt",
    responses=documented(*WRITE, computing.NotFinal, computing.NoSigningKey, actions.SamePerson, actions.NotTheNewest),
)
@prepared_by(_drafted)
def draft(
    request: Request, db: Writing, actor: Actor, movement: MovementPath, sent: PublicationDraftIn, prepared: drafting.Drafted
) -> PublicationDraftOut:
    return PublicationDraftOut.model_validate(actions.draft(db, actor, movement=movement, stage=sent.stage, made=prepared))


def _still_final(db: Reading, actor: Actor, request: Request, draft_id: UUID) -> None:
    drafting.check_final(db, queries.open_draft(db, actor, draft_id).movement_code, of(request).settings)


@routes.post(
    "/publication-drafts/{draft_id}/approval",
    operation_id="publishing_approve",
    status_code=201,
    summary="Duyệt công bố: người thứ hai, không phải người lập",
    responses=documented(*WRITE, computing.NotFinal, actions.SamePerson, actions.NotTheNewest, actions.DraftWithdrawn),
)
@prepared_by(_still_final)
def approve(request: Request, db: Writing, actor: Actor, draft_id: UUID, prepared: None) -> PublicationOut:
    made = actions.approve(db, actor, draft_id=draft_id)
    return queries.table(db, actor, made.movement_code)[0]


@routes.get(
    "/publication-drafts/{draft_id}/result",
    operation_id="publishing_draft_result",
    summary="Kết quả trong bản chờ duyệt, đầy đủ như Hội đồng xem",
    response_model=PublishedResultOut,
    responses=documented(*READ),
)
def draft_result(request: Request, db: Reading, actor: Actor, draft_id: UUID) -> Rendered:
    row = queries.open_draft(db, actor, draft_id)
    return told(request, row.file_hash, row.number)


@routes.get(
    "/movements/{movement}/publications",
    operation_id="publishing_list",
    summary="Các lần công bố kết quả, mới nhất trước",
    responses=documented(*READ),
)
def publications(db: Reading, actor: Actor, movement: MovementPath) -> Listed[PublicationOut]:
    queries.check_edition(actor, Edition.PUBLIC)
    return Listed(items=queries.table(db, actor, movement))


@routes.get(
    "/movements/{movement}/publications/{number}",
    operation_id="publishing_result",
    summary="Kết quả của một lần công bố",
    response_model=PublishedResultOut,
    responses=documented(*READ),
)
def result(
    request: Request, db: Reading, actor: Actor, movement: MovementPath, number: NumberPath, edition: Edition = Edition.PUBLIC
) -> Rendered:
    queries.check_edition(actor, edition)
    return told(request, queries.open_edition(db, movement, number, edition), number)


@routes.get(
    "/movements/{movement}/publications/{number}/units/{code}",
    operation_id="publishing_unit",
    summary="Kết quả của một đơn vị trong một lần công bố, kèm đường dẫn tới mã kiểm đã ký",
    responses=documented(*READ),
)
def unit(
    request: Request,
    db: Reading,
    actor: Actor,
    movement: MovementPath,
    number: NumberPath,
    code: UnitPath,
    edition: Edition = Edition.PUBLIC,
) -> ProvenOut:
    queries.check_edition(actor, edition)
    return proven(request, queries.open_edition(db, movement, number, edition), code)


@routes.get(
    "/movements/{movement}/publications/{number}/bundle",
    operation_id="publishing_bundle",
    summary="Gói kết quả để người khác tự tính lại",
    response_class=FileResponse,
    responses=documented(*READ),
)
def whole(
    request: Request, db: Reading, actor: Actor, movement: MovementPath, number: NumberPath, edition: Edition = Edition.PUBLIC
) -> FileResponse:
    queries.check_edition(actor, edition)
    return sent_whole(request, queries.open_edition(db, movement, number, edition), f"{movement}-{number}-{edition}")


def told(request: Request, file: str, number: int) -> Rendered:
    found = bundle.read(_place(request, file), bundle.RESULT)
    assert found is not None
    return Rendered(found, number)


def proven(request: Request, file: str, unit: str) -> ProvenOut:
    found = bundle.proven(_place(request, file), f"units/{unit}.json")
    if found is None:
        raise NotFound
    return ProvenOut.model_validate(found._asdict())


def _place(request: Request, file: str) -> FilePath:
    return path_of(computing.root_of_files(of(request).settings), file)


def sent_whole(request: Request, file: str, name: str) -> FileResponse:
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(_place(request, file), media_type="application/zip", filename=f"{name}.zip", headers=headers)
