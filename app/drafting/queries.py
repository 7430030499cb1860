from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.drafting.models import ReportDraft
from app.errors import NotFound
from app.policy import Action, Actor


def table(session: Session, actor: Actor, unit: str | None, after: UUID | None, limit: int) -> Sequence[ReportDraft]:
    """Drafts of the units for which the actor may report, newest first, one more than `limit`. Nobody else sees a draft."""
    asked, units = select(ReportDraft), actor.units_for(Action.PROGRESS_SUBMIT)
    if units is not None:
        asked = asked.where(col(ReportDraft.unit_code).in_(units))
    if unit is not None:
        asked = asked.where(ReportDraft.unit_code == unit)
    if after is not None:
        asked = asked.where(col(ReportDraft.id) < after)
    return session.exec(asked.order_by(sa.desc(col(ReportDraft.id))).limit(limit + 1)).all()


def open_draft(session: Session, actor: Actor, draft_id: UUID, *, lock: bool = False) -> ReportDraft:
    asked = select(ReportDraft).where(ReportDraft.id == draft_id)
    found = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if found is None or not actor.may(Action.PROGRESS_SUBMIT, found.unit_code):
        raise NotFound
    return found
