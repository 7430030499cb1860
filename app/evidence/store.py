"""Bytes outside the database, each file under its SHA-256. A file is there in full or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO


class Draft:
    """A file being received: hashed as it comes, kept under its hash, or dropped."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._hash = hashlib.sha256()
        self.size = 0
        self.head = b""
        handle, name = tempfile.mkstemp(prefix="draft-", dir=folder)
        self._path = Path(name)
        self._file: BinaryIO = os.fdopen(handle, "wb")

    def take(self, chunk: bytes) -> None:
        if len(self.head) < 16:  # noqa: PLR2004 - enough to tell the kind
            self.head = (self.head + chunk)[:16]
        self._hash.update(chunk)
        self.size += len(chunk)
        self._file.write(chunk)

    def keep(self) -> str:
        """On disk for good, file and directory entry, before anybody refers to it; the hash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        digest = self._hash.hexdigest()
        place = path_of(self._folder, digest)
        place.parent.mkdir(exist_ok=True)
        self._path.replace(place)
        for folder in (place.parent, self._folder):
            _sync(folder)
        return digest

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def path_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
