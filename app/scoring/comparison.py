"""Two views of one unit's sheet beside each other, from rows."""

from dataclasses import replace
from datetime import date
from functools import cache

from sqlmodel import Session

from app.plans.queries import open_plan
from app.policy import Actor
from app.rulebooks.language.compile import POINT, Rulebook
from app.rulebooks.queries import replaced
from app.scoring import explain
from app.scoring.differences import Difference, Side, differences
from app.scoring.engine.facts import Basis, Facts, Put, View, marks_in
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.queries import Moment, Setting, marks
from app.scoring.rows import facts
from app.scoring.schemas import CauseOut, DifferenceOut, DifferencesOut
from app.scoring.sheets import opened_for, position_of
from app.web.numbers import plain
from app.web.texts import Language


def compared(
    session: Session, actor: Actor, movement: str, unit: str, when: Moment, views: tuple[View, View], language: Language
) -> DifferencesOut:
    """`views` are both read by one snapshot and one rulebook."""
    of, rulebook = opened_for(session, actor, movement, unit, when, views)
    marked = marks(session, of, [unit]).get(unit, {})

    @cache
    def held(every_day: bool) -> Facts:
        return facts(session, _on_every_day(session, of) if every_day else of, [unit], all_there_is=True)[unit]

    one, other = (
        Side(score(rulebook, of.calendar, held(False), marked, when.instant, view), _counting(rulebook, marks_in(marked, view), view))
        for view in views
    )

    def under(another: Rulebook, every_day: bool) -> Sheet:
        return score(another, of.calendar, held(every_day), {}, when.instant, views[0])

    earlier = replaced(session, movement, of.cluster_of[unit], rulebook, when.seq)
    found = differences(rulebook, one, other, under, earlier, _corrected(held(False)))
    version = of.units[unit]
    return DifferencesOut(
        movement=movement,
        unit=unit,
        name=version.name,
        view=views[0],
        other=views[1],
        total=plain(one.sheet.total, POINT),
        other_total=plain(other.sheet.total, POINT),
        lines=[_worded(line, rulebook, language) for line in found],
        position=position_of(session, when),
        synthetic=of.seen.movement.is_synthetic or of.registrations[unit].is_synthetic or version.is_synthetic,
    )


def _corrected(facts: Facts) -> set[str]:
    """The reports, here and below, whose accepted figure is not the one that was sent."""
    claimed, accepted = facts.figures[Basis.CLAIMED], facts.figures[Basis.ACCEPTED]
    sent = {one.source: one.figure for periods in claimed.values() for one in periods.values()}
    found = {one.source for periods in accepted.values() for one in periods.values() if sent.get(one.source, one.figure) != one.figure}
    return found.union(*(_corrected(child) for child in facts.children))


def _on_every_day(session: Session, of: Setting) -> Setting:
    """Whatever days the movement takes: every period that ends in the plan's year, as those alone are reported."""
    year = open_plan(session, of.plan).year
    first, last = date(year, 1, 1), min(of.moment.until or date.max, date(year, 12, 31))
    return replace(of, indicators={code: replace(terms, window_from=first, window_to=last) for code, terms in of.indicators.items()})


def _counting(rulebook: Rulebook, put: dict[str, Put], view: View) -> dict[str, Put]:
    """The strict view takes hand marks only where there is no rule."""
    return {
        code: one for code, one in put.items() if code in rulebook.places and (view is not View.STRICT or rulebook.places[code].is_by_hand)
    }


def _worded(line: Difference, rulebook: Rulebook, language: Language) -> DifferenceOut:
    place = rulebook.places[line.code]
    return DifferenceOut(
        code=line.code,
        level=place.level,
        title=explain.title(place.node.title, language),
        points=plain(line.points, POINT),
        other_points=plain(line.other_points, POINT),
        causes=[CauseOut(cause=cause.slug, text=explain.sentence(cause, language)) for cause in line.causes],
    )
