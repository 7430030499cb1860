"""Every operation of the API with a request that succeeds in the test world, for tests that must cover all of them."""

from dataclasses import dataclass, field
from typing import Any

from tests import awarding, chamber
from tests.chamber import Chamber
from tests.world import MOVEMENT, PLAN, RULEBOOK, World

INDICATOR = {
    "name": "Chỉ tiêu",
    "unit_of_measure": "tỷ đồng",
    "accumulation": "cumulative",
    "owner": "noi-vu",
    "appraiser": "noi-vu",
    "alternate_appraiser": "tai-chinh",
    "period_scheme": "month",
}
TASK = {"title": "Việc", "lead": "nghia-do", "appraiser": "noi-vu", "due_on": "2022-08-01"}
EVENT = {
    "plan": PLAN,
    "kind": "bai-bao",
    "unit": "dich-vong",
    "on": "2022-05-12",
    "document": {"document_number": "12", "document_date": "2022-05-12", "issuer": "Báo"},
}
UNIT = {"name": "Phường Mới", "kind": "ward", "parent": "cau-giay", "opens_on": "2020-01-01"}
DATES = {
    "window_from": "2022-01-01",
    "window_to": "2022-09-01",
    "launched_on": "2022-01-01",
    "goal_on": "2022-09-01",
    "closes_on": "2022-08-05",
}


@dataclass
class Operation:
    method: str
    path: str
    """As OpenAPI writes it, without /api/v1."""
    who: str
    filled: dict[str, str] = field(default_factory=dict)
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    if_match: str | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        url = self.path
        for name, value in self.filled.items():
            url = url.replace("{" + name + "}", value)
        return url

    def send(self, world: World, who: str | None = "", body: Any = None, **headers: str) -> Any:
        if self.if_match is not None:
            headers.setdefault("If-Match", self.if_match)
        sent = self.body if body is None else body
        options: dict[str, Any] = {"params": self.query} if self.query else {}
        if sent is not None:
            options["json"] = sent
        return world.call(self.who if who == "" else who, self.method, self.url, headers=headers, **options)


ASKED = {"kind": "extension", "reason": "x", "due_on": "2022-12-31"}


def prepare_tasks(world: World) -> None:
    """A document, an officer, and tasks a to h: c is done, d suspended, and requests wait about f, g and h."""
    document = {"code": "vb-0", "issued_on": "2022-01-01", "issuer": "UBND quận", "abstract": "Thông báo"}
    assert world.post("administrator", f"/plans/{PLAN}/documents", document).status_code == 201
    many = [{"code": code, **TASK, "lead": "dich-vong"} for code in "abcdefgh"]
    assert world.post("administrator", f"/plans/{PLAN}/tasks", many).status_code == 201
    done = {"plan": PLAN, "unit": "dich-vong", "task": "c", "completed_on": "2022-05-01"}
    assert world.accept(world.post("dich-vong", "/submissions", done).json()["id"], "alternate").status_code == 200
    once = {"headers": {"If-Match": '"1"'}}
    assert world.post("administrator", f"/plans/{PLAN}/tasks/d/suspension", {"reason": "x"}, **once).status_code == 200
    for code in "fgh":
        assert world.post("dich-vong", f"/plans/{PLAN}/tasks/{code}/requests", ASKED, **once).status_code == 201
    officer = world.post("administrator", "/people", {"code": "cb-3"}).json()["id"]
    assert world.post("administrator", f"/people/{officer}/roles", {"role": "unit_officer", "unit": "dich-vong"}).status_code == 201


