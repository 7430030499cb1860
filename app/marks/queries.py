from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.audit.queries import known_at, text
from app.errors import NotFound
from app.marks.models import AppraisalNotice, Mark, MarkRelease, Result, Waiver
from app.marks.rules import MarkStage
from app.marks.schemas import WHOLE, AppraisalNoticeOut, MarkOut, ReleasedMarkOut, WaiverOut
from app.movements.models import Registration
from app.movements.queries import newest, registrations
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT, Place, Rulebook
from app.rulebooks.queries import in_force
from app.web.numbers import plain

_MARKS, _RELEASES = sa.inspect(Mark).local_table, sa.inspect(MarkRelease).local_table
_SAME = sa.and_(*(_MARKS.c[name] == _RELEASES.c[name] for name in ("movement_code", "unit_code", "node_code", "stage", "version")))


def marks(session: Session, movement: str, units: Collection[str], seq: int | None = None) -> Sequence[Any]:
    """Core rows of `Mark` that count, oldest version first, without drafts; for the engine, not for answers.

    A mark that was appraised is known from its release on.
    """
    counts = (_MARKS.c.stage != MarkStage.APPRAISED) | _RELEASES.c.entry_id.is_not(None)
    asked = sa.select(_MARKS).select_from(_MARKS.outerjoin(_RELEASES, _SAME)).where(counts)
    asked = known_at(asked, sa.func.coalesce(_RELEASES.c.entry_id, _MARKS.c.entry_id), seq)
    asked = asked.where(_MARKS.c.movement_code == movement, _MARKS.c.unit_code.in_(units))
    return session.connection().execute(asked.order_by(_MARKS.c.version)).all()


@dataclass(frozen=True)
class Put:
    """A mark, and whether it waits for its release."""

    mark: Mark
    is_draft: bool


def table(session: Session, actor: Actor, movement: str, unit: str) -> list[Put]:
    """The newest mark of each node and stage that the reader may see, by node, and a draft beside what it would replace.

    A foreign unit and a missing one are alike.
    """
    newest(session, movement)
    if unit not in registrations(session, movement) or not stages_shown(actor, unit):
        raise NotFound
    held = newest_marks(session, actor, movement, [unit])
    return [held[key] for key in sorted(held) if key[2] in stages_shown(actor, unit)]


def newest_marks(
    session: Session, actor: Actor, movement: str, units: Collection[str], node: str | None = None
) -> dict[tuple[str, str, MarkStage, bool], Put]:
    """By unit, node, stage and whether it is a draft, which is for those who appraise for the same unit."""
    asked = select(Mark, _RELEASES.c.entry_id).outerjoin(_RELEASES, _SAME)
    asked = asked.where(Mark.movement_code == movement, col(Mark.unit_code).in_(units))
    if node is not None:
        asked = asked.where(Mark.node_code == node)
    held: dict[tuple[str, str, MarkStage, bool], Put] = {}
    for row, released in session.exec(asked.order_by(col(Mark.version))).all():
        is_draft, key = row.stage is MarkStage.APPRAISED and released is None, (row.unit_code, row.node_code, row.stage)
        if is_draft and not actor.may(Action.MARK_APPRAISE, row.by_unit_code):
            continue
        if not is_draft:
            held.pop((*key, True), None)
        held[(*key, is_draft)] = Put(row, is_draft)
    return held


def drafts(session: Session, movement: str) -> Sequence[tuple[str, str]]:
    """(unit, node) of which the newest appraised mark is not released."""
    mine = (_MARKS.c.movement_code == movement, _MARKS.c.stage == MarkStage.APPRAISED)
    key = (_MARKS.c.unit_code, _MARKS.c.node_code)
    newest = sa.select(*key, sa.func.max(_MARKS.c.version).label("version")).where(*mine).group_by(*key).subquery()
    same = [newest.c[name] == _RELEASES.c[name] for name in ("unit_code", "node_code", "version")]
    joined = newest.outerjoin(_RELEASES, sa.and_(_RELEASES.c.movement_code == movement, *same))
    asked = sa.select(newest.c.unit_code, newest.c.node_code).select_from(joined).where(_RELEASES.c.entry_id.is_(None))
    return [(unit, node or WHOLE) for unit, node in session.connection().execute(asked).all()]


def notices(session: Session, actor: Actor, movement: str, after: UUID | None, limit: int) -> list[tuple[AppraisalNotice, list[Mark]]]:
    """What was released in a movement, the newest first, one more than `limit`: of each notice the marks within reach."""
    newest(session, movement)
    units = actor.units_for(Action.FACT_READ)
    asked = select(AppraisalNotice).where(AppraisalNotice.movement_code == movement)
    if units is not None:
        about = sa.exists().where(col(MarkRelease.notice_id) == AppraisalNotice.id, col(MarkRelease.unit_code).in_(units))
        asked = asked.where(about | col(AppraisalNotice.by_unit_code).in_(units))
    if after is not None:
        asked = asked.where(col(AppraisalNotice.id) < after)
    rows = session.exec(asked.order_by(sa.desc(col(AppraisalNotice.id))).limit(limit + 1)).all()
    marked = released(session, [row.id for row in rows])
    return [
        (row, [mark for mark in marked[row.id] if units is None or row.by_unit_code in units or mark.unit_code in units]) for row in rows
    ]


