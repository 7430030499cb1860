"""Each cause by which two views of a sheet may differ, by name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.calendar.rules import Calendar
from app.marks.rules import MarkStage
from app.rulebooks.language.compile import Rulebook
from app.rulebooks.language.load import checked
from app.scoring.differences import Side, differences
from app.scoring.engine.facts import Basis, Event, Facts, View, marks_in
from app.scoring.engine.program import score
from app.scoring.explain import sentence
from tests.test_marks import put
from tests.world import MOVEMENT, World

NOW = datetime(2022, 12, 31, tzinfo=UTC)
HEAD = {"rulebook": "thu", "version": 2, "title": {"vi": "Thử"}, "source": "tests", "synthetic": True, "missing": "zero"}
YEAR = {"starts": "2022-01-01", "ends": "2022-12-31"}


def book(points: str = "1", limit: str | None = "3", version: int = 2) -> Rulebook:
    """A: so much for each event, at most `limit`; M by hand up to 10; G of both is at most 12."""
    each = {"shape": "each", "points": points, **({"limit": limit} if limit else {})}
    a = {"code": "A", "title": {"vi": "A"}, "clause": "A", "measure": {"kind": "events", "events": ["bai"]}, "award": each}
    m = {"code": "M", "title": {"vi": "M"}, "clause": "M", "measure": {"kind": "mark", "maximum": "10"}}
    return checked(
        HEAD | {"version": version, "window": YEAR, "items": [{"code": "G", "title": {"vi": "G"}, "maximum": "12", "items": [a, m]}]}
    )[1]


def facts(claimed: int, accepted: int, last_year: int = 0) -> Facts:
    found = Facts("u", {})
    events = [Event(date(2022, 5, 1), None, True, f"r{n}") for n in range(claimed)]
    before = [Event(date(2021, 5, 1), None, True, f"b{n}") for n in range(last_year)]
    found.events = {Basis.CLAIMED: {"bai": events + before}, Basis.ACCEPTED: {"bai": events[:accepted] + before}}
    return found


def causes(of: Facts, marks: dict[str, dict[MarkStage, int]], *, other: View = View.APPRAISED, earlier: tuple[Rulebook, ...] = ()) -> Any:
    """Slugs by node, from what is claimed to the other view."""
    rulebook = book()
    views = (View.CLAIMED, other)
    one, two = (Side(score(rulebook, Calendar(), of, marks, NOW, view), marks_in(marks, view)) for view in views)
    found = differences(rulebook, one, two, lambda another, _: score(another, Calendar(), of, {}, NOW, View.CLAIMED), earlier)
    assert all(sentence(cause, language) for line in found for cause in line.causes for language in ("vi", "en"))
    return {line.code: [cause.slug for cause in line.causes] for line in found}


def claimed(node: str, points: int) -> dict[str, dict[MarkStage, int]]:
    return {node: {MarkStage.CLAIMED: points * 10**6}}


UP = {"G": ["from-parts"], "": ["from-parts"]}
CASES: list[tuple[str, Facts, dict[str, dict[MarkStage, int]], dict[str, list[str]]]] = [
    ("nothing differs", facts(2, 2), {}, {}),
    ("a claim that was not accepted", facts(2, 1), {}, UP | {"A": ["not-accepted"]}),
    ("a cap that the unit left out", facts(5, 5), claimed("A", 5), UP | {"A": ["marked-claimed", "cap-not-applied"]}),
    ("what lies outside the window", facts(1, 1, last_year=1), claimed("A", 2), UP | {"A": ["marked-claimed", "outside-window"]}),
    ("a bonus that the sheet does not know", facts(1, 1), claimed("A", 9), UP | {"A": ["marked-claimed", "over-the-sheet"]}),
    ("a slip", facts(1, 1), claimed("A", 3), UP | {"A": ["marked-claimed", "arithmetic-slip"]}),
    ("a sum that does not add up", facts(2, 2), claimed("G", 7), {"G": ["marked-claimed", "arithmetic-slip"], "": ["from-parts"]}),
    (
        "marks by hand that differ",
        facts(0, 0),
        {"M": {MarkStage.CLAIMED: 9 * 10**6, MarkStage.APPRAISED: 7 * 10**6}},
        UP | {"M": ["mark-claimed", "mark-appraised"]},
    ),
    ("a mark that nobody appraised", facts(0, 0), claimed("M", 9), UP | {"M": ["mark-claimed", "no-mark"]}),
    ("a slip and a claim not accepted", facts(2, 1), claimed("A", 3), UP | {"A": ["marked-claimed", "arithmetic-slip", "not-accepted"]}),
]


@pytest.mark.parametrize(("of", "marks", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_cause_has_its_name(of: Facts, marks: dict[str, dict[MarkStage, int]], wanted: dict[str, list[str]]) -> None:
    assert causes(of, marks) == wanted


def test_an_earlier_version_is_told_apart_from_a_slip() -> None:
    before = book(points="1.5", version=1)
    half = {"A": {MarkStage.CLAIMED: 3 * 10**6}}
    assert causes(facts(2, 2), half, earlier=(before,))["A"] == ["marked-claimed", "other-version"]
    assert causes(facts(2, 2), half)["A"] == ["marked-claimed", "arithmetic-slip"]


def test_who_decided_otherwise_is_named() -> None:
    decided = {"": {MarkStage.DECIDED: 4 * 10**6}}
    assert causes(facts(2, 2), decided, other=View.DECIDED) == {"": ["marked-decided"]}


def test_the_differences_over_http(world: World) -> None:
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet/differences"
    world.accept(world.report(figure="5").json()["id"])
    world.report(figure="9")
    assert put(world, "dich-vong", "B", "claimed", "80", reason=None).status_code == 200
    found = world.get("dich-vong", path).json()
    assert (found["view"], found["other"], found["total"], found["other_total"]) == ("claimed", "decided", "134", "30")
    told = {line["code"]: [cause["cause"] for cause in line["causes"]] for line in found["lines"]}
    assert told["A"] == ["not-accepted", "accepted-before"]
    assert told["B"] == ["marked-claimed", "over-the-sheet"]
    assert found["lines"][0]["causes"][0]["text"] == "Do các mục A, B."
    english = world.call("dich-vong", "GET", path, headers={"Accept-Language": "en"}).json()
    assert english["lines"][0]["causes"][0]["text"] == "Because of A, B."
    turned = world.get("secretary", path, params={"view": "decided", "other": "claimed"}).json()
    assert {line["code"]: [cause["cause"] for cause in line["causes"]] for line in turned["lines"]}["A"] == [
        "accepted-before",
        "not-accepted",
    ]
    same = world.get("secretary", path, params={"view": "appraised", "other": "strict"}).json()
    assert (same["lines"], same["total"]) == ([], same["other_total"])


def test_a_period_outside_the_movements_window_is_named(world: World) -> None:
    """The rulebook names no window; the movement takes the periods of its own days alone, and the unit counted one more."""
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet/differences"
    world.accept(world.report(figure="5", period="2022-04").json()["id"])
    world.accept(world.report(figure="7", period="2022-05").json()["id"])

    def causes_of(points: str, version: int) -> list[str]:
        assert put(world, "dich-vong", "A", "claimed", points, version, reason=None).status_code == 200
        lines = world.get("dich-vong", path).json()["lines"]
        return next(([cause["cause"] for cause in line["causes"]] for line in lines if line["code"] == "A"), [])

    assert causes_of("42", 0) == [], "7 of 10 is what counts"
    now = world.get("secretary", f"/movements/{MOVEMENT}").json()
    fields = {name: now[name] for name in ("name", "window_from", "launched_on", "goal_on", "ceremony_on", "closes_on", "phase")}
    shorter = world.call(
        "secretary", "PUT", f"/movements/{MOVEMENT}", json=fields | {"window_to": "2022-04-30"}, headers={"If-Match": '"1"'}
    )
    assert shorter.status_code == 200
    assert causes_of("42", 1) == ["marked-claimed", "outside-window"], "by the month of May, which the movement no longer takes"
    assert causes_of("43", 2) == ["marked-claimed", "arithmetic-slip"]


def test_who_may_not_see_a_view_may_not_compare_it(world: World) -> None:
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet/differences"
    assert world.get("nghia-do", path).status_code == 404
    assert world.get("dich-vong", path, params={"other": "council_proposed"}).status_code == 403
    assert world.get("dich-vong", path, params={"other": "khac"}).status_code == 422
