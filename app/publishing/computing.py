"""What a result costs, computed in a process of its own: from rows as of one position of the trail to the kept files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import Session

from app.audit import queries as audit
from app.audit.notes import NotAKey, Signer
from app.audit.proofs import consistency, root_of
from app.audit.rules import canonical_json
from app.clock import Admission, Stopped
from app.db import Database
from app.errors import Problem
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


def root_of_files(settings: Settings) -> Path:
    return settings.data_dir / "publications"


def signer(settings: Settings) -> Signer:
    try:
        return Signer.kept_in(settings.key_file)
    except (OSError, NotAKey):
        raise NoSigningKey from None


class Ordered(NamedTuple):
    """What is to be computed: plain data."""

    movement: str
    stage: Stage
    number: int
    position: int
    at: datetime
    reason: str | None
    """The commitment."""
    decision: Decision | None


def check_final(settings: Settings, at: datetime, movement: str) -> None:
    with _reading(settings, at) as session:
        standing = queries.standing_blockers(session, movement)
    if standing:
        raise NotFinal(count=len(standing))


@contextmanager
def _reading(settings: Settings, at: datetime) -> Iterator[Session]:
    """In a process of its own."""
    database = Database(settings.database, seal=_never, pool=1)
    with database.reading(Admission(at, Stopped(at))) as session:
        yield session
    database.dispose()


def _never(_: Session) -> None:
    raise AssertionError("nothing is written here")


def made(settings: Settings, of: Ordered) -> dict[Edition, Packed]:
    check_final(settings, of.at, of.movement)
    key, root, found = signer(settings), root_of_files(settings), dict[Edition, Packed]()
    with _reading(settings, of.at) as session:
        before = queries.publications(session, of.movement)[: of.number - 1]
        heading = Heading(of.stage, of.number, None, of.reason, {})
        standing, leaves = computed(session, of.movement, Moment(of.at, of.position)), audit.leaves(session, of.position)
        for edition in EDITIONS[of.stage]:
            head = _heading(settings, before, edition, heading)
            beside = {VERIFIER: files("app.ranking.verifier").joinpath(VERIFIER).read_bytes()}
            beside |= _trail(key, leaves, [draft.position for _, draft in before]) if edition is Edition.FULL else {}
            told = chain(() if of.decision is None else [(bundle.DECISION, of.decision)], documents(session, standing, head, edition))
            found[edition] = bundle.packed(root, told, beside, _note(key, of.movement, of.number, edition))
    return found


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
