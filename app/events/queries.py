from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import ENTRIES
from app.errors import Invalid, NotFound
from app.events.models import Event, EventKind, EventStanding
from app.events.rules import CitedBy
from app.events.schemas import FileUseOut
from app.evidence.models import EvidenceFile
from app.policy import Action, Actor
from app.progress.citing import citing, signed_by
from app.progress.rules import Outcome, SubmissionState, state_of

Seen = tuple[Event, EventStanding | None]
_USES_LIMIT = 1_000


@dataclass(frozen=True)
class Asked:
    """What a list of events is narrowed to."""

    plan: str | None = None
    unit: str | None = None
    kind: str | None = None
    state: SubmissionState | None = None


def kinds(session: Session, actor: Actor, plan: str) -> list[EventKind]:
    """The newest version of each, by code; open to whoever is signed in."""
    actor.require(Action.FACT_READ)
    rows = session.exec(select(EventKind).where(EventKind.plan_code == plan).order_by(sa.asc("version"))).all()
    return [row for _, row in sorted({row.code: row for row in rows}.items())]


def kind_codes(session: Session, plan: str) -> set[str]:
    return set(session.exec(select(EventKind.code).where(EventKind.plan_code == plan)).all())


def kind_version(session: Session, plan: str, code: str) -> int:
    """0 when there is none."""
    return session.exec(select(sa.func.max(EventKind.version)).where(EventKind.plan_code == plan, EventKind.code == code)).one() or 0


def open_kind(session: Session, plan: str, code: str, pointer: str) -> EventKind:
    """As it stands, for an event that is recorded; `Invalid` where there is none."""
    newest = select(EventKind).where(EventKind.plan_code == plan, EventKind.code == code).order_by(sa.desc("version")).limit(1)
    found = session.exec(newest).one_or_none()
    if found is None:
        raise Invalid(pointer, "no-such-event-kind")
    return found


def _with_standing() -> Any:
    newest = select(EventStanding.event_id, sa.func.max(EventStanding.version).label("version")).group_by(col(EventStanding.event_id))
    latest = newest.subquery()
    joined = (col(EventStanding.event_id) == latest.c.event_id) & (col(EventStanding.version) == latest.c.version)
    return select(Event, EventStanding).outerjoin(latest, latest.c.event_id == col(Event.id)).outerjoin(EventStanding, joined)


def _within(asked: Any, actor: Actor) -> Any:
    """An event is seen by its unit's reach and by its appraiser's."""
    units = actor.units_for(Action.FACT_READ)
    if units is None:
        return asked
    return asked.where(col(Event.unit_code).in_(units) | col(Event.appraiser_code).in_(units))


def table(session: Session, actor: Actor, asked: Asked, after: UUID | None, limit: int) -> Sequence[Seen]:
    """Events within reach, newest first, one more than `limit`."""
    found = _within(_with_standing(), actor)
    for column, wanted in ((Event.plan_code, asked.plan), (Event.unit_code, asked.unit), (Event.kind_code, asked.kind)):
        if wanted is not None:
            found = found.where(column == wanted)
    if asked.state is SubmissionState.WAITING:
        found = found.where(col(EventStanding.outcome).is_(None))
    elif asked.state is not None:
        found = found.where(EventStanding.outcome == Outcome(asked.state.value))
    if after is not None:
        found = found.where(col(Event.id) < after)
    rows: Sequence[Seen] = session.exec(found.order_by(sa.desc(col(Event.id))).limit(limit + 1)).all()
    return rows


def open_event(session: Session, actor: Actor, event_id: UUID, *, lock: bool = False) -> Seen:
    """One event within reach; a foreign one and a missing one are alike."""
    if lock:
        session.exec(select(Event.id).where(Event.id == event_id).with_for_update()).one_or_none()
    found: Seen | None = session.exec(_within(_with_standing(), actor).where(Event.id == event_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def as_it_stands(session: Session, row: Event) -> Seen:
    """An event that was recorded just now."""
    return row, session.get(EventStanding, (row.id, 1))


def open_file(session: Session, actor: Actor, event_id: UUID) -> EvidenceFile:
    """The file of a visible event's document; `NotFound` where it has none."""
    row, _ = open_event(session, actor, event_id)
    file = session.get(EvidenceFile, row.file_hash) if row.file_hash else None
    if file is None:
        raise NotFound
    return file


def uses(session: Session, actor: Actor, file_hash: str) -> list[FileUseOut]:
    """What cites a file, within reach; `NotFound` where nothing does, so that knowing a hash tells nothing."""
    reports = [(CitedBy.REPORT, *one) for one in citing(session, actor, file_hash)]
    reports += [(CitedBy.SIGNATURE, row, 0) for row in signed_by(session, actor, file_hash)]
    found = [
        FileUseOut(
            by=by,
            id=row.id,
            number=number,
            plan=row.plan_code,
            unit=row.unit_code,
            indicator=row.indicator_code,
            period=row.period_code,
            task=row.task_code,
            received_at=row.received_at,
        )
        for by, row, number in reports
    ]
    asked = _within(select(Event), actor).where(Event.file_hash == file_hash).limit(_USES_LIMIT)
    found += [
        FileUseOut(
            by=CitedBy.EVENT, id=row.id, number=1, plan=row.plan_code, unit=row.unit_code, kind=row.kind_code, received_at=row.received_at
        )
        for row in session.exec(asked).all()
    ]
    if not found:
        raise NotFound
    return found


def state(standing: EventStanding | None) -> SubmissionState:
    return state_of(standing.outcome if standing else None)


def version(standing: EventStanding | None) -> int:
    """Waiting is 1; each standing adds one."""
    return 1 if standing is None else standing.version + 1


@dataclass(frozen=True)
class Taken:
    """Which events an engine takes: of a plan, of `units`, received before `closes_at`, known at `seq`."""

    plan: str
    units: Collection[str]
    closes_at: datetime
    seq: int | None


def counted(session: Session, taken: Taken) -> Sequence[Any]:
    """(id, unit, kind, on, due on, is verified, is accepted) of waiting and accepted events, by day and id."""
    events, standings = sa.inspect(Event).local_table, sa.inspect(EventStanding).local_table
    known = sa.select(standings.c.event_id, sa.func.max(standings.c.version).label("version")).group_by(standings.c.event_id)
    joined: Any = events
    if taken.seq is not None:
        made, stood = ENTRIES.alias("made"), ENTRIES.alias("stood")
        known = known.join(stood, (stood.c.id == standings.c.entry_id) & (stood.c.seq <= taken.seq))
        joined = joined.join(made, (made.c.id == events.c.entry_id) & (made.c.seq <= taken.seq))
    latest = known.subquery()
    joined = joined.outerjoin(latest, latest.c.event_id == events.c.id)
    joined = joined.outerjoin(standings, (standings.c.event_id == latest.c.event_id) & (standings.c.version == latest.c.version))
    verified, accepted = sa.func.coalesce(standings.c.is_verified, events.c.is_verified), standings.c.outcome == Outcome.ACCEPTED
    columns = [events.c.id, events.c.unit_code, events.c.kind_code, events.c.happened_on, events.c.due_on, verified]
    asked = sa.select(*columns, sa.func.coalesce(accepted, sa.false())).select_from(joined)
    asked = asked.where(events.c.plan_code == taken.plan, events.c.unit_code.in_(taken.units), events.c.received_at < taken.closes_at)
    asked = asked.where(standings.c.outcome.is_(None) | (standings.c.outcome == Outcome.ACCEPTED))
    return session.connection().execute(asked.order_by(events.c.happened_on, events.c.id)).all()
