"""The board: each process keeps the sheets of the movements it serves, and re-scores only what the trail touched."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from app import clock
from app.audit import queries as audit
from app.audit.rules import EVERYTHING, movement_scope
from app.collector import resting
from app.errors import NotFound
from app.rulebooks.language.schema import GateState
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.queries import Moment, Setting, marks, setting
from app.scoring.rows import facts


@dataclass(frozen=True, slots=True)
class Kept:
    """What a ranking needs of a sheet; the lines themselves are computed anew when somebody asks why."""

    points: tuple[int, ...]
    """The total, then the tie-break nodes, in millionths."""
    valid_until: datetime | None
    state: GateState | None = None
    """A gate of the rulebook that closed: the unit leaves the ranking."""
    gate: str = ""


@dataclass
class Standing:
    """One movement's sheets at a trail position."""

    setting: Setting
    position: int
    """The last entry that changed it."""
    changed_at: datetime
    kept: dict[str, Kept] = field(default_factory=dict)
    valid_until: datetime | None = None
    """The next instant at which a deadline alone changes any of them."""
    checked: int = 0
    """The newest entry that is known to change nothing more."""

    def __post_init__(self) -> None:
        self.checked = self.position


def computed(session: Session, movement: str, when: Moment) -> Standing:
    """Everything from rows: the reference that the kept board must always equal."""
    position = audit.position(session) if when.seq is None else when.seq
    found = Standing(setting(session, movement, when), position, when.instant)
    _rescore(session, found, sorted(found.setting.registrations))
    return found


def _rescore(session: Session, standing: Standing, units: Iterable[str]) -> None:
    """A few hundred units at a time: their facts are dropped before the next are read."""
    of = standing.setting
    scored = [unit for unit in units if of.rulebook_of(unit) is not None]
    with resting(len(scored) > CHUNK):
        for start in range(0, len(scored), CHUNK):
            marked = marks(session, of, scored[start : start + CHUNK])
            for unit, facts_of in facts(session, of, scored[start : start + CHUNK]).items():
                rulebook = of.rulebooks[of.cluster_of[unit]]
                sheet = score(rulebook, of.calendar, facts_of, marked.get(unit, {}), of.moment.instant, View.DECIDED)
                standing.kept[unit] = _kept(sheet, rulebook.tie_break)
    standing.valid_until = min((kept.valid_until for kept in standing.kept.values() if kept.valid_until is not None), default=None)


CHUNK = 200


def _kept(sheet: Sheet, tie_break: tuple[str, ...]) -> Kept:
    """Of several gates the first of the rulebook counts."""
    if sheet.states:
        return Kept(sheet.ranking_points(tie_break), sheet.valid_until, sheet.states[0].state, sheet.states[0].gate)
    return Kept(sheet.ranking_points(tie_break), sheet.valid_until)


PAST_LIMIT = 32


class Board:
    """The live standings of this process: never stale, because every reading asks the trail first."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._past: dict[tuple[str, Moment], Standing | None] = {}
        self._guard = threading.Lock()

    def standing(self, session: Session, movement: str) -> Standing:
        """The movement as of a snapshot taken now, at this session's admission instant.

        The session's snapshot starts anew under the lock: one taken before could be older than what is kept.
        """
        with self._lock(movement):
            session.rollback()
            position, instant = audit.position(session), clock.at(session)
            known = self._standings.get(movement)
            fresh = computed(session, movement, Moment(instant)) if known is None else self._brought_up(session, known, position, instant)
            self._standings[movement] = fresh
            return fresh

    def past(self, session: Session, movement: str, when: Moment) -> Standing | None:
        """A reading of a fixed trail position never changes, so a few are kept. None where there was no such movement then."""
        key = (movement, when)
        if key not in self._past:
            try:
                found: Standing | None = computed(session, movement, when)
            except NotFound:
                found = None
            with self._guard:
                while len(self._past) >= PAST_LIMIT:
                    self._past.pop(next(iter(self._past)))
                self._past[key] = found
            return found
        return self._past.get(key)

    def _brought_up(self, session: Session, known: Standing, position: int, instant: datetime) -> Standing:
        instant = max(instant, known.setting.moment.instant)
        newer = audit.scopes_after(session, known.checked) if position > known.checked else []
        scopes = {scope for entry in newer for scope in entry.split()}
        code = known.setting.seen.movement.code
        if {EVERYTHING, movement_scope(code)} & scopes or _crosses_adoption(known, instant):
            return computed(session, code, Moment(instant))
        named = {scope.removeprefix("unit:") for scope in scopes if scope.startswith("unit:")}
        touched = {unit for unit in _with_those_above(known.setting, named) if unit in known.setting.registrations}
        turned: set[str] = set()
        if known.valid_until is not None and known.valid_until <= instant:
            turned = {unit for unit, kept in known.kept.items() if kept.valid_until is not None and kept.valid_until <= instant}
        if touched | turned:
            moved = Standing(replace(known.setting, moment=Moment(instant)), position, instant, dict(known.kept))
            _rescore(session, moved, touched | turned)
            if moved.kept != known.kept:
                return moved
        known.checked = position
        return known

    def _lock(self, movement: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(movement, threading.Lock())


def _with_those_above(of: Setting, units: set[str]) -> set[str]:
    """Where a rulebook looks at the units below, what happens to them is the business of those above."""
    found, waiting = set(units), list(units) if of.needs.children else []
    while waiting:
        row = of.units.get(waiting.pop())
        if row is not None and row.parent_code is not None and row.parent_code not in found:
            found.add(row.parent_code)
            waiting.append(row.parent_code)
    return found


def _crosses_adoption(known: Standing, instant: datetime) -> bool:
    """A rulebook may take effect with a new day."""
    return clock.local_date(instant) != clock.local_date(known.setting.moment.instant)