def supplied(world: World, **fields: Any) -> Any:
    """The answer to a figure of Nghĩa Đô that Nội vụ supplies, on an indicator that Tài chính appraises."""
    if "supplier" not in world.keys:
        key = {"label": "supplier", "role": "unit_officer", "unit": "noi-vu", "expires_at": "2027-01-01T00:00:00+07:00"}
        world.keys["supplier"] = world.post("administrator", "/keys", key).json()["key"]
        who = {"owner": "noi-vu", "appraiser": "tai-chinh", "alternate_appraiser": "cau-giay", "supplier": "noi-vu", "objection_days": 3}
        how = {"unit_of_measure": "%", "accumulation": "point_in_time", "period_scheme": "month"}
        indicator = {"code": "ho-so", "name": "Tỷ lệ hồ sơ đúng hạn", **how, **who}
        assert world.post("administrator", f"/plans/{PLAN}/indicators", indicator).status_code == 201
        for unit in ("dich-vong", "nghia-do"):
            target = {"unit": unit, "source": "district", "figure": "98"}
            assert world.post("administrator", f"/plans/{PLAN}/indicators/ho-so/targets", target).status_code == 201
    claim = {"plan": PLAN, "unit": "nghia-do", "indicator": "ho-so", "period": "2022-05", "figure": "97.5"}
    return world.post("supplier", "/submissions", claim | fields)


def of_council(council: Chamber) -> list[Operation]:
    """In a council of two, with one motion to open and one that is open."""
    tabled, opened, closing = council.tabled(), council.opened(), council.opened()
    code, meeting = {"council": chamber.CODE}, {"meeting_id": council.meeting}
    first, second = council.members["tv-1"], council.members["tv-2"]
    called = {"movement": MOVEMENT, "held_on": "2022-06-15", "papers_sent_on": "2022-06-10"}
    return [
        Operation("POST", "/councils", "secretary", body={"code": "hd-khac", "name": "x", "decision": "x"}),
        Operation("PUT", "/councils/{council}/regulation", "secretary", code, chamber.REGULATION, if_match='"1"'),
        Operation(
            "POST", "/councils/{council}/members", "secretary", code, {"person": "cb-1", "position": "member", "since": "2022-01-01"}
        ),
        Operation(
            "POST", "/councils/{council}/members/{member_id}/end", "secretary", code | {"member_id": second}, {"until": "2022-12-31"}
        ),
        Operation("POST", "/councils/{council}/meetings", "secretary", code, called),
        Operation("POST", "/motions/{motion_id}/opening", "secretary", {"motion_id": council.tabled()}),
        Operation("PUT", "/meetings/{meeting_id}/attendance", "secretary", meeting, {"members": []}, if_match='"1"'),
        Operation("POST", "/meetings/{meeting_id}/motions", "secretary", meeting, {"text": "x", "threshold": "khen"}),
        Operation("POST", "/motions/{motion_id}/recusals", "tv-1", {"motion_id": tabled}, {"member": first, "reason": "x"}),
        Operation(
            "PUT",
            "/motions/{motion_id}/votes/{member_id}",
            "tv-2",
            {"motion_id": opened, "member_id": second},
            {"choice": "for"},
            if_match='"0"',
        ),
        Operation("POST", "/motions/{motion_id}/closing", "secretary", {"motion_id": closing}, {"ballots": None}),
    ]


def of_awards(world: World) -> list[Operation]:
    """A scheme, and a dossier for each thing that may be done to one."""
    assert awarding.lay_down(world).status_code == 200
    sent, withdrawn, complete, returned = (
        awarding.nominate(world, awarding.person(f"Cán bộ mẫu {number}")).json()["nominations"][0]["id"] for number in range(4)
    )
    movement, path = {"movement": MOVEMENT}, "/nominations/{nomination_id}/"
    own, anew = {"nominations": [awarding.dossier()]}, {"achievements": "x"}
    return [
        Operation("PUT", "/movements/{movement}/award-scheme", "secretary", movement, awarding.SCHEME, if_match='"1"'),
        Operation("POST", "/movements/{movement}/nominations", "dich-vong", movement, own),
        Operation("POST", path + "supplement", "dich-vong", {"nomination_id": sent}, anew, if_match='"1"'),
        Operation("POST", path + "withdrawal", "dich-vong", {"nomination_id": withdrawn}, if_match='"1"'),
        Operation("POST", path + "completion", "secretary", {"nomination_id": complete}, if_match='"1"'),
        Operation("POST", path + "return", "secretary", {"nomination_id": returned}, {"reason": "x"}, if_match='"1"'),
    ]


