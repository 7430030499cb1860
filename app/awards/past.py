"""What was granted before, by the decisions that are recorded here."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.awards.models import AwardAnnulment, AwardDecision, AwardDecisionLine, AwardPublication, AwardSignature
from app.nominations.models import Nomination
from app.publishing.models import Publication


def granted_to(session: Session, units: Collection[str], *, only_published: bool = False) -> list[tuple[Nomination, AwardSignature]]:
    """What decisions in force granted to these collectives, and to people whom these units nominated; oldest first."""
    newer, signed = aliased(AwardDecision), aliased(AwardSignature)
    replaced = sa.exists().where(col(newer.supersedes_id) == AwardDecision.id, col(signed.decision_id) == newer.id)
    asked: Any = select(Nomination, AwardSignature)
    asked = asked.join(AwardDecisionLine, col(AwardDecisionLine.nomination_id) == Nomination.id)
    asked = asked.join(AwardSignature, col(AwardSignature.decision_id) == AwardDecisionLine.decision_id)
    asked = asked.join(AwardDecision, col(AwardDecision.id) == AwardDecisionLine.decision_id)
    asked = asked.where(~sa.exists().where(col(AwardAnnulment.decision_id) == AwardDecisionLine.decision_id), ~replaced)
    whose = sa.func.coalesce(col(Nomination.collective_code), col(Nomination.unit_code))
    asked = asked.where(col(AwardDecisionLine.is_granted), whose.in_(units))
    if only_published:
        by_draft = col(Publication.draft_id) == AwardPublication.draft_id
        asked = asked.where(sa.exists().where(by_draft, col(AwardPublication.decision_id) == AwardDecision.id))
    return list(session.exec(asked.order_by(col(AwardSignature.signed_on), col(Nomination.id))).all())


def awarded_before(session: Session, movement: str, collectives: Collection[str]) -> dict[str, set[tuple[str, int]]]:
    """What decisions in force of other movements granted these collectives: (award, year)."""
    found = dict[str, set[tuple[str, int]]]()
    for row, signature in granted_to(session, collectives):
        if row.collective_code is not None and row.movement_code != movement:
            found.setdefault(row.collective_code, set()).add((row.award_code, signature.signed_on.year))
    return found
