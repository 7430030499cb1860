"""A2: hostile bodies on every write. 4xx, problem+json, no echo, rows unchanged, and never a 5xx."""

import json
import random
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.audit.rules import canonical_json
from app.errors import Invalid
from app.web.body import _HARMLESS, parsed
from tests.operations import Operation, writes
from tests.test_access import counted, position
from tests.world import MOVEMENT, World

MARK = "hostile-mark"
VALUES: list[Any] = [
    None, True, 0, -1, 7.0, 1e308, 2**31, 2**31 + 1, 2**53 + 1, 2**63 - 1, 2**63, 10**40, "", "7", MARK, MARK * 2000,
    [], {}, [MARK], {MARK: MARK}, f"{MARK}\u0000", f"{MARK}\u202e", "a" + "\u0301" * 50, f"{MARK}\u0007", "0000-01-01",
    "9999-12-31", "2022-02-30", "2022-06-15T24:00:00Z", "2022-13-01", "1e400", "NaN", "-Infinity", "--1", "1,5", "٣",
    "１２", "'; DROP TABLE unit; --", "../../etc/passwd", "%00", "<b>", "{{7*7}}",
]  # fmt: skip  # fmt: skip
RAW = [
    b"", b"{", b"[]", b"null", b"true", b"7", b'"x"', b"{}{}", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}',
    b'{"a": 1e400}', b'{"a": "\\ud800"}', b'{"code": "x", "code": "y"}', b"[" * 100_000, b'{"a":' * 5000,
    b'{"a": ' + b"9" * 5000 + b"}", b"\x00", b'{"a": "\\u0000"}', b"\xef\xbb\xbf{}",
]  # fmt: skip  # fmt: skip
PER_WRITE = {"sqlite": 200, "postgresql": 20}
"""In full on SQLite, a tenth on PostgreSQL: what is refused here is refused before any database is asked."""


def hostile(one: Operation, dice: random.Random, count: int) -> Iterator[bytes]:
    """Raw bodies, then the good body with one field turned hostile, now and then an unknown one added."""
    yield from dice.sample(RAW, min(len(RAW), count // 4))
    for _ in range(count - min(len(RAW), count // 4)):
        body = json.loads(json.dumps(one.body))
        field = dice.choice(sorted(body))
        body[field] = dice.choice(VALUES)
        if dice.random() < 0.2:
            body[MARK] = dice.choice(VALUES)
        yield json.dumps(body, allow_nan=True).encode("utf-8", "surrogatepass")


def test_hostile_bodies_are_refused_and_change_nothing(world: World) -> None:
    seed = 20221222
    dice, refused, sent = random.Random(seed), 0, 0  # noqa: S311
    count = PER_WRITE["sqlite" if world.database.is_sqlite else "postgresql"]
    listed = [one for one in writes(world) if isinstance(one.body, dict)]
    for one in listed:
        before = counted(world)
        for body in hostile(one, dice, count):
            sent += 1
            headers = {"Content-Type": "application/json", **({"If-Match": one.if_match} if one.if_match else {})}
            answer = world.call(one.who, one.method, one.url, content=body, headers=headers)
            assert answer.status_code < 500, (seed, one.name, body[:200], answer.text)
            if answer.status_code < 300:
                before = counted(world)
                continue
            refused += 1
            assert answer.headers["content-type"] == "application/problem+json"
            assert MARK not in answer.text, (one.name, body[:200])
            assert position(world) == before["position"], (one.name, body[:200])
        assert counted(world) == before, one.name
    assert refused > 0.8 * sent, "most are refused"
    assert refused >= 0.8 * count * len(listed) >= 400


def test_hostile_addresses_are_refused(world: World) -> None:
    for bad in ("%00", "%2e%2e%2f", "a" * 300, "Đ", "%ff", "a%0ab", "'; --", "..%2f..", "%E2%80%AE"):
        for place in (
            f"/units/{bad}",
            f"/plans/{bad}/indicators",
            f"/movements/{bad}/ranking",
            f"/submissions/{bad}",
            f"/history/unit/{bad}",
            f"/movements/{MOVEMENT}/units/{bad}/sheet",
        ):
            assert world.get("secretary", place).status_code in {404, 422}, place


def test_hostile_questions_are_refused(world: World) -> None:
    asked: list[tuple[str, dict[str, str]]] = [
        ("/units", {"search": "\x00"}),
        ("/units", {"search": "x" * 101}),
        ("/units", {"limit": "201"}),
        ("/units", {"limit": "0"}),
        ("/units", {"limit": "9" * 30}),
        ("/units", {"cursor": "%%%"}),
        ("/units", {"cursor": "bnVsbA"}),
        ("/units", {"cursor": "WyJhXHUwMDAwIiwgImIiXQ"}),
        ("/units", {"kind": "castle"}),
        ("/submissions", {"state": "lost"}),
        ("/submissions", {"period": "2022-99-99"}),
        ("/calendar/days", {"year": "0"}),
        (f"/movements/{MOVEMENT}/ranking", {"as_of": "2022-06-15"}),
        (f"/movements/{MOVEMENT}/ranking", {"as_of": "2022-06-15T12:00:00"}),
        (f"/movements/{MOVEMENT}/ranking", {"until": "2022-06-31"}),
        (f"/movements/{MOVEMENT}/ranking", {"until": "9999-12-31"}),
        (f"/movements/{MOVEMENT}/ranking", {"cluster": "X Y"}),
    ]
    for path, params in asked:
        answer = world.get("secretary", path, params=params)
        assert answer.status_code == 422, (path, params, answer.text)
        assert answer.json()["errors"][0]["pointer"].startswith("query:"), answer.text


def test_far_away_instants_are_answered(world: World) -> None:
    for instant in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"):
        answer = world.get("secretary", f"/movements/{MOVEMENT}/ranking", params={"as_of": instant})
        assert answer.status_code in {200, 404, 422}, (instant, answer.text)


def test_unknown_places_and_methods_are_problems_too(world: World) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/units", 405), ("PATCH", "/units/dich-vong", 405)):
        answer = world.call("administrator", method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].startswith("/problems/")


def test_the_short_way_for_clean_texts_changes_nothing() -> None:
    """Every character that lets a text pass unread is its own NFC, and neither a control nor a mark; beside any other it stays so."""
    passing = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000 and _HARMLESS.fullmatch(chr(code))]
    assert len(passing) > 500
    for one in passing:
        assert unicodedata.category(one)[0] not in {"M", "C"} or one in "\n\t\u00ad", hex(ord(one))
        assert unicodedata.normalize("NFC", f"a{one}e") == f"a{one}e"


@pytest.mark.parametrize("code", [0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFF, 0x7F, 0x85])
def test_what_is_no_character_is_refused_raw_and_escaped(code: int) -> None:
    written = json.dumps({"name": f"x{chr(code)}"})
    for raw in (written.encode(), json.dumps({"name": f"x{chr(code)}"}, ensure_ascii=False).encode()):
        with pytest.raises(Invalid) as refused:
            parsed(raw, "application/json")
        assert refused.value.reason == "forbidden-character"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=1000)
@given(JSON_VALUES)
@example({"\ue000": 1, "\U00010000": 2})  # by UTF-16 the second comes first
def test_canonical_json_is_that_of_rfc_8785(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["\ud800", {"a": "\udfff"}, 2**53, -(2**53), {1: 2}, {"a": {1, 2}}])
def test_what_rfc_8785_cannot_write_is_not_written(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json(value)
