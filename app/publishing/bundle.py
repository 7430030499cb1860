"""A publication as one file: its documents, the tree over them and the signed note. The same content gives the same digest."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.audit.proofs import inclusion, root_of
from app.audit.rules import canonical_json, document_hash
from app.evidence import store

NOTE, LEAVES, RESULT = "publication.note", "leaves.json", "result.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Packed(NamedTuple):
    digest: str
    """The root of the tree over the documents, in hexadecimal."""
    file: str
    """The SHA-256 of the file, under which it is kept."""
    result: dict[str, Any]


@dataclass
class Writer:
    """A file that is being made; what is added twice is a fault."""

    archive: zipfile.ZipFile

    def add(self, path: str, content: bytes) -> None:
        told = zipfile.ZipInfo(path, _EPOCH)
        told.compress_type = zipfile.ZIP_DEFLATED
        self.archive.writestr(told, content)


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    with zipfile.ZipFile(path, "w") as archive:
        yield Writer(archive)


def packed(root: Path, documents: Iterable[tuple[str, dict[str, Any]]], beside: dict[str, bytes], note: Any) -> Packed:
    """Write documents as they come and keep the file for good. `beside` is not under the digest; `note` makes the signed note of it."""
    root.mkdir(parents=True, exist_ok=True)
    leaves: list[tuple[str, bytes]] = []
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix=store.DRAFT, dir=root, ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / "bundle.zip"
        with writing(draft) as file:
            for path, content in documents:
                result = content if path == RESULT else result
                told = canonical_json(content)
                leaves.append((path, document_hash(told)))
                file.add(path, told)
            digest = root_of([leaf for _, leaf in leaves]).hex()
            file.add(LEAVES, canonical_json([[path, leaf.hex()] for path, leaf in leaves]))
            file.add(NOTE, note(digest).encode())
            for path, told in beside.items():
                file.add(path, told)
        kept = store.digest_of(draft)
        store.keep(root, draft, kept)
    return Packed(digest, kept, result)


class Proven(NamedTuple):
    """One document with what leads from it to the signed digest."""

    document: dict[str, Any]
    leaf: int
    size: int
    path: list[str]
    note: str


def read(place: Path, name: str) -> bytes | None:
    """A document of a kept bundle; None where it is not there."""
    with zipfile.ZipFile(place) as archive:
        try:
            return archive.read(name)
        except KeyError:
            return None


def result(root: Path, file: str) -> dict[str, Any]:
    """The standings of a kept bundle."""
    told: dict[str, Any] = json.loads(read(store.path_of(root, file), RESULT) or b"{}")
    return told


def proven(place: Path, name: str) -> Proven | None:
    with zipfile.ZipFile(place) as archive:
        leaves = json.loads(archive.read(LEAVES))
        index = next((index for index, (path, _) in enumerate(leaves) if path == name), None)
        if index is None:
            return None
        path = inclusion([bytes.fromhex(leaf) for _, leaf in leaves], index)
        return Proven(json.loads(archive.read(name)), index, len(leaves), [one.hex() for one in path], archive.read(NOTE).decode())
