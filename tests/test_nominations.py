"""Award schemes as data, and dossiers under them: received, complete, returned, late, withdrawn."""

import io
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from tests.awarding import AWARDS, PAPER, PATH, SCHEME, complete, dossier, lay_down, nominate, person, step
from tests.conftest import Hand
from tests.test_followup import kind, pointers
from tests.test_publishing import advanced
from tests.world import MOVEMENT, World


@pytest.fixture
def launched(world: World) -> World:
    advanced(world, "launched")
    return world


def award(**fields: Any) -> list[dict[str, Any]]:
    return [AWARDS[1] | fields]


TITLE = {"kind": "emulation_title", "code": "lao-dong-tien-tien"}
QUOTA: dict[str, Any] = {"share": "20", "of": "ranked", "rounding": "truncate", "per": "cluster", "source": "x"}
CONDITION: dict[str, Any] = {"name": "x", "figure": "a", "at_least": "1", "source": "x"}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"awards": award(**TITLE)}, "#/awards/0/basis"),
        ({"awards": award(basis=["khac"])}, "#/awards/0/basis/0"),
        ({"awards": award(basis=["luat"]), "basis": [SCHEME["basis"][0] | {"until": "2022-08-31"}]}, "#/awards/0/basis/0"),
        ({"awards": award(basis=["luat"]), "basis": [SCHEME["basis"][0] | {"since": "2022-09-02"}]}, "#/awards/0/basis/0"),
        ({"awards": award(clusters=["khac"])}, "#/awards/0/clusters/0"),
        ({"awards": award(conditions=[CONDITION | {"above": "1"}])}, "#/awards/0/conditions/0"),
        ({"awards": award(conditions=[{"name": "x", "figure": "a", "source": "x"}])}, "#/awards/0/conditions/0"),
        ({"awards": award(quota=QUOTA | {"count": 1})}, "#/awards/0/quota"),
        ({"awards": award(quota={"per": "cluster", "source": "x"})}, "#/awards/0/quota"),
        ({"awards": award(quota={"share": "1", "rounding": "up", "per": "cluster", "source": "x"})}, "#/awards/0/quota/of"),
        ({"awards": award(quota={"share": "1", "of": "ranked", "per": "cluster", "source": "x"})}, "#/awards/0/quota/rounding"),
        ({"awards": award(quota=QUOTA | {"of": "award:giay-khen"})}, "#/awards/0/quota/of"),
        ({"awards": [AWARDS[0], *award(quota=QUOTA | {"of": "award:bang-khen"})]}, "#/awards/1/quota/of"),
        ({"awards": award(quota=QUOTA | {"of": "nobody"})}, "#/awards/0/quota/of"),
        ({"awards": award(checklist=[{"code": "a", "name": "A"}, {"code": "a", "name": "B"}])}, "#/awards/0/checklist/1/code"),
        ({"awards": [*award(), *award()]}, "#/awards/1/code"),
        ({"basis": SCHEME["basis"] * 2}, "#/basis/1/code"),
        ({"terms": [SCHEME["terms"][1], SCHEME["terms"][0]]}, "#/terms/1/step"),
        ({"terms": [SCHEME["terms"][0] | {"step": "ceremony"}]}, "#/terms/0/step"),
    ],
)
def test_a_scheme_that_cannot_work_is_refused(launched: World, fields: dict[str, Any], pointer: str) -> None:
    assert pointers(lay_down(launched, **fields)) == [pointer]
    assert launched.get("secretary", f"{PATH}/award-scheme").status_code == 404


def test_a_scheme_has_versions_and_dossiers_keep_theirs(launched: World) -> None:
    assert lay_down(launched, who="dich-vong").status_code == 403
    assert lay_down(launched, awards=award(**TITLE, basis=["luat"])).json()["version"] == 1, "a title that cites its basis"
    assert kind(lay_down(launched)) == (412, "stale")
    assert lay_down(launched, 1).json()["version"] == 2
    sent = nominate(launched, dossier()).json()["nominations"][0]
    assert lay_down(launched, 2, awards=award(code="khac")).status_code == 200
    seen = launched.get("dich-vong", f"/nominations/{sent['id']}").json()
    assert (seen["scheme"], seen["award_name"]) == (2, "Giấy khen")
    assert step(launched, "dich-vong", sent["id"], "supplement", {"papers": [PAPER]}).status_code == 200, (
        "under the version it was sent under"
    )
    assert pointers(nominate(launched, dossier())) == ["#/nominations/0/award"]
    assert launched.get("viewer", f"{PATH}/award-scheme", params={"version": 1}).json()["scheme"]["awards"][0]["code"] == TITLE["code"]


