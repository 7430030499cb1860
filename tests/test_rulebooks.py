"""Rulebooks over the API: as YAML or as JSON, kept once, refused at the place."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.world import MOVEMENT, RULEBOOK, World

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


def adopted(world: World, document: dict[str, Any]) -> Any:
    assert world.post("administrator", "/rulebooks", document).status_code == 201
    sent = {"rulebook": "thu", "version": document["version"], "effective_from": "2022-06-01"}
    return world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", sent)


GATE = {
    "code": "thu-thap",
    "title": {"vi": "Thu ngân sách dưới 50 %"},
    "state": "deferred",
    "when": {"measure": {"kind": "percent_of_target", "indicator": "thu-nsnn"}, "less_than": "50", "missing": True},
    "clause": "Chưa xét.",
}


def test_a_gate_takes_a_unit_out_of_the_ranking_with_its_reason(world: World) -> None:
    world.accept(world.report(figure="9").json()["id"])
    assert adopted(world, RULEBOOK | {"version": 2, "gates": [GATE]}).status_code == 201
    assert world.standings() == {"dich-vong": (1, "54"), "nghia-do": (None, None), "quan-hoa": (None, None)}
    rows = {row["unit"]: row for row in world.get("secretary", f"/movements/{MOVEMENT}/ranking").json()["clusters"][0]["standings"]}
    assert (rows["nghia-do"]["state"], rows["nghia-do"]["reason"]) == ("deferred", "Thu ngân sách dưới 50 %. Chưa xét.")
    own = world.get("nghia-do", f"/movements/{MOVEMENT}/ranking").json()["clusters"][0]["standings"]
    assert [row["reason"] for row in own] == ["Chưa xét theo quy định."], "why is for the council's roles"
    states = world.get("secretary", f"/movements/{MOVEMENT}/units/nghia-do/sheet").json()["states"]
    assert [(one["gate"], one["state"]) for one in states] == [("thu-thap", "deferred")]
    world.accept(world.report("nghia-do", figure="10").json()["id"])
    assert world.standings()["nghia-do"] == (1, "60")


def test_a_rating_is_proposed_beside_the_class_of_the_total(world: World) -> None:
    world.accept(world.report(figure="10").json()["id"])
    classes = [
        {"rating": "Tốt", "title": {"vi": "Tốt"}, "total": {"at_least": "60"}, "requires": [{"met": ["B"]}]},
        {"rating": "Khá", "title": {"vi": "Khá"}, "total": {"at_least": "30", "less_than": "60"}},
    ]
    assert adopted(world, RULEBOOK | {"version": 2, "ratings": {"classes": classes, "otherwise": "Chưa xếp"}}).status_code == 201
    rating = world.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/sheet").json()["rating"]
    assert (rating["by_total"], rating["proposed"]) == ("Tốt", "Khá")
    assert rating["reason"] == "Chưa đủ điều kiện của mức Tốt. Mục B được 0, cần đủ 40 điểm chuẩn."


def test_warnings_are_read_by_name_before_a_rulebook_is_adopted(world: World) -> None:
    open_ended = RULEBOOK["items"][1] | {"award": {"shape": "each", "points": "1"}, "counts_as": "bonus", "appraiser": "noi-vu"}
    open_ended.pop("maximum", None)
    assert send(world, written(items=[open_ended])).status_code == 201
    warned = world.get("viewer", "/rulebooks/thu/versions/2/warnings").json()["items"]
    assert [(one["warning"], one["path"]) for one in warned] == [("uncapped-bonus", "items/0"), ("no-alternate", "items/0")]
    english = world.call("viewer", "GET", "/rulebooks/thu/versions/2/warnings", headers={"Accept-Language": "en"}).json()["items"]
    assert english[0]["text"] == "Node B is a bonus without a cap."
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01"}
    refused = world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption | {"acknowledged": ["no-alternate"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/unacknowledged-warnings")
    assert "uncapped-bonus" in refused.json()["detail"]
    assert "no-alternate" not in refused.json()["detail"]
    taken = world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption | {"acknowledged": ["no-alternate", "uncapped-bonus"]})
    assert (taken.status_code, taken.json()["acknowledged"]) == (201, ["no-alternate", "uncapped-bonus"])


def test_the_schema_of_rulebooks_is_published(world: World) -> None:
    schema = world.get("viewer", "/rulebooks/schema").json()
    assert set(schema["required"]) == {"rulebook", "version", "title", "source", "synthetic", "missing", "items"}
    assert "FigureMeasure" in schema["$defs"]
    assert world.call(None, "GET", "/rulebooks/schema").status_code == 401


def test_a_proposal_is_held_beside_what_is_in_force(world: World) -> None:
    for unit, figure in (("dich-vong", "5"), ("nghia-do", "6")):
        world.accept(world.report(unit, figure=figure).json()["id"])
    before = world.standings()
    only_tasks = RULEBOOK | {"version": 2, "items": [RULEBOOK["items"][0] | {"standard": "30"}, RULEBOOK["items"][1]]}
    assert world.post("administrator", "/rulebooks", only_tasks).status_code == 201
    asked = {"rulebook": "thu", "version": 2}
    found = world.get("secretary", f"/movements/{MOVEMENT}/clusters/phuong/proposal", params=asked).json()
    assert (found["in_force"]["version"], found["proposed"]["version"]) == (1, 2)
    changes = {change["unit"]: change for change in found["changes"]}
    now = {unit: (change["now"]["place"], change["now"]["points"]) for unit, change in changes.items()}
    ranked = {unit: standing for unit, standing in before.items() if standing[0] is not None}
    assert {unit: now[unit] for unit in ranked} == ranked
    for change in (changes["dich-vong"], changes["nghia-do"]):
        assert Decimal(change["proposed"]["points"]) == Decimal(change["now"]["points"]) / 2, (
            "half the standard points of the only item that gave any"
        )
        assert Decimal(change["difference"]) == Decimal(change["proposed"]["points"]) - Decimal(change["now"]["points"])
    assert world.standings() == before, "nothing is kept"
    path = f"/movements/{MOVEMENT}/clusters/phuong/proposal"
    assert world.get("dich-vong", path, params=asked).status_code == 403
    assert world.get("secretary", path, params=asked | {"version": 9}).status_code == 404
    assert world.get("secretary", f"/movements/{MOVEMENT}/clusters/khac/proposal", params=asked).status_code == 404
