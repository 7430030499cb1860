"""What a process keeps of units, plans, indicators, targets and days gives way the moment the trail tells of a change."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.queries import actor_of
from app.audit import queries as audit
from app.audit.actions import seal
from app.clock import Admission
from app.errors import Invalid
from app.kept import Kept, Standing
from app.policy import SYSTEM
from app.progress import past
from app.progress.actions import submit
from app.progress.schemas import SubmissionIn
from app.units import actions as units
from app.units.queries import all_units, fields
from app.web.route import POSITION_HEADER
from tests.test_clerk import amend
from tests.world import PLAN, World

HOLIDAY = {"day": "2022-06-06", "is_working": False, "name": "Nghỉ bù", "source": "thử"}
TARGET = f"/plans/{PLAN}/indicators/thu-nsnn/targets"


def _late(answer: Any) -> Any:
    return (answer.status_code, answer.json().get("due_on"))


CHANGES: dict[str, tuple[Callable[[World], Any], Callable[[Any], Any]]] = {
    "the unit closes": (lambda world: amend(world, "/units/dich-vong", closes_on="2022-06-01"), lambda answer: answer.json().get("errors")),
    "the plan closes": (lambda world: world.post("administrator", f"/plans/{PLAN}/closing"), lambda answer: answer.json().get("type")),
    "a day is off": (lambda world: world.post("administrator", "/calendar/days", HOLIDAY), _late),
    "more days to report": (lambda world: amend(world, f"/plans/{PLAN}/indicators/thu-nsnn", report_days=25), _late),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_seen_by_the_next_report(world: World, change: str) -> None:
    """Other things may happen in between: they are passed over."""
    do, seen = CHANGES[change]
    before = seen(world.report())
    assert seen(world.report()) == before, "nothing changed yet"
    answer = do(world)
    assert answer.status_code in {200, 201}, answer.text
    world.get("dich-vong", "/submissions")
    assert seen(world.report()) != before


def test_what_was_undone_is_not_kept(world: World) -> None:
    """A repeated key undoes its second work; what the first left in the process still holds."""
    sent = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9", "confirmed": True}
    first, again = (world.post("dich-vong", "/submissions", sent, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.content, again.headers["Idempotency-Replayed"]) == (again.content, "true")
    assert world.post("dich-vong", "/submissions", sent).json()["claim"] == 2


def test_a_deaf_process_would_take_the_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: did a unit's entry pass, the closed unit would still report."""
    world.report()
    monkeypatch.setattr(audit, "PASSING", (*audit.PASSING, "unit"))
    monkeypatch.setattr(past, "_PAST", past._asking_past())
    amend(world, "/units/dich-vong", closes_on="2022-06-01")
    assert world.report().status_code == 201


def test_what_was_read_past_entries_that_were_undone_is_kept_for_nobody(world: World) -> None:
    """Entries of many reports are sealed ahead of their rows. Negative control: kept, the open unit would be refused."""
    claim = SubmissionIn(plan=PLAN, unit="dich-vong", indicator="thu-nsnn", period="2022-05", figure=Decimal(9))

    def work(session: Session) -> None:
        closing = fields(all_units(session)["dich-vong"]).model_copy(update={"closes_on": date(2022, 6, 1)})
        units.amend(session, SYSTEM, code="dich-vong", expected=1, fields=closing)
        seal(session)
        reached.append(session.info["position"])
        officer = actor_of(session, world.keys["dich-vong"])
        assert officer is not None
        submit(session, officer, claims=[claim])

    reached: list[int] = []
    world.report("nghia-do")
    with pytest.raises(Invalid):
        world.app.state.house.database.write(Admission(world.clock.now(), world.clock), work)
    key = {"label": "may-tinh", "role": "viewer", "unit": "dich-vong", "expires_at": "2027-01-01T00:00:00+07:00"}
    while int(world.post("administrator", "/keys", key).headers[POSITION_HEADER]) < reached[0]:
        pass  # until the trail is as long again, with something else
    assert world.report().status_code == 201


def test_standing_holds_between_two_positions() -> None:
    kept = Kept()
    first = kept.at(0, 10, has_changed=True)
    assert kept.at(10, 12, has_changed=False) is first, "nothing changed"
    assert kept.at(10, 11, has_changed=False) is first, "somebody who read a little earlier"
    second = kept.at(12, 13, has_changed=True)
    assert second is not first
    assert kept.at(10, 13, has_changed=True) is second, "what the other has seen already"
    assert kept.at(12, 12, has_changed=False) not in {first, second}, "an older snapshot than what is kept"
    assert kept.at(13, 13, has_changed=False) is second, "and leaves it as it is"
    third = kept.at(13, 14, has_changed=False)
    assert kept.at(14, 5, has_changed=False) is not third, "an older state of the database was put back"
    assert kept.position == 5
    lost = kept.at(5, 6, has_changed=False)
    assert kept.at(9, 10, has_changed=False) is not lost, (
        "who asked from a position that is not kept any more knows nothing of what lies between"
    )


def test_only_what_there_is_is_kept() -> None:
    asked: list[set[str]] = []

    def ask(keys: set[str]) -> dict[str, int]:
        asked.append(keys)
        return {key: len(key) for key in keys if key != "none"}

    standing = Standing()
    assert standing.of("unit", ["one", "none"], ask) == {"one": 3}
    assert standing.of("unit", ["one", "none"], ask) == {"one": 3}
    assert standing.of("plan", ["one"], ask) == {"one": 3}
    assert asked == [{"one", "none"}, {"none"}, {"one"}]
