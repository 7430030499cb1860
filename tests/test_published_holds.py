"""What was published holds: made beside eight writers (C4), the same whatever is hidden (B5), and unmoved by any call (D5)."""

import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from app.audit.notes import Signer
from app.clock import Admission
from app.publishing import bundle, computing
from app.publishing.models import PublicationDraft
from app.ranking.verifier.thidua_verify import verified
from app.scoring.board import computed
from app.scoring.queries import Moment
from tests.awarding import lay_down
from tests.conftest import Hand
from tests.test_board import Walk
from tests.test_events import feed
from tests.test_marks import marked, put, release  # noqa: F401 - a fixture
from tests.test_posting import asked
from tests.test_publications import PATH, PUBLIC, approved, drafted, phase, published
from tests.test_publishing import advanced, gate, override
from tests.test_verifier import result  # noqa: F401 - a fixture
from tests.world import MOVEMENT, World

ROUNDS, WRITERS = 20, 8


class Writers:
    """Eight clients: two decide marks, four report, two appraise too. What was acknowledged is counted."""

    def __init__(self, world: World) -> None:
        self.world, self.stop, self.done = world, threading.Event(), [0] * WRITERS

    def decide(self, number: int) -> None:
        dice, version = random.Random(number), 0  # noqa: S311
        while not self.stop.is_set():
            unit, points = ("dich-vong", "nghia-do")[number], str(dice.randint(0, 600) / 10)
            answer = put(self.world, "secretary", "A", "decided", points, version, unit=unit)
            assert answer.status_code == 200, answer.text
            version = answer.json()["version"]
            self.done[number] += 1

    def report(self, number: int) -> None:
        for turn in itertools.takewhile(lambda _: not self.stop.is_set(), itertools.count()):
            unit = ("dich-vong", "nghia-do")[number % 2]
            sent = self.world.report(unit, figure=str(turn % 50), period=f"2022-{turn % 6 + 1:02d}")
            assert sent.status_code == 201, sent.text
            if number >= 6:
                assert self.world.accept(sent.json()["id"]).status_code in {200, 409}
            self.done[number] += 1


@contextmanager
def writing(world: World) -> Iterator[list[int]]:
    writers = Writers(world)
    clients = [threading.Thread(target=writers.decide if number < 2 else writers.report, args=(number,)) for number in range(WRITERS)]
    for client in clients:
        client.start()
    try:
        yield writers.done
    finally:
        writers.stop.set()
        for client in clients:
            client.join()


def ready(world: World) -> World:
    """Under review, nothing in the way."""
    Signer.created("thidua.example/cau-giay", world.app.state.house.settings.key_file)
    advanced(world, "launched", "reporting_closed", "under_review")
    for kind, subjects in gate(world).items():
        assert override(world, kind, subjects).status_code == 201
    return world


def differences(world: World, draft: dict[str, Any]) -> list[str]:
    """Where a draft is not what its rows say, as of the position that it names."""
    database, settings = world.database, world.app.state.house.settings
    with database.reading(Admission(world.clock.now(), world.clock)) as session:
        row = session.get(PublicationDraft, UUID(draft["id"]))
        assert row is not None
        told = bundle.result(computing.root_of_files(settings), row.file_hash)
        file = computing.root_of_files(settings) / row.file_hash[:2] / row.file_hash
        instant = world.clock.now()
        recomputed = computed(session, MOVEMENT, Moment(instant, row.position))
    found = [place for place, _ in verified(file.read_bytes()).found]
    shown = {one["unit"]: one["points"] for cluster in told["clusters"] for one in cluster["standings"] if one["points"]}
    for unit, points in shown.items():
        if tuple(int(Decimal(one) * 10**6) for one in points) != recomputed.kept[unit].points:
            found.append(unit)
    return found


def test_a_publication_is_of_one_position_whoever_writes(marked: World) -> None:  # noqa: F811
    """C4: twenty of them, beside eight writers; each verifies, and is what the rows up to its position make."""
    world = ready(marked)
    with writing(world) as done:
        before = [drafted(world, "council").json()]
        for _ in range(ROUNDS):
            made = drafted(world, "council")
            assert made.status_code == 201, made.text
            before.append(made.json())
        counted = list(done)
    assert min(counted) >= 3, counted
    assert len({one["digest"] for one in before}) > ROUNDS // 2, "they differ: there was much to differ in"
    assert [differences(world, one) for one in before] == [[]] * (ROUNDS + 1)
    last = drafted(world, "council").json()
    assert approved(world, last["id"]).status_code == 201


