"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint): what the service puts its name to."""

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")


class NotAKey(ValueError):
    """A file that is no signing key, a name that a key cannot bear, or a key that others may read."""


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key with its name, by convention a URL without scheme (`thidua.caugiay.example/trail`)."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def created(cls, name: str, path: Path) -> Self:
        """A new key in a file of its own (0600). `NotAKey` for a name with blanks or `+`, `FileExistsError` where a file is there."""
        if not _NAME.fullmatch(name):
            raise NotAKey
        made = cls(name, Ed25519PrivateKey.generate())
        path.parent.mkdir(parents=True, exist_ok=True)
        seed = base64.b64encode(_ED25519 + made.private.private_bytes_raw()).decode()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"PRIVATE+KEY+{name}+{made.mark.hex()}+{seed}\n")
            file.flush()
            os.fsync(file.fileno())
        return made

    @classmethod
    def kept_in(cls, path: Path) -> Self:
        """`NotAKey` unless the file holds one that nobody but its owner may read."""
        if path.stat().st_mode & 0o077:
            raise NotAKey
        try:
            _, _, name, mark, seed = path.read_text(encoding="utf-8").strip().split("+", 4)
            kept = base64.b64decode(seed, validate=True)
            found = cls(name, Ed25519PrivateKey.from_private_bytes(kept.removeprefix(_ED25519)))
        except ValueError:
            raise NotAKey from None
        if found.mark.hex() != mark:
            raise NotAKey
        return found

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def mark(self) -> bytes:
        """Four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def verifier(self) -> str:
        """The public key as others are given it: `name+mark+key`."""
        return f"{self.name}+{self.mark.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def signed(self, text: str) -> str:
        """The note: its text, which ends with a new line, and the signature under it."""
        signature = base64.b64encode(self.mark + self.private.sign(text.encode())).decode()
        return f"{text}\n\N{EM DASH} {self.name} {signature}\n"

    def checkpoint(self, size: int, root: bytes) -> str:
        """A head of the trail: its size and root, signed."""
        return self.signed(f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n")