def test_facts_of_the_law_come_with_their_source_and_say_that_they_are_not_checked(launched: World) -> None:
    told = launched.get("viewer", "/legal-facts").json()
    assert told["checked"] is False
    names = [one["name"] for one in told["commendation_types"]]
    assert names == ["Khen thưởng theo đợt (hoặc chuyên đề)", "Khen thưởng phong trào", None], "what is not known is not made up"
    assert all(one["source"] for part in ("commendation_types", "base_salaries") for one in told[part])
    fields = {"awards": [one["award"] for one in told["awards"] if not one["award"]["quota"]]}
    basis = [SCHEME["basis"][0]]
    given = [one | ({"basis": ["luat"]} if one["kind"] == "emulation_title" else {}) for one in fields["awards"]]
    assert lay_down(launched, awards=given, basis=basis).status_code == 200, "a scheme may start from them"


def test_a_dossier_is_received_looked_at_returned_and_supplemented(launched: World, hand: Hand) -> None:
    assert kind(nominate(launched, dossier())) == (409, "no-scheme")
    lay_down(launched)
    sent = nominate(launched, dossier(dossier={"achievements": "Hoàn thành sớm"})).json()["nominations"][0]
    assert (sent["state"], sent["late"], sent["lacking"], sent["name"]) == ("received", False, ["bao-cao"], "Phường Dịch Vọng")
    path = sent["id"]
    seen = launched.get("dich-vong", f"/nominations/{path}").json()
    assert (seen["achievements"], [move["name"] for move in seen["moves"]]) == ("Hoàn thành sớm", ["supplement", "withdraw"])
    assert [move["name"] for move in launched.get("secretary", f"/nominations/{path}").json()["moves"]] == ["complete", "return"]
    assert kind(step(launched, "secretary", path, "completion")) == (409, "dossier-lacking")
    assert step(launched, "dich-vong", path, "completion").status_code == 403
    assert step(launched, "nghia-do", path, "supplement", {}).status_code == 404
    back = step(launched, "secretary", path, "return", {"reason": "Thiếu báo cáo"}).json()
    assert (back["state"], back["due_on"], back["steps"][-1]["reason"]) == ("returned", "2022-06-20", "Thiếu báo cáo"), "three working days"
    assert kind(step(launched, "secretary", path, "completion", version=2)) == (409, "wrong-dossier-state")
    assert kind(step(launched, "dich-vong", path, "supplement", {}, version=1)) == (412, "stale")
    hand.forward(days=5, hours=11)
    again = step(launched, "dich-vong", path, "supplement", {"papers": [PAPER]}, version=2).json()
    assert (again["state"], again["late"], again["lacking"]) == ("received", False, []), "the last hour of the last day"
    assert step(launched, "secretary", path, "completion", version=3).json()["state"] == "complete"
    assert step(launched, "secretary", path, "return", {"reason": "Xem lại"}, version=4).status_code == 200
    hand.forward(days=30)
    late = step(launched, "dich-vong", path, "supplement", {"papers": [PAPER]}, version=5).json()
    assert late["late"] is True
    gone = step(launched, "dich-vong", path, "withdrawal", version=6).json()
    assert (gone["state"], [move["name"] for move in gone["moves"]]) == ("withdrawn", ["supplement"])
    assert [one["state"] for one in gone["steps"]] == [
        "received", "returned", "received", "complete", "returned", "received", "withdrawn",
    ]  # fmt: skip


