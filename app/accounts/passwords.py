"""Argon2id, a few at a time: each hash takes 64 MiB."""

import threading

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

CONCURRENT = 2
_turns = threading.BoundedSemaphore(CONCURRENT)
_hasher = PasswordHash((Argon2Hasher(memory_cost=65536, time_cost=3, parallelism=1),))
_DUMMY = "$argon2id$v=19$m=65536,t=3,p=1$MTIzNDU2Nzg5MDEyMzQ1Ng$6GWVGdRs4IH7j3uQJ5C2Gcm0WmRkOdX1yJY4i1VcDYc"
"""Checked where there is no such person, so that the answer takes as long."""


def hashed(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    with _turns:
        right = _hasher.verify(password, stored or _DUMMY)
    return right and stored is not None