def launched(world: World) -> None:
    sent = {"headers": {"If-Match": '"1"'}}
    assert world.post("secretary", f"/movements/{MOVEMENT}/state", {"state": "launched"}, **sent).status_code == 200


def writes(world: World) -> list[Operation]:
    """Each with its own waiting report, so that all succeed in one world."""
    launched(world)
    reports = [world.report(figure=str(n)).json()["id"] for n in range(1)] + [
        world.report("nghia-do", figure="3", period=p).json()["id"] for p in ("2022-04", "2022-05")
    ]
    kind = {"name": "Bài viết", "appraiser": "noi-vu", "alternate_appraiser": "tai-chinh"}
    world.call("administrator", "PUT", f"/plans/{PLAN}/event-kinds/bai-bao", json=kind, headers={"If-Match": '"0"'})
    events = [world.post("dich-vong", "/counted-events", EVENT).json()["id"] for _ in range(3)]
    prepare_tasks(world)
    of_document = {"plan": PLAN, "document": "vb-0"}
    keys = {key["label"]: key["id"] for key in world.get("administrator", "/keys").json()["items"]}
    person = world.post("administrator", "/people", {"code": "cb-1"}).json()["id"]
    role = world.post("administrator", f"/people/{person}/roles", {"role": "viewer", "unit": "nghia-do"}).json()["id"]
    claim = {"plan": PLAN, "indicator": "thu-nsnn", "figure": "2", "confirmed": True}
    own, ward = {**claim, "unit": "dich-vong", "period": "2022-02"}, {**claim, "unit": "nghia-do", "period": "2022-02"}
    whole = {"unit": "cau-giay", "source": "city", "figure": "30"}
    assert world.post("administrator", f"/plans/{PLAN}/indicators/thu-nsnn/targets", whole).status_code == 201
    hook = world.post("administrator", "/webhooks", {"key": keys["viewer"], "url": "https://example.vn/x"}).json()["id"]
    drafts = [world.post("dich-vong", "/report-drafts", own).json()["id"] for _ in range(2)]
    sent = [{"id": world.post("head", "/report-drafts", ward).json()["id"], "version": 1}]
    return [
        *of_council(chamber.convened(world, 2)),
        *of_awards(world),
        Operation("POST", "/report-drafts", "dich-vong", body=own),
        Operation(
            "PUT", "/units/{code}/mailbox", "administrator", {"code": "nghia-do"}, {"address": "nghia-do@example.vn"}, if_match='"0"'
        ),
        Operation("POST", "/webhooks", "administrator", body={"key": keys["viewer"], "url": "https://example.vn/x"}),
        Operation("POST", "/webhooks/{webhook_id}/replay", "administrator", {"webhook_id": hook}, {"since": 1}),
        Operation("POST", "/webhooks/{webhook_id}/end", "administrator", {"webhook_id": hook}),
        Operation("PUT", "/report-drafts/{draft_id}", "dich-vong", {"draft_id": drafts[0]}, own, if_match='"1"'),
        Operation("POST", "/report-drafts/{draft_id}/discard", "dich-vong", {"draft_id": drafts[1]}, if_match='"1"'),
        Operation("POST", "/report-drafts/sending", "head", body={"capacity": "head", "drafts": sent}),
        Operation(
            "POST",
            "/submissions/{submission_id}/objection",
            "nghia-do",
            {"submission_id": supplied(world).json()["id"]},
            {"reason": "Số của phường là 98,4."},
        ),
        Operation("POST", "/sign-offs", "head", body={"capacity": "head", "submissions": [reports[1]]}),
        Operation("POST", "/units", "administrator", body={"code": "moi", **UNIT}),
        Operation("PUT", "/units/{code}", "administrator", {"code": "quan-hoa"}, UNIT, if_match='"1"'),
        Operation("POST", "/calendar/years", "administrator", body={"year": 2027}),
        Operation(
            "POST", "/calendar/days", "administrator", body={"day": "2022-04-11", "is_working": False, "name": "Giỗ Tổ", "source": "luật"}
        ),
        Operation(
            "POST",
            "/keys",
            "administrator",
            body={"label": "x", "role": "viewer", "unit": "dich-vong", "expires_at": "2027-01-01T00:00:00+07:00"},
        ),
        Operation("POST", "/keys/{key_id}/revocation", "administrator", {"key_id": keys["head"]}),
        Operation("POST", "/people", "administrator", body={"code": "cb-2", "name": "Cán bộ mẫu"}),
        Operation("POST", "/people/{person_id}/roles", "administrator", {"person_id": person}, {"role": "viewer", "unit": "dich-vong"}),
        Operation("POST", "/people/{person_id}/links", "administrator", {"person_id": person}),
        Operation("POST", "/plans", "administrator", body={"code": "kh-2023", "year": 2023, "name": "Kế hoạch", "issuer": "cau-giay"}),
        Operation("POST", "/plans/{plan}/indicators", "administrator", {"plan": PLAN}, {"code": "moi", **INDICATOR}),
        Operation("PUT", "/plans/{plan}/indicators/{code}", "administrator", {"plan": PLAN, "code": "thu-nsnn"}, INDICATOR, if_match='"1"'),
        Operation(
            "POST",
            "/plans/{plan}/indicators/{code}/targets",
            "administrator",
            {"plan": PLAN, "code": "thu-nsnn"},
            {"unit": "quan-hoa", "source": "district", "figure": "7"},
        ),
        Operation(
            "POST",
            "/plans/{plan}/indicators/{code}/splits",
            "administrator",
            {"plan": PLAN, "code": "thu-nsnn"},
            {"unit": "cau-giay", "parts": [{"unit": "dich-vong", "figure": "11"}], "reason": "x"},
        ),
        Operation(
            "POST",
            "/plans/{plan}/documents",
            "administrator",
            {"plan": PLAN},
            {"code": "vb-1", "issued_on": "2022-01-01", "issuer": "UBND quận", "abstract": "Thông báo"},
        ),
        Operation("POST", "/plans/{plan}/reminders", "administrator", {"plan": PLAN}, {"unit": "dich-vong", "tasks": ["e"]}),
        Operation("POST", "/plans/{plan}/documents/{document}/reading", "administrator", of_document, {"text": "1. Việc"}),
        Operation("POST", "/plans/{plan}/tasks", "administrator", {"plan": PLAN}, {"code": "moi", **TASK}),
        *(
            Operation(
                "POST",
                f"/plans/{{plan}}/tasks/{{code}}/{deed}",
                "administrator",
                {"plan": PLAN, "code": code},
                {"reason": "x"},
                if_match='"1"',
            )
            for deed, code in (("suspension", "a"), ("recall", "b"), ("redo", "c"))
        ),
        Operation(
            "POST", "/plans/{plan}/tasks/{code}/resumption", "administrator", {"plan": PLAN, "code": "d"}, {"reason": "x"}, if_match='"2"'
        ),
        Operation(
            "POST", "/plans/{plan}/tasks/{code}/updates", "dich-vong", {"plan": PLAN, "code": "e"}, {"unit": "dich-vong", "percent": 5}
        ),
        Operation(
            "POST",
            "/plans/{plan}/tasks/{code}/officers",
            "dich-vong",
            {"plan": PLAN, "code": "e"},
            {"unit": "dich-vong", "person": "cb-3"},
        ),
        Operation("POST", "/plans/{plan}/tasks/{code}/requests", "dich-vong", {"plan": PLAN, "code": "e"}, ASKED, if_match='"1"'),
        *(
            Operation(
                "POST",
                f"/plans/{{plan}}/tasks/{{code}}/requests/{{number}}/{deed}",
                who,
                {"plan": PLAN, "code": code, "number": "1"},
                body,
                if_match='"1"',
            )
            for deed, who, code, body in (
                ("grant", "administrator", "f", {"reason": "x"}),
                ("refusal", "administrator", "g", {"reason": "x"}),
                ("withdrawal", "dich-vong", "h", None),
            )
        ),
        Operation("PUT", "/plans/{plan}/tasks/{code}", "administrator", {"plan": PLAN, "code": "tet"}, TASK, if_match='"1"'),
        Operation(
            "POST",
            "/submissions",
            "dich-vong",
            body={"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-03", "figure": "9", "confirmed": True},
        ),
        Operation(
            "POST",
            "/submissions/{submission_id}/acceptance",
            "appraiser",
            {"submission_id": reports[0]},
            {"figure": "8", "reason": "Ghi trùng"},
            if_match='"1"',
        ),
        Operation(
            "POST", "/submissions/{submission_id}/return", "appraiser", {"submission_id": reports[1]}, {"reason": "Sai"}, if_match='"1"'
        ),
        Operation("POST", "/submissions/{submission_id}/withdrawal", "nghia-do", {"submission_id": reports[2]}, if_match='"1"'),
        Operation("POST", "/movements", "secretary", body={"code": "moi", "plan": PLAN, "kind": "yearly", "name": "Phong trào", **DATES}),
        Operation("PUT", "/movements/{movement}", "secretary", {"movement": MOVEMENT}, {"name": "Phong trào", **DATES}, if_match='"2"'),
        Operation(
            "POST", "/movements/{movement}/state", "secretary", {"movement": MOVEMENT}, {"state": "reporting_closed"}, if_match='"3"'
        ),
        Operation("POST", "/movements/{movement}/clusters", "secretary", {"movement": MOVEMENT}, {"code": "moi", "name": "Khối mới"}),
        Operation(
            "POST",
            "/movements/{movement}/registrations",
            "secretary",
            {"movement": MOVEMENT},
            {"unit": "noi-vu", "cluster": "phuong", "registered_on": "2022-01-05"},
        ),
        Operation(
            "POST",
            "/movements/{movement}/milestones",
            "secretary",
            {"movement": MOVEMENT},
            {"code": "moc", "name": "Mốc", "due_on": "2022-06-30"},
        ),
        Operation(
            "POST", "/movements/{movement}/adoptions", "secretary", {"movement": MOVEMENT}, {"indicators": ["thu-nsnn"], "tasks": ["tet"]}
        ),
        Operation("PUT", "/plans/{plan}/event-kinds/{kind}", "administrator", {"plan": PLAN, "kind": "moi"}, kind, if_match='"0"'),
        Operation("POST", "/counted-events", "dich-vong", body=EVENT),
        Operation(
            "POST",
            "/counted-events/{event_id}/acceptance",
            "alternate",
            {"event_id": events[0]},
            {"verified": True},
            if_match='"1"',
        ),
        Operation("POST", "/counted-events/{event_id}/return", "alternate", {"event_id": events[1]}, {"reason": "Sai"}, if_match='"1"'),
        Operation("POST", "/counted-events/{event_id}/withdrawal", "dich-vong", {"event_id": events[2]}, if_match='"1"'),
        Operation(
            "PUT",
            "/movements/{movement}/units/{code}/results/{assessment}",
            "secretary",
            {"movement": MOVEMENT, "code": "dich-vong", "assessment": "par-index"},
            {"grade": "Tốt", "document": "45/QĐ-UBND"},
            if_match='"0"',
        ),
        Operation(
            "PUT",
            "/movements/{movement}/units/{code}/waivers/{node}",
            "secretary",
            {"movement": MOVEMENT, "code": "dich-vong", "node": "B"},
            {"occurrences": 1, "document": "15/UBND-NV", "reason": "Do hệ thống"},
            if_match='"0"',
        ),
        Operation("POST", "/rulebooks", "administrator", body=RULEBOOK | {"version": 2}),
        Operation(
            "POST",
            "/movements/{movement}/rulebooks",
            "secretary",
            {"movement": MOVEMENT},
            {"rulebook": "thu", "version": 1, "effective_from": "2022-06-01"},
        ),
        Operation(
            "PUT",
            "/movements/{movement}/units/{code}/marks/{node}/{stage}",
            "dich-vong",
            {"movement": MOVEMENT, "code": "dich-vong", "node": "A", "stage": "claimed"},
            {"points": "55.5"},
            if_match='"0"',
        ),
        Operation(
            "POST",
            "/movements/{movement}/marks",
            "secretary",
            {"movement": MOVEMENT},
            {"stage": "decided", "reason": "x", "marks": [{"unit": "dich-vong", "node": "total", "points": "55.5", "version": 0}]},
        ),
        Operation(
            "POST",
            "/submissions/decisions",
            "appraiser",
            {},
            {"outcome": "accepted", "submissions": [{"id": world.report(period="2022-01").json()["id"], "version": 1}]},
        ),
        Operation(
            "PUT",
            "/calendar/outages/{code}",
            "administrator",
            {"code": "su-co"},
            {"starts_on": "2022-06-06", "ends_on": "2022-06-07", "moves_to": "2022-06-09", "reason": "x", "source": "x"},
            if_match='"0"',
        ),
        Operation(
            "POST",
            "/unit-successions",
            "administrator",
            {},
            {"kind": "merged", "on": "2022-06-15", "units": ["quan-hoa"], "into": [{"code": "tai-chinh"}], "source": "x"},
        ),
        Operation(
            "POST",
            "/movements/{movement}/overrides",
            "secretary",
            {"movement": MOVEMENT},
            {"kind": "sheet_not_posted", "subjects": ["nghia-do"], "reason": "x"},
        ),
        Operation(
            "POST", "/movements/{movement}/units/{code}/postings", "dich-vong", {"movement": MOVEMENT, "code": "dich-vong"}, {"days": 6}
        ),
        Operation("POST", "/people/{person_id}/roles/{role_id}/end", "administrator", {"person_id": person, "role_id": role}),
        Operation("PUT", "/me/password", "viewer", body={"password": "mat-khau-du-dai"}),
        Operation("POST", "/plans/{plan}/closing", "administrator", {"plan": "kh-2023"}),
        Operation("POST", "/session/end", "viewer"),
    ]


