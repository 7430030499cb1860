"""ETag and If-Match: `"<version>-<digest of the bytes>"`; a precondition compares the version part."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Depends, Header

from app.errors import Invalid, PreconditionRequired

_FORM = re.compile(r'(?:W/)?"?(\d{1,18})(?:-[0-9a-f]{1,64}(?:-gzip)?)?"?')


def etag(version: int, body: bytes) -> str:
    return f'"{version}-{hashlib.sha256(body).hexdigest()[:32]}"'


def version_of(answer: Any) -> int:
    """The version of a subject, the position of a computed answer, else 0."""
    for name in ("version", "position"):
        found = getattr(answer, name, None)
        if isinstance(found, int):
            return found
    return 0


def _expected(
    if_match: Annotated[
        str | None, Header(description="ETag của bản đã đọc / of the version that was read", examples=['"1-9f86d081"'])
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired("header:If-Match")
    found = _FORM.fullmatch(if_match.strip())
    if found is None:
        raise Invalid("header:If-Match", "wrong-form")
    return int(found.group(1))


ExpectedVersion = Annotated[int, Depends(_expected)]


def is_match(if_none_match: str | None, tag: str) -> bool:
    if not if_none_match:
        return False
    offered = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in offered or "*" in offered
