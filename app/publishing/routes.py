from app.db import Reading, Writing
from app.errors import NotAllowed
from app.movements.routes import MovementPath
from app.policy import Action, Actor
from app.publishing import actions, queries
from app.publishing.finalising import blockers
from app.publishing.rules import Blocker
from app.publishing.schemas import FinalisationOut, OverrideIn, OverridesOut
from app.web.problems import documented
from app.web.refusals import READ, WRITE
from app.web.route import prepared_by, router
from app.web.texts import Language

routes = router("publishing")


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
