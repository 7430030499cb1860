"""B2: somebody else's id, in every slot, is as good as one that does not exist."""

import base64
import json
import random
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from tests.test_events import define, happened
from tests.test_evidence import upload
from tests.world import MOVEMENT, PLAN, World

STRANGER = "nghia-do"
DICE = random.Random(41)  # noqa: S311


@pytest.fixture
def theirs(world: World) -> "Theirs":
    return Theirs(world)


class Theirs:
    """What another ward has, of each kind as much as a slot is tried with; made when a slot asks for it."""

    def __init__(self, world: World) -> None:
        self.world, self.many = world, 50 if world.database.is_sqlite else 5

    @cached_property
    def file(self) -> list[str]:
        return [upload(self.world, content=b"%PDF-1.7 " + str(n).encode()).json()["file"] for n in range(self.many)]

    @cached_property
    def cited(self) -> list[dict[str, str]]:
        return [{"document_number": "1/BC", "document_date": "2022-05-31", "issuer": "UBND phường", "file": file} for file in self.file]

    @cached_property
    def answers(self) -> list[Any]:
        return [self.world.report(figure=str(n), evidence=[one]) for n, one in enumerate(self.cited)]

    @cached_property
    def report(self) -> list[str]:
        return [answer.json()["id"] for answer in self.answers]

    @cached_property
    def etag(self) -> list[str]:
        return [answer.headers["ETag"] for answer in self.answers]

    @cached_property
    def event(self) -> list[str]:
        define(self.world, "bai-bao")
        return [happened(self.world, document=one).json()["id"] for one in self.cited]

    @cached_property
    def draft(self) -> list[str]:
        drafts = [body(unit="dich-vong", figure="9")] * self.many
        return [draft["id"] for draft in self.world.post("dich-vong", "/report-drafts", drafts).json()]

    @cached_property
    def unit(self) -> list[str]:
        return ["dich-vong"] * self.many

    @cached_property
    def task(self) -> list[str]:
        tasks = [foreign(n) for n in range(self.many)]
        return [task["code"] for task in self.world.post("administrator", f"/plans/{PLAN}/tasks", tasks).json()]


def foreign(number: int) -> dict[str, Any]:
    return {"code": f"viec-{number}", "title": "Việc", "lead": "dich-vong", "appraiser": "noi-vu", "due_on": "2022-08-01"}


def nothing(kind: str) -> str:
    """An id of the same form that nobody has."""
    code = f"khong-co-{DICE.getrandbits(32)}"
    return {"file": f"{DICE.getrandbits(256):064x}", "unit": code, "task": code}.get(kind, str(uuid.UUID(int=DICE.getrandbits(128))))


def body(**fields: Any) -> dict[str, Any]:
    return {"plan": PLAN, "unit": STRANGER, "indicator": "thu-nsnn", "period": "2022-05", "figure": "1", **fields}


def evidence(file: str) -> list[dict[str, str]]:
    return [{"document_number": "1/BC", "document_date": "2022-05-31", "issuer": "x", "file": file}]


