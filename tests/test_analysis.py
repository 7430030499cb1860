"""Why a place moved, what can still be won, what is worth a look, and for whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.calendar.rules import Roll
from app.progress.rules import Outcome as Verdict
from app.ranking.moves import corrected
from app.ranking.signals import bunching, last_hour, lenient, reused, stands_out
from app.rulebooks.language.ground import EDGE
from app.scoring.engine.facts import Basis, Completion, Event, Facts, Outcome, Reported, TaskFact
from tests.conftest import Hand
from tests.test_board import Walk
from tests.test_events import feed
from tests.test_evidence import upload
from tests.test_publications import phase
from tests.world import MOVEMENT, PLAN, World

PATH = f"/movements/{MOVEMENT}"


def moved(world: World, unit: str, since: datetime, who: str = "secretary", **asked: str) -> Any:
    return world.get(who, f"{PATH}/units/{unit}/place-change", params={"since": since.isoformat(), **asked})


def changes(answer: Any) -> dict[str, tuple[str, int | None]]:
    assert answer.status_code == 200, answer.text
    steps = answer.json()["steps"]
    return {step["cause"]: (step["points_change"], step["place_change"]) for step in steps if step["cause"] is not None}


def test_each_cause_of_a_move_is_told_apart(world: World, hand: Hand) -> None:
    began = hand.now()
    hand.forward(seconds=1)
    world.accept(world.report(figure="5").json()["id"])
    world.accept(world.report("nghia-do", figure="7").json()["id"])
    then = hand.now()
    hand.forward(seconds=1)
    world.accept(world.report(figure="4").json()["id"])
    world.accept(world.report(figure="9", period="2022-06").json()["id"])
    world.accept(world.report("nghia-do", figure="8", period="2022-06").json()["id"])
    hand.forward(seconds=1)
    told = moved(world, "dich-vong", then)
    assert changes(told) == {
        "lateness": ("0", 0),
        "correction": ("-6", 0),
        "progress": ("30", 1),
        "rules": ("0", 0),
        "others": ("0", 0),
    }
    assert [step["place"] for step in told.json()["steps"]] == [2, 2, 2, 1, 1, 1]
    assert changes(moved(world, "nghia-do", then))["others"] == ("0", -1)
    back = moved(world, "dich-vong", began, until=then.isoformat())
    assert back.json()["steps"][-1]["points"] == "30"
    assert moved(world, "dich-vong", hand.now() + timedelta(days=1)).status_code == 422
    assert moved(world, "dich-vong", datetime(2021, 1, 1, tzinfo=UTC)).status_code == 404, "there was no such movement"
    assert moved(world, "nghia-do", then, "dich-vong").status_code == 404, "in the phase own"
    assert moved(world, "dich-vong", then, "dich-vong").status_code == 200


def test_another_rulebook_is_a_cause_of_its_own(world: World, hand: Hand) -> None:
    world.accept(world.report(figure="9").json()["id"])
    hand.forward(seconds=1)
    then = hand.now()
    hand.forward(days=1)
    document = world.get("administrator", "/rulebooks/thu/versions/1").json()["document"] | {"version": 2}
    document["items"][0]["standard"] = "30"
    assert world.post("administrator", "/rulebooks", document).status_code == 201
    adopted = world.post(
        "secretary", f"{PATH}/rulebooks", {"rulebook": "thu", "version": 2, "effective_from": "2022-06-16", "acknowledged": []}
    )
    assert adopted.status_code == 201, adopted.text
    told = changes(moved(world, "dich-vong", then))
    assert (told["rules"], told["progress"]) == (("-27", 0), ("0", 0))


@pytest.mark.parametrize("seed", range(8))
def test_the_steps_add_up_to_what_the_board_showed(world: World, hand: Hand, seed: int) -> None:
    walk, shown = Walk(feed(world), hand, seed), []
    for number in range(40):
        walk.step()
        hand.forward(seconds=1)
        if number in {5, 20}:
            shown.append((hand.now(), world.standings()))
            hand.forward(seconds=1)
    now, tried = world.standings(), 0
    for since, then in shown:
        for unit, (place, points) in now.items():
            answer = moved(world, unit, since)
            if unit not in then or answer.status_code == 404:
                continue
            steps = answer.json()["steps"]
            assert (steps[0]["place"], steps[-1]["place"]) == (then[unit][0], place), (seed, unit)
            for step, (shown_place, shown_points) in ((steps[0], then[unit]), (steps[-1], (place, points))):
                assert shown_place is None or step["points"] == shown_points
            tried += 1
    assert tried >= 4


def test_what_waits_to_be_appraised_is_not_lost(world: World, hand: Hand) -> None:
    waiting = world.report(figure="5").json()["id"]
    hand.forward(days=400)
    told = world.get("secretary", f"{PATH}/units/dich-vong/path").json()
    assert told["points"] == "0"
    world.accept(waiting)
    now = world.get("secretary", f"{PATH}/units/dich-vong/path").json()
    assert float(now["points"]) > 0
    assert float(told["best"]) >= float(now["points"])


@pytest.mark.parametrize("seed", range(8))
def test_nobody_comes_to_more_than_was_told(world: World, hand: Hand, seed: int) -> None:
    """What may still be won is a bound, as long as nothing is taken back."""
    walk = Walk(feed(world), hand, seed)
    walk.deeds = [walk.report, walk.accept, walk.complete, walk.happen, walk.accept]
    for _ in range(10):
        walk.step()
    bound = {unit: world.get("secretary", f"{PATH}/units/{unit}/path").json() for unit in ("dich-vong", "nghia-do")}
    bounded = {unit: float(told["best"]) for unit, told in bound.items() if all(item["best"] is not None for item in told["items"])}
    risen = 0
    for _ in range(25):
        walk.step()
        for unit, best in bounded.items():
            points = float(world.standings()[unit][1] or 0)
            risen += points > float(bound[unit]["points"])
            assert points <= best, (seed, unit)
    assert bounded


def path(world: World, unit: str, who: str = "secretary") -> Any:
    return world.get(who, f"{PATH}/units/{unit}/path").json()


def test_what_can_be_won_and_what_is_lost(world: World, hand: Hand) -> None:
    world.accept(world.report(figure="9").json()["id"])
    told = path(world, "dich-vong")
    items = {item["code"]: item for item in told["items"]}
    assert (told["points"], told["best"], told["lost"]) == ("54", "66", "40")
    assert (items["A"]["gain"], items["A"]["because"]) == ("12", None)
    assert (items["B"]["best"], items["B"]["lost"], items["B"]["because"]) == ("0", "40", "deadline_passed")
    other = path(world, "nghia-do")
    assert other["aims"] == [{"place": 1, "needs": "54", "reachable": True, "items": ["A"]}]
    assert (other["cannot_be_caught"], told["cannot_catch_up"]) == ([], [])
    alone = path(world, "nghia-do", "nghia-do")
    assert (alone["aims"], alone["cannot_be_caught"]) == ([], []), "in the phase own others' points are not told"
    phase(world, "cluster")
    assert path(world, "nghia-do", "nghia-do")["aims"] == other["aims"]
    hand.forward(days=60)
    closed = path(world, "nghia-do")
    assert {item["because"] for item in closed["items"]} == {"reporting_closed"}
    assert (closed["best"], closed["aims"][0]["reachable"], closed["cannot_be_caught"]) == ("0", False, ["dich-vong"])
    assert path(world, "dich-vong")["cannot_catch_up"] == ["nghia-do"]


def test_robustness_and_signals_are_for_the_secretary(world: World) -> None:
    world.accept(world.report(figure="9").json()["id"])
    for where in ("/clusters/phuong/robustness", "/signals"):
        for who in ("administrator", "appraiser", "dich-vong", "head", "viewer"):
            assert world.get(who, PATH + where).status_code == 403, (where, who)
        assert world.get("secretary", PATH + where).status_code == 200
    told = world.get("secretary", f"{PATH}/clusters/phuong/robustness", params={"draws": 500, "seed": 7}).json()
    assert [(one["unit"], one["place_low"], one["place_high"], one["first"], one["tier"]) for one in told["units"]] == [
        ("dich-vong", 1, 1, "100.0", 1),
        ("nghia-do", 2, 2, "0.0", 2),
    ], "Quan Hoa takes no part"
    assert told["method"]
    assert world.get("secretary", f"{PATH}/clusters/khac/robustness").status_code == 404
    assert world.get("secretary", f"{PATH}/clusters/phuong/robustness", params={"draws": 10**9}).status_code == 422


def test_a_file_of_two_units_is_shown(world: World) -> None:
    file = upload(world).json()["file"]
    assert upload(world, "nghia-do", unit="nghia-do").json()["file"] == file
    cited = [{"document_number": "1", "document_date": "2022-05-31", "issuer": "x", "file": file}]
    for unit in ("dich-vong", "nghia-do"):
        assert world.report(unit, figure="9", evidence=cited).status_code == 201
    (signal,) = world.get("secretary", f"{PATH}/signals").json()["signals"]
    assert (signal["kind"], signal["units"]) == ("reused_evidence", ["dich-vong", "nghia-do"])
    assert "Phường Dịch Vọng, Phường Nghĩa Đô" in signal["text"]


AT = datetime(2022, 6, 5, 5, tzinfo=UTC)


def test_signals_compare_with_the_others() -> None:
    early, last = AT - timedelta(days=3), AT
    sent = [("a", last, AT.date())] * 9 + [("a", early, AT.date())]
    sent += [(unit, early, AT.date()) for unit in "bcd" for _ in range(10)]
    assert [(one.subject, one.count, one.of, one.others, one.others_of) for one in last_hour(sent)] == [("a", 9, 10, 0, 30)]
    assert last_hour([("a", last, AT.date())] * 40) == [], "there is nobody to compare with"
    decided = [
        ("x", Verdict.ACCEPTED, False, 30),
        ("y", Verdict.ACCEPTED, False, 15),
        ("y", Verdict.ACCEPTED, True, 5),
        ("y", Verdict.RETURNED, False, 10),
    ]
    assert [(one.subject, one.count, one.of) for one in lenient(decided)] == [("x", 30, 30)]
    assert [one.subject for one in reused({"f": ["a", "b"]})] == ["f"]
    assert not stands_out(4, 4, 0, 100), "four are too few"
    assert not stands_out(5, 10, 50, 100)


def test_bunching_is_many_just_above_and_few_just_below() -> None:
    above = [(f"u{number}", "A", (98 * 1000 + number, 1000), [98 * EDGE]) for number in range(6)]
    below = [(f"v{number}", "A", (98 * 1000 - 1 - number, 1000), [98 * EDGE]) for number in range(2)]
    far = [("w", "A", (70, 1), [98 * EDGE]), ("z", "A", (100, 1), [98 * EDGE])]
    (one,) = bunching([*above, *below, *far])
    assert (one.subject, one.count, one.others, one.edge, one.units[0]) == ("A", 6, 2, 98 * EDGE, "u0")
    assert bunching([*above, *below, below[0]]) == [], "three below are no sign"
    assert bunching(above[:4]) == []


def test_a_task_that_is_not_due_may_still_be_done(world: World) -> None:
    task = world.get("administrator", f"/plans/{PLAN}/tasks/tet").json()
    sent = {name: task[name] for name in ("title", "lead", "appraiser")} | {"due_on": "2022-08-31"}
    moving = world.call("administrator", "PUT", f"/plans/{PLAN}/tasks/tet", json=sent, headers={"If-Match": f'"{task["version"]}"'})
    assert moving.status_code == 200
    told = {item["code"]: item for item in path(world, "dich-vong")["items"]}
    assert (told["B"]["best"], told["B"]["lost"]) == ("40", "0")
    assert {item["code"]: item for item in path(world, "nghia-do")["items"]}["B"]["best"] == "0", "it is not theirs"


def test_what_was_known_then_is_corrected_and_what_came_since_is_not_there() -> None:
    day, other = date(2022, 5, 1), date(2022, 6, 1)

    def of(figures: dict[str, int], events: dict[str, bool], done: dict[Basis, str], grade: str | None, child: int) -> Facts:
        told = {period: Reported(figure, f"r{figure}", is_late=False) for period, figure in figures.items()}
        happened = {"e": [Event(day, None, is_verified, source) for source, is_verified in events.items()]}
        completed = {basis: Completion(day, other, source) for basis, source in done.items()}
        found = Facts("a", {}, targets={("x", code): 1 for code in figures}, figures={basis: {"x": told} for basis in Basis})
        found.events, found.tasks = dict.fromkeys(Basis, happened), {"t": TaskFact(other, Roll.NONE, completed)}
        found.results = {} if grade is None else {"q": Outcome(None, grade, "q")}
        found.children = (Facts("b", {}, targets={("x", "y"): child}),)
        return found

    then = of({"05": 1, "06": 2}, {"e1": False, "e2": True}, {Basis.CLAIMED: "c"}, "A", 1)
    now = of({"05": 3, "07": 4}, {"e1": True, "e3": True}, {Basis.CLAIMED: "c", Basis.ACCEPTED: "c"}, "B", 2)
    found = corrected(then, now)
    assert found == of({"05": 3}, {"e1": True}, {Basis.CLAIMED: "c"}, "B", 2)
    assert corrected(now, now) == now
    assert corrected(of({}, {}, {}, None, 1), now).results == {}