def test_a_dossier_after_the_last_day_is_taken_and_marked(launched: World, hand: Hand) -> None:
    lay_down(launched)
    hand.forward(days=5, hours=12, microseconds=-1)
    assert nominate(launched, dossier()).json()["nominations"][0]["late"] is False
    hand.forward(microseconds=1)
    assert nominate(launched, dossier(unit="nghia-do")).json()["nominations"][0]["late"] is True


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (dossier(award="khac"), "award"),
        (dossier(collective=None), "collective"),
        (dossier(collective="nghia-do"), "collective"),
        (dossier(collective="khong-co"), "collective"),
        (dossier(name="A"), "name"),
        (person(collective="dich-vong"), "collective"),
        (person(name=None), "name"),
        (person(post=None), "post"),
        (dossier(dossier={"papers": [PAPER | {"item": "khac"}]}), "dossier/papers/0/item"),
        (dossier(dossier={"papers": [PAPER | {"document_date": "2022-06-16"}]}), "dossier/papers/0/document_date"),
        (dossier(dossier={"papers": [PAPER | {"file": "a" * 64}]}), "dossier/papers/0/file"),
        (dossier(dossier={"figures": [{"code": "a", "value": "1"}] * 2}), "dossier/figures/1/code"),
        (dossier(dossier={"past_awards": [{"award": "a", "year": 2023, "document": "x"}]}), "dossier/past_awards/0/year"),
    ],
)
def test_what_is_wrong_with_a_dossier_is_named(launched: World, sent: dict[str, Any], pointer: str) -> None:
    lay_down(launched)
    good = person("Cán bộ mẫu 9")
    answer = nominate(launched, good, sent, who="dich-vong")
    assert pointers(answer) == [f"#/nominations/1/{pointer}"]
    assert launched.get("dich-vong", f"{PATH}/nominations").json()["items"] == [], "all or none"


def test_one_dossier_a_collective_and_award(launched: World) -> None:
    lay_down(launched)
    assert nominate(launched, dossier()).status_code == 201
    assert kind(nominate(launched, dossier())) == (409, "already-nominated")
    assert nominate(launched, dossier(), who="nghia-do").status_code == 403
    assert nominate(launched, dossier(), who="secretary").status_code == 403


def test_names_of_individuals_are_for_their_unit_the_office_and_the_council(launched: World) -> None:
    lay_down(launched)
    identifier = nominate(launched, person()).json()["nominations"][0]["id"]
    nominate(launched, dossier(unit="nghia-do"))
    for who in ("dich-vong", "secretary", "administrator"):
        assert launched.get(who, f"/nominations/{identifier}").json()["name"] == "Cán bộ mẫu 1", who
    for who in ("nghia-do", "viewer", "appraiser"):
        assert launched.get(who, f"/nominations/{identifier}").status_code == 404, who
    listed = launched.get("secretary", f"{PATH}/nominations", params={"limit": 1}).json()
    assert (listed["items"][0]["unit"], listed["next"] is not None) == ("nghia-do", True)
    rest = launched.get("secretary", f"{PATH}/nominations", params={"limit": 1, "cursor": listed["next"]}).json()
    assert (rest["items"][0]["id"], rest["next"]) == (identifier, None)
    own = launched.get("nghia-do", f"{PATH}/nominations").json()["items"]
    assert [one["unit"] for one in own] == ["nghia-do"]
    assert launched.get("viewer", f"{PATH}/nominations").json()["items"] == []
    some = launched.get("secretary", f"{PATH}/nominations", params={"award": "giay-khen", "state": "complete"}).json()["items"]
    assert some == []


def test_whoever_belongs_to_the_unit_does_not_look_at_its_dossier(launched: World) -> None:
    lay_down(launched)
    key = {"label": "noi-vu", "role": "unit_officer", "unit": "noi-vu", "expires_at": "2027-01-01T00:00:00+07:00"}
    launched.keys["noi-vu"] = launched.post("administrator", "/keys", key).json()["key"]
    identifier = nominate(launched, dossier(unit="noi-vu")).json()["nominations"][0]["id"]
    assert kind(step(launched, "secretary", identifier, "completion")) == (403, "own-work"), "the secretary is of Nội vụ"
    assert step(launched, "administrator", identifier, "completion").status_code == 200
    key |= {"label": "cau-giay", "unit": "cau-giay", "reach": "everywhere"}
    launched.keys["cau-giay"] = launched.post("administrator", "/keys", key).json()["key"]
    above = nominate(launched, dossier("bang-khen", "cau-giay", collective="noi-vu")).json()["nominations"][0]
    assert kind(step(launched, "secretary", above["id"], "completion")) == (403, "own-work"), "whoever nominated it"


