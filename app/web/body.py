"""Bodies: received within limits, then read as strict JSON. Nothing hostile reaches a schema."""

import asyncio
import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import Any

from starlette.requests import Request

from app.errors import Invalid, Problem
from app.settings import Settings

DEPTH_LIMIT = 32
_NO_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[^\[\]{}"]++', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ALLOWED_CONTROLS = "\n\t"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS_IN_A_ROW = 4
_HARMLESS = re.compile("[\x20-\x7e\n\t\u00a0-\u02af\u1ea0-\u1ef9\u2010-\u2027]*+")
"""Latin letters, Vietnamese ones included, and punctuation: none is a control or a mark, each is its own NFC."""


class TooLarge(Problem):
    status, slug = 413, "too-large"


class TooSlow(Problem):
    status, slug = 408, "too-slow"


class NotJson(Problem):
    status, slug = 415, "not-json"


async def receive(request: Request, settings: Settings, take: Callable[[bytes], Any], limit: int) -> None:
    """Hand each chunk to `take`. Ends with `TooLarge` past `limit` bytes, `TooSlow` past the idle or total time."""
    size = 0
    chunks = request.stream().__aiter__()
    try:
        async with asyncio.timeout(settings.body_total_seconds):
            while True:
                async with asyncio.timeout(settings.body_idle_seconds):
                    chunk = await anext(chunks, b"")
                if not chunk:
                    return
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit=limit)
                take(chunk)
    except TimeoutError:
        raise TooSlow from None


def parsed(raw: bytes, content_type: str) -> Any:
    """The JSON value of a body: UTF-8, no duplicate keys, no NaN, bounded depth, clean text in NFC."""
    if not content_type.split(";", maxsplit=1)[0].strip().lower().endswith(("/json", "+json")):
        raise NotJson
    _check_depth(raw)
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Invalid("#", "not-utf8") from None
    except (ValueError, RecursionError):
        raise Invalid("#", "malformed-json") from None
    return value if "\\" not in text and _HARMLESS.fullmatch(text) else _clean(value, "#")


def is_yaml(content_type: str) -> bool:
    return content_type.split(";", maxsplit=1)[0].strip().lower() in {"application/yaml", "application/x-yaml", "text/yaml"}


def yaml_text(raw: bytes) -> str:
    """The text of a YAML body: UTF-8, clean, in NFC."""
    try:
        return clean_text(raw.decode("utf-8").replace("\r\n", "\n"), "#")
    except UnicodeDecodeError:
        raise Invalid("#", "not-utf8") from None


def clean_text(text: str, pointer: str) -> str:
    """NFC, or `Invalid` for controls, surrogates, noncharacters, bidi overrides and floods of combining marks."""
    if _HARMLESS.fullmatch(text):
        return text
    run = 0
    for character in text:
        category = unicodedata.category(character)
        if (category in {"Cc", "Cs"} and character not in _ALLOWED_CONTROLS) or character in _BIDI or _is_no_character(character):
            raise Invalid(pointer, "forbidden-character")
        run = run + 1 if category.startswith("M") else 0
        if run > _MARKS_IN_A_ROW:
            raise Invalid(pointer, "forbidden-character")
    return unicodedata.normalize("NFC", text)


def _is_no_character(character: str) -> bool:
    """Unicode's noncharacters, some of which no XML document may hold."""
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF  # noqa: PLR2004


def _check_depth(raw: bytes) -> None:
    """By the brackets that stand outside texts."""
    steps = (_STEPS.get(bracket, 0) for bracket in _NO_BRACKETS.sub(b"", raw))
    if any(depth > DEPTH_LIMIT for depth in accumulate(steps)):
        raise Invalid("#", "too-deep", limit=DEPTH_LIMIT)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("#", "duplicate-key")
    return found


def _refuse_constant(_: str) -> Any:
    raise ValueError


def _clean(value: Any, pointer: str) -> Any:
    if isinstance(value, str):
        return clean_text(value, pointer)
    if isinstance(value, list):
        return [_clean(item, f"{pointer}/{index}") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {clean_text(key, pointer): _clean(item, f"{pointer}/{safe_key(key)}") for key, item in value.items()}
    return value


@lru_cache(1024)
def safe_key(key: object) -> str:
    """A key fit for a pointer: our field names are; anything else is not repeated to the sender."""
    text = str(key)
    return text if re.fullmatch(r"[a-z][a-z0-9_]{0,39}|[0-9]{1,6}", text) else "?"