TASKS = f"/plans/{PLAN}/tasks"
MATCH = {"headers": {"If-Match": '"1"'}}
Slot = tuple[str, Callable[[World, str], Any]]
SLOTS: dict[str, Slot] = {
    "report": ("report", lambda w, one: w.get(STRANGER, f"/submissions/{one}")),
    "evidence": ("report", lambda w, one: w.get(STRANGER, f"/submissions/{one}/evidence/1")),
    "history": ("report", lambda w, one: w.get(STRANGER, f"/history/submission/{one}")),
    "acceptance": ("report", lambda w, one: w.post(STRANGER, f"/submissions/{one}/acceptance", **MATCH)),
    "acceptance by another appraiser": ("report", lambda w, one: w.post("alternate", f"/submissions/{one}/acceptance", **MATCH)),
    "decision on many by another appraiser": (
        "report",
        lambda w, one: w.post("alternate", "/submissions/decisions", {"outcome": "accepted", "submissions": [{"id": one, "version": 1}]}),
    ),
    "return": ("report", lambda w, one: w.post(STRANGER, f"/submissions/{one}/return", {"reason": "x"}, **MATCH)),
    "withdrawal": ("report", lambda w, one: w.post(STRANGER, f"/submissions/{one}/withdrawal", **MATCH)),
    "objection": ("report", lambda w, one: w.post(STRANGER, f"/submissions/{one}/objection", {"reason": "x"})),
    "signature": ("report", lambda w, one: w.post("head", "/sign-offs", {"capacity": "head", "submissions": [one]})),
    "draft": ("draft", lambda w, one: w.get(STRANGER, f"/report-drafts/{one}")),
    "change of a draft": ("draft", lambda w, one: w.call(STRANGER, "PUT", f"/report-drafts/{one}", json=body(), **MATCH)),
    "discard of a draft": ("draft", lambda w, one: w.post(STRANGER, f"/report-drafts/{one}/discard", **MATCH)),
    "sending of a draft": (
        "draft",
        lambda w, one: w.post("head", "/report-drafts/sending", {"capacity": "head", "drafts": [{"id": one, "version": 1}]}),
    ),
    "uses of a file": ("file", lambda w, one: w.get(STRANGER, f"/evidence/{one}/uses")),
    "files of a unit": ("unit", lambda w, one: w.get(STRANGER, f"/units/{one}/evidence")),
    "thumbnail": ("report", lambda w, one: w.get(STRANGER, f"/submissions/{one}/evidence/1/thumbnail")),
    "unit filter": ("unit", lambda w, one: w.get(STRANGER, "/submissions", params={"unit": one})),
    "sheet": ("unit", lambda w, one: w.get(STRANGER, f"/movements/{MOVEMENT}/units/{one}/sheet")),
    "marks": ("unit", lambda w, one: w.get(STRANGER, f"/movements/{MOVEMENT}/units/{one}/marks")),
    "file in a report": ("file", lambda w, one: w.post(STRANGER, "/submissions", body(evidence=evidence(one)))),
    "file in a bulk report": (
        "file",
        lambda w, one: w.post(STRANGER, "/submissions", [body(), body(period="2022-04", evidence=evidence(one))]),
    ),
    "unit of an upload": ("unit", lambda w, one: upload(w, STRANGER, unit=one)),
    "event": ("event", lambda w, one: w.get(STRANGER, f"/counted-events/{one}")),
    "event's document": ("event", lambda w, one: w.get(STRANGER, f"/counted-events/{one}/document")),
    "event's history": ("event", lambda w, one: w.get(STRANGER, f"/history/event/{one}")),
    "acceptance of an event": (
        "event",
        lambda w, one: w.post("appraiser", f"/counted-events/{one}/acceptance", {"verified": True}, **MATCH),
    ),
    "return of an event": ("event", lambda w, one: w.post(STRANGER, f"/counted-events/{one}/return", {"reason": "x"}, **MATCH)),
    "withdrawal of an event": ("event", lambda w, one: w.post(STRANGER, f"/counted-events/{one}/withdrawal", **MATCH)),
    "unit of an event": ("unit", lambda w, one: happened(w, STRANGER, unit=one)),
    "file of an event": ("file", lambda w, one: happened(w, STRANGER, unit=STRANGER, document=evidence(one)[0])),
    "unit filter of events": ("unit", lambda w, one: w.get(STRANGER, "/counted-events", params={"unit": one})),
    "results": ("unit", lambda w, one: w.get(STRANGER, f"/movements/{MOVEMENT}/units/{one}/results")),
    "waivers": ("unit", lambda w, one: w.get(STRANGER, f"/movements/{MOVEMENT}/units/{one}/waivers")),
    "task": ("task", lambda w, one: w.get(STRANGER, f"{TASKS}/{one}")),
    "task's updates": ("task", lambda w, one: w.get(STRANGER, f"{TASKS}/{one}/updates")),
    "task's requests": ("task", lambda w, one: w.get(STRANGER, f"{TASKS}/{one}/requests")),
    "task's history": ("task", lambda w, one: w.get(STRANGER, f"/history/task/{PLAN}%2F{one}")),
    "report on a task": (
        "task",
        lambda w, one: w.post(STRANGER, "/submissions", {"plan": PLAN, "unit": STRANGER, "task": one, "completed_on": "2022-06-01"}),
    ),
    "update of a task": ("task", lambda w, one: w.post(STRANGER, f"{TASKS}/{one}/updates", {"unit": STRANGER, "percent": 1})),
    "officer of a task": (
        "task",
        lambda w, one: w.post(STRANGER, f"{TASKS}/{one}/officers", {"unit": STRANGER, "person": "cb-1"}),
    ),
    "request about a task": (
        "task",
        lambda w, one: w.post(STRANGER, f"{TASKS}/{one}/requests", {"kind": "new_lead", "reason": "x"}, **MATCH),
    ),
    "recall of a task": ("task", lambda w, one: w.post(STRANGER, f"{TASKS}/{one}/recall", {"reason": "x"}, **MATCH)),
    "cursor": ("report", lambda w, one: w.get(STRANGER, "/submissions", params={"cursor": cursor(one)})),
}


