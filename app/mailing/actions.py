from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Stale
from app.mailing import queries
from app.mailing.models import UnitMailbox
from app.policy import Action, Actor
from app.tables import add
from app.units.queries import check_known


def keep_mailbox(session: Session, actor: Actor, *, unit: str, expected: int, address: str | None) -> UnitMailbox:
    """Hộp thư nhận nhắc việc; `expected` is the version that was read, 0 for none."""
    if not actor.may(Action.ACCOUNT_MANAGE, unit):
        actor.require(Action.PROGRESS_SIGN, unit)
    check_known(session, [("path:code", unit)])
    row = queries.mailbox(session, unit)
    if (0 if row is None else row.version) != expected:
        raise Stale
    content = {"address": audit.keep_text(session, address), "version": expected + 1}
    entry_id = audit.record(session, actor, "mailbox.kept", Subject("mailbox", unit), [unit_scope(unit)], content)
    if row is None:
        return add(session, UnitMailbox(unit_code=unit, version=1, address=address, entry_id=entry_id))
    row.version, row.address, row.entry_id = expected + 1, address, entry_id
    return row
