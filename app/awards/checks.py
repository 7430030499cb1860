"""What a decision must not do, whether it is drafted or signed."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import texts
from app.audit.rules import Subject
from app.awards import queries
from app.awards.models import AwardDecisionLine
from app.awards.queries import IN_FORCE, Decided, Proposed
from app.council.models import MotionClosing
from app.council.queries import closings
from app.errors import Invalid, Problem
from app.nominations.queries import those
from app.nominations.rules import NominationState, holder
from app.policy import Actor
from app.schemes.queries import open_scheme
from app.schemes.schemas import AwardSchemeIn
from app.units.queries import heirs as heirs_of


class WrongDecisionState(Problem):
    """What the decision is now does not allow this."""

    status, slug = 409, "wrong-decision-state"


class DraftOvertaken(Problem):
    """Since the draft the council voted, or a dossier changed: draft the decision anew."""

    status, slug = 409, "draft-overtaken"


class SecondForm(Problem):
    """One achievement would get two forms that exclude each other."""

    status, slug = 409, "second-form"


def subject_of(decision: UUID) -> Subject:
    return Subject("award_decision", str(decision))


def check_superseded(session: Session, movement: str, decision: UUID | None) -> None:
    """What a new decision takes the place of is in force."""
    if decision is None:
        return
    found = next((one for one in queries.decisions(session, movement) if one.decision.id == decision), None)
    if found is None:
        raise Invalid("#/supersedes", "no-such-decision")
    if found.state not in IN_FORCE:
        raise WrongDecisionState("#/supersedes")


def advice(session: Session, seen: Proposed) -> dict[UUID, MotionClosing]:
    """The council's last word on each dossier, where its vote is over."""
    over = closings(session, seen.motions.values())
    return {nomination: over[motion] for nomination, motion in seen.motions.items() if motion in over}


def check_overtaken(session: Session, seen: Decided, proposed: Proposed) -> None:
    """`DraftOvertaken` where a vote ended since, or a dossier that is granted is not what it was."""
    advised, dossiers = advice(session, proposed), those(session, [one.nomination_id for one in seen.lines])
    for line in seen.lines:
        state = dossiers[line.nomination_id].step.state
        is_void = state is NominationState.WITHDRAWN or (state is not NominationState.COMPLETE and line.reason_commitment is None)
        last = advised.get(line.nomination_id)
        if line.motion_id != (None if last is None else last.motion_id) or (line.is_granted and is_void):
            raise DraftOvertaken


def granted_in(lines: Iterable[AwardDecisionLine]) -> dict[UUID, bool]:
    """Dossiers, and whether each was found to be separate from any that looks the same."""
    return {one.nomination_id: one.is_separate for one in lines if one.is_granted}


def check_forms(session: Session, actor: Actor, seen: Proposed, granted: Mapping[UUID, bool], but: set[UUID | None]) -> None:
    """`SecondForm` where somebody would hold two exclusive awards, or one award twice, with other decisions in force.

    What was decided already is not judged again, and whoever is said to be separate is excused in this decision alone.
    """
    row, others = seen.proposal, set[UUID]()
    for one in queries.decisions(session, row.movement_code):
        if one.state in IN_FORCE and one.decision.id not in but:
            others |= granted_in(one.lines).keys()
    scheme = open_scheme(session, actor, row.movement_code, row.scheme_version)[1]
    mine = _exclusive(session, scheme, [one for one, is_separate in granted.items() if not is_separate])
    theirs = _exclusive(session, scheme, others)
    if granted.keys() & others or len(mine) != len(set(mine)) or set(mine) & set(theirs):
        raise SecondForm


def _exclusive(session: Session, scheme: AwardSchemeIn, dossiers: Collection[UUID]) -> list[str]:
    """Who holds each exclusive award among these."""
    rows = [one.row for one in those(session, dossiers).values()]
    wanted = [row for row in rows if (award := scheme.award(row.award_code)) is None or award.exclusive]
    names, heirs = texts(session, [row.name_commitment for row in wanted]), heirs_of(session)
    return [holder(row.id, row.unit_code, row.collective_code, names.get(row.name_commitment), heirs) for row in wanted]
