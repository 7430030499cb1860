import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.audit.queries import known_at
from app.errors import NotFound, Problem
from app.policy import Action, Actor
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.ground import Faulty
from app.rulebooks.language.load import checked, loaded
from app.rulebooks.language.schema import Rulebook as Document
from app.rulebooks.models import RulebookAdoption, RulebookVersion


class FaultyRulebook(Problem):
    """The document cannot be a rulebook; the pointer says where."""

    status, slug = 422, "faulty-rulebook"

    def __init__(self, pointer: str, fault: str, **values: Any) -> None:
        super().__init__(pointer, **values)
        self.fault = fault
        self.line: int | None = None


def table(session: Session, actor: Actor) -> Sequence[RulebookVersion]:
    """Every version of every rulebook; rulebooks are open to whoever is signed in."""
    actor.require(Action.FACT_READ)
    return session.exec(select(RulebookVersion).order_by(sa.asc("code"), sa.asc("version"))).all()


def open_rulebook(session: Session, code: str, version: int) -> RulebookVersion:
    found = session.get(RulebookVersion, (code, version))
    if found is None:
        raise NotFound
    return found


def newest_version(session: Session, code: str) -> int:
    """0 when there is none."""
    return session.exec(select(sa.func.max(RulebookVersion.version)).where(RulebookVersion.code == code)).one() or 0


def adoptions(session: Session, movement: str, seq: int | None = None) -> Sequence[RulebookAdoption]:
    """Oldest first."""
    asked = known_at(select(RulebookAdoption), RulebookAdoption.entry_id, seq).where(RulebookAdoption.movement_code == movement)
    found: Sequence[RulebookAdoption] = session.exec(asked.order_by(RulebookAdoption.id)).all()
    return found


def in_force(session: Session, movement: str, clusters: Sequence[str], day: date, seq: int | None = None) -> dict[str, Rulebook]:
    """The rulebook of each cluster on `day`: the cluster's own before the movement's, the latest effective before earlier ones."""
    held = [row for row in adoptions(session, movement, seq) if row.effective_from <= day]
    found = {}
    for cluster in clusters:
        fitting = [row for row in held if row.cluster_code in {None, cluster}]
        if fitting:
            best = max(fitting, key=lambda row: (row.cluster_code is not None, row.effective_from, row.id))
            found[cluster] = opened(open_rulebook(session, best.rulebook_code, best.rulebook_version).document)[1]
    return found


def acknowledged(session: Session, movement: str, cluster: str, rulebook: Rulebook) -> set[str]:
    """The slugs of the warnings that were read when this version was adopted for the cluster."""
    held = [row for row in adoptions(session, movement) if row.cluster_code in {None, cluster}]
    same = [row for row in held if (row.rulebook_code, row.rulebook_version) == (rulebook.code, rulebook.version)]
    return {slug for row in same for slug in row.acknowledged.split()}


def replaced(session: Session, movement: str, cluster: str, rulebook: Rulebook, seq: int | None = None) -> list[Rulebook]:
    """The other rulebooks that were adopted for this cluster, newest first."""
    held = [row for row in adoptions(session, movement, seq) if row.cluster_code in {None, cluster}]
    found = [opened(open_rulebook(session, row.rulebook_code, row.rulebook_version).document)[1] for row in reversed(held)]
    return [one for one in dict.fromkeys(found) if one != rulebook]


@lru_cache(maxsize=64)
def opened(document: str) -> tuple[Document, Rulebook]:
    """A stored document, checked and compiled; versions never change, so once is enough."""
    return checked(json.loads(document))


def opened_from(raw: Any) -> tuple[Document, Rulebook]:
    """A document that was sent, as parsed JSON or as YAML text, checked and compiled."""
    try:
        return loaded(raw) if isinstance(raw, str) else checked(raw)
    except Faulty as fault:
        refusal = FaultyRulebook(f"#/{fault.path}", fault.fault, **fault.values)
        refusal.line = fault.line
        raise refusal from None
