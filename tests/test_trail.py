"""The live feed: in order, resumable, withheld where it must be; entries within reach tell, others only count."""

import json
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from tests.server import running
from tests.world import PLAN, World


def read(base: str, key: str, since: int, count: int, **headers: str) -> list[dict[str, Any]]:
    """The first `count` events after `since`."""
    found: list[dict[str, Any]] = []
    sent = {"Authorization": f"Bearer {key}", **headers}
    with httpx.stream("GET", f"{base}/api/v1/events", params={"since": since}, headers=sent, timeout=20) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name in {"id", "event", "data"}:
                event[name] = value
            elif not line and "id" in event:
                found.append(event | {"data": json.loads(event["data"])})
                event = {}
                if len(found) == count:
                    return found
    raise AssertionError("the stream ended early")


def test_the_feed_is_in_order_resumable_and_withholds(world: World, settings: Settings, tmp_path: Path) -> None:
    start = int(world.get("secretary", "/me").headers["Thidua-Trail-Position"])
    submission = world.report().json()["id"]
    world.accept(submission)
    world.report("nghia-do")
    with running(settings.database, tmp_path) as server:
        everything = read(server.base, world.keys["secretary"], start, 3)
        assert [event["event"] for event in everything] == ["progress.submitted", "progress.accepted", "progress.submitted"]
        assert [int(event["id"]) for event in everything] == [start + 1, start + 2, start + 3]
        assert everything[0]["data"]["subject_id"] == submission
        narrow = read(server.base, world.keys["nghia-do"], start, 3)
        assert [event["event"] for event in narrow] == ["withheld", "withheld", "progress.submitted"]
        assert narrow[0]["data"] == {"seq": start + 1}
        resumed = read(server.base, world.keys["secretary"], 0, 1, **{"Last-Event-ID": str(start + 2)})
        assert int(resumed[0]["id"]) == start + 3
        live = {"plan": PLAN, "unit": "nghia-do", "indicator": "thu-nsnn", "period": "2022-04", "figure": "1"}
        headers = {"Authorization": f"Bearer {world.keys['nghia-do']}"}
        sent = httpx.post(f"{server.base}/api/v1/submissions", json=live, headers=headers)
        position = int(sent.headers["Thidua-Trail-Position"])
        assert read(server.base, world.keys["secretary"], position - 1, 1)[0]["data"]["subject_id"] == sent.json()["id"]
        ranking = httpx.get(
            f"{server.base}/api/v1/movements/cau-giay-25/ranking", headers={"Authorization": f"Bearer {world.keys['secretary']}"}
        )
        assert int(ranking.headers["Thidua-Trail-Position"]) >= position, "after event n, any read is at least as new as n"


def test_histories_are_paged_and_bounded(world: World) -> None:
    first = world.get("administrator", "/history/unit/dich-vong").json()
    assert [entry["verb"] for entry in first["items"]] == ["unit.established"]
    for n in range(3):
        world.post(
            "administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", {"unit": "nghia-do", "source": "district", "figure": str(n + 1)}
        )
    page = world.get("administrator", f"/history/indicator/{PLAN}/thu-nsnn", params={"limit": 2}).json()
    assert len(page["items"]) == 2
    rest = world.get("administrator", f"/history/indicator/{PLAN}/thu-nsnn", params={"limit": 200, "cursor": page["next"]}).json()
    assert rest["items"][0]["seq"] < page["items"][-1]["seq"]
    assert world.get("administrator", "/history/unit/khong-co").status_code == 404
