"""How far an import has come, told while it runs: in a small file that every process of the installation can read."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from app.documents.rules import ImportStage

FOLDER = "imports"
EVERY_SECONDS = 0.2
STALE_SECONDS = 120
"""A process that died leaves its last word; it is not believed for longer."""

Tell = Callable[[ImportStage, int, int], None]
"""The stage, and so many of so many lines; both 0 where nobody knows yet."""


class Told(NamedTuple):
    stage: ImportStage
    done: int
    of: int


@contextmanager
def underway(data_dir: Path, actor: UUID, key: str | None) -> Iterator[Tell]:
    """Whoever asks under the same key, as the same actor, is told; without a key nobody can ask."""
    if key is None:
        yield lambda *_: None
        return
    place, told_at = _place(data_dir, actor, key), -EVERY_SECONDS

    def tell(stage: ImportStage, done: int, of: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= EVERY_SECONDS:
            told_at = time.monotonic()
            _write(place, Told(stage, done, of))

    try:
        yield tell
    finally:
        with suppress(OSError):
            place.unlink()


def told(data_dir: Path, actor: UUID, key: str) -> Told | None:
    """None where nothing is under way."""
    place = _place(data_dir, actor, key)
    with suppress(OSError, ValueError):  # nothing there, or nothing that can be read: nothing is told
        if time.time() - place.stat().st_mtime < STALE_SECONDS:
            return _read(place)
    return None


def _read(place: Path) -> Told:
    stage, done, of = json.loads(place.read_bytes())
    return Told(ImportStage(stage), done, of)


def _place(data_dir: Path, actor: UUID, key: str) -> Path:
    return data_dir / FOLDER / hashlib.sha256(f"{actor} {key}".encode()).hexdigest()


def _write(place: Path, said: Told) -> None:
    """Whole or not at all. What cannot be told stops no import."""
    draft = place.with_name(f"{place.name}.{uuid4().hex}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        draft.write_text(json.dumps(said))
        os.replace(draft, place)