def test_a_dossier_that_was_found_complete_is_in_the_list(launched: World) -> None:
    lay_down(launched)
    found = complete(launched, dossier(), person())
    told = launched.get("secretary", f"{PATH}/nominations", params={"state": "complete"}).json()["items"]
    assert [one["id"] for one in told] == found[::-1]


def listed(rows: list[list[Any]]) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Trích ngang")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return kept.getvalue()


NOMINEES: list[list[Any]] = [
    ["DANH SÁCH TRÍCH NGANG CÁ NHÂN ĐỀ NGHỊ KHEN THƯỞNG", "", "", "", ""],
    ["STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Hình thức khen thưởng"],
    [1, "Cán bộ mẫu 1", "Công chức", "Phường Dịch Vọng", "Giấy khen cá nhân"],
    [2, "Cán bộ mẫu 2", "Công chức", "Phường Dịch Vọng", "giay-khen-ca-nhan"],
]


def test_individuals_come_as_a_list_in_a_workbook(launched: World) -> None:
    lay_down(launched)

    def imported(rows: list[list[Any]], who: str = "dich-vong", **asked: str) -> Any:
        params = {"movement": MOVEMENT, "synthetic": "true", **asked}
        headers = {"Content-Type": "application/octet-stream"}
        return launched.call(who, "POST", "/workbooks/nominees", content=listed(rows), params=params, headers=headers)

    tried = imported(NOMINEES).json()
    assert (tried["new"], tried["wrong"], tried["applied"]) == (2, 0, False), tried
    assert launched.get("dich-vong", f"{PATH}/nominations").json()["items"] == []
    done = imported(NOMINEES, apply="true").json()
    assert (done["new"], done["applied"]) == (2, True)
    found = launched.get("secretary", f"{PATH}/nominations").json()["items"]
    assert [(one["name"], one["award"], one["unit"]) for one in found] == [
        ("Cán bộ mẫu 2", "giay-khen-ca-nhan", "dich-vong"),
        ("Cán bộ mẫu 1", "giay-khen-ca-nhan", "dich-vong"),
    ]
    again = imported([*NOMINEES, [3, "Cán bộ mẫu 3", "Công chức", "Phường Dịch Vọng", "Giấy khen cá nhân"]], apply="true").json()
    assert (again["same"], again["new"]) == (2, 1), "who is nominated already is not nominated again"
    wrong = imported(
        [*NOMINEES[:2], [1, "Cán bộ mẫu 4", "Công chức", "Phường Dịch Vọng", "Huân chương"], [2, "A", "", "Phường Dịch Vọng", "x"]]
    )
    assert [one["cell"] for one in wrong.json()["errors"]] == ["Trích ngang!E3", "Trích ngang!C4", "Trích ngang!E4"]
    foreign = imported([*NOMINEES[:2], [1, "Cán bộ mẫu 5", "Công chức", "Phường Nghĩa Đô", "Giấy khen cá nhân"]], apply="true")
    assert foreign.status_code == 422, "not for another unit"
    assert nominate(launched, person("Cán bộ mẫu 5", "nghia-do")).status_code == 201
    foreign = imported([*NOMINEES[:2], [1, "Cán bộ mẫu 5", "Công chức", "Phường Nghĩa Đô", "Giấy khen cá nhân"]], apply="true")
    assert foreign.status_code == 422, "and not to ask whom it has nominated"
    assert pointers(imported(NOMINEES, movement="")) != []
    assert imported(NOMINEES, who="secretary").status_code == 403
    sheet = launched.get("dich-vong", "/workbooks/nominees", params={"movement": MOVEMENT})
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[0].values)
    assert (rows[0][0], rows[2][:4]) == (
        "Dữ liệu minh họa, không phải số liệu thật",
        ("Phường Dịch Vọng", "Cán bộ mẫu 1", "Công chức", "Giấy khen cá nhân"),
    )
    params = {"movement": MOVEMENT}
    headers = {"Content-Type": "application/octet-stream"}
    back = launched.call("dich-vong", "POST", "/workbooks/nominees", content=sheet.content, params=params, headers=headers).json()
    assert (back["same"], back["new"], back["wrong"]) == (3, 0, 0), "what leaves comes back the same"
    outside = launched.get("viewer", "/workbooks/nominees", params={"movement": MOVEMENT})
    assert len(list(load_workbook(io.BytesIO(outside.content)).worksheets[0].values)) == 1, "names are not for everybody"
    assert pointers(launched.get("dich-vong", "/workbooks/nominees")) == ["query:movement"]


