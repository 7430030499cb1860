from collections.abc import Sequence
from uuid import UUID

import rfc8785
from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject
from app.awards.models import AwardProposal, AwardProposalLine
from app.awards.rules import LineKind
from app.awards.schemas import DepartureIn
from app.awards.solving import Basis
from app.errors import Invalid, Stale
from app.movements.queries import lock_movement
from app.policy import Action, Actor
from app.schemes.queries import newest as newest_scheme
from app.tables import add, add_all, new_id


def propose(session: Session, actor: Actor, *, made: Basis, departures: Sequence[DepartureIn]) -> AwardProposal:
    """Lập phương án khen thưởng. `made` was solved before; departures are people's, each with its reason."""
    actor.require_everywhere(Action.AWARD_PROPOSE)
    lock_movement(session, made.movement)
    scheme = newest_scheme(session, made.movement)
    if scheme is None or scheme.version != made.version:
        raise Stale
    identifier, kinds = new_id(), _kinds(made, departures)
    reasons = {one.nomination: audit.keep_text(session, one.reason) for one in departures}
    content = rfc8785.dumps(made.content).decode()
    told = {
        "publication": made.publication,
        "scheme": made.version,
        "solved": content,
        "lines": [[str(nomination), kind, reasons.get(nomination)] for nomination, kind in sorted(kinds.items())],
    }
    entry_id = audit.record(session, actor, "awards.proposed", Subject("award_proposal", str(identifier)), [], told)
    row = AwardProposal(
        id=identifier,
        movement_code=made.movement,
        publication=made.publication,
        scheme_version=made.version,
        content=content,
        made_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    add(session, row)
    lines = [
        AwardProposalLine(
            proposal_id=identifier,
            nomination_id=nomination,
            movement_code=made.movement,
            award_code=made.dossiers[str(nomination)].row.award_code,
            kind=kind,
            reason_commitment=reasons.get(nomination),
            entry_id=entry_id,
        )
        for nomination, kind in sorted(kinds.items())
    ]
    if lines:
        add_all(session, lines)
    return row


def _kinds(made: Basis, departures: Sequence[DepartureIn]) -> dict[UUID, LineKind]:
    found = dict[UUID, LineKind]()
    for allotment in made.solved.allotments:
        found |= {UUID(one): LineKind.PROPOSED for one in allotment.recipients}
        found |= {UUID(one): LineKind.AT_THE_CUT for one in allotment.sharing}
    departed = set[UUID]()
    for number, one in enumerate(departures):
        pointer = f"#/departures/{number}/nomination"
        if str(one.nomination) not in made.dossiers:
            raise Invalid(pointer, "no-such-dossier")
        if one.nomination in departed:
            raise Invalid(pointer, "stands-already")
        departed.add(one.nomination)
        stands = found.get(one.nomination)
        if (stands is LineKind.PROPOSED) if one.take else (stands is None):
            raise Invalid(f"#/departures/{number}/take", "no-departure")
        found[one.nomination] = LineKind.ADDED if one.take else LineKind.LEFT_OUT
    return found