UNCOVERED = {
    "POST /submissions/lines": "test_lines: answers line by line",
    "POST /movements/{movement}/appraisal-notices": "test_marks: needs a rulebook with an appraiser, and a draft",
    "POST /movements/{movement}/publication-drafts": "test_publications: needs a movement under review and a key to sign with",
    "POST /publication-drafts/{draft_id}/approval": "test_publications: needs a draft",
    "POST /movements/{movement}/award-proposals": "test_awards: needs a publication",
    "POST /award-proposals/{proposal_id}/motions": "test_awards: needs a proposal",
    "POST /award-proposals/{proposal_id}/decision": "test_awards: needs a proposal",
    "POST /award-decisions/{decision_id}/signature": "test_awards: needs a decision",
    "POST /award-decisions/{decision_id}/annulment": "test_awards: needs a signed decision",
    "POST /award-decisions/{decision_id}/publication-draft": "test_awards: needs a signed decision",
    "POST /movements/{movement}/units/{code}/postings/{number}/comments": "test_posting: needs a posted sheet",
    "POST /comments/{comment_id}/answer": "test_posting: needs a comment",
    "POST /movements/{movement}/units/{code}/re-examinations": "test_posting: needs a released mark",
    "POST /re-examinations/{asked_id}/answer": "test_posting: needs a second look",
    "POST /plans/{plan}/task-inheritances": "test_reorganisation: needs a unit that was merged",
    "POST /workbooks/{kind}": "test_workbooks: takes bytes, not JSON",
    "POST /session": "test_accounts: needs a person with a password",
    "POST /session/link": "test_accounts: needs a fresh link",
    "POST /session/rotation": "test_accounts: needs a device",
    "POST /me/sign-ins/{sign_in_id}/end": "test_accounts: needs a session",
    "POST /evidence": "test_evidence: takes bytes, not JSON",
}
"""Writes that the list above leaves to another test."""
