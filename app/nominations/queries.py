from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.audit.queries import texts
from app.errors import NotFound
from app.nominations.models import Nomination, NominationStep
from app.nominations.rules import NominationState, Person, person
from app.nominations.schemas import DossierIn
from app.policy import Action, Actor
from app.schemes.schemas import AwardIn


@dataclass(frozen=True)
class Seen:
    """A dossier as it stands."""

    row: Nomination
    step: NominationStep

    @property
    def dossier(self) -> DossierIn:
        """Its `achievements` are the commitment of what was written."""
        return DossierIn.model_validate_json(self.step.content)


_ANY = aliased(NominationStep)
_NEWEST = sa.select(sa.func.max(_ANY.version)).where(col(_ANY.nomination_id) == Nomination.id).correlate(Nomination).scalar_subquery()


def _asking() -> Any:
    stands = (col(NominationStep.nomination_id) == Nomination.id) & (col(NominationStep.version) == _NEWEST)
    return select(Nomination, NominationStep).join(NominationStep, stands)


def may_see(actor: Actor, unit: str) -> bool:
    """The unit that nominates, the office and the council; names of individuals are for nobody else."""
    return actor.may(Action.NOMINATION_SEND, unit) or actor.units_for(Action.AWARD_READ) is None


def table(
    session: Session, actor: Actor, movement: str, wanted: tuple[str | None, NominationState | None], after: UUID | None, limit: int
) -> list[Seen]:
    """Newest first, one more than `limit`; `wanted` narrows to an award and a state."""
    actor.require(Action.FACT_READ)
    award, state = wanted
    asked = _asking().where(Nomination.movement_code == movement)
    if actor.units_for(Action.AWARD_READ) is not None:
        own = actor.units_for(Action.NOMINATION_SEND)
        asked = asked if own is None else asked.where(col(Nomination.unit_code).in_(sorted(own)))
    if award is not None:
        asked = asked.where(Nomination.award_code == award)
    if state is not None:
        asked = asked.where(NominationStep.state == state)
    if after is not None:
        asked = asked.where(col(Nomination.id) < after)
    return [Seen(*found) for found in session.exec(asked.order_by(sa.desc(col(Nomination.id))).limit(limit + 1)).all()]


def standing(session: Session, movement: str) -> list[Seen]:
    """Every dossier that was not withdrawn, oldest first."""
    asked = _asking().where(Nomination.movement_code == movement, NominationStep.state != NominationState.WITHDRAWN)
    return [Seen(*found) for found in session.exec(asked.order_by(col(Nomination.id))).all()]


def those(session: Session, ids: Collection[UUID]) -> dict[UUID, Seen]:
    found = [Seen(*one) for one in session.exec(_asking().where(col(Nomination.id).in_(ids))).all()]
    return {one.row.id: one for one in found}


def open_nomination(session: Session, actor: Actor, identifier: UUID, *, lock: bool = False) -> Seen:
    asked = select(Nomination).where(Nomination.id == identifier)
    row = session.exec(asked.with_for_update() if lock else asked).one_or_none()
    if row is None or not may_see(actor, row.unit_code):
        raise NotFound
    return Seen(row, steps(session, identifier)[-1])


def is_own(actor: Actor, row: Nomination) -> bool:
    """Of the unit that nominates, or of the collective that is nominated: neither looks at its own dossier."""
    return actor.belongs_to(row.unit_code) or (row.collective_code is not None and actor.belongs_to(row.collective_code))


def persons(session: Session, movement: str, units: Collection[str]) -> set[Person]:
    """Every individual of whom these units sent a dossier, also one that was withdrawn."""
    asked = select(Nomination).where(Nomination.movement_code == movement, col(Nomination.collective_code).is_(None))
    rows = session.exec(asked.where(col(Nomination.unit_code).in_(units))).all()
    said = texts(session, [one for row in rows for one in (row.name_commitment, row.post_commitment)])
    return {person(one.unit_code, one.award_code, said.get(one.name_commitment), said.get(one.post_commitment)) for one in rows}


def steps(session: Session, identifier: UUID) -> Sequence[NominationStep]:
    asked = select(NominationStep).where(NominationStep.nomination_id == identifier)
    return session.exec(asked.order_by(col(NominationStep.version))).all()


def lacking(award: AwardIn, dossier: DossierIn) -> list[str]:
    """Codes of required papers that are not there, and of figures that a condition asks for."""
    papers, figures = {one.item for one in dossier.papers}, {one.code for one in dossier.figures}
    wanted = [code for one in award.conditions for code in (one.figure, one.of) if code is not None]
    return [one.code for one in award.checklist if one.required and one.code not in papers] + [
        code for code in dict.fromkeys(wanted) if code not in figures
    ]
