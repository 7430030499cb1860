"""The demo as a newcomer meets it: through the command, then over HTTP and as pages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import Server


def thidua(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("THIDUA_")}
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, env={**clean, "THIDUA_DATA_DIR": str(data), **environment}, capture_output=True, text=True, check=False)


class Installed(Server):
    def __init__(self, data: Path) -> None:
        super().__init__(f"sqlite:///{data / 'thidua.db'}", data)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = tmp_path_factory.mktemp("demo")
    loaded = thidua(data, "demo", "--keys-file", str(data / "keys.json"))
    assert loaded.returncode == 0, loaded.stderr
    server = Installed(data)
    server.start()
    yield server, data, json.loads((data / "keys.json").read_text())
    server.stop()


def get(demo: Any, path: str, who: str | None = "administrator", **options: Any) -> httpx.Response:
    server, _, keys = demo
    headers = {"Authorization": f"Bearer {keys[who]}"} if who else {}
    return httpx.get(f"{server.base}{path}", headers={**headers, **options.pop("headers", {})}, **options)


def test_the_eight_wards_are_ranked(demo: Any) -> None:
    answer = get(demo, "/api/v1/movements/cau-giay-25/ranking").json()
    assert answer["synthetic"] is True
    wards, departments, schools = answer["clusters"]
    assert wards["cluster"] == "phuong"
    assert sorted(row["unit"] for row in wards["standings"]) == [
        "dich-vong",
        "dich-vong-hau",
        "mai-dich",
        "nghia-do",
        "nghia-tan",
        "quan-hoa",
        "trung-hoa",
        "yen-hoa",
    ]
    assert all(row["place"] for row in wards["standings"])
    assert [row["state"] for row in departments["standings"] if row["place"] is None] == ["excluded"]
    assert len(schools["standings"]) == 3


def test_reports_stand_in_every_state(demo: Any) -> None:
    found = [
        get(demo, "/api/v1/submissions", params={"state": state, "limit": 200}).json()["items"]
        for state in ("waiting", "accepted", "returned", "withdrawn")
    ]
    assert all(len(rows) >= 1 for rows in found), [len(rows) for rows in found]
    assert any("late" in row["flags"] for rows in found for row in rows)
    assert all(row["synthetic"] for rows in found for row in rows)


def test_entries_carry_their_instants_of_2022_and_the_clock_runs_on(demo: Any) -> None:
    entries = get(demo, "/api/v1/history/movement/cau-giay-25").json()["items"]
    assert entries[-1]["at"].startswith("2021-12-21T14:00")
    health = get(demo, "/health", None).json()
    assert health["now"].startswith("2022-06-15T")
    assert health["clock_offset_seconds"] < 0


def test_timeline_counts_the_days(demo: Any) -> None:
    answer = get(demo, "/api/v1/movements/cau-giay-25/timeline").json()
    assert answer["days_to_goal"] == 78
    assert answer["next_milestone"] == "nua-nam"
    marks = {mark["code"]: (mark["original_due_on"], mark["due_on"]) for mark in answer["milestones"]}
    assert marks["ve-dich"] == ("2022-09-01", "2022-08-31"), "a goal rolls backward, never past the anniversary"
    assert marks["ngay-thanh-lap"] == ("2022-09-01", "2022-09-01"), "the anniversary itself does not move"


def test_a_sheet_adds_up_and_cites(demo: Any) -> None:
    sheet = get(demo, "/api/v1/movements/cau-giay-25/units/dich-vong/sheet").json()
    tops = [line for line in sheet["lines"] if line["level"] == 1]
    assert f"{sum(float(line['points']) for line in tops):.2f}".rstrip("0").rstrip(".") == sheet["total"]
    cited = [source for line in sheet["lines"] if line["code"] in {"1.1", "1.2", "3.1"} for source in line["sources"]]
    assert len(cited) == 3
    assert all(source["reviewer"] and source["documents"] for source in cited)
    english = get(demo, "/api/v1/movements/cau-giay-25/units/dich-vong/sheet", headers={"Accept-Language": "en"}).json()
    assert "of the target" in english["lines"][2]["reason"]
    assert english["total"] == sheet["total"]


def test_strangers_see_the_movement_and_no_points(demo: Any) -> None:
    page = get(demo, "/", None)
    assert page.status_code == 200
    assert "ngày nữa đến đích" in page.text
    assert "Dữ liệu mẫu" in page.text
    assert "Phường Dịch Vọng" not in page.text
    assert get(demo, "/movements/cau-giay-25/units/dich-vong", None).status_code == 401
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert "style=" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")


def test_pages_for_the_signed_in(demo: Any) -> None:
    board = get(demo, "/")
    assert "Phường Dịch Vọng Hậu" in board.text
    assert "Không xét, chưa đăng ký thi đua." in board.text
    sheet = get(demo, "/movements/cau-giay-25/units/dich-vong")
    assert "Vì sao có con số này" in sheet.text
    assert "1.1" in sheet.text
    assert "Tổng" in sheet.text
    assert "Tổng cộng: " in sheet.text, "the total says where it comes from"
    assert get(demo, "/?lang=en").text.count("days to the goal") == 1
    assert get(demo, "/movements/cau-giay-25/units/khong-co").status_code == 404
    docs = get(demo, "/docs", None)
    assert "/api/v1/submissions" in docs.text
    assert "<h2>Báo cáo và thẩm định</h2>" in docs.text
    assert "Successful Response" not in docs.text
    assert "<h2>Reports and appraisal</h2>" in get(demo, "/docs?lang=en", None).text
    for asset in ("console.css", "console.js", "icon.svg"):
        assert get(demo, f"/static/{asset}", None).status_code == 200


def test_a_page_that_is_not_there_is_a_page_for_people_and_a_problem_for_machines(demo: Any) -> None:
    page = get(demo, "/khong-co", None, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Không tìm thấy trang này" in page.text
    assert get(demo, "/khong-co", None).headers["content-type"] == "application/problem+json"


def test_keys_are_minted_anew_beside_the_running_server(demo: Any) -> None:
    _, data, keys = demo
    assert (data / "keys.json").stat().st_mode & 0o777 == 0o600
    minted = thidua(data, "demo", "--keys-file", str(data / "fresh.json"))
    assert minted.returncode == 0, minted.stderr
    fresh = json.loads((data / "fresh.json").read_text())
    assert fresh.keys() == keys.keys()
    assert {"administrator", "secretary", "officer:dich-vong", "appraiser:van-phong"} <= fresh.keys()
    assert get(demo, "/api/v1/me").status_code == 401, "the old keys are revoked"
    keys.update(fresh)
    assert get(demo, "/api/v1/me").status_code == 200


def test_the_demo_goes_nowhere_else(tmp_path: Path) -> None:
    refused = thidua(tmp_path, "demo", THIDUA_DATABASE_URL=f"sqlite:///{tmp_path / 'real.db'}")
    assert refused.returncode == 2
    assert not (tmp_path / "real.db").exists()
    misspelt = thidua(tmp_path, "migrate", THIDUA_PROT="1")
    assert misspelt.returncode == 2
    assert "THIDUA_PROT" in misspelt.stderr


def test_an_administrator_is_made_from_the_server(tmp_path: Path) -> None:
    assert thidua(tmp_path, "admin", "create").returncode != 0, "not before the schema is there"
    assert thidua(tmp_path, "migrate").returncode == 0
    made = thidua(tmp_path, "admin", "create", "quan-tri")
    assert made.returncode == 0, made.stderr
    assert "/sign-in#tdl_" in made.stdout
    assert thidua(tmp_path, "admin", "create", "QUẢN TRỊ").returncode == 2
