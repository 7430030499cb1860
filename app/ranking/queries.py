"""Standings as a reader may see them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app import clock
from app.calendar.rules import start_of
from app.errors import NotFound
from app.movements.queries import sight_in, sight_of
from app.movements.rules import Sight
from app.policy import Action, Actor
from app.ranking.rules import Points, Unranked, places, shown_order
from app.rulebooks.language.compile import Rulebook
from app.scoring.board import Board, Standing, computed
from app.scoring.queries import moment


@dataclass(frozen=True)
class Row:
    unit: str
    place: int | None
    points: int | None
    """In millionths."""
    place_last_week: int | None
    state: Unranked | None
    reason: str | None
    """A slug."""


@dataclass(frozen=True)
class Table:
    cluster: str
    name: str
    rulebook: Rulebook | None
    rows: list[Row]


@dataclass(frozen=True)
class Asked:
    movement: str
    as_of: datetime | None = None
    until: date | None = None
    cluster: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a ranking is worded from."""

    now: Standing
    before: Standing | None
    """When last week ended; None where the movement was not there yet."""
    sight: Sight


def read(session: Session, board: Board, actor: Actor, asked: Asked) -> Seen:
    """The kept board for the present, a reading of the trail for any other moment. Sight is by the present phase, whatever is asked."""
    actor.require(Action.FACT_READ)
    if asked.as_of is None and asked.until is None:
        now = board.standing(session, asked.movement)
        sight = sight_in(actor, now.setting.seen, now.setting.cluster_of)
    else:
        now = _standing(session, board, asked)
        sight = sight_of(session, actor, asked.movement)
    before = board.past(session, asked.movement, moment(session, end_of_last_week(now.setting.moment.instant), asked.until))
    return Seen(now, before, sight)


def _standing(session: Session, board: Board, asked: Asked) -> Standing:
    when = moment(session, asked.as_of, asked.until)
    found = computed(session, asked.movement, when) if when.seq is None else board.past(session, asked.movement, when)
    if found is None:
        raise NotFound
    return found


def end_of_last_week(instant: datetime) -> datetime:
    """The midnight before this week's Monday."""
    today = clock.local_date(instant)
    return start_of(today - timedelta(days=today.weekday()))


def table(seen: Seen, only: str | None) -> list[Table]:
    """Each cluster's standings, narrowed to what the reader may see; places are counted among all units of the cluster."""
    tables, now = [], seen.now
    if only is not None and only not in now.setting.cluster_names:
        raise NotFound
    for code, name in now.setting.cluster_names.items():
        if only is not None and code != only:
            continue
        rows = [_told(row, seen.sight) for row in _rows(now, seen.before, code) if seen.sight.sees(row.unit)]
        if rows:
            tables.append(Table(code, name, now.setting.rulebooks.get(code), rows))
    return tables


def _told(row: Row, sight: Sight) -> Row:
    if row.state is None or sight.knows_reasons:
        return row
    return replace(row, reason=f"{row.state.value}-by-rule")


def _rows(now: Standing, before: Standing | None, cluster: str) -> list[Row]:
    points = ranked(now, cluster)
    placed = places(points)
    earlier = places(ranked(before, cluster)) if before is not None else {}
    rows = [Row(unit, placed[unit], points[unit][0], earlier.get(unit), None, None) for unit in shown_order(placed)]
    return rows + [
        Row(unit, None, None, None, *_why_unranked(now, unit)) for unit in now.setting.members.get(cluster, []) if unit not in points
    ]


def ranked(of: Standing, cluster: str) -> dict[str, Points]:
    """The points of the cluster's units that take part in the ranking."""
    held = of.setting.registrations
    members = of.setting.members.get(cluster, [])
    return {unit: of.kept[unit].points for unit in members if unit in of.kept and held[unit].registered_on is not None}


def _why_unranked(of: Standing, unit: str) -> tuple[Unranked, str]:
    if of.setting.registrations[unit].registered_on is None:
        return Unranked.EXCLUDED, "not-registered"
    return Unranked.NOT_RATED, "no-rulebook"
