from typing import Annotated

from fastapi import Query, Request

from app.db import Reading
from app.movements.queries import sight_of
from app.movements.routes import MovementPath
from app.policy import Actor
from app.ranking import queries
from app.ranking.schemas import ClusterStandingsOut, RankingOut, RulebookRefOut, StandingOut
from app.rulebooks.language.compile import POINT
from app.scoring.board import Board
from app.scoring.routes import AsOf, Until
from app.units.models import UnitVersion
from app.units.queries import all_units
from app.web.numbers import plain
from app.web.problems import documented
from app.web.ready import Freshness
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language, say
from app.wire import Code

routes = router("ranking")


@routes.get(
    "/movements/{movement}/ranking", operation_id="ranking_table", summary="Bảng xếp hạng theo cụm, khối", responses=documented(*READ)
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
) -> RankingOut:
    board: Board = request.app.state.board
    now = queries.standing(db, board, movement, as_of, until)
    before = queries.last_week(db, board, movement, now, until)
    units = all_units(db, now.setting.moment.seq)
    request.state.ready = Freshness(now.valid_until, actor.expires_at)
    tables = queries.table(now, before, sight_of(db, actor, movement), cluster)
    return RankingOut(
        movement=movement,
        name=now.setting.seen.version.name,
        position=now.position,
        as_of=as_of,
        until=None if until is None else until.isoformat(),
        changed_at=now.changed_at,
        valid_until=now.valid_until,
        synthetic=now.setting.seen.movement.is_synthetic,
        clusters=[_cluster(table, units, language) for table in tables],
    )


def _cluster(table: queries.Table, units: dict[str, UnitVersion], language: Language) -> ClusterStandingsOut:
    held = table.rulebook
    return ClusterStandingsOut(
        cluster=table.cluster,
        name=table.name,
        rulebook=None if held is None else RulebookRefOut(code=held.code, version=held.version, digest=held.digest),
        standings=[_standing(row, units[row.unit], language) for row in table.rows],
    )


def _standing(row: queries.Row, unit: UnitVersion, language: Language) -> StandingOut:
    return StandingOut(
        place=row.place,
        unit=row.unit,
        name=unit.name,
        points=None if row.points is None else plain(row.points, POINT),
        place_last_week=row.place_last_week,
        state=row.state,
        reason=None if row.reason is None else say(language, "unranked", row.reason),
        synthetic=unit.is_synthetic,
    )