def test_namesakes_in_two_posts_are_two_people(launched: World) -> None:
    lay_down(launched)
    namesakes = [[*NOMINEES[2][:2], post, *NOMINEES[2][3:]] for post in ("Công chức", "Phó Chủ tịch", "phó  chủ tịch")]
    params, headers = {"movement": MOVEMENT, "apply": "true"}, {"Content-Type": "application/octet-stream"}

    def imported(*rows: list[Any]) -> Any:
        content = listed([*NOMINEES[:2], *rows])
        return launched.call("dich-vong", "POST", "/workbooks/nominees", content=content, params=params, headers=headers)

    assert imported(*namesakes[:2], namesakes[1]).status_code == 422, "one line twice"
    done = imported(*namesakes).json()
    assert (done["new"], done["same"]) == (2, 1), "the third is the second, however the post is spelt"
    assert len(launched.get("secretary", f"{PATH}/nominations").json()["items"]) == 2
    assert imported(*namesakes[:2]).json()["same"] == 2
    assert kind(nominate(launched, person("Cán bộ mẫu 1", post="PHÓ CHỦ TỊCH"))) == (409, "already-nominated")


def test_one_dossier_a_person_and_award_however_the_name_is_spelt(launched: World) -> None:
    lay_down(launched)
    assert nominate(launched, person("Lê Thị Hoà")).status_code == 201
    for name in ("Lê  Thị Hòa", "LÊ THỊ HOÀ"):
        assert kind(nominate(launched, person(name))) == (409, "already-nominated")
    assert nominate(launched, person("Lê Thị Hoa")).status_code == 201, "another name"
    assert nominate(launched, person("Lê Thị Hoà", post="Bảo vệ")).status_code == 201, "a namesake"


def test_what_is_sent_after_the_last_day_is_late_whatever_was_sent_before(launched: World, hand: Hand) -> None:
    lay_down(launched)
    first, second = (
        nominate(launched, dossier(unit=unit, dossier={})).json()["nominations"][0]["id"] for unit in ("dich-vong", "nghia-do")
    )
    back = step(launched, "administrator", second, "return", {"reason": "Thiếu báo cáo"}).json()
    assert back["due_on"] == "2022-06-20"
    assert step(launched, "nghia-do", second, "withdrawal", version=2).status_code == 200
    hand.forward(days=6)
    assert step(launched, "dich-vong", first, "supplement", {"papers": [PAPER]}).json()["late"] is True
    assert step(launched, "nghia-do", second, "supplement", {"papers": [PAPER]}, version=3).json()["late"] is True


def test_a_unit_that_is_not_there_nominates_nobody(launched: World) -> None:
    lay_down(launched)
    key = {"label": "can-bo", "role": "unit_officer", "unit": "dich-vong", "reach": "everywhere", "expires_at": "2027-01-01T00:00:00+07:00"}
    launched.keys["can-bo"] = launched.post("administrator", "/keys", key).json()["key"]
    assert pointers(nominate(launched, person(unit="khong-co"), who="can-bo")) == ["#/nominations/0/unit"]
    assert nominate(launched, person(), who="can-bo").status_code == 201


def test_who_nominated_whom_is_not_for_everybody(launched: World) -> None:
    lay_down(launched)
    identifier = nominate(launched, person()).json()["nominations"][0]["id"]
    for who, is_seen in (("dich-vong", True), ("secretary", True), ("viewer", False), ("nghia-do", False), ("appraiser", False)):
        assert launched.get(who, f"/history/nomination/{identifier}").status_code == (200 if is_seen else 404), who
        changed = launched.get(who, "/changes", params={"since": 0, "limit": 200}).json()["items"]
        assert ("nomination" in {one["kind"] for one in changed}) is is_seen, who
