"""A publication as one file: its documents, the tree over them and the signed note. The same content gives the same digest."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.audit.proofs import inclusion, root_of
from app.audit.rules import canonical_json, document_hash
from app.evidence import store

NOTE, LEAVES, RESULT, DECISION = "publication.note", "leaves.json", "result.json", "decision.json"
_EPOCH, _UNIX = (1980, 1, 1, 0, 0, 0), 3


class Packed(NamedTuple):
    digest: str
    """The root of the tree over the documents, in hexadecimal."""
    file: str
    """The SHA-256 of the file, under which it is kept."""
    result: dict[str, Any]


@dataclass
class Writer:
    """A file that is being made: the same content in the same order gives the same bytes but for the streams' compression."""

    place: Path
    archive: zipfile.ZipFile

    def add(self, path: str, content: bytes) -> None:
        self._put(path, content, zipfile.ZIP_DEFLATED)

    def end(self, note: Callable[[str], str]) -> None:
        """The note comes last and as it is: it names the hash of every byte before it."""
        assert self.archive.fp is not None
        self.archive.fp.flush()
        self._put(NOTE, note(store.digest_of(self.place)).encode(), zipfile.ZIP_STORED)

    def _put(self, path: str, content: bytes, how: int) -> None:
        told = zipfile.ZipInfo(path, _EPOCH)
        told.compress_type, told.create_system, told.external_attr = how, _UNIX, 0o644 << 16
        self.archive.writestr(told, content)


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    with zipfile.ZipFile(path, "w") as archive:
        yield Writer(path, archive)


Note = Callable[[str, str], str]
"""From the digest, and the hash of the file before the note, to the signed note."""


def packed(root: Path, documents: Iterable[tuple[str, Mapping[str, Any]]], beside: dict[str, bytes], note: Note) -> Packed:
    """Write documents as they come and keep the file for good. What stands `beside` them is not under the digest."""
    root.mkdir(parents=True, exist_ok=True)
    leaves: list[tuple[str, bytes]] = []
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix=store.DRAFT, dir=root, ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / "bundle.zip"
        with writing(draft) as file:
            for path, content in documents:
                result = dict(content) if path == RESULT else result
                told = canonical_json(content)
                leaves.append((path, document_hash(told)))
                file.add(path, told)
            digest = root_of([leaf for _, leaf in leaves]).hex()
            for path, told in beside.items():
                file.add(path, told)
            named = [*leaves, *((path, document_hash(told)) for path, told in beside.items())]
            file.add(LEAVES, canonical_json([[path, leaf.hex()] for path, leaf in named]))
            file.end(lambda before: note(digest, before))
        kept = store.digest_of(draft)
        store.keep(root, draft, kept)
    return Packed(digest, kept, result)


def units_in(place: Path, result: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(cluster, unit, its document) of every unit of a kept bundle."""
    with zipfile.ZipFile(place) as archive:
        for cluster in result["clusters"]:
            for one in cluster["standings"]:
                yield cluster["cluster"], one["unit"], json.loads(archive.read(f"units/{one['unit']}.json"))


class Proven(NamedTuple):
    """One document with what leads from it to the signed digest."""

    document: dict[str, Any]
    leaf: int
    size: int
    path: list[str]
    note: str


def is_document(path: str) -> bool:
    """Whether it stands under the digest."""
    return path in {DECISION, RESULT} or path.startswith(("rulebooks/", "units/"))


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
        leaves = [one for one in json.loads(archive.read(LEAVES)) if is_document(one[0])]
        index = next((index for index, (path, _) in enumerate(leaves) if path == name), None)
        if index is None:
            return None
        path = inclusion([bytes.fromhex(leaf) for _, leaf in leaves], index)
        return Proven(json.loads(archive.read(name)), index, len(leaves), [one.hex() for one in path], archive.read(NOTE).decode())
