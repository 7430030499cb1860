"""How solid a place is, why it moved, what can still be won, what is worth a look: from rows to the pure parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlmodel import Session

from app import clock
from app.audit.queries import position_at
from app.errors import Invalid, NotFound
from app.movements.queries import sight_of
from app.movements.rules import Sight
from app.policy import Action, Actor
from app.progress.citing import shared
from app.progress.taken import arrivals, verdicts
from app.ranking import moves, signals
from app.ranking.attainable import Attainable, attainable
from app.ranking.moves import World, worlds
from app.ranking.queries import away_by
from app.ranking.robustness import Asked, Solid, Table, robustness
from app.ranking.rules import Points
from app.ranking.signals import Signal
from app.rulebooks.language.compile import POINT, Rulebook
from app.rulebooks.language.reach import class_of
from app.rulebooks.language.schema import Item
from app.scoring.engine.ahead import near_thresholds
from app.scoring.engine.facts import Facts, Marks, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.queries import Moment, Setting, marks, setting
from app.scoring.rows import facts
from app.scoring.sheets import opened_for


@dataclass(frozen=True)
class Solidity:
    setting: Setting
    rulebook: Rulebook
    points: dict[str, int]
    """Of the units that take part in the ranking, in millionths."""
    found: list[Solid]


def solidity(session: Session, actor: Actor, movement: str, cluster: str, asked: Asked, when: Moment) -> Solidity:
    """For the secretary. `NotFound` where the cluster has no rulebook, or nobody is ranked."""
    actor.require_everywhere(Action.RANKING_TEST)
    of = setting(session, movement, when)
    rulebook = of.rulebooks.get(cluster)
    if rulebook is None:
        raise NotFound
    sheets = {unit: sheet for unit, sheet in _sheets(session, of, rulebook, cluster) if _is_ranked(of, unit, sheet)}
    if not sheets:
        raise NotFound
    return Solidity(of, rulebook, {unit: sheet.total for unit, sheet in sheets.items()}, robustness(table(rulebook, sheets), asked))


def clusters_of(session: Session, movement: str, when: Moment) -> list[str]:
    """Those with a rulebook in force then."""
    return sorted(setting(session, movement, when).rulebooks)


def _sheets(session: Session, of: Setting, rulebook: Rulebook, cluster: str) -> Iterator[tuple[str, Sheet]]:
    units = of.members.get(cluster, [])
    marked = marks(session, of, units)
    for unit, held in facts(session, of, units).items():
        yield unit, score(rulebook, of.calendar, held, marked.get(unit, {}), of.moment.instant, View.DECIDED)


def _is_ranked(of: Setting, unit: str, sheet: Sheet) -> bool:
    return not sheet.states and away_by(of, unit, of.day) is None


def table(rulebook: Rulebook, sheets: dict[str, Sheet]) -> Table:
    """Items with standard points scale with their weight; all else of a total stays as it is."""
    items = [
        place
        for place in rulebook.places.values()
        if isinstance(place.node, Item) and place.standard > 0 and class_of(place.node, place.missing) == "standard"
    ]
    weights = np.array([place.standard / POINT for place in items])
    points = np.array([[sheet.points(place.code) / POINT for place in items] for sheet in sheets.values()]).reshape(len(sheets), len(items))
    totals = np.array([sheet.total / POINT for sheet in sheets.values()])
    by_hand = np.array([place.is_by_hand for place in items], dtype=bool)
    shares = points / weights if items else points
    return Table(tuple(sheets), weights, shares, totals - points.sum(axis=1), by_hand)


@dataclass(frozen=True)
class Moved:
    setting: Setting
    cluster: str
    since: datetime
    worlds: list[World]


def moved(session: Session, actor: Actor, movement: str, unit: str, since: datetime, until: datetime | None) -> Moved:
    """Why a unit's place is another at `until` (now) than it was at `since`; `NotFound` where it was not scored then."""
    now_at = clock.at(session) if until is None else min(until, clock.at(session))
    if since >= now_at:
        raise Invalid("query:since", "not-before")
    opened_for(session, actor, movement, unit, Moment(now_at), [View.DECIDED])
    now_of = setting(session, movement, Moment(now_at, None if until is None else position_at(session, now_at)))
    then_of = setting(session, movement, Moment(since, position_at(session, since)))
    if unit not in then_of.registrations or unit not in now_of.registrations:
        raise NotFound
    then, now = (_moment(session, of, unit) for of in (then_of, now_of))

    def scored(rulebook: Rulebook, held: Facts, put: Marks, instant: datetime) -> Points:
        of = now_of if instant == now_at else then_of
        return score(rulebook, of.calendar, held, put, instant, View.DECIDED).ranking_points(rulebook.tie_break)

    return Moved(now_of, now_of.cluster_of[unit], since, worlds(unit, then, now, scored))


