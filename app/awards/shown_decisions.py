"""Decisions as answers: the list with its money."""

import json
from collections import Counter
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import text, texts
from app.awards import queries
from app.awards.queries import Decided
from app.awards.rules import DecisionState
from app.awards.schemas_deciding import (
    AwardDecisionOut,
    DecisionLineOut,
    DecisionListOut,
    SignatureOut,
)
from app.nominations.queries import those
from app.nominations.shown import lines as dossier_lines
from app.policy import Action, Actor
from app.progress.schemas import MoveOut
from app.schemes.queries import open_scheme
from app.schemes.schemas import AwardSchemeIn

_NEEDS = ["number", "signed_on", "capacity", "signatory", "file_sha256", "signature_stated"]
_MOVES: dict[DecisionState, list[tuple[str, str, list[str]]]] = {
    DecisionState.DRAFT: [("sign", "signature", _NEEDS)],
    DecisionState.SIGNED: [("publish", "publication-draft", []), ("annul", "annulment", ["document", "reason"])],
    DecisionState.PUBLISHED: [("publish", "publication-draft", ["reason"]), ("annul", "annulment", ["document", "reason"])],
    DecisionState.ANNULLED: [],
    DecisionState.SUPERSEDED: [],
}


def line(seen: Decided) -> DecisionListOut:
    signature = seen.signature
    return DecisionListOut(
        id=seen.decision.id,
        state=seen.state,
        number=None if signature is None else signature.number,
        signed_on=None if signature is None else signature.signed_on,
        drafted_at=seen.decision.drafted_at,
        granted=sum(one.is_granted for one in seen.lines),
    )


def whole(session: Session, actor: Actor, seen: Decided) -> AwardDecisionOut:
    row, signature, annulment = seen.decision, seen.signature, seen.annulment
    proposal = queries.open_proposal(session, actor, row.proposal_id).proposal
    scheme = open_scheme(session, actor, row.movement_code, proposal.scheme_version)[1]
    lines = decided_lines(session, seen, scheme)
    money = [one.money for one in lines if one.money is not None]
    granted = {one.nomination.id: one.nomination.award for one in lines if one.granted} | _granted_elsewhere(session, seen)
    return AwardDecisionOut(
        id=row.id,
        movement=row.movement_code,
        proposal=row.proposal_id,
        state=seen.state,
        supersedes=row.supersedes_id,
        superseded_by=seen.superseded_by,
        drafted_at=row.drafted_at,
        signature=None if signature is None else SignatureOut.model_validate(signature),
        annulled_by=None if annulment is None else annulment.document,
        annulled_because=None if annulment is None else text(session, annulment.reason_commitment),
        publication=seen.publication,
        base_salary=None if signature is None else signature.base_salary,
        base_salary_source=None if signature is None else signature.base_salary_source,
        total_money=sum(money) if money else None,
        over_quota=over_quota(proposal.content, granted),
        lines=lines,
        moves=_moves(actor, seen),
    )


def _moves(actor: Actor, seen: Decided) -> list[MoveOut]:
    """To publish is the secretary's, the rest the office's."""
    may = {True: actor.units_for(Action.PUBLICATION_DRAFT) is None, False: actor.units_for(Action.AWARD_DECIDE) is None}
    return [
        MoveOut(name=name, method="POST", url=f"/api/v1/award-decisions/{seen.decision.id}/{noun}", needs=needs)
        for name, noun, needs in _MOVES[seen.state]
        if may[name == "publish"]
    ]


def _granted_elsewhere(session: Session, seen: Decided) -> dict[UUID, str]:
    """By the other decisions in force of the movement: a quota is not had again by deciding twice. Awards by dossier."""
    row = seen.decision
    others = [one for one in queries.decisions(session, row.movement_code) if one.decision.id not in {row.id, row.supersedes_id}]
    ids = [line.nomination_id for one in others if one.state in queries.IN_FORCE for line in one.lines if line.is_granted]
    return {identifier: one.row.award_code for identifier, one in those(session, ids).items()}


def over_quota(content: str, granted: dict[UUID, str]) -> list[str]:
    """Awards of which more were granted than a quota has places, over the movement or in one cluster."""
    kept = json.loads(content)
    given = Counter[tuple[str, str | None]]()
    for nomination, award in granted.items():
        given.update({(award, None), (award, kept["clusters"].get(str(nomination)))})
    over = [one["award"] for one in kept["allotments"] if one["places"] is not None and given[one["award"], one["cluster"]] > one["places"]]
    return list(dict.fromkeys(over))


def decided_lines(session: Session, seen: Decided, scheme: AwardSchemeIn, only: Collection[UUID] | None = None) -> list[DecisionLineOut]:
    wanted = [one for one in seen.lines if only is None or one.nomination_id in only]
    known = those(session, [one.nomination_id for one in wanted])
    told = {one.id: one for one in dossier_lines(session, list(known.values()), seen.decision.entry_id)}
    said = texts(session, [one.reason_commitment for one in wanted])
    salary = None if seen.signature is None else seen.signature.base_salary
    return [
        DecisionLineOut(
            nomination=told[one.nomination_id],
            granted=one.is_granted,
            advised=one.is_advised,
            separate=one.is_separate,
            reason=said.get(one.reason_commitment),
            money=money(scheme, told[one.nomination_id].award, salary) if one.is_granted else None,
        )
        for one in wanted
    ]


def money(scheme: AwardSchemeIn, award: str, salary: int | None) -> int | None:
    """In đồng, to the nearest one."""
    found = scheme.award(award)
    if found is None or found.money is None or salary is None:
        return None
    return int((found.money * salary).quantize(Decimal(1), ROUND_HALF_UP))
