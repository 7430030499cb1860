"""The board equals a recomputation from rows, always (D1); order of arrival changes nothing (D2); the past stays (as_of)."""

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import ZONE, Admission
from app.scoring.board import computed
from app.scoring.queries import Moment
from tests.conftest import Hand
from tests.test_events import decide, feed, happened, result, waive
from tests.test_followup import move
from tests.test_marks import release
from tests.world import MOVEMENT, PLAN, World

FIGURES = ["0", "1", "3.5", "9", "9.99", "10", "12", "25"]
PERIODS = ["2022-01", "2022-02", "2022-03", "2022-04", "2022-05"]


class Walk:
    """A random walk over the verbs that a movement knows, with what it needs to remember."""

    def __init__(self, world: World, hand: Hand, seed: int) -> None:
        self.world, self.hand, self.dice = world, hand, random.Random(seed)  # noqa: S311
        self.waiting: list[str] = []
        self.deeds = [self.report, self.report, self.complete, self.accept, self.accept, self.correct, self.give_back, self.withdraw]
        self.events: list[tuple[str, int]] = []
        self.versions = {"waiver": 0, "result": 0}
        self.deeds += [self.happen, self.happen, self.decide_event, self.decide_event, self.waive, self.imported]
        self.deeds += [self.stand, self.ask, self.grant, self.appraise, self.appraise, self.publish_marks]
        self.drafts: dict[str, int] = {}
        self.deeds += [self.wait, self.revise_target, self.register, self.move_deadline, self.declare_holiday]
        self.done: dict[str, int] = {}

    def step(self) -> None:
        deed = self.dice.choice(self.deeds)
        answer = deed()
        if answer is None or answer.status_code < 300:
            self.done[deed.__name__] = self.done.get(deed.__name__, 0) + 1
        else:
            assert answer.status_code < 500, answer.text

    def report(self) -> Any:
        answer = self.world.report(self.dice.choice(["dich-vong", "nghia-do"]), self.dice.choice(FIGURES), self.dice.choice(PERIODS))
        self.waiting.append(answer.json()["id"])
        return answer

    def complete(self) -> Any:
        sent = {
            "plan": PLAN,
            "unit": "dich-vong",
            "task": "tet",
            "completed_on": self.dice.choice(["2022-01-20", "2022-01-28", "2022-02-02"]),
        }
        answer = self.world.post("dich-vong", "/submissions", sent)
        if answer.status_code == 201:
            self.waiting.append(answer.json()["id"])
        return answer

    def accept(self) -> Any:
        return self._decide(lambda one: self.world.accept(one, self.dice.choice(["appraiser", "alternate"])))

    def correct(self) -> Any:
        sent = {"figure": self.dice.choice(FIGURES), "reason": "x"}
        return self._decide(lambda one: self.world.post("appraiser", f"/submissions/{one}/acceptance", sent, headers={"If-Match": '"1"'}))

    def give_back(self) -> Any:
        return self._decide(
            lambda one: self.world.post("appraiser", f"/submissions/{one}/return", {"reason": "x"}, headers={"If-Match": '"1"'})
        )

    def withdraw(self) -> Any:
        return self._decide(lambda one: self.world.post("dich-vong", f"/submissions/{one}/withdrawal", headers={"If-Match": '"1"'}))

    def _decide(self, how: Any) -> Any:
        return how(self.dice.choice(self.waiting)) if self.waiting else None

    def happen(self) -> Any:
        who, kind = self.dice.choice(["dich-vong", "alternate"]), self.dice.choice(["bai-bao", "vi-pham"])
        answer = happened(self.world, who, kind, verified=self.dice.random() < 0.7)
        self.events.append((answer.json()["id"], answer.json()["version"]))
        return answer

    def decide_event(self) -> Any:
        if not self.events:
            return None
        event, version = self.events.pop(self.dice.randrange(len(self.events)))
        moves: list[tuple[str, dict[str, Any]]] = [("acceptance", {"verified": self.dice.random() < 0.7}), ("return", {"reason": "x"})]
        move, sent = self.dice.choice(moves)
        answer = decide(self.world, event, move, version=version, **sent)
        if answer.status_code == 200:
            self.events.append((event, answer.json()["version"]))
        return answer

    def waive(self) -> Any:
        return self._versioned("waiver", waive(self.world, self.dice.choice([None, 0, 1]), self.versions["waiver"]))

    def imported(self) -> Any:
        sent = self.dice.choice([{}, {"grade": "Tốt"}, {"grade": "Khá", "number": "70"}])
        return self._versioned("result", result(self.world, self.versions["result"], **sent))

    def appraise(self) -> Any:
        unit, points = self.dice.choice(["dich-vong", "nghia-do"]), self.dice.choice(["7", "50.5", None])
        sent = {"unit": unit, "node": "A", "points": points, "version": self.drafts.get(unit, 0)}
        answer = self.world.post("appraiser", f"/movements/{MOVEMENT}/marks", {"stage": "appraised", "reason": "x", "marks": [sent]})
        if answer.status_code == 200:
            self.drafts[unit] = answer.json()[0]["version"]
        return answer

    def publish_marks(self) -> Any:
        """As they were read, or once too often."""
        drafts = [(unit, "A", version) for unit, version in self.drafts.items()]
        return release(self.world, "appraiser", "tai-chinh", *drafts) if drafts else None

    def _versioned(self, name: str, answer: Any) -> Any:
        if answer.status_code == 200:
            self.versions[name] = answer.json()["version"]
        return answer

    def wait(self) -> None:
        self.hand.forward(days=self.dice.choice([0.01, 1, 20]))

    def revise_target(self) -> Any:
        sent = {"unit": self.dice.choice(["dich-vong", "nghia-do"]), "source": "district", "figure": self.dice.choice(["5", "10", "20"])}
        return self.world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", sent)

    def register(self) -> Any:
        day = self.dice.choice([None, "2022-01-05"])
        sent = {"unit": self.dice.choice(["quan-hoa", "nghia-do"]), "cluster": "phuong", **({"registered_on": day} if day else {})}
        return self.world.post("secretary", f"/movements/{MOVEMENT}/registrations", sent)

    def move_deadline(self) -> Any:
        task = self.world.get("administrator", f"/plans/{PLAN}/tasks/tet").json()
        sent = {name: task[name] for name in ("title", "lead", "appraiser")} | {"due_on": self.dice.choice(["2022-01-28", "2022-08-31"])}
        return self.world.call("administrator", "PUT", f"/plans/{PLAN}/tasks/tet", json=sent, headers={"If-Match": f'"{task["version"]}"'})

    def stand(self) -> Any:
        return move(self.world, self.dice.choice(["suspension", "resumption", "redo"]), {"reason": "x"}, code="tet")

    def ask(self) -> Any:
        asked = self.dice.choice([{"kind": "extension", "due_on": "2022-12-31"}, {"kind": "new_lead", "lead": "nghia-do"}])
        return move(self.world, "requests", {"reason": "x", **asked}, self.dice.choice(["dich-vong", "nghia-do"]), "tet")

    def grant(self) -> Any:
        asked = self.world.get("administrator", f"/plans/{PLAN}/tasks/tet/requests").json()["items"]
        return move(self.world, f"requests/{len(asked)}/grant", {"reason": "x"}, code="tet") if asked else None

    def declare_holiday(self) -> Any:
        sent = {"day": self.dice.choice(["2022-06-06", "2022-07-05"]), "is_working": self.dice.random() < 0.5, "name": "x", "source": "x"}
        return self.world.post("administrator", "/calendar/days", sent)


