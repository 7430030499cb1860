import operator
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.errors import Invalid, NotAllowed, NotFound, Problem, Stale
from app.marks import queries
from app.marks.models import AppraisalNotice, Mark, MarkRelease
from app.marks.rules import MAY, MarkStage, appraiser_of
from app.marks.schemas import WHOLE, AppraisalNoticeIn, ManyMarksIn
from app.movements.queries import newest
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT, Place, Rulebook
from app.tables import add, add_all, new_id
from app.web.numbers import plain


class NobodyAppraises(Problem):
    """The rulebook names no unit that may appraise this node of this unit's sheet."""

    status, slug = 409, "nobody-appraises"


def put(
    session: Session,
    actor: Actor,
    *,
    movement: str,
    unit: str,
    node: str,
    stage: MarkStage,
    expected: int,
    points: Decimal | None,
    reason: str | None,
) -> Mark:
    """Chấm điểm. A new version of one mark, or its withdrawal; `expected` is the version that was read, 0 for none.

    What is appraised is a draft: nobody but its appraisers sees it, and nothing counts it before it is released.
    """
    actor.require(MAY[stage])
    return _put(
        session, actor, (movement, unit, node, stage), queries.open_rulebook(session, movement, unit), _Said(expected, points, reason)
    )


def put_many(session: Session, actor: Actor, *, movement: str, sent: ManyMarksIn) -> list[Mark]:
    """Chấm điểm many units or nodes for one reason, all or none."""
    actor.require(MAY[sent.stage])
    rulebook_of, made = cache(partial(queries.open_rulebook, session, movement)), []
    for number, line in enumerate(sent.marks):
        key = (movement, line.unit, "" if line.node == WHOLE else line.node, sent.stage)
        try:
            made.append(_put(session, actor, key, rulebook_of(line.unit), _Said(line.version, line.points, sent.reason)))
        except NotFound:
            raise Invalid(f"#/marks/{number}", "no-such-mark") from None
        except Problem as refusal:
            refusal.pointer = f"#/marks/{number}{(refusal.pointer or '#').removeprefix('#')}"
            raise
    return made


class _Said(NamedTuple):
    expected: int
    points: Decimal | None
    reason: str | None


def _put(session: Session, actor: Actor, key: tuple[str, str, str, MarkStage], rulebook: Rulebook, said: _Said) -> Mark:
    movement, unit, node, stage = key
    marked = queries.open_node(rulebook, node)
    by_unit = _for_whom(actor, unit, stage, marked)
    if stage is not MarkStage.CLAIMED:
        if said.reason is None:
            raise Invalid("#/reason", "missing")
        _check_range(marked, said.points)
    if queries.version_of(session, key) != said.expected:
        raise Stale
    commitment, scaled = audit.keep_text(session, said.reason), None if said.points is None else int(said.points * POINT)
    content = {"node": node, "stage": stage, "points": scaled, "by_unit": by_unit, "reason": commitment}
    is_draft = stage is MarkStage.APPRAISED
    verb, scope = "mark.drafted" if is_draft else "mark.put", unit_scope(by_unit if is_draft and by_unit else unit)
    entry_id = audit.record(session, actor, verb, Subject("sheet", f"{movement}/{unit}"), [scope], content)
    row = Mark(
        movement_code=movement,
        unit_code=unit,
        node_code=node,
        stage=stage,
        version=said.expected + 1,
        points=scaled,
        by_unit_code=by_unit,
        reason_commitment=commitment,
        entry_id=entry_id,
    )
    return add(session, row)


