"""Signing in: links once, passwords within a budget, devices that rotate, sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.accounts import signing
from tests.world import World

PASSWORD = "mat-khau-rat-dai"


@pytest.fixture
def person(world: World) -> str:
    """An officer with a password; returns the code."""
    found = world.post("administrator", "/people", {"code": "cb-001", "name": "Cán bộ mẫu"}).json()["id"]
    world.post("administrator", f"/people/{found}/roles", {"role": "unit_officer", "unit": "dich-vong"})
    link = world.post("administrator", f"/people/{found}/links").json()["token"]
    world.keys["person"] = world.post(None, "/session/link", {"token": link}).json()["token"]
    assert world.call("person", "PUT", "/me/password", json={"password": PASSWORD}).status_code == 204
    return "cb-001"


def sign_in(world: World, password: str = PASSWORD, **fields: Any) -> Any:
    return world.post(None, "/session", {"code": "cb-001", "password": password, **fields})


@pytest.mark.usefixtures("person")
def test_a_person_signs_in_and_is_who_they_are(world: World) -> None:
    world.keys["again"] = sign_in(world).json()["token"]
    me = world.get("again", "/me").json()
    assert (me["kind"], me["code"], me["name"]) == ("person", "cb-001", "Cán bộ mẫu")
    assert me["roles"] == [{"role": "unit_officer", "reach": "own_unit", "unit": "dich-vong"}]
    assert me["actions"]["progress:submit"] == ["dich-vong"]
    assert "progress:review" not in me["actions"]
    assert world.post("again", "/session/end").status_code == 204
    assert world.get("again", "/me").status_code == 401


def test_a_link_works_once_even_for_eight_at_once(world: World) -> None:
    found = world.post("administrator", "/people", {"code": "cb-002"}).json()["id"]
    link = world.post("administrator", f"/people/{found}/links").json()["token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.post(None, "/session/link", {"token": link}).status_code, range(8)))
    assert sorted(answers) == [200, *[401] * 7]


@pytest.mark.usefixtures("person")
def test_the_budget_is_kept_though_each_failure_is_refused(world: World) -> None:
    for _ in range(signing.BUDGET["account"]):
        refused = sign_in(world, "sai")
        assert (refused.status_code, refused.json()["type"]) == (401, "/problems/wrong-password")
    locked = sign_in(world)
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    unknown = world.post(None, "/session", {"code": "khong-co", "password": "x"})
    assert unknown.json()["type"] == "/problems/wrong-password", "another account still has its budget; unknown and wrong are alike"


@pytest.mark.usefixtures("person")
def test_a_device_rotates_and_a_lost_reply_locks_nobody_out(world: World) -> None:
    first = sign_in(world, device="Điện thoại của tổ").json()["device_token"]

    def rotate(token: str) -> Any:
        return world.post(None, "/session/rotation", {"device_token": token})

    lost = rotate(first).json()["device_token"]
    second = rotate(first).json()["device_token"]
    assert rotate(second).status_code == 200, "either successor is good until one of them is used"
    assert rotate(lost).status_code == 401
    assert rotate(first).status_code == 401, "once the successor was used, the old one is dead"
    devices = [row for row in world.get("person", "/me/sign-ins").json()["items"] if row["kind"] == "d"]
    assert [row["label"] for row in devices] == ["Điện thoại của tổ"]
    assert world.post("person", f"/me/sign-ins/{devices[0]['id']}/end").status_code == 200
    assert rotate(second).status_code == 401
    assert world.post("viewer", f"/me/sign-ins/{devices[0]['id']}/end").status_code == 404, "not one's own"


@pytest.mark.usefixtures("person")
def test_a_cookie_needs_the_consoles_header_to_write(world: World) -> None:
    answer = sign_in(world, as_cookie=True)
    assert answer.json()["token"] is None
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    value = {"Cookie": cookie.partition(";")[0]}
    assert world.call(None, "GET", "/me", headers=value).status_code == 200
    sent = {"label": "x"}
    assert world.call(None, "POST", "/keys", json=sent, headers=value).json()["type"] == "/problems/foreign-form"
    assert world.call(None, "POST", "/keys", json=sent, headers={**value, "X-Thidua-Console": "1"}).status_code == 422


@pytest.mark.usefixtures("person")
def test_signing_in_over_plain_http_is_for_loopback_only(world: World) -> None:
    answer = world.call(None, "POST", "/session", json={"code": "cb-001", "password": PASSWORD}, headers={"Host": "thidua.example"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/insecure-sign-in")


def test_nobody_hands_out_more_than_they_reach(world: World) -> None:
    branch = {"label": "x", "role": "administrator", "reach": "own_branch", "unit": "dich-vong", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["local"] = world.post("administrator", "/keys", branch).json()["key"]
    for wider in ({"reach": "everywhere"}, {"unit": "nghia-do"}, {"unit": "cau-giay", "reach": "own_branch"}):
        assert world.post("local", "/keys", {**branch, **wider}).status_code == 403, wider
    assert world.post("local", "/keys", {**branch, "role": "viewer"}).status_code == 201
    assert [key["unit"] for key in world.get("local", "/keys").json()["items"] if key["unit"] != "dich-vong"] == []
    for impossible in ("2020-01-01T00:00:00+07:00", "2099-01-01T00:00:00+07:00"):
        assert world.post("administrator", "/keys", {**branch, "expires_at": impossible}).status_code == 422


def test_a_branch_covers_what_stands_below(world: World) -> None:
    sent = {"label": "x", "role": "viewer", "reach": "own_branch", "unit": "cau-giay", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["branch"] = world.post("administrator", "/keys", sent).json()["key"]
    submission = world.report().json()["id"]
    assert world.get("branch", f"/submissions/{submission}").status_code == 200
    assert world.get("viewer", f"/submissions/{submission}").status_code == 200
    assert world.get("nghia-do", f"/submissions/{submission}").status_code == 404


def test_the_vocabulary_is_public_and_etagged(world: World) -> None:
    answer = world.get(None, "/vocabulary")
    assert answer.json()["words"]["role"]["council_secretary"] == {"vi": "Thư ký Hội đồng", "en": "Council secretary"}
    assert world.get(None, "/vocabulary", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.usefixtures("person")
def test_of_two_rotations_at_once_whichever_reply_is_kept_is_good(world: World) -> None:
    for kept in (0, 1):
        first = sign_in(world, device=f"Điện thoại {kept}").json()["device_token"]
        with ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda token: world.post(None, "/session/rotation", {"device_token": token}), [first, first]))
        assert [reply.status_code for reply in replies] == [200, 200]
        heirs = [reply.json()["device_token"] for reply in replies]
        assert world.post(None, "/session/rotation", {"device_token": heirs[kept]}).status_code == 200
        assert world.post(None, "/session/rotation", {"device_token": heirs[1 - kept]}).status_code == 401


@pytest.mark.usefixtures("person")
def test_pending_successors_are_few(world: World) -> None:
    first = sign_in(world, device="Điện thoại").json()["device_token"]
    heirs = [
        world.post(None, "/session/rotation", {"device_token": first}).json()["device_token"] for _ in range(signing.PENDING_LIMIT + 2)
    ]
    assert world.post(None, "/session/rotation", {"device_token": heirs[0]}).status_code == 401, "the oldest made room"
    assert world.post(None, "/session/rotation", {"device_token": heirs[-1]}).status_code == 200


@pytest.mark.usefixtures("person")
def test_a_new_password_ends_every_other_session_and_device(world: World) -> None:
    answer = sign_in(world, device="Máy khác").json()
    world.keys["other"] = answer["token"]
    assert world.get("other", "/me").status_code == 200
    assert world.call("person", "PUT", "/me/password", json={"password": "mat-khau-moi-rat-dai"}).status_code == 204
    assert world.get("person", "/me").status_code == 200, "the session that set it stays"
    assert world.get("other", "/me").status_code == 401
    assert world.post(None, "/session/rotation", {"device_token": answer["device_token"]}).status_code == 401


@pytest.mark.usefixtures("person")
def test_the_administrator_lists_people_and_takes_a_role_back(world: World) -> None:
    [listed] = world.get("administrator", "/people").json()["items"]
    assert (listed["code"], listed["name"], [role["role"] for role in listed["roles"]]) == ("cb-001", "Cán bộ mẫu", ["unit_officer"])
    assert world.get("secretary", "/people").status_code == 403
    assert world.get("person", "/submissions").status_code == 200
    end = f"/people/{listed['id']}/roles/{listed['roles'][0]['id']}/end"
    assert world.post("administrator", end).status_code == 204
    assert world.post("administrator", end).status_code == 409
    assert world.get("person", "/submissions").json()["items"] == []
    assert world.get("person", "/me").json()["roles"] == []
