"""What was sent is looked at before it is kept: its kind, whether it is a trap, what the scanner says; pictures are made anew."""

import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

from app import confined
from app.errors import Problem
from app.evidence import archive, picture
from app.evidence.rules import HEIC, ZIP, is_picture, sniffed
from app.evidence.store import Draft, digest_of

SCANNER_SECONDS = 60
_CLEAN, _FOUND = 0, 1


class UnknownKind(Problem):
    """Not a PDF, a photograph (JPEG, PNG, HEIC) or an office file (docx, xlsx, pptx, odt, ods, odp)."""

    status, slug = 415, "unknown-kind"


class UnreadableFile(Problem):
    """Damaged, or made so that whoever opens it comes to harm."""

    status, slug = 422, "unreadable-file"


class PictureTooLarge(Problem):
    status, slug = 413, "picture-too-large"


class HoldsMacros(Problem):
    status, slug = 422, "holds-macros"


class Infected(Problem):
    """The scanner found something."""

    status, slug = 422, "infected"


class ScannerSilent(Problem):
    """The scanner gave no answer; nothing is taken without one."""

    status, slug = 503, "scanner-silent"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "30"}


REFUSALS = (UnknownKind, UnreadableFile, PictureTooLarge, HoldsMacros, Infected, ScannerSilent)


class Examined(NamedTuple):
    path: Path
    """What is to be kept: as it was sent, or made anew."""
    digest: str
    media_type: str
    thumbnail: Path | None


def examined(draft: Draft, sent_digest: str, scanner: str | None) -> Examined:
    """What may be kept of a draft whose bytes are all in. Blocks for up to 85 seconds where there is a scanner."""
    kind = sniffed(draft.head)
    if kind is None:
        raise UnknownKind
    if scanner is not None:
        _scan(scanner, draft.path)
    if kind == HEIC or is_picture(kind):
        return _picture(draft)
    return Examined(draft.path, sent_digest, _office_kind(draft.path) if kind == ZIP else kind, None)


def _scan(command: str, path: Path) -> None:
    """Exit status 0 is clean, 1 is found; anything else is no answer."""
    try:
        done = subprocess.run([*shlex.split(command), str(path)], capture_output=True, timeout=SCANNER_SECONDS, check=False)  # noqa: S603 - the administrator's
    except (OSError, subprocess.TimeoutExpired):
        raise ScannerSilent from None
    if done.returncode != _CLEAN:
        raise Infected if done.returncode == _FOUND else ScannerSilent


def _picture(draft: Draft) -> Examined:
    clean, thumbnail = draft.beside("clean"), draft.beside("thumbnail")
    ended = confined.run(picture.__file__, str(draft.path), str(clean), str(thumbnail))
    if ended.status != 0:
        is_too_large = ended.status == picture.TOO_LARGE or ended.is_too_slow
        raise PictureTooLarge(limit=picture.PIXELS // 1_000_000) if is_too_large else UnreadableFile
    return Examined(clean, digest_of(clean), ended.answer.decode().strip(), thumbnail)


def _office_kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            kind = archive.kind_of(file)
    except archive.Dishonest:
        raise UnreadableFile from None
    except archive.Runs:
        raise HoldsMacros from None
    if kind is None:
        raise UnknownKind
    return kind
