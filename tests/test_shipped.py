"""The rulebooks that come with the service: real score sheets, each cap, alternative, stratum and state reconciled by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.rulebooks import shipped
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.load import loaded
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_file import FactsFile
from app.scoring.facts_read import calendar_of, facts_of, marks_of
from tests.second import agreed

TIEN_GIANG = loaded(shipped.text("tien-giang-2022"))[1]
ACCESS = loaded(shipped.text("tiep-can-phap-luat-2022"))[1]
YEAR = {"starts": "2022-01-01", "ends": "2022-12-31"}
FIGURES = {
    "moi-cap-gcn": "100",
    "gcn-ho-gia-dinh": "98.5",
    "gcn-tat-ca": "90",
    "cong-trinh-co-phep": "99.9",
    "rac-do-thi": "98.01",
    "co-so-dat-chuan": "92",
    "xa-thu-gom-tren-2-lan": "100",
    "xa-mo-hinh-nhua": "100",
    "thanh-tra-theo-ke-hoach": "100",
    "so-ho-so": "1000",
    "ho-so-som": "0",
    "ho-so-tre": "0",
}
JANUARY = [{"on": "2022-01-20", "due_on": "2022-01-31"}]
EVENTS: dict[str, Any] = {
    "c4-kenh-rach": 1,
    "c5-huong-dan": 1,
    "c5-ke-hoach-kiem-tra": 1,
    "ke-hoach-cai-cach": JANUARY,
    "van-ban-phat-dong": JANUARY,
    "phat-dong-cai-cach": 1,
    "kiem-tra-cai-cach": 1,
    "bao-cao-thuyet-minh": 1,
    "bang-tu-cham": 1,
}
"""A unit of which nothing is said against: 100 points, and 0.5 for launching the reform movement in writing."""


def sheet(figures: Mapping[str, str | None] | None = None, waivers: list[dict[str, Any]] | None = None, **events: Any) -> Sheet:
    """The clean unit with what differs. Events by kind, `_` for `-`: how many, or each as in a facts file; 0 takes one away."""
    told = [(code, figure) for code, figure in {**FIGURES, **(figures or {})}.items() if figure is not None]
    unit = {
        "unit": "huyen",
        "figures": [{"indicator": code, "period": "2022", "figure": figure} for code, figure in told],
        "events": [
            one for kind, held in (EVENTS | {k.replace("_", "-"): v for k, v in events.items()}).items() for one in _each(kind, held)
        ],
        "waivers": waivers or [],
    }
    terms = {code: {"scheme": "year", "window": YEAR} for code in FIGURES}
    file = FactsFile.model_validate(
        {"instant": "2023-01-10T08:00:00+07:00", "indicators": terms, "units": [unit], "calendar": {"off": ["2022-09-01", "2022-09-02"]}}
    )
    agreed(TIEN_GIANG, calendar_of(file), facts_of(file.units[0], file), {}, file.instant)
    return score(TIEN_GIANG, calendar_of(file), facts_of(file.units[0], file), {}, file.instant, View.APPRAISED)


def _each(kind: str, held: Any) -> list[dict[str, Any]]:
    if isinstance(held, int):
        return [{"event": kind, "on": "2022-05-04", "times": held}] if held else []
    return [{"event": kind, "on": "2022-05-04", **one} for one in held]


def _points(found: Sheet, code: str) -> Decimal:
    return Decimal(found.points("" if code == "total" else code)) / 10**6


def test_a_unit_of_which_nothing_is_said_against_has_its_hundred() -> None:
    found = sheet()
    assert _points(found, "total") == Decimal("100.5")
    standards = {place.code: place.standard // 10**4 for place in TIEN_GIANG.places.values() if place.level in {1, 2}}
    printed = {"1": 8000, "a": 3000, "b": 1500, "C": 2500, "d": 1000, "2": 200, "3": 1000, "4": 300, "5": 500}
    assert {code: standards[code] for code in printed} == printed


UNVERIFIED, LATE_PLAN = [{"verified": False}], [{"on": "2022-04-30", "due_on": "2022-04-14"}]
CASES: list[tuple[str, dict[str, Any], str]] = [
    # a: each cap bites deductions alone
    ("a1", {"a1_cham_trien_khai": 2}, "2"),  # 3 - 2 x 0.5
    ("a1", {"a1_cham_trien_khai": 2, "a1_khong_phoi_hop": 3}, "1.5"),  # 3 - 2.5, held at 1.5
    ("a2", {"a2_cong_bo_ke_hoach": LATE_PLAN}, "2.5"),  # 16 days after approval
    ("a2", {"a2_cong_bo_ke_hoach": [{"on": "2022-04-29", "due_on": "2022-04-14"}]}, "3"),  # 15 days: not more than 15
    ("a2", {"a2_cham_ke_hoach": 2, "a2_su_dung_sai": 1}, "1"),  # 3 - 2.5, held at 2
    ("a3", {"a3_cham_thong_ke": 1, "a3_cham_kiem_ke": 1}, "0.5"),  # 3 - 1 - 1.5
    ("a3", {"a3_cham_thong_ke": 4}, "2"),  # once, however often
    ("a4", {"figures": {"moi-cap-gcn": "99.9"}}, "2.5"),  # not all invited
    ("a4", {"a4_khieu_nai_ho": 2}, "2.5"),  # verified complaints take 1 once
    ("a4", {"a4_khieu_nai_ho": UNVERIFIED}, "3.5"),  # only what was verified
    ("a4", {"figures": {"gcn-ho-gia-dinh": "98.49"}}, "3"),
    ("a4", {"figures": {"moi-cap-gcn": "90", "gcn-ho-gia-dinh": "90"}, "a4_khieu_nai_to_chuc": 4}, "1.5"),  # 3.5, held at 2
    ("a4", {"a4_khieu_nai_to_chuc": UNVERIFIED}, "3.5"),
    ("a4", {"figures": {"gcn-ho-gia-dinh": None}}, "3"),
    ("a4", {"figures": {"moi-cap-gcn": None}}, "2.5"),  # not reported is not reached
    ("a4", {"figures": {"gcn-ho-gia-dinh": "99"}}, "4.5"),  # base met: + 1
    ("a4", {"figures": {"gcn-ho-gia-dinh": "99", "gcn-tat-ca": "95"}}, "5.5"),  # the better of the two: + 2, not + 3
    ("a4", {"figures": {"gcn-ho-gia-dinh": "98.99", "gcn-tat-ca": "95"}}, "3.5"),
    ("a4", {"figures": {"gcn-ho-gia-dinh": "99.5", "gcn-tat-ca": "96"}, "a4_khieu_nai_to_chuc": 1}, "3"),  # base not met: no bonus
    ("a5", {"a5_cham_danh_muc": 3}, "1"),  # held at 2
    ("a6", {"a6_giao_dat_sai": 5}, "1.5"),  # held at 1.5
    ("a7", {"a7_thong_ke_sot": 2, "a7_khong_kiem_tra": 1}, "2.1"),  # 3 - 0.4 - 0.5
    ("a7", {"a7_khong_ke_hoach": 1, "a7_khong_huong_dan": 1, "a7_khong_kiem_tra": 1, "a7_sai_pham": 1, "a7_giai_phap": 4}, "5.5"),
    ("a8", {"a8_bao_cao": 3, "a8_danh_gia_chinh_sach": 1}, "1.5"),  # 2.5, held at 2
    ("a9", {"a9_cham_boi_thuong": 1, "a9_khong_xu_ly": 1, "a9_cham_gia_dat": 1}, "2.5"),  # 3, held at 2.5
    # after 29/8 come 30, 31/8, 5, 6 and 7/9: 01 and 02/9 were off, then a weekend
    ("a9", {"a9_y_kien": [{"on": "2022-08-29", "due_on": "2022-09-07"}]}, "5.1"),
    ("a9", {"a9_y_kien": [{"on": "2022-08-30", "due_on": "2022-09-07"}]}, "5"),
    # b
    ("b1", {"b1_sot_gieng": 5}, "1"),  # 1.25, held at 1
    ("b1", {"b1_sot_gieng": 5, "waivers": [{"node": "b1.1"}]}, "2"),  # all waived
    ("b1", {"b1_sot_gieng": 3, "waivers": [{"node": "b1.1", "occurrences": 2}], "b1_thieu_danh_muc": 2}, "1.25"),  # 2 - 0.25 - 0.5
    ("b2", {"b2_tu_phat_hien": 3}, "6"),  # 1.5, held at 1
    ("b2", {"b2_tinh_phat_hien": 3, "b2_khong_tham_gia": 6, "b2_thieu_cham": 3, "b2_khong_ngan_chan": 3}, "1"),  # each held at 1
    ("b2", {"b2_hoan_thanh_kiem_tra": 1, "b2_khong_tham_gia": 1}, "5.3"),  # 5 + 0.5 - 0.2
    ("b2", {"b2_khong_ke_hoach": 1}, "4.5"),
    ("b3", {"figures": {"cong-trinh-co-phep": "100"}, "b3_thieu_ho_so": 3}, "3.2"),  # 3 + 0.5 - 0.3
    ("b3", {"b3_thieu_ho_so": 30}, "1"),  # held at 2
    ("b4", {"b4_chua_dang_ky": 7, "b4_khong_lap_so": 1, "b4_thieu_bao_cao": 2}, "1"),  # 5 - 3 - 0.5 - 0.5
    # C: the stretches, their open edges
    ("C1", {"figures": {"rac-do-thi": "98.001"}}, "5"),
    ("C1", {"figures": {"rac-do-thi": "96.995"}}, "3"),
    ("C2", {"figures": {"co-so-dat-chuan": "90.001"}}, "5"),
    ("C2", {"figures": {"co-so-dat-chuan": "80"}}, "4"),
    ("C2", {"figures": {"co-so-dat-chuan": "79.995"}}, "3"),
    ("C2", {"figures": {"co-so-dat-chuan": "70"}}, "3"),
    ("C1", {"figures": {"rac-do-thi": "98"}}, "4"),  # the reading chosen
    ("C1", {"figures": {"rac-do-thi": "97"}}, "4"),
    ("C1", {"figures": {"rac-do-thi": "96.99"}}, "3"),
    ("C1", {"figures": {"rac-do-thi": "96"}}, "3"),
    ("C1", {"figures": {"rac-do-thi": "95.99"}}, "0"),
    ("C1", {"figures": {"rac-do-thi": None}}, "0"),
    ("C2", {"figures": {"co-so-dat-chuan": "90"}}, "4"),  # the reading chosen
    ("C2", {"figures": {"co-so-dat-chuan": "79.99"}}, "3"),
    ("C2", {"figures": {"co-so-dat-chuan": "69.99"}}, "0"),
    ("C2", {"figures": {"co-so-dat-chuan": "92"}}, "5"),  # not over 92
    ("C2", {"figures": {"co-so-dat-chuan": "92.5"}}, "5.1"),
    ("C2", {"figures": {"co-so-dat-chuan": "94"}}, "5.3"),  # 0.1 and two full per cent
    ("C2", {"figures": {"co-so-dat-chuan": "100"}}, "5.5"),  # 0.9, held at 0.5
    ("C3.1", {"c3_thieu_van_ban": 9}, "1.5"),  # held at 0.5
    ("C3.1", {"c3_thieu_van_ban": 9, "c3_khong_chi_dao": 1}, "0"),  # 2 - 0.5 - 2, not below 0
    ("C3.2", {"c3_xa_khong_thu_gom": 12, "c3_thieu_so_lan": 11}, "0"),  # 2 and 1
    ("C3.2", {"c3_khong_thu_gom": 1}, "0"),
    ("C3", {"c3_dot_them": 6}, "6"),  # 1.2, held at 1
    ("C3", {"c3_dot_them": 6, "figures": {"xa-thu-gom-tren-2-lan": "99"}}, "5"),  # not in all communes
    ("C4", {"c4_kenh_rach": 0}, "2"),
    ("C4", {"figures": {"xa-mo-hinh-nhua": "99.99"}}, "2"),
    ("C5", {"c5_huong_dan": 0, "c5_ke_hoach_kiem_tra": 0}, "4"),
    ("C5", {"c5_xa_khong_ke_hoach": 7, "c5_xa_khong_giu": 11}, "2"),  # 5 - 1 - 2
    ("C6", {"c6_thieu_tai_lieu": 7}, "0.5"),
    ("C6", {"c6_thieu_tai_lieu": 7, "c6_khong_bao_cao": 1}, "0"),
    # d
    ("d1", {"d1_khong_thuc_hien": 1, "figures": {"thanh-tra-theo-ke-hoach": "50"}}, "0"),  # - 3, not - 5
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": None}}, "0"),  # not reported is not carried out
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "94.99"}}, "1"),
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "95"}}, "2"),
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "0.001"}}, "1"),  # carried out, if hardly
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "100.001"}}, "4"),
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "119.995"}}, "4"),
    ("d1", {"figures": {"thanh-tra-theo-ke-hoach": "120"}}, "5"),
    ("d2", {"d2_cham_trai_luat": 2, "d2_khong_bao_cao": 1, "d2_rut_don": 1, "d2_khong_phoi_hop": 1, "d2_diem_nong_cat": 1}, "3.5"),
    ("d2", {"d2_rut_don": 3}, "9"),  # held at 2
    ("d2", {"d2_cham_trai_luat": 9, "d2_rut_don": 2}, "2"),  # 7 - 7 + 2: each side on its own
    ("d2", {"d2_rut_don": UNVERIFIED}, "7"),
    # TC2
    ("2.1", {"khien_trach": 1}, "0"),
    ("2.1", {"canh_cao": 1}, "0"),  # 1 - 2, not below 0
    ("2.1", {"khien_trach": 1, "waivers": [{"node": "2.1.1"}]}, "1"),
    ("2.2", {"bao_cao_can_bo": [{"on": "2022-06-07", "due_on": "2022-06-10"}, {"on": "2022-06-08", "due_on": "2022-06-10"}]}, "1.5"),
    ("2.1", {"canh_cao": 1, "waivers": [{"node": "2.1.2"}]}, "1"),
    ("2.2", {"bao_cao_can_bo": [{"on": "2022-06-07", "due_on": "2022-06-10", "verified": False}]}, "1"),  # early, but not correct
    ("2.2", {"bao_cao_can_bo": [{"on": "2022-06-11", "due_on": "2022-06-10"}]}, "0"),
    # TC3
    ("3.1", {"ke_hoach_cai_cach": [{"on": "2022-02-01", "due_on": "2022-01-31"}]}, "1.5"),
    ("3.1.1", {"ke_hoach_cai_cach": [{"on": "2022-02-01", "due_on": "2022-01-31"}, {"on": "2022-03-01", "due_on": "2022-01-31"}]}, "-0.5"),
    ("3.1", {"ke_hoach_cai_cach": 0}, "0"),
    ("3.2", {"phat_dong_cai_cach": 0, "kiem_tra_cai_cach": 0}, "1"),  # 2 - 0.5 - 0.5
    ("3.3", {"nhung_nhieu": 1}, "4"),
    ("3.3", {"nhung_nhieu": UNVERIFIED}, "6"),
    ("3.3", {"nhung_nhieu": 4}, "0"),  # - 8, not below 0
    # TC4, TC5
    ("4.1", {"van_ban_phat_dong": [{"on": "2022-02-01", "due_on": "2022-01-31"}]}, "0"),
    ("4.1.1", {"van_ban_phat_dong": [{"on": "2022-02-01", "due_on": "2022-01-31"}, {"on": "2022-03-01", "due_on": "2022-01-31"}]}, "-1"),
    ("4.1", {"van_ban_phat_dong": 0}, "0"),
    ("4.2", {"khong_tham_gia_phong_trao": 2}, "0"),  # 0.5 - 1, not below 0
    ("4.3", {"bai_dang": 6, "quy_khong_bai": 1}, "2"),  # 1.5 + 1 - 0.5
    ("4.3", {"quy_khong_bai": 4}, "0"),
    ("5.1", {"bao_cao_cham": 5}, "0"),
    ("5.2", {"phoi_hop_cham": 3, "khong_phoi_hop": 1}, "0.5"),  # 3 - 1.5 - 1
    ("5.2", {"phoi_hop_cham": 7, "khong_phoi_hop": 4}, "0"),
    # outside the year of the sheet
    ("a1", {"a1_cham_trien_khai": [{"on": "2021-12-31"}, {"on": "2023-01-01"}]}, "3"),
]


@pytest.mark.parametrize(("code", "changed", "wanted"), CASES, ids=[f"{n}-{code}" for n, (code, *_) in enumerate(CASES)])
def test_each_rule_of_tien_giang_by_hand(code: str, changed: dict[str, Any], wanted: str) -> None:
    assert _points(sheet(**changed), code) == Decimal(wanted)


LEAVES: list[tuple[str, str, str, str]] = [
    # item, event, points of one, points of twenty: its own limit or none
    ("a1.1", "a1-cham-trien-khai", "-0.5", "-10"),
    ("a1.2", "a1-khong-phoi-hop", "-0.5", "-10"),
    ("a2.1", "a2-cham-ke-hoach", "-1", "-20"),
    ("a2.3", "a2-su-dung-sai", "-0.5", "-10"),
    ("a3.1", "a3-cham-thong-ke", "-1", "-1"),
    ("a3.2", "a3-cham-kiem-ke", "-1.5", "-1.5"),
    ("a4.1.1", "a4-khieu-nai-ho", "-1", "-1"),
    ("a4.1.3", "a4-khieu-nai-to-chuc", "-0.5", "-10"),
    ("a5.1", "a5-cham-danh-muc", "-1", "-20"),
    ("a6.1", "a6-giao-dat-sai", "-0.5", "-10"),
    ("a7.1", "a7-khong-ke-hoach", "-0.5", "-0.5"),
    ("a7.2", "a7-thong-ke-sot", "-0.2", "-4"),
    ("a7.3", "a7-khong-huong-dan", "-0.5", "-0.5"),
    ("a7.4", "a7-khong-kiem-tra", "-0.5", "-0.5"),
    ("a7.5", "a7-sai-pham", "-0.5", "-0.5"),
    ("a7.6", "a7-giai-phap", "1", "20"),
    ("a8.1", "a8-bao-cao", "-0.5", "-10"),
    ("a8.2", "a8-danh-gia-chinh-sach", "-1", "-1"),
    ("a9.1", "a9-cham-boi-thuong", "-1", "-1"),
    ("a9.2", "a9-khong-xu-ly", "-1", "-1"),
    ("a9.3", "a9-cham-gia-dat", "-1", "-1"),
    ("b1.1", "b1-sot-gieng", "-0.25", "-1"),
    ("b1.2", "b1-thieu-danh-muc", "-0.25", "-5"),
    ("b2.1", "b2-tu-phat-hien", "0.5", "1"),
    ("b2.2", "b2-tinh-phat-hien", "-0.5", "-1"),
    ("b2.3", "b2-khong-tham-gia", "-0.2", "-1"),
    ("b2.4", "b2-thieu-cham", "-0.5", "-1"),
    ("b2.5", "b2-hoan-thanh-kiem-tra", "0.5", "0.5"),
    ("b2.6", "b2-khong-ke-hoach", "-0.5", "-0.5"),
    ("b2.7", "b2-khong-ngan-chan", "-0.5", "-1"),
    ("b3.2", "b3-thieu-ho-so", "-0.1", "-2"),
    ("b4.1", "b4-chua-dang-ky", "-0.5", "-3"),
    ("b4.2", "b4-khong-lap-so", "-0.5", "-0.5"),
    ("b4.3", "b4-thieu-bao-cao", "-0.25", "-5"),
    ("C3.1.1", "c3-thieu-van-ban", "-0.1", "-0.5"),
    ("C3.1.2", "c3-khong-chi-dao", "-2", "-2"),
    ("C3.2.1", "c3-xa-khong-thu-gom", "-0.2", "-2"),
    ("C3.2.2", "c3-thieu-so-lan", "-0.1", "-1"),
    ("C3.2.3", "c3-khong-thu-gom", "-3", "-3"),
    ("C3.3", "c3-dot-them", "0.2", "1"),
    ("C4.1", "c4-kenh-rach", "2", "2"),
    ("C5.1.1", "c5-huong-dan", "0.5", "0.5"),
    ("C5.1.2", "c5-ke-hoach-kiem-tra", "0.5", "0.5"),
    ("C5.2.1", "c5-xa-khong-ke-hoach", "-0.2", "-1"),
    ("C5.3.1", "c5-xa-khong-giu", "-0.2", "-2"),
    ("C6.1", "c6-thieu-tai-lieu", "-0.1", "-0.5"),
    ("C6.2", "c6-khong-bao-cao", "-1", "-1"),
    ("d1.1.1", "d1-khong-thuc-hien", "-3", "-3"),
    ("d2.1", "d2-cham-trai-luat", "-1", "-20"),
    ("d2.2", "d2-khong-bao-cao", "-1", "-20"),
    ("d2.3", "d2-rut-don", "1", "2"),
    ("d2.4", "d2-khong-phoi-hop", "-0.5", "-10"),
    ("d2.5", "d2-diem-nong-cat", "-1", "-1"),
    ("2.1.1", "khien-trach", "-1", "-20"),
    ("2.1.2", "canh-cao", "-2", "-40"),
    ("3.2.1", "phat-dong-cai-cach", "0.5", "0.5"),
    ("3.3.3", "nhung-nhieu", "-2", "-40"),
    ("4.2.1", "khong-tham-gia-phong-trao", "-0.5", "-10"),
    ("4.3.1", "bai-dang", "0.2", "1"),
    ("4.3.2", "quy-khong-bai", "-0.5", "-10"),
    ("5.1.1", "bao-cao-cham", "-0.5", "-10"),
    ("5.2.1", "phoi-hop-cham", "-0.5", "-3"),
    ("5.2.2", "khong-phoi-hop", "-1", "-3"),
]


@pytest.mark.parametrize(("code", "event", "one", "twenty"), LEAVES, ids=[code for code, *_ in LEAVES])
def test_each_occurrence_and_each_limit_of_an_item(code: str, event: str, one: str, twenty: str) -> None:
    assert [_points(sheet(None, None, **{event: times}), code) for times in (1, 20)] == [Decimal(one), Decimal(twenty)]


EARLY = {900: ["0.5", "1", "1.5", "2"], 1000: ["1", "1.5", "2", "2.5"], 2000: ["1.2", "1.7", "2.2", "2.7"]}
LATE = {900: ["1", "1.5", "2", "2.5"], 1000: ["0.5", "1", "1.5", "2"], 2000: ["0.2", "0.7", "1.2", "1.7"]}


@pytest.mark.parametrize("volume", EARLY)
def test_every_stratum_of_handled_files(volume: int) -> None:
    """Shares at each edge: 1, 5, 7 and 10 per cent begin their stretch; under 1 per cent early gives nothing, late takes the first."""
    for n, share in enumerate((1, 5, 7, 10)):
        handled = {"so-ho-so": str(volume), "ho-so-som": str(volume * share // 100)}
        assert _points(sheet(handled), "3.3") == 6 + Decimal(EARLY[volume][n])
        below = {"so-ho-so": str(volume), "ho-so-som": str(volume * share // 100 - 1)}
        assert _points(sheet(below), "3.3") == 6 + (Decimal(EARLY[volume][n - 1]) if n else 0)
    for n, (share, first) in enumerate(((0, 1), (1, 0), (7, 0), (10, 0))):
        late = {"so-ho-so": str(volume), "ho-so-som": str(volume), "ho-so-tre": str(volume * share // 100 + first)}
        assert _points(sheet(late), "3.3") == 6 - Decimal(LATE[volume][n]), "with a late file no early bonus"


@pytest.mark.parametrize("kind", ["bao_cao_thuyet_minh", "bang_tu_cham"])
def test_without_its_papers_a_unit_is_not_rated(kind: str) -> None:
    found = sheet(None, None, **{kind: 0})
    assert [(one.gate, one.state.value) for one in found.states] == [("tu-cham-diem", "not_rated")]
    assert sheet().states == ()


def test_a_full_sheet_reconciled_by_hand() -> None:
    """One district, every section touched; the sums are worked on paper."""
    found = sheet(
        {"gcn-ho-gia-dinh": "99.2", "gcn-tat-ca": "96", "rac-do-thi": "97.4", "co-so-dat-chuan": "93", "thanh-tra-theo-ke-hoach": "110"}
        | {"so-ho-so": "2400", "ho-so-som": "170"},
        [{"node": "b1.1", "occurrences": 1}],
        a1_cham_trien_khai=1,  # a1 2.5
        a7_thong_ke_sot=1,  # a7 3 - 0.2 + 1 = 3.8
        a7_giai_phap=1,
        b1_sot_gieng=2,  # b1 2 - 0.25 = 1.75
        b2_tu_phat_hien=1,  # b2 5 + 0.5 = 5.5
        d2_khong_phoi_hop=1,  # d2 6.5
        khong_tham_gia_phong_trao=1,  # 4.2 0
        bai_dang=3,  # 4.3 1.5 + 0.6 = 2.1
        bao_cao_cham=1,  # 5.1 1.5
    )
    wanted = {
        "a": "32.3",  # 2.5 + 3 + 3 + (3.5 + 2) + 3 + 3 + 3.8 + 3.5 + 5
        "b": "15.25",  # 1.75 + 5.5 + 3 + 5
        "C": "24.2",  # 4 + (5 + 0.1 + 0.1 = 5.2: one over 92 by 1) + 5 + 4 + 5 + 1
        "d": "10.5",  # 3 + 1, and 6.5
        "1": "82.25",
        "2": "2",
        "3": "12.7",  # 2 + 2.5 + 6 + 2.2: 170 of 2,400 are 7.08 per cent
        "4": "3.1",  # 1 + 0 + 2.1
        "5": "4.5",  # 1.5 + 3
        "total": "104.55",
    }
    assert {code: _points(found, code) for code in wanted} == {code: Decimal(points) for code, points in wanted.items()}


def test_what_the_sheet_leaves_open_is_said_and_warned_of() -> None:
    found = {(one.slug, one.path) for one in warnings(TIEN_GIANG)}
    assert {slug for slug, _ in found} == {"no-alternate", "uncapped-bonus"}
    assert len(TIEN_GIANG.document.readings) == 12
    assert not TIEN_GIANG.document.synthetic


def access(total: list[str], grade: str = "dat", disciplined: int = 0) -> Sheet:
    codes = ["1.1", "2.1", "3.1", "4.1", "5.1"]
    unit = {
        "unit": "phuong",
        "results": [{"assessment": "an-ninh-trat-tu", "grade": grade}],
        "marks": [{"node": code, "stage": "appraised", "points": points} for code, points in zip(codes, total, strict=True)],
        "events": _each("ky-luat-nguoi-dung-dau", disciplined),
    }
    file = FactsFile.model_validate({"instant": datetime(2023, 1, 10, tzinfo=UTC), "units": [unit]})
    agreed(ACCESS, calendar_of(file), facts_of(file.units[0], file), marks_of(file.units[0]), file.instant)
    return score(ACCESS, calendar_of(file), facts_of(file.units[0], file), marks_of(file.units[0]), file.instant, View.APPRAISED)


@pytest.mark.parametrize(
    ("found", "total", "rating"),
    [
        (access(["10", "25", "12", "14", "15"]), "81", "dat-chuan"),
        (access(["10", "25", "12", "14", "14"]), "80", "dat-chuan"),  # reached exactly
        (access(["10", "25", "12", "14", "13.99"]), "79.99", "chua-dat"),
        (access(["4.99", "30", "15", "20", "20"]), "94.99", "chua-dat"),  # criterion 1 under half of 10
        (access(["5", "30", "15", "20", "20"]), "95", "dat-chuan"),  # half exactly
        (access(["10", "30", "15", "20", "7.5"]), "87.5", "dat-chuan"),  # criterion 5: 7.5 + 5 of 25, half exactly
        (access(["10", "30", "15", "20", "7.5"], grade="chua-dat"), "82.5", "chua-dat"),  # the linked grade takes criterion 5 under half
        (access(["10", "30", "15", "20", "20"], disciplined=1), "100", "chua-dat"),
    ],
)
def test_access_to_law_meets_its_standard_only_as_a_whole(found: Sheet, total: str, rating: str) -> None:
    assert found.rated is not None
    assert (_points(found, "total"), found.rated.proposed) == (Decimal(total), rating)
    assert found.rated.reasons or rating == found.rated.by_total


def test_shipped_rulebooks_are_read_and_named_after_themselves() -> None:
    assert len(shipped.names()) >= 4
    for name in shipped.names():
        assert loaded(shipped.text(name))[1].code == name
    with pytest.raises(FileNotFoundError):
        shipped.text("../secrets")
