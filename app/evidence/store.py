"""Bytes outside the database, each file under its SHA-256. A file is there in full or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

DRAFT = "draft-"


class Draft:
    """A file being received, in a folder of its own: hashed as it comes, then kept under its hash or dropped with the folder."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory(prefix=DRAFT, dir=root, ignore_cleanup_errors=True)
        self._hash = hashlib.sha256()
        self.size = 0
        self.head = b""
        self.path = self.beside("sent")
        self._file: BinaryIO = self.path.open("wb")

    def beside(self, name: str) -> Path:
        """Where what is made of the file may lie until it is kept."""
        return Path(self._folder.name) / name

    def take(self, chunk: bytes) -> None:
        if len(self.head) < 16:  # noqa: PLR2004 - enough to tell the kind
            self.head = (self.head + chunk)[:16]
        self._hash.update(chunk)
        self.size += len(chunk)
        self._file.write(chunk)

    def end(self) -> str:
        """The hash of what was sent; all of it can be read from `path` now."""
        self._file.close()
        return self._hash.hexdigest()

    def drop(self) -> None:
        self._file.close()
        self._folder.cleanup()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(root: Path, draft: Path, digest: str) -> None:
    """On disk for good, file and directory entry, before anybody refers to it."""
    _sync(draft)
    place = path_of(root, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(place)
    for folder in (place.parent, root):
        _sync(folder)


def path_of(root: Path, digest: str) -> Path:
    return root / digest[:2] / digest


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
