"""Who may do what, on every operation: strangers 401, roles by an independent table, ids swapped, columns smuggled in."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.main import FEATURES
from app.tables import metadata
from app.web.texts import LANGUAGES, catalogue
from tests.operations import UNCOVERED, writes
from tests.world import MOVEMENT, PLAN, World

PUBLISHED = "GET /api/v1/public/movements/{movement}/publications"
PUBLIC = {"GET /health", "GET /api/v1/vocabulary", "POST /api/v1/session", "POST /api/v1/session/link", "POST /api/v1/session/rotation"}
PUBLIC |= {PUBLISHED + rest for rest in ("", "/{number}", "/{number}/units/{code}", "/{number}/bundle", "/{number}/decision")}
FILLED = {
    "movement": MOVEMENT,
    "plan": PLAN,
    "code": "dich-vong",
    "version": "1",
    "kind": "unit",
    "subject": "dich-vong",
    "day": "2022-01-01",
    "number": "1",
    "node": "A",
    "stage": "claimed",
}
SOME_ID = "01890000-0000-7000-8000-000000000000"


def operations(world: World) -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = world.app.openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def url(path: str) -> str:
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, FILLED.get(part[1:-1], SOME_ID))
    return path.removeprefix("/api/v1")


def test_no_address_is_taken_twice() -> None:
    """The later of two routes is never reached: counted events once hid the live feed."""
    taken = Counter(
        (method, path) for feature in FEATURES for route in feature.routes.routes for method in route.methods for path in [route.path]
    )
    assert len(taken) > 60
    assert [one for one, times in taken.items() if times > 1] == []


def test_every_operation_answers_401_to_strangers(world: World) -> None:
    asked = 0
    for method, path in operations(world):
        if f"{method} {path}" in PUBLIC:
            continue
        for headers in ({}, {"Authorization": "Bearer tdk_x"}, {"Authorization": f"Basic {world.keys['viewer']}"}):
            answer = world.call(None, method, url(path), headers=headers)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"] == "Bearer"
        asked += 1
    assert asked > 50


def test_every_write_is_covered_and_succeeds_once(world: World) -> None:
    """A liveness floor for the tests that break these requests."""
    listed = writes(world)
    known = {f"{method} {path.removeprefix('/api/v1')}" for method, path in operations(world) if method != "GET"}
    assert {one.name for one in listed} | set(UNCOVERED) == known
    for one in listed:
        answer = one.send(world)
        wanted = {200, 201, 204} if one.name != "PUT /me/password" else {409}
        assert answer.status_code in wanted, (one.name, answer.text)


def test_the_same_code_twice_is_a_conflict(world: World) -> None:
    """Found by chance once: SQLite named another of two broken constraints, and the refusal was a 500."""
    coded = [one for one in writes(world) if isinstance(one.body, dict) and "code" in one.body and "milestones" not in one.path]
    assert len(coded) >= 8
    for one in coded:
        assert one.send(world).status_code == 201, one.name
        again = one.send(world)
        assert (again.status_code, again.json()["type"]) == (409, "/problems/code-taken"), (one.name, again.text)


# Independent of app/policy.py: which of the world's keys may do what at all.
ALLOWED = {
    "POST /units": {"administrator"},
    "PUT /units/{code}": {"administrator"},
    "POST /calendar/days": {"administrator"},
    "POST /calendar/years": {"administrator"},
    "PUT /calendar/outages/{code}": {"administrator"},
    "POST /unit-successions": {"administrator"},
    "POST /movements/{movement}/units/{code}/postings": {"dich-vong"},
    "POST /keys": {"administrator"},
    "POST /keys/{key_id}/revocation": {"administrator"},
    "POST /people": {"administrator"},
    "POST /people/{person_id}/roles": {"administrator"},
    "POST /people/{person_id}/links": {"administrator"},
    "POST /plans": {"administrator"},
    "POST /plans/{plan}/indicators": {"administrator"},
    "PUT /plans/{plan}/indicators/{code}": {"administrator"},
    "POST /plans/{plan}/indicators/{code}/targets": {"administrator"},
    "POST /plans/{plan}/indicators/{code}/splits": {"administrator"},
    "POST /plans/{plan}/documents": {"administrator"},
    "POST /plans/{plan}/tasks": {"administrator"},
    "PUT /plans/{plan}/tasks/{code}": {"administrator"},
    "POST /plans/{plan}/reminders": {"administrator"},
    "POST /plans/{plan}/documents/{document}/reading": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/suspension": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/resumption": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/recall": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/redo": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/updates": {"dich-vong"},
    "POST /plans/{plan}/tasks/{code}/officers": {"dich-vong"},
    "POST /plans/{plan}/tasks/{code}/requests": {"dich-vong"},
    "POST /plans/{plan}/tasks/{code}/requests/{number}/grant": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/requests/{number}/refusal": {"administrator"},
    "POST /plans/{plan}/tasks/{code}/requests/{number}/withdrawal": {"dich-vong"},
    "POST /submissions": {"dich-vong"},
    "POST /submissions/{submission_id}/acceptance": {"appraiser"},
    "POST /submissions/{submission_id}/return": {"appraiser"},
    "POST /submissions/{submission_id}/withdrawal": {"nghia-do", "head"},
    "POST /submissions/{submission_id}/objection": {"nghia-do", "head"},
    "POST /movements": {"administrator", "secretary"},
    "PUT /movements/{movement}": {"administrator", "secretary"},
    "POST /movements/{movement}/state": {"administrator", "secretary"},
    "POST /movements/{movement}/clusters": {"administrator", "secretary"},
    "POST /movements/{movement}/registrations": {"administrator", "secretary"},
    "POST /movements/{movement}/milestones": {"administrator", "secretary"},
    "POST /movements/{movement}/adoptions": {"administrator", "secretary"},
    "POST /movements/{movement}/overrides": {"administrator", "secretary"},
    "PUT /movements/{movement}/award-scheme": {"administrator", "secretary"},
    "POST /movements/{movement}/nominations": {"dich-vong"},
    "POST /nominations/{nomination_id}/supplement": {"dich-vong"},
    "POST /nominations/{nomination_id}/withdrawal": {"dich-vong"},
    "POST /nominations/{nomination_id}/completion": {"administrator", "secretary"},
    "POST /nominations/{nomination_id}/return": {"administrator", "secretary"},
    "POST /councils": {"administrator", "secretary"},
    "PUT /councils/{council}/regulation": {"administrator", "secretary"},
    "POST /councils/{council}/members": {"administrator", "secretary"},
    "POST /councils/{council}/members/{member_id}/end": {"administrator", "secretary"},
    "POST /councils/{council}/meetings": {"administrator", "secretary"},
    "PUT /meetings/{meeting_id}/attendance": {"administrator", "secretary"},
    "POST /meetings/{meeting_id}/motions": {"administrator", "secretary"},
    "POST /motions/{motion_id}/recusals": {"administrator", "secretary", "tv-1"},
    "POST /motions/{motion_id}/opening": {"administrator", "secretary"},
    "PUT /motions/{motion_id}/votes/{member_id}": {"tv-2"},
    "POST /motions/{motion_id}/closing": {"administrator", "secretary"},
    "PUT /plans/{plan}/event-kinds/{kind}": {"administrator"},
    "POST /counted-events": {"dich-vong", "alternate"},
    "POST /counted-events/{event_id}/acceptance": {"alternate"},
    "POST /counted-events/{event_id}/return": {"alternate"},
    "POST /counted-events/{event_id}/withdrawal": {"dich-vong"},
    "PUT /movements/{movement}/units/{code}/results/{assessment}": {"administrator", "secretary"},
    "PUT /movements/{movement}/units/{code}/waivers/{node}": {"secretary"},
    "POST /rulebooks": {"administrator"},
    "POST /movements/{movement}/rulebooks": {"secretary"},
    "POST /plans/{plan}/closing": {"administrator"},
    "POST /people/{person_id}/roles/{role_id}/end": {"administrator"},
    "PUT /movements/{movement}/units/{code}/marks/{node}/{stage}": {"dich-vong"},
    "POST /movements/{movement}/marks": {"secretary"},
    "POST /submissions/decisions": {"appraiser", "alternate"},
    "POST /report-drafts": {"dich-vong"},
    "PUT /report-drafts/{draft_id}": {"dich-vong"},
    "POST /report-drafts/{draft_id}/discard": {"dich-vong"},
    "POST /report-drafts/sending": {"head"},
    "POST /sign-offs": {"head"},
    "PUT /units/{code}/mailbox": {"administrator", "head"},
    "POST /webhooks": {"administrator"},
    "POST /webhooks/{webhook_id}/replay": {"administrator"},
    "POST /webhooks/{webhook_id}/end": {"administrator"},
}


def test_roles_outside_the_table_are_refused_and_change_nothing(world: World) -> None:
    listed = [one for one in writes(world) if one.name in ALLOWED]
    assert len(listed) == len(ALLOWED)
    before = counted(world)
    refused = 0
    for one in listed:
        for who in set(world.keys) - ALLOWED[one.name]:
            answer = one.send(world, who)
            assert answer.status_code in {403, 404}, (one.name, who, answer.text)
            refused += 1
    assert refused > 150
    assert counted(world) == before


def counted(world: World) -> dict[str, int]:
    """Rows of every table, and the trail's position."""
    with world.database.engine.connect() as connection:
        rows = {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in metadata.tables.items()
        }
    return {**rows, "position": position(world)}


