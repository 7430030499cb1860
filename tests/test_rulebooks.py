"""Rulebooks over the API: as YAML or as JSON, kept once, refused at the place."""

from typing import Any

import pytest
import yaml

from tests.world import RULEBOOK, World

YAML = {"Content-Type": "application/yaml; charset=utf-8"}


def send(world: World, text: str | bytes, who: str = "administrator", **headers: str) -> Any:
    return world.call(who, "POST", "/rulebooks", content=text, headers={**YAML, **headers})


def written(**changes: Any) -> str:
    return yaml.safe_dump(RULEBOOK | {"version": 2} | changes, allow_unicode=True)


def test_yaml_and_json_are_one_document(world: World) -> None:
    kept = send(world, written()).json()
    shown = world.get("viewer", "/rulebooks/thu/versions/2").json()
    assert shown["digest"] == kept["digest"]
    assert shown["document"]["items"] == world.get("viewer", "/rulebooks/thu/versions/1").json()["document"]["items"]
    assert world.post("administrator", "/rulebooks", RULEBOOK | {"version": 2}).json()["type"] == "/problems/version-taken"
    plain = written(version=3).replace("standard: '60'", "standard: 60").replace("full_at: '100'", "full_at: 100")
    assert plain.count("'100'") == 0, "a person writes numbers without quotes"
    assert send(world, plain).status_code == 201
    assert world.get("viewer", "/rulebooks/thu/versions/3").json()["document"]["items"] == shown["document"]["items"]


def test_a_repeated_call_is_answered_from_the_first(world: World) -> None:
    first, again = (send(world, written(), **{"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.content == again.content
    assert send(world, written(version=3), **{"Idempotency-Key": "k"}).status_code == 422


HOSTILE: list[tuple[str | bytes, str]] = [
    ("a: &a [1]\nb: *a", "#/line 1"),
    ("!!python/object/apply:os.system ['true']", "#/line 1"),
    ("rulebook: thu\nrulebook: thu", "#/line 2"),
    ("[" * 100_000, "#/line 1"),
    ("x: 1\n" * 200_000, "#/yaml"),
    ("rulebook: thu\nversion: 2\n  x: 1", "#/line 3"),
    (b"\xff\xfe", "#"),
    ("a: \u202e", "#"),
    ("", "#/"),
    ("12", "#/"),
    (written(maximum="9" * 400), "#/maximum"),
    (written(items=[{"code": "A"}]), "#/items/0/title"),
]


@pytest.mark.parametrize(("text", "pointer"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_rulebook_is_refused_at_the_place(world: World, text: str | bytes, pointer: str) -> None:
    refused = send(world, text)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert len(world.get("viewer", "/rulebooks").json()["items"]) == 1


def test_only_who_may_write_is_listened_to(world: World) -> None:
    assert send(world, written(), "secretary").status_code == 403
    assert send(world, written(), **{"Content-Type": "text/plain"}).status_code == 415
