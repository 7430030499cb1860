"""What a final publication says of its decision: codes, numbers and commitments; names of people stay in rows that can be erased."""

import json
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.audit.queries import place_of, texts
from app.awards import queries
from app.awards.queries import IN_FORCE, Decided
from app.awards.schemas_deciding import PublicDecisionOut, PublicRecipientOut
from app.errors import NotFound, Problem
from app.evidence.store import path_of
from app.nominations.queries import those
from app.policy import Actor
from app.publishing import bundle, computing, drafting
from app.publishing.drafting import Drafted
from app.publishing.rules import Edition, Stage
from app.publishing.snapshot import moved_since, standings_in
from app.schemes.queries import open_scheme
from app.settings import Settings
from app.units.queries import all_units


class NotSigned(Problem):
    """Only a decision that is signed and in force is published."""

    status, slug = 409, "not-signed"


class ResultMoved(Problem):
    """Places or points are no longer those that the council saw: publish them for it anew, or say why."""

    status, slug = 409, "result-moved"


def drafted(session: Session, actor: Actor, seen: Decided, reason: str | None, settings: Settings) -> Drafted:
    """A final publication with its decision; slow, as any."""
    if seen.state not in IN_FORCE or seen.signature is None:
        raise NotSigned
    proposal = queries.open_proposal(session, actor, seen.decision.proposal_id).proposal
    root = computing.root_of_files(settings)
    then = standings_in(bundle.result(root, queries.publication_of(session, proposal.movement_code, proposal.publication)[1].file_hash))
    told = _told(session, actor, seen)
    made = drafting.drafted(session, actor, proposal.movement_code, Stage.FINAL, reason, settings, told)
    moved = moved_since(then, standings_in(made.editions[Edition.FULL].result))
    if moved and reason is None:
        raise ResultMoved("#/reason", count=len(moved))
    return made


def _told(session: Session, actor: Actor, seen: Decided) -> dict[str, Any]:
    signature, proposal = seen.signature, queries.open_proposal(session, actor, seen.decision.proposal_id).proposal
    assert signature is not None, "asked before"
    scheme = open_scheme(session, actor, proposal.movement_code, proposal.scheme_version)[1]
    known = those(session, [one.nomination_id for one in seen.lines if one.is_granted])
    names = all_units(session, place_of(session, seen.decision.entry_id))
    recipients = []
    for one in sorted(known.values(), key=lambda one: (one.row.award_code, str(one.row.id))):
        award = scheme.award(one.row.award_code)
        assert award is not None, "of the scheme that the proposal was made by"
        recipients.append(
            {
                "award": award.code,
                "award_name": award.name,
                "unit": one.row.collective_code,
                "unit_name": None if one.row.collective_code is None else names[one.row.collective_code].name,
                "name": one.row.name_commitment,
                "post": one.row.post_commitment,
                "nominated_by": one.row.unit_code,
            }
        )
    return {
        "number": signature.number,
        "signed_on": signature.signed_on.isoformat(),
        "capacity": signature.capacity,
        "signatory": signature.signatory,
        "file_sha256": signature.file_sha256,
        "signature_stated": signature.signature_stated,
        "recipients": recipients,
    }


def published(session: Session, root: Path, movement: str, number: int, file: str) -> PublicDecisionOut:
    """Of a publication's file; `NotFound` where it has no decision."""
    content = bundle.read(path_of(root, file), bundle.DECISION)
    if content is None:
        raise NotFound
    told, decided = json.loads(content), queries.published_with(session, queries.publication_of(session, movement, number)[1].id)
    assert decided is not None, "it was drafted with one"
    said = texts(session, [one[name] for one in told["recipients"] for name in ("name", "post")])
    result = bundle.result(root, file)
    standings = standings_in(result)
    return PublicDecisionOut(
        movement=movement,
        publication=number,
        state=decided.state,
        synthetic=result["synthetic"],
        **{name: told[name] for name in ("number", "signed_on", "signatory", "file_sha256")},
        recipients=[
            PublicRecipientOut(
                award=one["award"],
                award_name=one["award_name"],
                unit=one["unit"],
                name=said.get(one["name"]) if one["unit"] is None else one["unit_name"],
                post=said.get(one["post"]),
                place=standings.get(one["unit"], {}).get("place"),
            )
            for one in told["recipients"]
        ],
    )
