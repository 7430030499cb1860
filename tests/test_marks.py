"""Marks: who may put one, where, and what each view makes of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from alembic import command

from app.accounts.queries import actor_of_person
from app.clock import Admission
from app.errors import NotAllowed
from app.marks import actions
from app.marks.rules import MarkStage
from app.migrate import config
from app.settings import Settings
from tests.world import MOVEMENT, RULEBOOK, World

BY_HAND = {
    "code": "C",
    "title": {"vi": "Sáng kiến", "en": "Initiatives"},
    "clause": "Cơ quan thẩm định chấm từ 0 đến 10 điểm.",
    "appraiser": "noi-vu",
    "alternate_appraiser": "tai-chinh",
    "measure": {"kind": "mark", "maximum": "10"},
}
MARKED = RULEBOOK | {"version": 2, "items": [RULEBOOK["items"][0] | {"appraiser": "tai-chinh"}, RULEBOOK["items"][1], BY_HAND]}


@pytest.fixture
def marked(world: World) -> World:
    """The world under a rulebook with an item that is marked by hand."""
    assert world.post("administrator", "/rulebooks", MARKED).status_code == 201
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01", "acknowledged": ["no-alternate"]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    return world


def put(world: World, who: str, node: str, stage: str, points: str | None, version: int = 0, **fields: Any) -> Any:
    path = f"/movements/{MOVEMENT}/units/{fields.pop('unit', 'dich-vong')}/marks/{node}/{stage}"
    return world.call(who, "PUT", path, json={"points": points, "reason": "Vì sao", **fields}, headers={"If-Match": f'"{version}"'})


def release(world: World, who: str, by_unit: str, *marks: tuple[str, str, int], **fields: Any) -> Any:
    """Each of `marks` is a unit, a node and the version that was read."""
    named = [{"unit": unit, "node": node, "version": version} for unit, node, version in marks]
    return world.post(who, f"/movements/{MOVEMENT}/appraisal-notices", {"by_unit": by_unit, "marks": named, **fields})


def sheet(world: World, view: str, who: str = "secretary") -> dict[str, Any]:
    answer = world.get(who, f"/movements/{MOVEMENT}/units/dich-vong/sheet", params={"view": view})
    assert answer.status_code == 200, answer.text
    return {line["code"]: line for line in answer.json()["lines"]} | {"total": answer.json()["total"]}


VIEWS = ("claimed", "appraised", "council_proposed", "decided", "strict")


def test_each_view_takes_its_own_marks(marked: World) -> None:
    marked.accept(marked.report(figure="9").json()["id"])
    assert put(marked, "dich-vong", "A", "claimed", "60", reason=None).status_code == 200
    assert put(marked, "dich-vong", "C", "claimed", "10").status_code == 200
    assert put(marked, "alternate", "C", "appraised", "7.25").status_code == 200
    assert put(marked, "appraiser", "A", "appraised", "50").status_code == 200
    for who, by_unit, node in (("alternate", "noi-vu", "C"), ("appraiser", "tai-chinh", "A")):
        assert release(marked, who, by_unit, ("dich-vong", node, 1)).status_code == 201
    assert put(marked, "secretary", "C", "council_proposed", "8").status_code == 200
    assert put(marked, "secretary", "total", "decided", "66").status_code == 200
    totals = {view: sheet(marked, view)["total"] for view in VIEWS}
    assert totals == {"claimed": "70", "appraised": "57.25", "council_proposed": "58", "decided": "66", "strict": "61.25"}
    assert marked.standings()["dich-vong"] == (1, "66"), "the board ranks by the decided mark"
    line = sheet(marked, "appraised")["A"]
    assert line["reason"].endswith("Cơ quan thẩm định chấm 50 điểm; theo bảng tiêu chí 54 điểm.")
    assert line["mark"] == line["mark"] | {"stage": "appraised", "points": "50", "by_unit": "tai-chinh", "reason": "Vì sao", "version": 1}
    assert sheet(marked, "decided")["total"] == "66"


def test_a_mark_is_taken_back_and_the_rule_counts_again(marked: World) -> None:
    marked.accept(marked.report(figure="9").json()["id"])
    assert put(marked, "appraiser", "A", "appraised", "50").json()["version"] == 1
    assert release(marked, "appraiser", "tai-chinh", ("dich-vong", "A", 1)).status_code == 201
    assert marked.standings()["dich-vong"] == (1, "50")
    assert put(marked, "appraiser", "A", "appraised", None, version=0).status_code == 412
    assert put(marked, "appraiser", "A", "appraised", None, version=1).json()["points"] is None
    assert marked.standings()["dich-vong"] == (1, "50"), "to take it back is a draft too"
    assert release(marked, "appraiser", "tai-chinh", ("dich-vong", "A", 2)).status_code == 201
    assert marked.standings()["dich-vong"] == (1, "54")
    [listed] = marked.get("dich-vong", f"/movements/{MOVEMENT}/units/dich-vong/marks").json()["items"]
    assert (listed["node"], listed["version"], listed["points"]) == ("A", 2, None)


REFUSED = [
    ("nghia-do", "A", "claimed", "1", {}, 404),
    ("viewer", "A", "claimed", "1", {}, 403),
    ("alternate", "A", "appraised", "1", {}, 403),
    ("secretary", "A", "appraised", "1", {}, 403),
    ("appraiser", "B", "appraised", "1", {}, 409),
    ("appraiser", "A", "decided", "1", {}, 403),
    ("administrator", "A", "decided", "1", {}, 403),
    ("appraiser", "A", "appraised", "66.01", {}, 422),
    ("alternate", "C", "appraised", "-0.01", {}, 422),
    ("alternate", "C", "appraised", "5", {"reason": None}, 422),
    ("dich-vong", "A", "claimed", 5, {}, 422),
    ("dich-vong", "A", "claimed", "1e3", {}, 422),
    ("dich-vong", "A", "claimed", "0.0000001", {}, 422),
    ("dich-vong", "Z", "claimed", "1", {}, 404),
    ("dich-vong", "A", "khong-co", "1", {}, 422),
    ("secretary", "A", "decided", "1", {"unit": "noi-vu"}, 404),
]


@pytest.mark.parametrize(("who", "node", "stage", "points", "fields", "status"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(marked: World, who: str, node: str, stage: str, points: Any, fields: dict[str, Any], status: int) -> None:
    before = marked.standings()
    assert put(marked, who, node, stage, points, **fields).status_code == status
    assert marked.standings() == before
    assert marked.get("secretary", f"/movements/{MOVEMENT}/units/dich-vong/marks").json()["items"] == []


def test_what_the_council_proposes_is_for_the_council(marked: World) -> None:
    assert put(marked, "secretary", "C", "council_proposed", "8").status_code == 200
    path = f"/movements/{MOVEMENT}/units/dich-vong"
    assert marked.get("dich-vong", f"{path}/marks").json()["items"] == []
    assert [mark["points"] for mark in marked.get("secretary", f"{path}/marks").json()["items"]] == ["8"]
    assert marked.get("dich-vong", f"{path}/sheet", params={"view": "council_proposed"}).status_code == 403
    assert marked.get("nghia-do", f"{path}/marks").status_code == 404


def test_a_mark_is_known_from_its_instant_on(marked: World, hand: Any) -> None:
    hand.forward(days=1)
    put(marked, "secretary", "total", "decided", "33")
    hand.forward(days=1)
    assert marked.standings()["dich-vong"] == (1, "33")
    assert marked.standings(as_of=(hand.now() - timedelta(days=1, seconds=1)).isoformat())["dich-vong"] == (1, "0")


def marks_of(world: World, who: str, unit: str = "dich-vong") -> list[tuple[str, int, str | None, bool]]:
    listed = world.get(who, f"/movements/{MOVEMENT}/units/{unit}/marks").json()["items"]
    return [(one["node"], one["version"], one["points"], one["draft"]) for one in listed]


def test_an_appraised_mark_is_a_draft_until_it_is_released(marked: World, hand: Any) -> None:
    assert put(marked, "alternate", "C", "appraised", "7").json()["draft"] is True
    assert put(marked, "alternate", "C", "appraised", "5", unit="nghia-do").status_code == 200
    assert [points for _, points in marked.standings().values()] == ["0", "0", None]
    assert marks_of(marked, "alternate") == [("C", 1, "7", True)]
    assert marks_of(marked, "dich-vong") == marks_of(marked, "secretary") == marks_of(marked, "appraiser") == []
    hand.forward(hours=1)
    noticed = release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1), ("nghia-do", "C", 1), note="Thẩm định quý II")
    assert noticed.status_code == 201
    assert [(one["unit"], one["points"]) for one in noticed.json()["marks"]] == [("dich-vong", "7"), ("nghia-do", "5")]
    assert marked.standings() == {"dich-vong": (1, "7"), "nghia-do": (2, "5"), "quan-hoa": (None, None)}
    before = (hand.now() - timedelta(minutes=1)).isoformat()
    assert [points for _, points in marked.standings(as_of=before).values()] == ["0", "0", None], "known from its release on"
    assert put(marked, "alternate", "C", "appraised", "8", version=1).status_code == 200
    assert marks_of(marked, "alternate") == [("C", 1, "7", False), ("C", 2, "8", True)]
    assert marks_of(marked, "dich-vong") == [("C", 1, "7", False)]
    assert marked.standings()["dich-vong"] == (1, "7")


def test_a_notice_is_seen_by_whom_it_concerns(marked: World) -> None:
    for unit in ("dich-vong", "nghia-do"):
        assert put(marked, "alternate", "C", "appraised", "7", unit=unit).status_code == 200
    release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1), ("nghia-do", "C", 1), note="Thẩm định quý II")
    path = f"/movements/{MOVEMENT}/appraisal-notices"
    for who, units in (("alternate", ["dich-vong", "nghia-do"]), ("dich-vong", ["dich-vong"]), ("head", ["nghia-do"])):
        [notice] = marked.get(who, path).json()["items"]
        assert (notice["note"], [one["unit"] for one in notice["marks"]]) == ("Thẩm định quý II", units)
    assert marked.get("appraiser", path).json()["items"] == []


def test_what_cannot_be_released_is_refused_and_nothing_is(marked: World) -> None:
    put(marked, "alternate", "C", "appraised", "7")
    good = ("dich-vong", "C", 1)
    for who, by_unit, second, status in (
        ("alternate", "noi-vu", ("nghia-do", "C", 1), 422),
        ("alternate", "noi-vu", ("dich-vong", "A", 1), 422),
        ("alternate", "noi-vu", good, 422),
        ("alternate", "tai-chinh", None, 403),
        ("appraiser", "tai-chinh", None, 422),
        ("secretary", "noi-vu", None, 403),
        ("dich-vong", "dich-vong", None, 403),
    ):
        assert release(marked, who, by_unit, good, *([second] if second else [])).status_code == status, (who, by_unit, second)
    assert release(marked, "alternate", "noi-vu", ("dich-vong", "C", 2)).status_code == 412
    assert put(marked, "alternate", "C", "appraised", "8", version=1).status_code == 200
    assert release(marked, "alternate", "noi-vu", good).status_code == 412, "another has marked it since"
    assert marked.standings()["dich-vong"] == (1, "0")
    assert release(marked, "alternate", "noi-vu", ("dich-vong", "C", 2)).status_code == 201
    assert release(marked, "alternate", "noi-vu", ("dich-vong", "C", 2)).status_code == 422, "released once"


def test_many_marks_are_put_for_one_reason_or_none(marked: World) -> None:
    path = f"/movements/{MOVEMENT}/marks"

    def many(*lines: tuple[str, str, str, int], who: str = "alternate", stage: str = "appraised") -> Any:
        sent = [{"unit": unit, "node": node, "points": points, "version": version} for unit, node, points, version in lines]
        return marked.post(who, path, {"stage": stage, "reason": "Trừ điểm gửi chậm", "marks": sent})

    first = ("dich-vong", "C", "7", 0)
    for line, status, pointer in (
        (("nghia-do", "C", "11", 0), 422, "#/marks/1/points"),
        (("nghia-do", "Z", "1", 0), 422, "#/marks/1"),
        (("khong-co", "C", "1", 0), 422, "#/marks/1"),
        (("nghia-do", "A", "1", 0), 403, "#/marks/1"),
        (("nghia-do", "C", "1", 3), 412, "#/marks/1"),
        (first, 412, "#/marks/1"),
    ):
        answer = many(first, line)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), line
    assert marks_of(marked, "alternate") == []
    made = many(first, ("nghia-do", "C", "6.5", 0)).json()
    assert [(one["points"], one["reason"], one["draft"]) for one in made] == [
        ("7", "Trừ điểm gửi chậm", True),
        ("6.5", "Trừ điểm gửi chậm", True),
    ]
    assert many(("dich-vong", "total", "66", 0), ("nghia-do", "total", "60", 0), who="secretary", stage="decided").status_code == 200
    assert marked.standings()["dich-vong"] == (1, "66")


def test_the_desk_shows_one_criterion_over_all_units(marked: World) -> None:
    path = f"/movements/{MOVEMENT}/desk"
    cited = [{"document_number": "45/BC-UBND", "document_date": "2022-06-02", "issuer": "UBND phường"}]
    accepted = marked.report(figure="9", evidence=cited).json()["id"]
    marked.accept(accepted)
    waiting = marked.report("nghia-do", figure="8").json()["id"]
    put(marked, "dich-vong", "A", "claimed", "60", reason=None)
    put(marked, "appraiser", "A", "appraised", "50")
    put(marked, "appraiser", "A", "appraised", "47", unit="nghia-do")
    release(marked, "appraiser", "tai-chinh", ("nghia-do", "A", 1))
    listed = {one["node"]: (one["units"], one["drafts"], one["released"]) for one in marked.get("appraiser", path).json()["items"]}
    assert listed == {"A": (3, 1, 1)}
    desk = marked.get("appraiser", f"{path}/A").json()
    assert [(rule["cluster"], rule["standard"], rule["maximum"]) for rule in desk["rules"]] == [("phuong", "60", "66")]
    rows = {row["unit"]: row for row in desk["rows"]}
    assert [(row["claimed"], row["by_rule"], row["version"]) for row in rows.values()] == [("60", "54", 1), ("48", "0", 1), ("0", "0", 0)]
    assert [source["id"] for source in rows["dich-vong"]["sources"]] == [accepted]
    assert rows["dich-vong"]["sources"][0]["documents"] == ["45/BC-UBND (02/6/2022)"]
    assert [(source["id"], source["reviewer"]) for source in rows["nghia-do"]["sources"]] == [(waiting, None)]
    assert (rows["dich-vong"]["draft"]["points"], rows["dich-vong"]["released"]) == ("50", None)
    assert (rows["nghia-do"]["released"]["points"], rows["nghia-do"]["draft"]) == ("47", None)
    assert marked.get("alternate", f"{path}/C").json()["rows"][0]["by_rule"] is None, "marked by hand"
    assert marked.get("alternate", f"{path}/A").status_code == 404, "appraised by another"
    assert marked.get("secretary", path).status_code == 403
    first = marked.get("appraiser", f"{path}/A", params={"limit": 2}).json()
    rest = marked.get("appraiser", f"{path}/A", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["unit"] for row in first["rows"] + rest["rows"]] == ["dich-vong", "nghia-do", "quan-hoa"]


def test_marks_of_before_there_were_drafts_go_on_counting(marked: World, settings: Settings) -> None:
    put(marked, "alternate", "C", "appraised", "7")
    assert marked.standings()["dich-vong"] == (1, "0")
    marked.database.engine.dispose()
    command.downgrade(config(settings.database), "0006")
    command.upgrade(config(settings.database), "head")
    assert marks_of(marked, "dich-vong") == [("C", 1, "7", False)]
    assert sheet(marked, "decided")["total"] == "7"


def adopt(world: World, version: int, **item: Any) -> None:
    """Another version of the rulebook, in which the item that is marked by hand is otherwise."""
    book = MARKED | {"version": version, "items": [*MARKED["items"][:2], BY_HAND | item]}
    assert world.post("administrator", "/rulebooks", book).status_code == 201
    adoption = {"rulebook": "thu", "version": version, "effective_from": "2022-06-01", "acknowledged": ["no-alternate"]}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201


@pytest.mark.parametrize(
    "item",
    [
        {"measure": {"kind": "mark", "maximum": "5"}},
        {"appraiser": "tai-chinh", "alternate_appraiser": "noi-vu"},
        {"code": "D"},
    ],
    ids=["another range", "another appraiser", "no such node"],
)
def test_a_draft_does_not_outlive_the_rulebook_it_was_put_under(marked: World, item: dict[str, Any]) -> None:
    put(marked, "alternate", "C", "appraised", "10")
    adopt(marked, 3, **item)
    assert release(marked, "alternate", "noi-vu", ("dich-vong", "C", 1)).status_code == 422
    assert marked.standings()["dich-vong"] == (1, "0")


def test_the_desk_says_what_the_next_mark_follows_also_to_a_new_appraiser(marked: World) -> None:
    put(marked, "alternate", "C", "appraised", "7")
    adopt(marked, 3, appraiser="tai-chinh", alternate_appraiser="noi-vu")
    row = marked.get("appraiser", f"/movements/{MOVEMENT}/desk/C").json()["rows"][0]
    assert (row["unit"], row["draft"], row["version"]) == ("dich-vong", None, 1)
    assert put(marked, "appraiser", "C", "appraised", "6", version=row["version"]).status_code == 200


def test_nobody_marks_the_unit_of_another_role_of_theirs(marked: World) -> None:
    person = marked.post("administrator", "/people", {"code": "cb-1"}).json()["id"]
    for role, unit in (("viewer", "dich-vong"), ("appraiser", "noi-vu")):
        assert marked.post("administrator", f"/people/{person}/roles", {"role": role, "unit": unit}).status_code == 201
    actor = actor_of(marked, person)
    with pytest.raises(NotAllowed):
        marked.database.write(
            Admission(marked.clock.now(), marked.clock),
            lambda session: actions.put(
                session,
                actor,
                movement=MOVEMENT,
                unit="dich-vong",
                node="C",
                stage=MarkStage.APPRAISED,
                expected=0,
                points=Decimal(7),
                reason="x",
            ),
        )


def actor_of(world: World, person: str) -> Any:
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        return actor_of_person(session, UUID(person))
