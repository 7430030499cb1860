"""A rulebook that somebody proposes, beside the one in force: the same facts of the running movement, nothing kept."""

from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.errors import NotFound
from app.policy import Action, Actor
from app.ranking.queries import away_by
from app.ranking.rules import places
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.queries import open_rulebook, opened
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.queries import Moment, Setting, marks, setting
from app.scoring.rows import facts


@dataclass(frozen=True)
class Outcome:
    """What one rulebook makes of a unit. Points in millionths; no place where the unit takes no part in the ranking."""

    points: int | None
    place: int | None
    rating: str | None


@dataclass(frozen=True)
class Change:
    unit: str
    now: Outcome
    proposed: Outcome


@dataclass(frozen=True)
class Proposal:
    setting: Setting
    in_force: Rulebook | None
    proposed: Rulebook
    changes: list[Change]
    """Of every registered unit of the cluster, by code."""


def compare(session: Session, actor: Actor, movement: str, cluster: str, code: str, version: int) -> Proposal:
    """For those who see every unit of the movement, at the present instant and by the decided view, which ranks."""
    actor.require_everywhere(Action.MOVEMENT_SEE_ALL)
    of = setting(session, movement, Moment(clock.at(session)))
    if cluster not in of.cluster_names:
        raise NotFound
    proposed, in_force = opened(open_rulebook(session, code, version).document)[1], of.rulebooks.get(cluster)
    units = of.members.get(cluster, [])
    day = clock.local_date(of.moment.instant)
    held, marked = facts(session, of, units, all_there_is=True), marks(session, of, units)

    def outcomes(rulebook: Rulebook | None) -> dict[str, Outcome]:
        if rulebook is None:
            return {unit: Outcome(None, None, None) for unit in units}
        sheets = {unit: score(rulebook, of.calendar, held[unit], marked.get(unit, {}), of.moment.instant, View.DECIDED) for unit in units}
        ranked = {unit: sheet for unit, sheet in sheets.items() if not sheet.states and away_by(of, unit, day) is None}
        placed = places({unit: sheet.ranking_points(rulebook.tie_break) for unit, sheet in ranked.items()})
        return {
            unit: Outcome(sheet.total, placed.get(unit), None if sheet.rated is None else sheet.rated.proposed)
            for unit, sheet in sheets.items()
        }

    before, after = outcomes(in_force), outcomes(proposed)
    return Proposal(of, in_force, proposed, [Change(unit, before[unit], after[unit]) for unit in units])