def released(session: Session, notices: Collection[UUID]) -> dict[UUID, list[Mark]]:
    """The marks of each notice, by unit and node."""
    found: dict[UUID, list[Mark]] = {notice: [] for notice in notices}
    asked = select(_RELEASES.c.notice_id, Mark).join(_RELEASES, _SAME).where(_RELEASES.c.notice_id.in_(notices))
    for notice, mark in session.exec(asked.order_by(col(Mark.unit_code), col(Mark.node_code))).all():
        found[notice].append(mark)
    return found


def stages_shown(actor: Actor, unit: str) -> frozenset[MarkStage]:
    """What the council proposes is for the council's roles; the rest by reach over the unit."""
    if actor.may(Action.MOVEMENT_SEE_ALL):
        return frozenset(MarkStage)
    return frozenset(MarkStage) - {MarkStage.COUNCIL_PROPOSED} if actor.may(Action.FACT_READ, unit) else frozenset()


def version_of(session: Session, key: tuple[str, str, str, MarkStage]) -> int:
    """The newest version of one mark; 0 when there is none."""
    movement, unit, node, stage = key
    where = (Mark.movement_code == movement, Mark.unit_code == unit, Mark.node_code == node, Mark.stage == stage)
    return session.exec(select(sa.func.max(Mark.version)).where(*where)).one() or 0


def appraised_versions(session: Session, movement: str, units: Collection[str], node: str) -> dict[str, int]:
    """By unit, the newest version of the appraised mark of one node, be it a draft of others: what the next one has to follow."""
    where = (_MARKS.c.movement_code == movement, _MARKS.c.unit_code.in_(units), _MARKS.c.node_code == node)
    asked = sa.select(_MARKS.c.unit_code, sa.func.max(_MARKS.c.version)).where(*where, _MARKS.c.stage == MarkStage.APPRAISED)
    rows = session.connection().execute(asked.group_by(_MARKS.c.unit_code)).all()
    return {row[0]: row[1] for row in rows}


def waiver_version(session: Session, movement: str, unit: str, node: str) -> int:
    """0 when there is none."""
    where = (Waiver.movement_code == movement, Waiver.unit_code == unit, Waiver.node_code == node)
    return session.exec(select(sa.func.max(Waiver.version)).where(*where)).one() or 0


def result_version(session: Session, movement: str, unit: str, assessment: str) -> int:
    """0 when there is none."""
    where = (Result.movement_code == movement, Result.unit_code == unit, Result.assessment_code == assessment)
    return session.exec(select(sa.func.max(Result.version)).where(*where)).one() or 0


def waivers(session: Session, movement: str, units: Collection[str], seq: int | None = None) -> dict[tuple[str, str], Waiver]:
    """The newest by unit and node; what was taken back is there with 0 occurrences."""
    asked = known_at(select(Waiver), Waiver.entry_id, seq).where(Waiver.movement_code == movement, col(Waiver.unit_code).in_(units))
    return {(row.unit_code, row.node_code): row for row in session.exec(asked.order_by(sa.asc("version"))).all()}


def results(session: Session, movement: str, units: Collection[str], seq: int | None = None) -> dict[tuple[str, str], Result]:
    """The newest by unit and assessment; what was taken back is there without number and grade."""
    asked = known_at(select(Result), Result.entry_id, seq).where(Result.movement_code == movement, col(Result.unit_code).in_(units))
    return {(row.unit_code, row.assessment_code): row for row in session.exec(asked.order_by(sa.asc("version"))).all()}


def open_registration(session: Session, movement: str, unit: str) -> Registration:
    newest(session, movement)
    found = registrations(session, movement).get(unit)
    if found is None:
        raise NotFound
    return found


def open_rulebook(session: Session, movement: str, unit: str) -> Rulebook:
    registration = open_registration(session, movement, unit)
    found = in_force(session, movement, [registration.cluster_code], clock.today(session)).get(registration.cluster_code)
    if found is None:
        raise NotFound
    return found


def open_node(rulebook: Rulebook, code: str) -> Place:
    if code not in rulebook.places:
        raise NotFound
    return rulebook.places[code]


def open_granted(session: Session, actor: Actor, movement: str, unit: str) -> None:
    """`NotFound` unless the unit is registered and within the reader's reach."""
    newest(session, movement)
    if unit not in registrations(session, movement) or not actor.may(Action.FACT_READ, unit):
        raise NotFound


def waiver_shown(session: Session, row: Waiver) -> WaiverOut:
    return WaiverOut.model_validate({**row.model_dump(), "reason": text(session, row.reason_commitment)})


def shown(session: Session, row: Any, *, is_draft: bool = False) -> MarkOut:
    """`row` is a `Mark`, as an object or as columns."""
    return MarkOut(
        node=row.node_code or WHOLE,
        stage=row.stage,
        points=None if row.points is None else plain(row.points, POINT),
        by_unit=row.by_unit_code,
        reason=text(session, row.reason_commitment),
        version=row.version,
        draft=is_draft,
    )


def notice_shown(session: Session, notice: AppraisalNotice, marked: Collection[Mark]) -> AppraisalNoticeOut:
    return AppraisalNoticeOut(
        id=notice.id,
        by_unit=notice.by_unit_code,
        note=text(session, notice.note_commitment),
        released_at=notice.released_at,
        marks=[
            ReleasedMarkOut(
                unit=mark.unit_code,
                node=mark.node_code or WHOLE,
                version=mark.version,
                points=None if mark.points is None else plain(mark.points, POINT),
            )
            for mark in marked
        ],
    )
