"""Standings as a reader may see them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app import clock
from app.calendar.rules import end_of, start_of
from app.errors import NotFound
from app.movements.queries import sight_in, sight_of
from app.movements.rules import Sight
from app.policy import Action, Actor
from app.ranking.rules import Points, Unranked, places, shown_order
from app.rulebooks.language.compile import Rulebook
from app.scoring.board import Board, Standing, computed
from app.scoring.queries import Setting, moment
from app.units.rules import is_open


@dataclass(frozen=True)
class Row:
    unit: str
    place: int | None
    points: int | None
    """In millionths."""
    place_last_week: int | None
    state: Unranked | None
    reason: str | None
    """A slug, or `gate:` and the code of a gate of the rulebook."""


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


def valid_until(seen: Seen, asked: Asked) -> datetime | None:
    """A deadline may change the present board, and so may midnight: a rulebook takes effect, another week becomes the last."""
    if asked.as_of is not None:
        return None
    instant, turn = seen.now.setting.moment.instant, seen.now.valid_until
    midnight = end_of(clock.local_date(instant))
    return midnight if turn is None else min(turn, midnight)


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
    ranked, absent = parted(now, cluster)
    placed = places(ranked)
    earlier = places(parted(before, cluster)[0]) if before is not None else {}
    rows = [Row(unit, placed[unit], ranked[unit][0], earlier.get(unit), None, None) for unit in shown_order(placed)]
    return rows + [Row(unit, None, None, None, *why) for unit, why in absent.items()]


Absence = tuple[Unranked, str]
"""A state that acts before any ranking, and its reason."""


def parted(of: Standing, cluster: str) -> tuple[dict[str, Points], dict[str, Absence]]:
    """The points of the cluster's units that take part in the ranking, and why the others do not."""
    day = of.setting.day
    ranked: dict[str, Points] = {}
    absent: dict[str, Absence] = {}
    for unit in of.setting.members.get(cluster, []):
        why = _absence(of, unit, day)
        if why is None:
            ranked[unit] = of.kept[unit].points
        else:
            absent[unit] = why
    return ranked, absent


def _absence(of: Standing, unit: str, day: date) -> Absence | None:
    away = away_by(of.setting, unit, day)
    if away is not None:
        return away
    kept = of.kept.get(unit)
    if kept is None:
        return Unranked.NOT_RATED, "no-rulebook"
    return None if kept.state is None else (Unranked(kept.state.value), f"gate:{kept.gate}")


def away_by(setting: Setting, unit: str, day: date) -> Absence | None:
    """What keeps a unit out of the ranking whatever its points are."""
    version, registered_on = setting.units[unit], setting.registrations[unit].registered_on
    if registered_on is None or registered_on > day:
        return Unranked.EXCLUDED, "not-registered"
    if not is_open(version.opens_on, version.closes_on, day):
        return Unranked.NOT_RATED, "not-open"
    return None
