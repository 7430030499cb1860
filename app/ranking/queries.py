"""Standings as a reader may see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app import clock
from app.calendar.rules import start_of
from app.errors import NotFound
from app.movements.rules import Sight
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


def standing(session: Session, board: Board, movement: str, as_of: datetime | None, until: date | None) -> Standing:
    """The kept board for the present, a computation from rows for any other reading."""
    if as_of is None and until is None:
        return board.standing(session, movement)
    when = moment(session, as_of, until)
    return computed(session, movement, when) if when.seq is None else board.past(session, movement, when)


def last_week(session: Session, board: Board, movement: str, now: Standing, until: date | None) -> Standing | None:
    """The world as it was recorded when last week ended; None where the movement was not there yet."""
    when = moment(session, end_of_last_week(now.setting.moment.instant), until)
    try:
        return board.past(session, movement, when)
    except NotFound:
        return None


def end_of_last_week(instant: datetime) -> datetime:
    """The midnight before this week's Monday."""
    today = clock.local_date(instant)
    return start_of(today - timedelta(days=today.weekday()))


def table(now: Standing, before: Standing | None, sight: Sight, only: str | None) -> list[Table]:
    """Each cluster's standings, narrowed to what the reader may see; places are counted among all units of the cluster."""
    tables = []
    for code, name in now.setting.cluster_names.items():
        if only is not None and code != only:
            continue
        rows = [row for row in _rows(now, before, code) if sight.sees(row.unit)]
        if rows:
            tables.append(Table(code, name, now.setting.rulebooks.get(code), rows))
    return tables


def _rows(now: Standing, before: Standing | None, cluster: str) -> list[Row]:
    points = ranked(now, cluster)
    placed = places(points)
    earlier = places(ranked(before, cluster)) if before is not None else {}
    rows = [Row(unit, placed[unit], points[unit][0], earlier.get(unit), None, None) for unit in shown_order(placed)]
    return rows + [Row(unit, None, None, None, *_why_unranked(now, unit)) for unit in _members(now, cluster) if unit not in points]


def ranked(of: Standing, cluster: str) -> dict[str, Points]:
    """The points of the cluster's units that take part in the ranking."""
    held = of.setting.registrations
    return {unit: of.kept[unit].points for unit in _members(of, cluster) if unit in of.kept and held[unit].registered_on is not None}


def _members(of: Standing, cluster: str) -> list[str]:
    return sorted(unit for unit, row in of.setting.registrations.items() if row.cluster_code == cluster)


def _why_unranked(of: Standing, unit: str) -> tuple[Unranked, str]:
    if of.setting.registrations[unit].registered_on is None:
        return Unranked.EXCLUDED, "not-registered"
    return Unranked.NOT_RATED, "no-rulebook"
