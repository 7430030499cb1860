"""Lists: `{"items": […], "next": cursor or null}`, keyset only, at most 200 a page."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from app.errors import Invalid

T = TypeVar("T")
R = TypeVar("R")
PAGE_LIMIT = 200

Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="Số dòng mỗi trang / rows a page")]
Cursor = Annotated[str | None, Query(max_length=400, description="Giá trị `next` của trang trước / `next` of the page before")]


class Listed(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = None


def page(rows: Sequence[R], limit: int, shown: Callable[[R], T], key: Callable[[R], list[str]]) -> Listed[T]:
    """`rows` holds up to limit + 1: the one too many only tells that there is a next page."""
    more = len(rows) > limit
    following = _written(key(rows[limit - 1])) if more else None
    return Listed(items=[shown(row) for row in rows[:limit]], next=following)


def sliced(rows: Sequence[R], limit: int, shown: Callable[[R], T], key: Callable[[R], list[str]], start: list[str] | None) -> Listed[T]:
    """A page of rows that are at hand (at most a few thousand: one plan's, one movement's), in order of their key.

    Ordered here: a database may order text by its own collation, and a page would leave rows out.
    """
    rest = sorted((row for row in rows if start is None or key(row) > start), key=key)
    return page(rest[: limit + 1], limit, shown, key)


def after(cursor: str | None, parts: int) -> list[str] | None:
    """The key that a cursor stands for. An altered one is refused, or leads to another page of the same list."""
    if cursor is None:
        return None
    try:
        key: Any = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
    except (binascii.Error, ValueError):
        raise Invalid("query:cursor", "wrong-form") from None
    if not isinstance(key, list) or len(key) != parts or not all(isinstance(part, str) and part.isprintable() for part in key):
        raise Invalid("query:cursor", "wrong-form")
    return key


def last_id(cursor: str | None) -> UUID | None:
    """The same for a list in order of ids."""
    key = after(cursor, 1)
    try:
        return None if key is None else UUID(key[0])
    except ValueError:
        raise Invalid("query:cursor", "wrong-form") from None


def _written(key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
