"""Whether a dossier can be what it says it is, and under which scheme it stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import rfc8785
from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.calendar.queries import calendar
from app.calendar.rules import end_of
from app.errors import Invalid, Problem
from app.evidence.queries import check_held
from app.movements.queries import lock_movement, open_shown
from app.nominations.queries import Seen, persons
from app.nominations.rules import Person
from app.nominations.schemas import DossierIn, DossierPaperIn, NominationIn
from app.policy import Action, Actor
from app.schemes.queries import newest as newest_scheme
from app.schemes.queries import read as read_scheme
from app.schemes.rules import RecipientKind
from app.schemes.schemas import AwardIn, AwardSchemeIn
from app.units.queries import branch, check_active


class NoScheme(Problem):
    """Nobody said yet what may be awarded in this movement."""

    status, slug = 409, "no-scheme"


@dataclass(frozen=True)
class Intake:
    """What dossiers of a movement are taken under, and the individuals who have one; whoever nominates adds to these."""

    movement: str
    version: int
    scheme: AwardSchemeIn
    is_late: bool
    persons: set[Person]


def intake(session: Session, actor: Actor, movement: str, units: Collection[str]) -> Intake:
    """For those who nominate for these units; nobody else does in the movement until the end of the transaction."""
    for unit in units:
        actor.require(Action.NOMINATION_SEND, unit)
    open_shown(session, actor, movement)
    lock_movement(session, movement)
    row = newest_scheme(session, movement)
    if row is None:
        raise NoScheme
    scheme = read_scheme(row)
    is_late = clock.at(session) >= end_of(calendar(session).moved(scheme.closes_on))
    return Intake(movement, row.version, scheme, is_late, persons(session, movement, units))


def check_recipient(session: Session, award: AwardIn, sent: NominationIn) -> None:
    """A collective is named by its code and nothing else, an individual by name and post."""
    is_collective = award.recipient is RecipientKind.COLLECTIVE
    for name, is_wanted in (("collective", is_collective), ("name", not is_collective), ("post", not is_collective)):
        if (getattr(sent, name) is not None) != is_wanted:
            raise Invalid(f"#/{name}", "missing" if is_wanted else "of-a-collective" if is_collective else "of-an-individual")
    named = [("#/unit", sent.unit)] + ([] if sent.collective is None else [("#/collective", sent.collective)])
    check_active(session, named)
    if sent.collective is not None and sent.collective not in branch(session, sent.unit):
        raise Invalid("#/collective", "not-below")


def check_dossier(session: Session, award: AwardIn, unit: str, sent: DossierIn, at: str) -> None:
    codes, today = [one.code for one in sent.figures], clock.today(session)
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise Invalid(f"{at}/figures/{number}/code", "stands-already")
    for number, past in enumerate(sent.past_awards):
        if past.year > today.year:
            raise Invalid(f"{at}/past_awards/{number}/year", "in-the-future")
    _check_papers(session, {one.code for one in award.checklist}, unit, sent.papers, at)


def _check_papers(session: Session, items: set[str], unit: str, papers: Sequence[DossierPaperIn], at: str) -> None:
    for number, paper in enumerate(papers):
        if paper.item not in items:
            raise Invalid(f"{at}/papers/{number}/item", "not-on-the-checklist")
        if paper.document_date > clock.today(session):
            raise Invalid(f"{at}/papers/{number}/document_date", "in-the-future")
        if paper.file is not None:
            check_held(session, paper.file, unit, f"{at}/papers/{number}/file")


def kept(session: Session, sent: DossierIn) -> str:
    """What is written of achievements may name people: the commitment stands in its place."""
    told = sent.model_dump(mode="json") | {"achievements": audit.keep_text(session, sent.achievements)}
    return rfc8785.dumps(told).decode()


def scheme_of(session: Session, seen: Seen) -> AwardSchemeIn:
    """The version that a dossier was sent under."""
    row = newest_scheme(session, seen.row.movement_code, seen.row.scheme_version)
    assert row is not None, "held by a foreign key"
    return read_scheme(row)


def award_of(session: Session, seen: Seen) -> AwardIn:
    award = scheme_of(session, seen).award(seen.row.award_code)
    assert award is not None, "checked when it was sent"
    return award
