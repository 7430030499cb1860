"""Why a recipient is on a decision, and what they had before."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import texts
from app.awards import queries
from app.awards.past import granted_to
from app.awards.queries import Decided
from app.awards.rules import Placed
from app.awards.schemas_deciding import (
    AwardHeldOut,
    RecipientOut,
    VotesOut,
)
from app.awards.shown import kept_checks, standing
from app.awards.shown_decisions import decided_lines
from app.council.queries import closings, meeting_days
from app.errors import NotFound
from app.nominations.models import Nomination
from app.nominations.queries import Seen, those
from app.nominations.rules import holder
from app.nominations.shown import lines as dossier_lines
from app.policy import Action, Actor
from app.schemes.queries import open_scheme
from app.units.queries import heirs as heirs_of
from app.web.texts import Language


def recipient(session: Session, actor: Actor, seen: Decided, nomination: UUID, placed: Placed | None, language: Language) -> RecipientOut:
    """`placed` is what the publication of the proposal says of the unit."""
    proposed = queries.open_proposal(session, actor, seen.decision.proposal_id)
    row, proposal_line = proposed.proposal, proposed.line(nomination)
    if proposal_line is None:
        raise NotFound
    scheme = open_scheme(session, actor, row.movement_code, row.scheme_version)[1]
    told, signature = decided_lines(session, seen, scheme, {nomination})[0], seen.signature
    unit = told.nomination.collective or told.nomination.unit
    where = f"/api/v1/movements/{row.movement_code}/publications/{row.publication}/units/{unit}?edition=full"
    ranks = {name: value for name, value in standing(placed).items() if name != "state"}
    return RecipientOut(
        decision=seen.decision.id,
        number=None if signature is None else signature.number,
        signed_on=None if signature is None else signature.signed_on,
        state=seen.state,
        line=told,
        kind=proposal_line.kind,
        checks=kept_checks(row.content, nomination, language),
        votes=_votes(session, next(one.motion_id for one in seen.lines if one.nomination_id == nomination)),
        publication=row.publication,
        digest=json.loads(row.content)["digest"],
        sheet=where if placed is not None else None,
        **ranks,
    )


def had_before(session: Session, actor: Actor, seen: Seen) -> list[AwardHeldOut]:
    """What else the holder of a dossier was granted, by decisions in force that are recorded here; units with all that they took over.

    Whoever does not read decisions is told of published ones.
    """
    heirs, row = heirs_of(session), seen.row
    whose = row.collective_code or row.unit_code
    now = heirs.get(whose, whose)
    units, reads = {now, *(unit for unit, heir in heirs.items() if heir == now)}, actor.units_for(Action.AWARD_READ) is None
    found = granted_to(session, units, only_published=not reads)
    names = texts(session, [one.name_commitment for one in [row, *(granted for granted, _ in found)]])

    def held_by(one: Nomination) -> str:
        return holder(one.id, one.unit_code, one.collective_code, names.get(one.name_commitment), heirs)

    signatures = {one.id: signature for one, signature in found if one.id != row.id and held_by(one) == held_by(row)}
    told = dossier_lines(session, list(those(session, signatures).values()))
    return [
        AwardHeldOut(
            movement=one.movement,
            award=one.award,
            award_name=one.award_name,
            number=signatures[one.id].number,
            signed_on=signatures[one.id].signed_on,
            decision=signatures[one.id].decision_id,
        )
        for one in sorted(told, key=lambda one: (signatures[one.id].signed_on, one.id))
    ]


def _votes(session: Session, motion: UUID | None) -> VotesOut | None:
    found: Any = None if motion is None else closings(session, [motion]).get(motion)
    if found is None:
        return None
    return VotesOut(
        votes_for=found.votes_for,
        votes_against=found.votes_against,
        abstained=found.abstained,
        needed=found.needed,
        adopted=found.is_adopted,
        held_on=meeting_days(session, [found.motion_id])[found.motion_id],
    )
