"""A result as it would be published: computed as of one position of the trail, outside every lock, its files kept before its row."""

from collections.abc import Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import Session

from app import clock
from app.audit import queries as audit
from app.audit.actions import committed
from app.audit.models import ErasableText
from app.audit.notes import NotAKey, Signer
from app.audit.proofs import consistency, root_of
from app.audit.rules import canonical_json
from app.errors import Invalid, NotAllowed, Problem
from app.policy import Action, Actor
from app.publishing import bundle, queries
from app.publishing.bundle import Packed
from app.publishing.rules import EDITIONS, Edition, Stage
from app.publishing.snapshot import FORMAT, Heading, documents, standings_in
from app.scoring.board import computed
from app.scoring.queries import Moment
from app.settings import Settings


class NotFinal(Problem):
    """Something stands in the way that nobody answers for; the gate lists it."""

    status, slug = 409, "not-final"


class NoSigningKey(Problem):
    """The service has no key to sign with, or one that others may read."""

    status, slug = 409, "no-signing-key"


VERIFIER = "thidua_verify.py"
Decision = Mapping[str, Any]
"""What a decision on awards says, in plain JSON."""


class Drafted(NamedTuple):
    number: int
    position: int
    reason: ErasableText | None
    editions: Mapping[Edition, Packed]


def root_of_files(settings: Settings) -> Path:
    return settings.data_dir / "publications"


def signer(settings: Settings) -> Signer:
    try:
        return Signer.kept_in(settings.key_file)
    except (OSError, NotAKey):
        raise NoSigningKey from None


def check_final(session: Session, movement: str) -> None:
    """`NotFinal` while a blocker stands."""
    standing = queries.standing_blockers(session, movement)
    if standing:
        raise NotFinal(count=len(standing))


def drafted(
    session: Session, actor: Actor, movement: str, stage: Stage, reason: str | None, settings: Settings, decision: Decision | None = None
) -> Drafted:
    """For those who draft; slow: every unit is scored in every view. A final one is of a decision."""
    if actor.units_for(Action.PUBLICATION_DRAFT) is not None:
        raise NotAllowed
    if stage is Stage.FINAL and decision is None:
        raise Invalid("#/stage", "only-by-a-decision")
    key, before = signer(settings), queries.publications(session, movement)
    check_final(session, movement)
    if reason is None and any(draft.stage is stage for _, draft in before):
        raise Invalid("#/reason", "correction-needs-a-reason")
    said, position = None if reason is None else committed(reason), audit.position(session)
    heading = Heading(stage, len(before) + 1, None, None if said is None else said.commitment, {})
    standing, leaves = computed(session, movement, Moment(clock.at(session), position)), audit.leaves(session, position)
    root, found = root_of_files(settings), {}
    for edition in EDITIONS[stage]:
        head = _heading(settings, before, edition, heading)
        beside = {VERIFIER: files("app.ranking.verifier").joinpath(VERIFIER).read_bytes()}
        beside |= _trail(key, leaves, [draft.position for _, draft in before]) if edition is Edition.FULL else {}
        told = chain(() if decision is None else [(bundle.DECISION, decision)], documents(session, standing, head, edition))
        found[edition] = bundle.packed(root, told, beside, _note(key, movement, heading.number, edition))
    return Drafted(heading.number, position, said, found)


def _heading(settings: Settings, before: Any, edition: Edition, heading: Heading) -> Heading:
    """With the publication before it that has this edition."""
    for row, draft in reversed(before):
        digest, file = of_edition(draft, edition)
        if digest is not None and file is not None:
            return heading._replace(
                previous={"number": row.number, "digest": digest}, before=standings_in(bundle.result(root_of_files(settings), file))
            )
    return heading


def of_edition(draft: Any, edition: Edition) -> tuple[str | None, str | None]:
    """The digest and the file of a draft's edition."""
    return (draft.digest, draft.file_hash) if edition is Edition.FULL else (draft.public_digest, draft.public_file_hash)


def _note(key: Signer, movement: str, number: int, edition: Edition) -> bundle.Note:
    return lambda digest, before: key.signed(f"{FORMAT}\n{movement} {number} {edition}\n{digest}\n{before}\n")


def _trail(key: Signer, leaves: list[bytes], earlier: list[int]) -> dict[str, bytes]:
    """The signed head, and that the trail of the publication before this one is its beginning."""
    found = {"trail/checkpoint": key.checkpoint(len(leaves), root_of(leaves)).encode()}
    if earlier:
        proof = {"size": earlier[-1], "root": root_of(leaves[: earlier[-1]]).hex(), "proof": _hex(consistency(leaves, earlier[-1]))}
        found["trail/consistency.json"] = canonical_json(proof)
    return found


def _hex(path: list[bytes]) -> list[str]:
    return [one.hex() for one in path]