def cursor(one: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([one]).encode()).decode().rstrip("=")


def said(answer: Any) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {name: value for name, value in answer.json().items() if name not in {"instance", "trace_id"}}


@pytest.mark.parametrize("slot", SLOTS)
def test_a_foreign_id_is_as_good_as_none(world: World, theirs: Theirs, slot: str) -> None:
    kind, ask = SLOTS[slot]
    if slot in {"unit of an event", "file of an event"}:
        define(world, "bai-bao")
    held: list[str] = getattr(theirs, kind)
    before = len(world.get("secretary", "/submissions", params={"limit": 200}).json()["items"])
    tried = 0
    for one in held:
        assert said(ask(world, one)) == said(ask(world, nothing(kind))), one
        tried += 1
    assert tried == (50 if world.database.is_sqlite else 5)
    assert len(world.get("secretary", "/submissions", params={"limit": 200}).json()["items"]) == before


def test_units_in_bodies_etags_and_keys_of_others_open_nothing(world: World, theirs: Theirs) -> None:
    for number, (report, etag) in enumerate(zip(theirs.report, theirs.etag, strict=True)):
        assert world.get(STRANGER, f"/submissions/{report}", headers={"If-None-Match": etag}).status_code == 404
        bulk = [body(), body(unit="dich-vong")]
        DICE.shuffle(bulk)
        assert world.post(STRANGER, "/submissions", bulk).status_code == 403
        key = {"Idempotency-Key": f"k-{number}"}
        first = world.post("dich-vong", "/submissions", body(unit="dich-vong", figure="2"), headers=key).json()
        mine = world.post(STRANGER, "/submissions", body(figure="2"), headers=key)
        assert (mine.status_code, mine.json()["unit"]) == (201, STRANGER)
        assert mine.json()["id"] != first["id"], "a key belongs to who sent it"


def test_the_owner_sees_what_the_stranger_does_not(world: World, theirs: Theirs) -> None:
    """The negative control: with the owner's key every slot tells a held id from one that nobody has."""
    for slot in ("report", "evidence", "history"):
        path = {"report": "/submissions/{}", "evidence": "/submissions/{}/evidence/1", "history": "/history/submission/{}"}[slot]
        for one in theirs.report[:3]:
            held, none = world.get("dich-vong", path.format(one)), world.get("dich-vong", path.format(nothing("report")))
            assert (held.status_code, none.status_code) == (200, 404), slot
