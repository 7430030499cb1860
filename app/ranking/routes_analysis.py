from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from app.db import Reading
from app.movements.routes import MovementPath
from app.policy import Actor
from app.ranking import analysis, analysis_shown
from app.ranking.robustness import Asked
from app.ranking.routes import ClusterPath
from app.ranking.schemas_analysis import (
    MovedOut,
    PathOut,
    SignalsOut,
    SolidityOut,
    SolidOut,
    WorldOut,
)
from app.rulebooks.language.compile import POINT
from app.scoring.queries import moment
from app.units.routes import UnitPath
from app.web.numbers import plain
from app.web.problems import documented
from app.web.refusals import READ
from app.web.route import router
from app.web.texts import Language, catalogue, say
from app.wire import FIRST_INSTANT, LAST_INSTANT

routes = router("ranking")
When = Annotated[AwareDatetime, Query(ge=FIRST_INSTANT, le=LAST_INSTANT, examples=["2022-06-01T00:00:00+07:00"])]


@routes.get(
    "/movements/{movement}/clusters/{cluster}/robustness",
    operation_id="ranking_robustness",
    summary="Hạng chắc chắn đến đâu khi trọng số và điểm chấm dao động; chỉ cho thư ký Hội đồng",
    responses=documented(*READ),
)
def robust(
    db: Reading,
    actor: Actor,
    language: Language,
    movement: MovementPath,
    cluster: ClusterPath,
    draws: Annotated[int, Query(ge=100, le=20_000)] = 10_000,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    concentration: Annotated[int, Query(ge=10, le=10_000, description="Càng lớn, trọng số càng ít dao động")] = 200,
    marking: Annotated[int, Query(ge=0, le=50, description="Độ lệch giữa những người chấm, % điểm chuẩn của mục")] = 3,
) -> SolidityOut:
    asked = Asked(draws, seed, concentration, marking / 100)
    found = analysis.solidity(db, actor, movement, cluster, asked, moment(db, None, None))
    of = found.setting
    return SolidityOut(
        movement=movement,
        cluster=cluster,
        method=say(language, "analysis", "method"),
        draws=draws,
        seed=seed,
        concentration=str(concentration),
        marking=str(marking),
        confidence="90",
        units=[
            SolidOut(
                unit=one.unit,
                name=of.units[one.unit].name,
                points=plain(found.points[one.unit], POINT),
                place_low=one.low,
                place_median=one.median,
                place_high=one.high,
                first=f"{one.first * 100:.1f}",
                tier=one.tier,
            )
            for one in found.found
        ],
        synthetic=of.seen.movement.is_synthetic,
    )


@routes.get(
    "/movements/{movement}/units/{code}/place-change",
    operation_id="ranking_moved",
    summary="Vì sao hạng thay đổi giữa hai thời điểm: quá hạn, đính chính, tiến độ, bảng tiêu chí, đơn vị khác",
    responses=documented(*READ),
)
def moved(
    db: Reading, actor: Actor, language: Language, movement: MovementPath, code: UnitPath, since: When, until: When | None = None
) -> MovedOut:
    found = analysis.moved(db, actor, movement, code, since, until)
    of, steps, before = found.setting, list[WorldOut](), found.worlds[0]
    for world in found.worlds:
        steps.append(
            WorldOut(
                cause=world.cause,
                text=say(language, "analysis", "then") if world.cause is None else catalogue(language)["words"]["move_cause"][world.cause],
                points=plain(world.points, POINT),
                points_change=plain(world.points - before.points, POINT),
                place=world.place,
                place_change=None if world.place is None or before.place is None else before.place - world.place,
            )
        )
        before = world
    return MovedOut(
        movement=movement,
        unit=code,
        name=of.units[code].name,
        cluster=found.cluster,
        since=since,
        until=of.moment.instant,
        steps=steps,
        synthetic=of.seen.movement.is_synthetic,
    )


@routes.get(
    "/movements/{movement}/units/{code}/path",
    operation_id="ranking_path",
    summary="Còn giành được gì, đã mất gì, cần gì để lên hạng",
    responses=documented(*READ),
)
def path(db: Reading, actor: Actor, language: Language, movement: MovementPath, code: UnitPath) -> PathOut:
    return analysis_shown.path(analysis.path(db, actor, movement, code), movement, code, language)


@routes.get(
    "/movements/{movement}/signals",
    operation_id="ranking_signals",
    summary="Những điều đáng xem lại trước khi tin bảng xếp hạng; không phải kết luận; chỉ cho thư ký Hội đồng",
    responses=documented(*READ),
)
def signals(db: Reading, actor: Actor, language: Language, movement: MovementPath) -> SignalsOut:
    of, found = analysis.look(db, actor, movement)
    return SignalsOut(
        movement=movement, signals=[analysis_shown.signal(one, of, language) for one in found], synthetic=of.seen.movement.is_synthetic
    )
