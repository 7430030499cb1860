"""What may be awarded and under which conditions, and the days that have to lie between the last dossier and the ceremony."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.calendar.rules import DAY, Calendar


class AwardKind(StrEnum):
    """Legally different things."""

    EMULATION_TITLE = "emulation_title"
    COMMENDATION_FORM = "commendation_form"


class AwardLevel(StrEnum):
    """Who signs it; above the own level an authority only proposes."""

    COMMUNE = "commune"
    DISTRICT = "district"
    CITY = "city"
    STATE = "state"


class RecipientKind(StrEnum):
    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"


class QuotaPer(StrEnum):
    """Over what a quota is counted, and its places are filled."""

    MOVEMENT = "movement"
    CLUSTER = "cluster"


class PastRule(StrEnum):
    """What an award asks of earlier ones."""

    NEEDED = "needed"
    RULED_OUT = "ruled_out"


class CertificateField(StrEnum):
    """What is written onto a certificate."""

    NAME = "name"
    POST = "post"
    UNIT = "unit"
    ACHIEVEMENT = "achievement"
    NUMBER = "number"
    DAY = "day"
    SIGNATORY = "signatory"


class TextAlign(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class PlanStep(StrEnum):
    """On the way to the ceremony, in order."""

    CLOSING = "closing"
    """The last day for dossiers."""
    SUPPLEMENT = "supplement"
    """The last day for what was asked to be added."""
    POSTING = "posting"
    """The result is posted for opinion."""
    PAPERS = "papers"
    """The council's members have their papers."""
    COUNCIL = "council"
    DECISION = "decision"
    CEREMONY = "ceremony"


@dataclass(frozen=True)
class Term:
    """At least so many days from a step to the next one."""

    step: PlanStep
    days: int
    is_working: bool
    source: str


@dataclass(frozen=True)
class Planned:
    step: PlanStep
    latest: date
    """The last day on which it leaves the terms after it whole."""
    on: date | None
    """When it was, or is to be."""
    fits: bool
    term: Term | None
    """Up to the next step; the ceremony has none."""


def backwards(terms: Sequence[Term], ceremony: date, calendar: Calendar, known: Mapping[PlanStep, date], today: date) -> list[Planned]:
    """From the ceremony to the first step. The one before is planned from a step's day where that is known and no later than its latest."""
    found = [Planned(PlanStep.CEREMONY, ceremony, ceremony, today <= ceremony, None)]
    for term in reversed(terms):
        after = found[-1]
        latest = _latest(after.latest if after.on is None else min(after.on, after.latest), term, calendar)
        on = known.get(term.step)
        found.append(Planned(term.step, latest, on, (today if on is None else on) <= latest, term))
    return found[::-1]


def _latest(before: date, term: Term, calendar: Calendar) -> date:
    """The last working day from which the whole term lies before a day."""
    day = before if term.is_working else before - DAY * term.days
    while not calendar.is_working(day) or (term.is_working and calendar.working_days_between(day, before) < term.days):
        day -= DAY
    return day
