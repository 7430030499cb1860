from typing import Annotated, Any

from fastapi import Path, Query, Request

from app.db import Reading
from app.movements.routes import MovementPath
from app.policy import Actor
from app.ranking import queries
from app.ranking.proposal import Outcome, compare
from app.ranking.schemas import ChangeOut, ClusterStandingsOut, OutcomeOut, ProposalOut, RankingOut, RulebookRefOut, StandingOut
from app.rulebooks.language.compile import POINT, Rulebook
from app.scoring import explain
from app.scoring.board import Board
from app.scoring.queries import Setting
from app.scoring.routes import AsOf, Until
from app.web.numbers import plain
from app.web.problems import documented
from app.web.ready import Freshness
from app.web.refusals import READ
from app.web.route import Rendered, router
from app.web.texts import Language, say
from app.wire import Code

routes = router("ranking")
ClusterPath = Annotated[Code, Path(description="Mã cụm, khối", examples=["phuong"])]


@routes.get(
    "/movements/{movement}/ranking",
    operation_id="ranking_table",
    summary="Bảng xếp hạng theo cụm, khối",
    response_model=RankingOut,
    responses=documented(*READ),
)
def ranking(
    request: Request,
    db: Reading,
    actor: Actor,
    language: Language,
    movement: MovementPath,
    as_of: AsOf = None,
    until: Until = None,
    cluster: Annotated[Code | None, Query()] = None,
) -> Rendered:
    asked = queries.Asked(movement, as_of, until, cluster)
    board: Board = request.app.state.board
    seen = queries.read(db, board, actor, asked)
    request.state.ready = Freshness(queries.valid_until(seen, asked), actor.expires_at)
    answers: dict[Any, tuple[queries.Seen, Rendered]] = request.app.state.rendered
    key = (asked, seen.sight, language)
    known = answers.get(key)
    if known is None or known[0].now is not seen.now or known[0].before is not seen.before:
        answer = worded(asked, seen, language)
        known = (seen, Rendered(answer.model_dump_json().encode(), answer.position))
        if len(answers) >= RENDERED_LIMIT:
            answers.clear()
        answers[key] = known
    return known[1]


RENDERED_LIMIT = 128


@routes.get(
    "/movements/{movement}/clusters/{cluster}/proposal",
    operation_id="ranking_proposal",
    summary="So bảng tiêu chí đề xuất với bản đang áp dụng, trên số liệu hiện có",
    responses=documented(*READ),
)
def proposal(
    db: Reading, actor: Actor, movement: MovementPath, cluster: ClusterPath, rulebook: Code, version: Annotated[int, Query(ge=1, le=10_000)]
) -> ProposalOut:
    found = compare(db, actor, movement, cluster, rulebook, version)
    of = found.setting
    return ProposalOut(
        movement=movement,
        cluster=cluster,
        in_force=found.in_force and _reference(found.in_force),
        proposed=_reference(found.proposed),
        changes=[
            ChangeOut(
                unit=change.unit,
                name=of.units[change.unit].name,
                now=_outcome(change.now),
                proposed=_outcome(change.proposed),
                difference=None
                if change.now.points is None or change.proposed.points is None
                else plain(change.proposed.points - change.now.points, POINT),
            )
            for change in found.changes
        ],
        synthetic=of.seen.movement.is_synthetic,
    )


def _outcome(of: Outcome) -> OutcomeOut:
    return OutcomeOut(points=None if of.points is None else plain(of.points, POINT), place=of.place, rating=of.rating)


def _reference(held: Rulebook) -> RulebookRefOut:
    return RulebookRefOut(code=held.code, version=held.version, digest=held.digest)


def worded(asked: queries.Asked, seen: queries.Seen, language: Language) -> RankingOut:
    now = seen.now
    return RankingOut(
        movement=asked.movement,
        name=now.setting.seen.version.name,
        position=now.position,
        as_of=asked.as_of,
        until=None if asked.until is None else asked.until.isoformat(),
        changed_at=now.changed_at,
        valid_until=queries.valid_until(seen, asked),
        synthetic=now.setting.seen.movement.is_synthetic,
        clusters=[_cluster(table, now.setting, language) for table in queries.table(seen, asked.cluster)],
    )


def _cluster(table: queries.Table, of: Setting, language: Language) -> ClusterStandingsOut:
    return ClusterStandingsOut(
        cluster=table.cluster,
        name=table.name,
        rulebook=table.rulebook and _reference(table.rulebook),
        standings=[_standing(row, of, table.rulebook, language) for row in table.rows],
    )


def _standing(row: queries.Row, of: Setting, rulebook: Rulebook | None, language: Language) -> StandingOut:
    """Points of a synthetic movement are synthetic, however real the unit is."""
    unit = of.units[row.unit]
    return StandingOut(
        place=row.place,
        unit=row.unit,
        name=unit.name,
        points=None if row.points is None else plain(row.points, POINT),
        place_last_week=row.place_last_week,
        state=row.state,
        reason=None if row.reason is None else _reason(row.reason, rulebook, language),
        synthetic=of.seen.movement.is_synthetic or of.registrations[row.unit].is_synthetic or unit.is_synthetic,
    )


def _reason(slug: str, rulebook: Rulebook | None, language: Language) -> str:
    """A gate speaks with the rulebook's own words."""
    kind, _, code = slug.partition(":")
    if kind != "gate" or rulebook is None:
        return say(language, "unranked", slug)
    gate = next(gate for gate in rulebook.document.gates if gate.code == code)
    return f"{explain.title(gate.title, language)}. {gate.clause}"