def release(session: Session, actor: Actor, *, movement: str, sent: AppraisalNoticeIn) -> AppraisalNotice:
    """Công bố kết quả thẩm định: the drafts that are named count from here on, together. None of them may have moved since."""
    actor.require(Action.MARK_APPRAISE, sent.by_unit)
    newest(session, movement)
    drafts = {
        (row.mark.unit_code, row.mark.node_code): row.mark
        for row in queries.newest_marks(session, actor, movement, {mark.unit for mark in sent.marks}).values()
        if row.is_draft and row.mark.by_unit_code == sent.by_unit
    }
    chosen = [drafts.pop((one.unit, "" if one.node == WHOLE else one.node), None) for one in sent.marks]
    rulebook_of = cache(partial(queries.open_rulebook, session, movement))
    marks = []
    for number, (row, one) in enumerate(zip(chosen, sent.marks, strict=True)):
        marks.append(_checked(actor, row, one.version, f"#/marks/{number}"))
        _check_still(rulebook_of(one.unit), marks[-1], f"#/marks/{number}")
    notice_id, note = new_id(), audit.keep_text(session, sent.note)
    content = {"by_unit": sent.by_unit, "note": note, "marks": [[one.unit, one.node, one.version] for one in sent.marks]}
    scopes = [unit_scope(unit) for unit in {sent.by_unit, *(mark.unit_code for mark in marks)}]
    entry_id = audit.record(session, actor, "marks.released", Subject("appraisal_notice", str(notice_id)), scopes, content)
    notice = AppraisalNotice(
        id=notice_id,
        movement_code=movement,
        by_unit_code=sent.by_unit,
        note_commitment=note,
        released_at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
    add(session, notice)
    rows = [MarkRelease(**mark.model_dump(include=_KEY), notice_id=notice_id, entry_id=entry_id) for mark in marks]
    add_all(session, rows, {"pk_mark_release": Stale()})
    return notice


def replace_released(session: Session, actor: Actor, *, key: tuple[str, str, str], points: Decimal, reason: str) -> Mark:
    """After a second look (phúc tra): another mark takes the place of the one that was released, and counts at once.

    `key` is movement, unit and node.
    """
    actor.require(Action.MARK_APPRAISE)
    movement, unit, node = key
    stage = (movement, unit, node, MarkStage.APPRAISED)
    said = _Said(queries.version_of(session, stage), points, reason)
    row = _put(session, actor, stage, queries.open_rulebook(session, movement, unit), said)
    scopes, content = [unit_scope(unit), unit_scope(str(row.by_unit_code))], {"node": node, "version": row.version}
    entry_id = audit.record(session, actor, "marks.released", Subject("sheet", f"{movement}/{unit}"), scopes, content)
    add(session, MarkRelease(**row.model_dump(include=_KEY), entry_id=entry_id))
    return row


_KEY = {"movement_code", "unit_code", "node_code", "version"}


def _checked(actor: Actor, row: Mark | None, version: int, pointer: str) -> Mark:
    """A draft as it was read, of a unit that is not the releaser's own."""
    if row is None:
        raise Invalid(pointer, "no-such-mark")
    if row.version != version:
        raise Stale(pointer)
    if actor.belongs_to(row.unit_code) or actor.may(Action.MARK_CLAIM, row.unit_code):
        raise NotAllowed
    return row


def _check_still(rulebook: Rulebook, row: Mark, pointer: str) -> None:
    """The rulebook in force may be another than when the draft was put."""
    place = rulebook.places.get(row.node_code)
    if place is None or appraiser_of(row.unit_code, place.appraiser, place.alternate) != row.by_unit_code:
        raise Invalid(pointer, "rulebook-changed")
    for bound, is_beyond in ((place.most, operator.gt), (place.least, operator.lt)):
        if row.points is not None and bound is not None and is_beyond(row.points, bound):
            raise Invalid(pointer, "rulebook-changed")


def _for_whom(actor: Actor, unit: str, stage: MarkStage, node: Place) -> str | None:
    """The unit in whose name the mark is put: refused unless the actor may act for it."""
    if stage is MarkStage.CLAIMED:
        if not actor.may(Action.MARK_CLAIM, unit):
            raise NotFound if not actor.may(Action.FACT_READ, unit) else NotAllowed
        return unit
    if stage is not MarkStage.APPRAISED:
        actor.require_everywhere(MAY[stage])
        return None
    appraiser = appraiser_of(unit, node.appraiser, node.alternate)
    if appraiser is None:
        raise NobodyAppraises
    actor.require(Action.MARK_APPRAISE, appraiser)
    if actor.belongs_to(unit) or actor.may(Action.MARK_CLAIM, unit):
        raise NotAllowed
    return appraiser


def _check_range(node: Place, points: Decimal | None) -> None:
    """What is claimed may be anything; what others put keeps within what the node can give."""
    if points is None:
        return
    if node.most is not None and points * POINT > node.most:
        raise Invalid("#/points", "too-large", limit=plain(node.most, POINT))
    if node.least is not None and points * POINT < node.least:
        raise Invalid("#/points", "too-small", limit=plain(node.least, POINT))