def position(world: World) -> int:
    """What no write gets past: every change leaves an entry."""
    with world.database.engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT size FROM trail_head")).scalar_one())


SMUGGLED = sorted({column.name for table in metadata.tables.values() for column in table.columns})


def test_no_column_can_be_smuggled_into_a_write(world: World) -> None:
    """B3: every column of every table, in every write, is an unknown field unless the schema has it."""
    before, tried = None, 0
    for one in writes(world):
        if not isinstance(one.body, dict) or one.name == "POST /rulebooks":
            continue
        before = counted(world) if before is None else before
        names = [name for name in SMUGGLED if name not in one.body]
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            answer = one.send(world, body={**one.body, **dict.fromkeys(some, _OF_NO_TYPE)})
            assert answer.status_code == 422, (one.name, some, answer.text)
            refused = {error["pointer"].removeprefix("#/").partition("/")[0] for error in answer.json()["errors"]}
            assert set(some) <= refused, (one.name, "each of them by name")
            tried += len(some)
    assert tried > 1500
    assert counted(world) == before


_OF_NO_TYPE = {"neither": ["text", 1, None]}
_AT_ONCE = 20


def test_a_key_narrowed_by_scopes_does_only_that(world: World) -> None:
    sent = {
        "label": "chỉ đọc",
        "role": "unit_officer",
        "unit": "dich-vong",
        "scopes": ["fact:read"],
        "expires_at": "2027-01-01T00:00:00+07:00",
    }
    world.keys["narrow"] = world.post("administrator", "/keys", sent).json()["key"]
    assert world.get("narrow", "/submissions").status_code == 200
    assert (
        world.post(
            "narrow", "/submissions", {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "9"}
        ).status_code
        == 403
    )


