from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.queries import known_at, text
from app.errors import NotFound
from app.marks.models import Mark, Result, Waiver
from app.marks.rules import MarkStage
from app.marks.schemas import WHOLE, MarkOut, WaiverOut
from app.movements.queries import newest, registrations
from app.policy import Action, Actor
from app.rulebooks.language.compile import POINT
from app.web.numbers import plain


def marks(session: Session, movement: str, units: Collection[str], seq: int | None = None) -> Sequence[Any]:
    """Core rows of `Mark`, oldest version first; for the engine, not for answers."""
    table = sa.inspect(Mark).local_table
    asked = known_at(sa.select(table), table.c.entry_id, seq).where(table.c.movement_code == movement, table.c.unit_code.in_(units))
    return session.connection().execute(asked.order_by(table.c.version)).all()


def table(session: Session, actor: Actor, movement: str, unit: str) -> list[Mark]:
    """The newest mark of each node and stage that the reader may see, by node; a foreign unit and a missing one are alike."""
    newest(session, movement)
    if unit not in registrations(session, movement) or not stages_shown(actor, unit):
        raise NotFound
    asked = select(Mark).where(Mark.movement_code == movement, Mark.unit_code == unit).order_by(sa.asc("version"))
    held = {(row.node_code, row.stage): row for row in session.exec(asked).all() if row.stage in stages_shown(actor, unit)}
    return [held[key] for key in sorted(held)]


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


def open_granted(session: Session, actor: Actor, movement: str, unit: str) -> None:
    """`NotFound` unless the unit is registered and within the reader's reach."""
    newest(session, movement)
    if unit not in registrations(session, movement) or not actor.may(Action.FACT_READ, unit):
        raise NotFound


def waiver_shown(session: Session, row: Waiver) -> WaiverOut:
    return WaiverOut.model_validate({**row.model_dump(), "reason": text(session, row.reason_commitment)})


def shown(session: Session, row: Any) -> MarkOut:
    """`row` is a `Mark`, as an object or as columns."""
    return MarkOut(
        node=row.node_code or WHOLE,
        stage=row.stage,
        points=None if row.points is None else plain(row.points, POINT),
        by_unit=row.by_unit_code,
        reason=text(session, row.reason_commitment),
        version=row.version,
    )
