"""Many reports at once: line by line, and all or none; each refusal as it would have been alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tests.test_evidence import upload
from tests.world import PLAN, World

GOOD: dict[str, Any] = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
DONE: dict[str, Any] = {"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-20"}
CITED = {"document_number": "1/BC", "document_date": "2022-05-31", "issuer": "UBND phường"}
WRONG: dict[str, Any] = {
    "another plan": GOOD | {"plan": "khong-co"},
    "another unit": GOOD | {"unit": "nghia-do"},
    "no such unit": GOOD | {"unit": "khong-co"},
    "no such indicator": GOOD | {"indicator": "khong-co"},
    "no period": {name: value for name, value in GOOD.items() if name != "period"},
    "no figure": {name: value for name, value in GOOD.items() if name != "figure"},
    "another form of period": GOOD | {"period": "2022-Q1"},
    "another year": GOOD | {"period": "2020-05"},
    "a period to come": GOOD | {"period": "2022-12"},
    "two subjects": GOOD | {"task": "tet"},
    "no subject": {"plan": PLAN, "unit": "dich-vong"},
    "an indicator done on a day": GOOD | {"completed_on": "2022-05-01"},
    "no such task": DONE | {"task": "khong-co"},
    "a task without its day": {name: value for name, value in DONE.items() if name != "completed_on"},
    "a day to come": DONE | {"completed_on": "2022-12-01"},
    "a task with a period": DONE | {"period": "2022-05"},
    "a file that nobody holds": GOOD | {"evidence": [CITED, CITED | {"file": "0" * 64}]},
    "a number": GOOD | {"figure": 9},
    "a figure to be confirmed": GOOD | {"figure": "100"},
    "an unknown field": GOOD | {"điểm": "1"},
    "no object": "x",
    "nothing": None,
    "a list": [GOOD],
    "a day that is none": DONE | {"completed_on": "2022-02-30"},
    "too much evidence": GOOD | {"evidence": [CITED] * 21},
}


def lines(world: World, sent: Any, who: str = "dich-vong", **options: Any) -> Any:
    return world.post(who, "/submissions/lines", sent, **options)


def kept(world: World) -> int:
    with world.database.engine.connect() as connection:
        return sum(
            connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("submission", "submission_evidence", "erasable_text", "entry")
        )


@pytest.mark.parametrize("wrong", WRONG)
def test_each_refusal_is_told_alike_alone_and_in_a_line(world: World, wrong: str) -> None:
    """By the one call, by the line, and by all or none, where the pointer names the line."""
    before = kept(world)
    together = world.post("dich-vong", "/submissions", [GOOD | {"note": "x"}, WRONG[wrong]])
    assert kept(world) == before, "all or none"
    answer = lines(world, [GOOD, WRONG[wrong], GOOD]).json()
    assert (answer["taken"], answer["refused"]) == (2, 1)
    first, refused, last = answer["lines"]
    assert (first["submission"]["claim"], last["submission"]["claim"], refused["submission"]) == (1, 2, None)
    assert (first["submission"]["superseded"], last["submission"]["superseded"]) == (True, False)
    told = refused["problem"]
    assert (told["status"], told["type"]) == (together.status_code, together.json()["type"])
    assert all(error["pointer"].startswith("#/1") for error in together.json()["errors"]), together.text
    inside = [(error["pointer"].replace("#/1", "#", 1), error["detail"]) for error in together.json()["errors"]]
    assert inside == [(error["pointer"], error["detail"]) for error in told["errors"]]
    if isinstance(WRONG[wrong], dict):
        alone = world.post("dich-vong", "/submissions", WRONG[wrong])
        assert (alone.status_code, alone.json()["type"], alone.json()["errors"]) == (told["status"], told["type"], told["errors"])


def test_a_line_is_recorded_as_if_it_had_come_alone(world: World) -> None:
    file = upload(world).json()["file"]
    sent = GOOD | {"note": "Ghi chú", "evidence": [CITED | {"file": file}, CITED]}
    alone = world.post("dich-vong", "/submissions", sent).json()
    [line] = lines(world, [sent]).json()["lines"]
    known = {"id", "claim", "moves", "superseded"}
    assert {name: value for name, value in line["submission"].items() if name not in known} == {
        name: value for name, value in alone.items() if name not in known
    }
    assert world.get("dich-vong", f"/submissions/{alone['id']}").json()["superseded"] is True
    assert world.get("dich-vong", f"/submissions/{line['submission']['id']}").json() == line["submission"]
    assert [entry["verb"] for entry in world.get("dich-vong", f"/history/submission/{line['submission']['id']}").json()["items"]] == [
        "progress.submitted"
    ]


def test_a_repeated_call_takes_nothing_twice(world: World) -> None:
    key = {"Idempotency-Key": "lines-1"}
    sent = [GOOD, WRONG["another year"]]
    first = lines(world, sent, headers=key)
    before = kept(world)
    again = lines(world, sent, headers=key)
    assert (again.json(), again.headers["Idempotency-Replayed"], kept(world)) == (first.json(), "true", before)


def test_who_may_report_nothing_is_refused_line_by_line(world: World) -> None:
    before = kept(world)
    answer = lines(world, [GOOD, GOOD], "nghia-do").json()
    assert (answer["taken"], [line["problem"]["type"] for line in answer["lines"]]) == (0, ["/problems/not-allowed"] * 2)
    assert kept(world) == before
    for body, status in (([], 422), ({"x": 1}, 422), ([GOOD] * 1001, 422)):
        assert lines(world, body).status_code == status
    assert lines(world, [GOOD], None).status_code == 401  # type: ignore[arg-type]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database, but for the transaction itself."""
    asked: list[str] = []

    def hear(*told: Any) -> None:
        if not told[2].startswith("BEGIN"):
            asked.append(told[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    yield asked
    sa.event.remove(sa.Engine, "before_cursor_execute", hear)


def test_reporting_asks_little_of_the_database(world: World) -> None:
    """A thousand lines ask hardly more than one, and what is asked does not grow with them."""
    cited = {**CITED, "file": upload(world).json()["file"]}
    world.post("dich-vong", "/submissions", GOOD)
    with statements() as one:
        assert world.post("dich-vong", "/submissions", GOOD | {"evidence": [cited]}, headers={"Idempotency-Key": "k1"}).status_code == 201
    with statements() as many:
        assert lines(world, [GOOD | {"evidence": [cited], "note": str(n)} for n in range(200)]).json()["taken"] == 200
    assert 8 < len(one) <= LIMIT, "\n".join(one)
    assert len(many) <= len(one) + 3, "\n".join(many)


LIMIT = 10
"""Under a key and with a file: who asks, the unit's lock, what was before, the file, report, citation, the trail's three, the answer."""
"""Two of them begin transactions. With an idempotency key two more."""