def test_why_a_unit_is_excluded_is_for_the_councils_roles(world: World) -> None:
    """The viewer of everything reads that it is so; the secretary reads why."""
    sent = {"label": "v", "role": "viewer", "reach": "everywhere", "expires_at": "2027-01-01T00:00:00+07:00"}
    world.keys["everywhere"] = world.post("administrator", "/keys", sent).json()["key"]
    told = {}
    for who in ("secretary", "everywhere", "secretary"):
        rows = world.get(who, f"/movements/{MOVEMENT}/ranking").json()["clusters"][0]["standings"]
        told[who] = next(row["reason"] for row in rows if row["unit"] == "quan-hoa")
    assert told == {"secretary": "Không xét, chưa đăng ký thi đua.", "everywhere": "Không xét theo quy định."}


def test_units_see_each_other_by_phases(world: World) -> None:
    path = f"/movements/{MOVEMENT}"
    assert list(world.standings("dich-vong")) == ["dich-vong"]
    assert len(world.standings("secretary")) == 3
    for phase, seen in (("cluster", 3), ("own", 1), ("all_units", 3)):
        now = world.get("secretary", path).json()
        fields = {name: now[name] for name in ("name", "window_from", "window_to", "launched_on", "goal_on", "ceremony_on", "closes_on")}
        changed = world.call("secretary", "PUT", path, json={**fields, "phase": phase}, headers={"If-Match": f'"{now["version"]}"'})
        assert changed.status_code == 200, changed.text
        assert len(world.standings("dich-vong")) == seen, phase


def test_the_api_documents_itself(world: World) -> None:
    """Stable names, plain summaries, an example for every JSON body that itself passes, every refusal by type."""
    document = world.app.openapi()
    names = [said["operationId"] for methods in document["paths"].values() for said in methods.values()]
    assert len(names) == len(set(names)) > 50
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            assert said["summary"], path
            if f"{method.upper()} {path}" not in PUBLIC:
                assert "/problems/not-signed-in" in said["responses"]["401"]["description"], path
            schema = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema is not None and path != "/api/v1/rulebooks":
                shapes = [schema, *schema.get("oneOf", []), *schema.get("anyOf", []), schema.get("items", {})]
                reference = next(shape["$ref"] for shape in shapes if "$ref" in shape)
                assert document["components"]["schemas"][reference.rpartition("/")[2]]["examples"], (method, path)
            for status, answer in said["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
    assert {"ProblemOut", "FieldError"} <= document["components"]["schemas"].keys()


def test_no_two_bodies_share_a_name(world: World) -> None:
    """FastAPI tells two of one name apart by their modules, which generators of clients cannot read."""
    named = world.app.openapi()["components"]["schemas"]
    assert [name for name in named if "__" in name] == []
    assert len(named) > 100


def test_every_operation_stands_in_a_chapter_of_the_documentation(world: World) -> None:
    named = {said["tags"][0] for operations in world.app.openapi()["paths"].values() for said in operations.values()}
    for language in LANGUAGES:
        assert named <= set(catalogue(language)["chapters"]), language
