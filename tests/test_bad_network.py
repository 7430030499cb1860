"""A clerk's day over a connection that loses every third answer leaves exactly one of everything."""

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.settings import Settings
from tests.files import photograph
from tests.server import running
from tests.test_followup import assigned
from tests.world import MOVEMENT, PLAN, World

PDF, PHOTO = b"%PDF-1.7 bao cao thang 5", photograph()
CLAIM = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "sent_at": "2022-06-05T21:40:00+07:00"}


class Lossy(httpx.BaseTransport):
    """Every third answer is received and thrown away: the service has done it, and the caller does not know."""

    def __init__(self) -> None:
        self._wire, self._count, self.lost = httpx.HTTPTransport(), itertools.count(1), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._wire.handle_request(request)
        answer.read()
        if next(self._count) % 3 == 0:
            self.lost += 1
            raise httpx.ReadError("the connection broke", request=request)
        return answer

    def close(self) -> None:
        self._wire.close()


class Clerk:
    """Tries again until it is answered; with a key that stays the same, unless `careless`."""

    def __init__(self, base: str, key: str, *, careless: bool) -> None:
        self.wire, self.careless = Lossy(), careless
        self.client = httpx.Client(base_url=f"{base}/api/v1", transport=self.wire, headers={"Authorization": f"Bearer {key}"}, timeout=20)

    def write(self, method: str, path: str, version: int | None = None, **options: Any) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        for _ in range(4):
            try:
                answer = self.client.request(method, path, headers={**headers, **self._key(path, options)}, **options)
            except httpx.ReadError:
                continue
            return answer
        raise AssertionError("never answered")

    def _key(self, path: str, options: dict[str, Any]) -> dict[str, str]:
        """The same for the same deed, as an app would keep it beside the draft."""
        if self.careless:
            return {}
        return {"Idempotency-Key": hashlib.sha256(repr((path, sorted(options.items()))).encode()).hexdigest()}


def a_day(clerk: Clerk) -> Iterator[httpx.Response]:
    """Files, reports one by one and line by line, an update, a request, a mark, a withdrawal."""
    files = []
    for content in (PDF, PHOTO, PDF):
        yield (answer := clerk.write("POST", "/evidence", params={"unit": "dich-vong", "secrecy": "none"}, content=content))
        files.append(answer.json()["file"])
    cited = [{"document_number": "45/BC", "document_date": "2022-06-02", "issuer": "UBND phường", "file": file} for file in files[:2]]
    yield clerk.write("POST", "/submissions", json={**CLAIM, "period": "2022-05", "figure": "9", "evidence": cited})
    lines = [{**CLAIM, "period": f"2022-0{month}", "figure": str(month)} for month in (1, 2, 3, 4)]
    yield (answer := clerk.write("POST", "/submissions/lines", json=lines))
    wrong = answer.json()["lines"][0]["submission"]
    yield clerk.write("POST", f"/submissions/{wrong['id']}/withdrawal", version=1)
    yield clerk.write("POST", f"/plans/{PLAN}/tasks/viec/updates", json={"unit": "dich-vong", "percent": 60})
    asked = {"kind": "new_lead", "reason": "Không thuộc địa bàn", "lead": "nghia-do"}
    yield clerk.write("POST", f"/plans/{PLAN}/tasks/viec/requests", version=1, json=asked)
    yield clerk.write("POST", "/submissions", json={"plan": PLAN, "unit": "dich-vong", "task": "tet", "completed_on": "2022-01-27"})
    yield clerk.write("PUT", f"/movements/{MOVEMENT}/units/dich-vong/marks/A/claimed", version=0, json={"points": "55"})


ONCE = {
    "evidence_file": 2,
    "evidence_holding": 2,
    "submission": 6,
    "submission_evidence": 2,
    "submission_decision": 1,
    "task_update": 1,
    "task_request": 1,
    "mark": 1,
}


def counted(world: World) -> dict[str, int]:
    with world.database.engine.connect() as connection:
        return {name: connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in ONCE}


@pytest.mark.parametrize("careless", [False, True], ids=["with keys", "the control: without keys"])
def test_a_day_leaves_one_of_everything(world: World, settings: Settings, tmp_path: Path, *, careless: bool) -> None:
    assigned(world, due_on=None)
    with running(settings.database, tmp_path) as server:
        clerk = Clerk(server.base, world.keys["dich-vong"], careless=careless)
        with clerk.client:
            answers = list(a_day(clerk))
            assert clerk.wire.lost >= 4
            if careless:
                assert counted(world) != ONCE
                return
            assert [answer.text for answer in answers if answer.status_code >= 300] == []
            assert counted(world) == ONCE
            kept = answers[3].json()
            receipt = clerk.write("GET", f"/submissions/{kept['id']}/receipt").json()
            told = clerk.write("GET", "/changes?since=0").json()
    assert receipt["entry"]["seq"] <= int(answers[3].headers["Thidua-Receipt"].partition("-")[0])
    assert kept["sent_at"] == "2022-06-05T21:40:00+07:00"
    assert sum(one["kind"] == "submission" for one in told["items"]) == ONCE["submission"]
