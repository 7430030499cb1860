"""What is published: frozen, signed, approved by a second person, and the same for everybody."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
import rfc8785

from app.audit.notes import Signer
from app.ranking.verifier.thidua_verify import leads_to
from tests.conftest import Hand
from tests.test_publishing import advanced, override
from tests.world import MOVEMENT, World

PATH = f"/movements/{MOVEMENT}"
PUBLIC = f"/public{PATH}/publications"


def approver(world: World) -> str:
    """Another secretary."""
    if "second secretary" not in world.keys:
        key = {"label": "second secretary", "role": "council_secretary", "reach": "everywhere", "expires_at": "2027-01-01T00:00:00+07:00"}
        world.keys["second secretary"] = world.post("administrator", "/keys", key).json()["key"]
    return "second secretary"


@pytest.fixture
def closed(world: World, hand: Hand) -> World:
    """Under review, with an accepted report, nothing in the way, and a key to sign with."""
    Signer.created("thidua.example/cau-giay", world.app.state.house.settings.key_file)
    world.accept(world.report(figure="9").json()["id"])
    world.accept(world.report("nghia-do", figure="7").json()["id"])
    hand.forward(seconds=1)
    advanced(world, "launched", "reporting_closed", "under_review")
    assert override(world, "sheet_not_posted", ["dich-vong", "nghia-do"]).status_code == 201
    return world


def drafted(world: World, stage: str = "posted", who: str = "secretary", **fields: Any) -> Any:
    return world.post(who, f"{PATH}/publication-drafts", {"stage": stage, **fields})


def approved(world: World, draft: str, who: str | None = None) -> Any:
    return world.post(who or approver(world), f"/publication-drafts/{draft}/approval")


def published(world: World, stage: str = "posted", **fields: Any) -> dict[str, Any]:
    made = drafted(world, stage, **fields)
    assert made.status_code == 201, made.text
    done = approved(world, made.json()["id"])
    assert done.status_code == 201, done.text
    told: dict[str, Any] = done.json()
    return told


def phase(world: World, name: str) -> None:
    now = world.get("secretary", PATH).json()
    fields = {one: now[one] for one in ("name", "window_from", "window_to", "launched_on", "goal_on", "ceremony_on", "closes_on")}
    changed = world.call("secretary", "PUT", PATH, json={**fields, "phase": name}, headers={"If-Match": f'"{now["version"]}"'})
    assert changed.status_code == 200, changed.text


def standings(result: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {one["unit"]: (one["place"], one["points"], one["state"]) for cluster in result["clusters"] for one in cluster["standings"]}


def test_two_people_stand_for_a_publication(closed: World) -> None:
    draft = drafted(closed)
    assert draft.status_code == 201, draft.text
    assert closed.get("viewer", f"{PATH}/publications").json()["items"] == [], "a draft is no publication"
    own = approved(closed, draft.json()["id"], "secretary")
    assert (own.status_code, own.json()["type"]) == (403, "/problems/same-person")
    for who in ("appraiser", "viewer", "dich-vong"):
        assert approved(closed, draft.json()["id"], who).status_code == 404
    assert drafted(closed, who="administrator").status_code == 403
    done = approved(closed, draft.json()["id"]).json()
    assert (done["number"], done["stage"], done["drafted_by"], done["approved_by"]) == (1, "posted", "secretary", "second secretary")
    assert (done["digest"], done["public_digest"]) == (draft.json()["digest"], draft.json()["public_digest"])
    again = approved(closed, draft.json()["id"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-the-newest")


def test_nothing_is_published_past_a_blocker(closed: World) -> None:
    made = drafted(closed).json()["id"]
    advanced(closed, "decided")
    comment = {"channel": "meeting", "author": "Cử tri", "received_on": "2022-06-15", "text": "Xem lại"}
    assert closed.post("dich-vong", f"{PATH}/units/dich-vong/postings", {"days": 5}).status_code == 201
    assert closed.post("secretary", f"{PATH}/units/dich-vong/postings/1/comments", comment).status_code == 201
    refused = approved(closed, made)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-final"), "it has come up since"
    assert "2" in refused.json()["detail"]
    assert drafted(closed).json()["type"] == "/problems/not-final"


def test_only_the_newest_draft_and_the_next_number(closed: World) -> None:
    first, second = drafted(closed).json()["id"], drafted(closed).json()["id"]
    assert approved(closed, first).json()["type"] == "/problems/not-the-newest"
    assert approved(closed, second).status_code == 201
    assert drafted(closed).json()["errors"][0]["pointer"] == "#/reason", "one of this stage is there: a correction says why"
    assert drafted(closed, "final").json()["errors"][0]["pointer"] == "#/stage"
    assert drafted(closed, "council").json()["number"] == 2


def test_without_a_key_nothing_is_signed(closed: World) -> None:
    key = closed.app.state.house.settings.key_file
    key.chmod(0o644)
    assert drafted(closed).json()["type"] == "/problems/no-signing-key", "others may read it"
    key.unlink()
    assert drafted(closed).json()["type"] == "/problems/no-signing-key"


def test_a_publication_stays_and_a_correction_is_a_new_number(closed: World) -> None:
    first = published(closed)
    seen = closed.get("viewer", f"{PATH}/publications/1")
    assert standings(seen.json()) == {
        "dich-vong": (1, ["54"], None),
        "nghia-do": (2, ["42"], None),
        "quan-hoa": (None, [], "excluded"),
    }
    mark = {"points": "50", "reason": "Hội đồng xem lại"}
    path = f"{PATH}/units/nghia-do/marks/A/decided"
    assert closed.call("secretary", "PUT", path, json=mark, headers={"If-Match": '"0"'}).status_code == 200
    assert closed.standings()["nghia-do"] == (2, "50"), "the board has moved on"
    assert closed.get("viewer", f"{PATH}/publications/1").content == seen.content
    assert closed.get("viewer", f"{PATH}/publications/1").headers["etag"] == seen.headers["etag"]
    second = published(closed, reason="Hội đồng xem lại điểm của một phường.")
    told = closed.get("viewer", f"{PATH}/publications/2").json()
    assert (told["changed"], told["previous"]) == (["nghia-do"], {"number": 1, "digest": first["public_digest"]})
    assert standings(told)["nghia-do"] == (2, ["50"], None)
    assert second["reason"] == "Hội đồng xem lại điểm của một phường."
    listed = closed.get("viewer", f"{PATH}/publications").json()["items"]
    assert [(one["number"], one["digest"], one["position"], one["approved_by"]) for one in listed] == [
        (2, None, None, None),
        (1, None, None, None),
    ]


def test_editions_and_who_reads_them(closed: World) -> None:
    published(closed, "council")
    published(closed, "posted")
    full = {"edition": "full"}
    assert closed.get("viewer", f"{PATH}/publications/1").status_code == 404, "the council's own"
    assert [one["number"] for one in closed.get("dich-vong", f"{PATH}/publications").json()["items"]] == [2]
    assert [one["number"] for one in closed.get("administrator", f"{PATH}/publications").json()["items"]] == [2, 1]
    for number in (1, 2):
        told = closed.get("administrator", f"{PATH}/publications/{number}", params=full)
        assert told.status_code == 200
        reasons = {one["unit"]: one["reason"] for one in told.json()["clusters"][0]["standings"]}
        assert reasons == {"dich-vong": None, "nghia-do": None, "quan-hoa": "not-registered"}
        for path in ("", "/units/dich-vong", "/bundle"):
            for who in ("dich-vong", "appraiser", "viewer"):
                assert closed.get(who, f"{PATH}/publications/{number}{path}", params=full).status_code == 403, who
    public = closed.get("viewer", f"{PATH}/publications/2").json()
    assert all("reason" not in one for one in public["clusters"][0]["standings"])
    assert "position" not in public
    left_out = closed.get("viewer", f"{PATH}/publications/2/units/quan-hoa").json()["document"]
    assert set(left_out) == {"unit", "name", "cluster", "place", "points", "state"}
    line = closed.get("viewer", f"{PATH}/publications/2/units/dich-vong").json()["document"]["sheets"]["decided"]["lines"][1]
    assert (line["code"], line["points"], len(line["sources"])) == ("A", "54", 1)


def test_strangers_read_publications_in_the_public_phase_and_nothing_of_the_rest(closed: World) -> None:
    published(closed, "council")
    published(closed)
    paths = ("", "/2", "/2/units/dich-vong", "/2/bundle")
    assert {closed.get(None, PUBLIC + path).status_code for path in paths} == {404}, "own phase"
    phase(closed, "public")
    for path in paths:
        told = closed.get(None, PUBLIC + path)
        assert told.status_code == 200, path
        assert "Thidua-Trail-Position" not in told.headers
    assert closed.get(None, f"{PUBLIC}/1").status_code == 404
    assert closed.get(None, f"{PUBLIC}/2/units/khong-co").status_code == 404
    [listed] = closed.get(None, PUBLIC).json()["items"]
    assert {name for name, value in listed.items() if value is None} == {"reason", "digest", "position", "drafted_by", "approved_by"}
    assert closed.get(None, f"{PATH}/publications").status_code == 401


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_units_document_leads_to_the_signed_digest(closed: World) -> None:
    """From what the API gives: leaf, path, root, note."""
    made = published(closed)
    told = closed.get("viewer", f"{PATH}/publications/1/units/nghia-do").json()
    leaf = hashlib.sha256(b"\x00" + rfc8785.dumps(told["document"])).digest()
    path, root = [bytes.fromhex(step) for step in told["path"]], bytes.fromhex(made["public_digest"])
    assert leads_to(leaf, told["leaf"], told["size"], path, root)
    assert not leads_to(leaf, told["leaf"] - 1, told["size"], path, root)
    text, _, signature = told["note"].rpartition("\n\n")
    assert text.split("\n")[:3] == ["thidua/publication/1", f"{MOVEMENT} 1 public", made["public_digest"]]
    assert signature.startswith("\N{EM DASH} thidua.example/cau-giay ")
    files = opened(closed.get("viewer", f"{PATH}/publications/1/bundle").content)
    assert json.loads(files["units/nghia-do.json"]) == told["document"]
    assert not any(name.startswith("trail/") for name in files), "the size of the trail is a counter"
    full = opened(closed.get("secretary", f"{PATH}/publications/1/bundle", params={"edition": "full"}).content)
    assert full["trail/checkpoint"].decode().split("\n")[1] == str(made["position"])