def test_a_publication_of_current_rows_is_caught(marked: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The control: with rows as they stand instead of a position, what is published contradicts itself or its position."""
    world = ready(marked)
    monkeypatch.setattr(computing, "Moment", lambda instant, _: Moment(instant))
    with writing(world):
        made = [drafted(world, "council").json() for _ in range(40)]
    assert any(differences(world, one) for one in made)


HIDDEN: dict[str, Callable[[World, int], Any]] = {
    "a claimed mark": lambda w, n: put(w, "dich-vong", "C", "claimed", str(n % 10), n),
    "a proposal of the council": lambda w, n: put(w, "secretary", "C", "council_proposed", str(n % 10), n),
    "a draft of a mark": lambda w, n: put(w, "alternate", "C", "appraised", str(n % 10), n),
    "a report that waits": lambda w, n: w.report(figure=str(n % 9), period="2022-03"),
    "a report that was returned": lambda w, _: w.post(
        "appraiser", f"/submissions/{w.report(figure='1').json()['id']}/return", {"reason": "x"}, headers={"If-Match": '"1"'}
    ),
    "a scheme": lay_down,
    "a council": lambda w, n: w.post("secretary", "/councils", {"code": f"hd-{n}", "name": "x", "decision": "x", "synthetic": True}),
}


@pytest.mark.parametrize("seed", range(20))
def test_hidden_things_leave_no_trace_in_the_public_edition(marked: World, seed: int) -> None:  # noqa: F811
    """B5: the same movement before and after things that the public may not know: the public bytes are alike, the full ones are not."""
    world, dice = ready(marked), random.Random(seed)  # noqa: S311
    world.accept(world.report(figure="9", period="2022-01").json()["id"])
    first = drafted(world).json()
    versions = dict.fromkeys(HIDDEN, 0)
    for name in dice.choices(sorted(HIDDEN), k=6):
        answer = HIDDEN[name](world, versions[name])
        assert answer.status_code in {200, 201}, (name, answer.text)
        versions[name] += 1
    for kind, subjects in gate(world).items():
        assert override(world, kind, subjects).status_code == 201
    second = drafted(world).json()
    assert second["public_digest"] == first["public_digest"]
    assert _file(world, second) == _file(world, first), "to the last byte"
    assert second["digest"] != first["digest"], "the control: the full edition tells of them"


def _file(world: World, draft: dict[str, Any]) -> str | None:
    with world.database.reading(Admission(world.clock.now(), world.clock)) as session:
        row = session.get(PublicationDraft, UUID(draft["id"]))
        assert row is not None
        return row.public_file_hash


def test_strangers_are_answered_alike_whatever_is_hidden(result: World) -> None:  # noqa: F811
    """B5 over HTTP: bodies and headers of every public address, before and after."""
    world = result
    phase(world, "public")
    paths = [PUBLIC, *(f"{PUBLIC}/2{rest}" for rest in ("", "/units/dich-vong", "/units/quan-hoa", "/bundle", "/decision"))]
    paths += [f"{PUBLIC}/1", f"{PUBLIC}/9"]

    def answers() -> list[Any]:
        found = []
        for path in paths:
            answer = world.get(None, path)
            kept = {name: value for name, value in answer.headers.items() if name not in {"date", "x-request-id"}}
            content = answer.content if answer.status_code == 200 else json.loads(answer.content) | {"trace_id": None}
            found.append((answer.status_code, kept if answer.status_code == 200 else None, content))
        return found

    before = answers()
    for name in sorted(HIDDEN):
        if name not in {"a draft of a mark", "a claimed mark", "a proposal of the council"}:
            HIDDEN[name](world, 0)
    asked(world)
    for kind, subjects in gate(world).items():
        override(world, kind, subjects)
    drafted(world, "council")
    assert answers() == before


@pytest.mark.parametrize("seed", range(5))
def test_no_call_moves_what_was_published(world: World, hand: Hand, seed: int) -> None:
    """D5: five hundred calls of every verb that the movement knows, by every role."""
    walk = Walk(feed(world), hand, seed)
    for _ in range(10):
        walk.step()
    ready(world)
    published(world, "posted")
    phase(world, "public")
    full, dice, calls = {"edition": "full"}, random.Random(seed), 0  # noqa: S311

    def shown() -> list[bytes]:
        return [
            world.get(None, f"{PUBLIC}/1").content,
            world.get(None, f"{PUBLIC}/1/bundle").content,
            world.get("secretary", f"{PATH}/publications/1", params=full).content,
            world.get("secretary", f"{PATH}/publications/1/bundle", params=full).content,
        ]

    before, standings = shown(), world.standings()
    for _ in range(100):
        walk.step()
        hand.forward(seconds=1)
        calls += 1
        if dice.random() < 0.2:
            put(
                world,
                "secretary",
                "A",
                "decided",
                str(dice.randint(0, 60)),
                dice.randint(0, 3),
                unit=dice.choice(["dich-vong", "nghia-do"]),
            )
            release(world, "appraiser", "tai-chinh")
            calls += 2
        if dice.random() < 0.1:
            drafted(world, "posted", reason="Đính chính")
            calls += 1
    assert calls >= 100
    assert world.standings() != standings, "the control: the board moved"
    assert shown() == before