def recomputed(world: World) -> dict[str, Any]:
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        found = computed(session, MOVEMENT, Moment(world.clock.now()))
    return {unit: kept.points for unit, kept in found.kept.items()}


def kept(world: World) -> dict[str, Any]:
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        found = world.app.state.board.standing(session, MOVEMENT)
    return {unit: kept.points for unit, kept in found.kept.items()}


@pytest.mark.parametrize("seed", range(100))
def test_the_board_equals_a_recomputation(world: World, hand: Hand, seed: int) -> None:
    """And what was shown at an instant is shown for that instant ever after."""
    walk, shown = Walk(feed(world), hand, seed), []
    for number in range(50):
        walk.step()
        hand.forward(seconds=1)
        assert kept(world) == recomputed(world), (seed, number)
        if number % 10 == 0:
            shown.append((hand.now(), world.standings()))
            hand.forward(seconds=1)
    assert sum(walk.done.values()) >= 20, walk.done
    for instant, then in shown:
        assert world.standings(as_of=instant.isoformat()) == then, (seed, instant)


def test_a_board_that_forgets_an_entry_is_caught(world: World, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above: a board that is told of no entry."""
    monkeypatch.setattr("app.scoring.board.audit.scopes_after", lambda *_: [])
    differed = False
    feed(world)
    for seed in range(3):
        walk = Walk(world, hand, seed)
        for _ in range(40):
            walk.step()
            differed = differed or kept(world) != recomputed(world)
    assert differed


def test_order_of_arrival_changes_nothing(world: World) -> None:
    """D2: the same accepted figures, in every order, give the same standings."""
    found = set()
    for order in itertools.permutations(range(4)):
        facts = [("dich-vong", "3", "2022-02"), ("nghia-do", "5", "2022-03"), ("dich-vong", "7", "2022-04"), ("nghia-do", "2", "2022-01")]
        for place in order:
            unit, figure, period = facts[place]
            world.accept(world.report(unit, figure, period).json()["id"])
        found.add(tuple(world.standings().items()))
    assert found == {(("dich-vong", (1, "42")), ("nghia-do", (2, "30")), ("quan-hoa", (None, None)))}


def test_until_takes_the_period_and_as_of_takes_what_was_known(world: World, hand: Hand) -> None:
    world.accept(world.report(figure="3", period="2022-03").json()["id"])
    world.accept(world.report(figure="5", period="2022-05").json()["id"])
    assert world.standings()["dich-vong"] == (1, "30")
    assert world.standings(until="2022-04-30")["dich-vong"] == (1, "18"), "known now, but only up to April"
    assert world.standings(until="2022-01-31")["dich-vong"] == (1, "0")
    before = (hand.now() - timedelta(days=1)).isoformat()
    assert world.get("secretary", f"/movements/{MOVEMENT}/ranking", params={"as_of": before}).status_code == 404, (
        "no movement was known then"
    )


def test_a_deadline_alone_changes_the_board(world: World, hand: Hand) -> None:
    """A rulebook that takes points for overdue tasks: the board moves at midnight without any entry."""
    rulebook = world.get("administrator", "/rulebooks/thu/versions/1").json()["document"]
    overdue = {**rulebook["items"][1], "measure": {"kind": "tasks_overdue"}, "award": {"shape": "each", "points": "-5"}, "standard": "0"}
    second = {**rulebook, "version": 2, "items": [rulebook["items"][0], overdue]}
    assert world.post("administrator", "/rulebooks", second).status_code == 201
    adoption = {"rulebook": "thu", "version": 2, "effective_from": "2022-06-01"}
    assert world.post("secretary", f"/movements/{MOVEMENT}/rulebooks", adoption).status_code == 201
    task = {"title": "Mới", "lead": "nghia-do", "appraiser": "noi-vu", "due_on": "2022-06-15", "code": "moi"}
    assert world.post("administrator", f"/plans/{PLAN}/tasks", task).status_code == 201
    assert world.post("secretary", f"/movements/{MOVEMENT}/adoptions", {"tasks": ["moi"]}).status_code == 201
    hand.at = datetime(2022, 6, 15, 23, 59, 59, 999_999, tzinfo=ZONE)
    answer = world.get("secretary", f"/movements/{MOVEMENT}/ranking").json()
    assert answer["valid_until"] == "2022-06-16T00:00:00+07:00"
    assert world.standings() == {"nghia-do": (1, "0"), "dich-vong": (2, "-5"), "quan-hoa": (None, None)}
    hand.forward(seconds=0.000001)
    assert world.standings() == {"dich-vong": (1, "-5"), "nghia-do": (1, "-5"), "quan-hoa": (None, None)}


def test_the_answer_carries_etag_position_and_last_week(world: World, hand: Hand) -> None:
    first = world.get("secretary", f"/movements/{MOVEMENT}/ranking", headers={"Accept-Encoding": "identity"})
    assert first.headers["ETag"].startswith(f'"{first.json()["position"]}-')
    assert int(first.headers["Thidua-Trail-Position"]) >= first.json()["position"]
    again = world.get("secretary", f"/movements/{MOVEMENT}/ranking", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Thidua-Trail-Position"] == first.headers["Thidua-Trail-Position"]
    zipped = world.get("secretary", f"/movements/{MOVEMENT}/ranking", headers={"Accept-Encoding": "gzip"})
    assert zipped.json() == first.json()
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] != first.headers["ETag"]
    world.accept(world.report("nghia-do").json()["id"])
    hand.forward(days=7)
    rows = {row["unit"]: row for row in world.get("secretary", f"/movements/{MOVEMENT}/ranking").json()["clusters"][0]["standings"]}
    assert (rows["nghia-do"]["place"], rows["nghia-do"]["place_last_week"]) == (1, 1)
    assert rows["quan-hoa"]["state"] == "excluded"
    assert rows["quan-hoa"]["reason"] == "Không xét, chưa đăng ký thi đua."


def test_a_revoked_key_reads_nothing_more(world: World) -> None:
    path = f"/movements/{MOVEMENT}/ranking"
    assert world.get("viewer", path).status_code == 200
    assert world.get("viewer", path).status_code == 200, "from ready bytes"
    held = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    assert world.post("administrator", f"/keys/{held['viewer']}/revocation").status_code == 200
    assert world.get("viewer", path).status_code == 401
    assert world.post("administrator", f"/keys/{held['viewer']}/revocation").json()["type"] == "/problems/already-revoked"


def test_claimed_and_appraised_are_two_views_of_one_engine(world: World) -> None:
    world.report(figure="10")
    path = f"/movements/{MOVEMENT}/units/dich-vong/sheet"
    assert world.get("dich-vong", path).json()["total"] == "0"
    assert world.get("dich-vong", path, params={"view": "claimed"}).json()["total"] == "60"
