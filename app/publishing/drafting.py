"""A result as it would be published: computed apart, its files kept before its row."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlmodel import Session

from app import apart, clock
from app.audit import queries as audit
from app.audit.actions import committed
from app.audit.models import ErasableText
from app.db import release
from app.errors import Invalid, NotAllowed
from app.policy import Action, Actor
from app.publishing import computing, queries
from app.publishing.bundle import Packed
from app.publishing.computing import Decision, Ordered, signer
from app.publishing.rules import Edition, Stage
from app.settings import Settings


class Drafted(NamedTuple):
    number: int
    position: int
    reason: ErasableText | None
    editions: Mapping[Edition, Packed]


def check_final(session: Session, movement: str, settings: Settings) -> None:
    """`NotFinal` while a blocker stands; slow, and computed apart."""
    at = clock.at(session)
    release(session)
    apart.call(computing.check_final, settings, at, movement)


def drafted(
    session: Session, actor: Actor, movement: str, stage: Stage, reason: str | None, settings: Settings, decision: Decision | None = None
) -> Drafted:
    """For those who draft; slow: every unit is scored in every view, apart. A final one is of a decision."""
    if actor.units_for(Action.PUBLICATION_DRAFT) is not None:
        raise NotAllowed
    if stage is Stage.FINAL and decision is None:
        raise Invalid("#/stage", "only-by-a-decision")
    signer(settings)  # without a key nothing is computed
    before = queries.publications(session, movement)
    if reason is None and any(draft.stage is stage for _, draft in before):
        raise Invalid("#/reason", "correction-needs-a-reason")
    said, position = None if reason is None else committed(reason), audit.position(session)
    told = None if said is None else said.commitment
    ordered = Ordered(movement, stage, len(before) + 1, position, clock.at(session), told, decision)
    release(session)
    return Drafted(ordered.number, position, said, apart.call(computing.made, settings, ordered))