def _moment(session: Session, of: Setting, unit: str) -> moves.Moment:
    rulebook = of.rulebook_of(unit)
    if rulebook is None:
        raise NotFound
    units = of.members[of.cluster_of[unit]]
    held, marked = facts(session, of, units, all_there_is=True), marks(session, of, units)
    sheets = {one: score(rulebook, of.calendar, held[one], marked.get(one, {}), of.moment.instant, View.DECIDED) for one in units}
    ranked = frozenset(one for one, sheet in sheets.items() if _is_ranked(of, one, sheet))
    return moves.Moment(rulebook, of.moment.instant, held, marked, ranked)


@dataclass(frozen=True)
class Path:
    setting: Setting
    rulebook: Rulebook
    facts: Facts
    own: Attainable
    is_ranked: bool
    others: dict[str, Attainable]
    """Of the other units of the cluster that take part in the ranking and that the reader may see."""
    sees_all: bool
    """The reader sees the whole cluster: places may be told."""


def path(session: Session, actor: Actor, movement: str, unit: str) -> Path:
    """What a unit can still win, and who can still be caught, if nobody loses anything."""
    of, rulebook = opened_for(session, actor, movement, unit, Moment(clock.at(session)), [View.DECIDED])
    sight, cluster = sight_of(session, actor, movement), of.members[of.cluster_of[unit]]
    held, marked = facts(session, of, cluster), marks(session, of, cluster)
    found, ranked = dict[str, Attainable](), set[str]()
    for one in cluster:
        sheet = score(rulebook, of.calendar, held[one], marked.get(one, {}), of.moment.instant, View.DECIDED)
        ranked |= {one} if _is_ranked(of, one, sheet) else set()
        if one == unit or (one in ranked and sight.sees(one)):
            found[one] = attainable(rulebook, of.calendar, held[one], marked.get(one, {}), of.moment.instant, of.closes_at)
    own = found.pop(unit)
    return Path(of, rulebook, held[unit], own, unit in ranked, found, sees_all=_sees(sight, cluster))


def _sees(sight: Sight, units: list[str]) -> bool:
    return all(map(sight.sees, units))


def look(session: Session, actor: Actor, movement: str) -> tuple[Setting, list[Signal]]:
    """For the secretary: every signal of the movement, by kind."""
    actor.require_everywhere(Action.RANKING_TEST)
    of = setting(session, movement, Moment(clock.at(session)))
    units = sorted(of.registrations)
    held = facts(session, of, units, all_there_is=True)
    measured = (
        (unit, item, value, edges)
        for unit in units
        if (rulebook := of.rulebook_of(unit)) is not None
        for item, value, edges in near_thresholds(rulebook, of.calendar, held[unit], of.moment.instant, View.CLAIMED)
    )
    return of, [
        *signals.bunching(measured),
        *signals.last_hour(arrivals(session, of.plan)),
        *signals.reused(shared(session, of.plan)),
        *signals.lenient(verdicts(session, of.plan)),
    ]
