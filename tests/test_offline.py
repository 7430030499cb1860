"""Without a server: rulebooks read, refused, warned of and compared; facts files scored."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from app.cli import main
from app.rulebooks.language.compile import canonical
from app.rulebooks.language.ground import Faulty
from app.rulebooks.language.load import checked
from app.rulebooks.language.text import plain_yaml
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.facts_file import FactsFile
from app.scoring.facts_read import calendar_of, facts_of
from tests.examples import DEFAULTS, YEAR, document, examples, item, titled


@pytest.mark.parametrize("written", [document(item()), document(item(waivable=False), quotas=[], gates=[])], ids=["short", "spelt out"])
def test_what_is_kept_reads_back_with_the_same_digest(written: dict[str, Any]) -> None:
    """Only what was written is kept, so that a field which the language adds later changes no digest."""
    first, rulebook = checked(written)
    kept = json.loads(canonical(first))
    assert set(kept) == set(written)
    assert checked(kept)[1].digest == rulebook.digest


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    example = examples()[0]
    facts = next(iter(example.cases()))[0]
    terms = {"thu-nsnn": {"window": YEAR}}
    held = {
        "rulebook": example.document,
        "newer": {
            **example.document,
            "version": 2,
            "items": [{**example.document["items"][0], "maximum": 50}, example.document["items"][1]],
        },
        "facts": {"instant": "2022-12-31T12:00:00+07:00", "indicators": terms, "units": [{"unit": "dich-vong", **facts}]},
    }
    for name, written in held.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return {name: str(tmp_path / f"{name}.yaml") for name in held}


def test_a_facts_file_is_scored(files: dict[str, str]) -> None:
    asked = ("score", "--rulebook", files["rulebook"], "--facts", files["facts"])
    told = run(*asked)
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[0] == "dich-vong  87.75  #1"
    assert "195 trên chỉ tiêu 200: 97,5 %. 50 × 97,5 / 100 = 48,75 điểm." in told.output
    [sheet] = json.loads(run(*asked, "--json", "--en").output)
    assert [line["points"] for line in sheet["lines"]] == ["87.75", "52.75", "48.75", "4", "35", "-5"]
    early = json.loads(run(*asked, "--json", "--until", "2022-05-06").output)[0]
    assert early["total"] == "40", "neither the figure of December nor the late report of 7 May is there yet"


def test_rulebooks_are_read_checked_and_compared(files: dict[str, str]) -> None:
    read = run("rulebook", "explain", files["rulebook"])
    assert "1.1  Tỷ lệ hoàn thành chỉ tiêu thu (chuẩn 50; từ không hạn chế đến 55) — Điểm chuẩn 50" in read.output
    linted = run("rulebook", "lint", files["rulebook"])
    assert (linted.exit_code, linted.output) == (0, "")
    compared = run("rulebook", "diff", files["rulebook"], files["newer"], "--facts", files["facts"])
    assert compared.output.splitlines() == ["dich-vong  87.75 → 85 (-2.75)", "  1  52.75 → 50"]


def test_gates_and_classes_are_read_and_compared(files: dict[str, str], tmp_path: Path) -> None:
    class_ = {"rating": "Tốt", "title": {"vi": "Hoàn thành tốt"}, "total": {"at_least": "50"}}
    low = {"measure": {"kind": "figure", "indicator": "thu-nsnn"}, "less_than": "1000"}
    gate = {"code": "g", "title": {"vi": "Thu thấp"}, "state": "excluded", "when": low, "clause": "Không xét."}
    held = plain_yaml(Path(files["rulebook"]).read_text(encoding="utf-8"))
    other = tmp_path / "other.json"
    other.write_text(json.dumps(held | {"gates": [gate], "ratings": {"classes": [class_], "otherwise": "Chưa xếp"}}, default=str))
    read = run("rulebook", "explain", str(other)).output.splitlines()
    assert read[-4:] == [
        "× g  Thu thấp → Không xét — Không xét.",
        "= Tốt  Hoàn thành tốt: ≥ 50",
        "= Chưa xếp: các trường hợp còn lại",
        "# Bằng điểm thì xét lần lượt điểm các mục 1.1.",
    ]
    compared = run("rulebook", "diff", files["rulebook"], str(other), "--facts", files["facts"])
    assert compared.output.splitlines() == ["dich-vong  87.75 → 87.75 (0)", "  – → Không xét (g), Tốt"]


def test_a_wrong_file_ends_with_its_place(files: dict[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    for text, place in (("a: &a 1\nb: *a", "line 1"), ("rulebook: x", "version"), (b"\xff".decode("latin-1"), "wrong.yaml")):
        wrong.write_text(text, encoding="utf-8")
        told = run("rulebook", "lint", str(wrong))
        assert told.exit_code == 2
        assert place in told.output
    wrong.write_text("instant: 2022\nunits: []", encoding="utf-8")
    assert run("score", "--rulebook", files["rulebook"], "--facts", str(wrong)).exit_code == 2


WRITTEN = """instant: 2022-12-31T12:00:00+07:00
indicators:
  x: {window: {starts: 2022-01-01, ends: 2022-12-31}}
units:
  - unit: a
    events:
      - {event: thang, on: 2022-05-01, times: 1.5}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", "facts.yaml:7: units/0/events/0/times: Cần một số nguyên"),
        ("+07:00", "", "facts.yaml:1: instant: Cần thời điểm có múi giờ"),
        (
            "1.5",
            "1}\n    figures:\n      - {indicator: y, period: 2022-05, figure: 1",
            "facts.yaml:9: units/0/figures/0/indicator: Chỉ tiêu y",
        ),
        ("1.5", "1}\n    children:\n      - unit: b\n      - unit: b\n        opens_on: {", "facts.yaml:11: units/0/children/1/opens_on: "),
        ("1.5", "1}\n    children:\n      - unit: b\n      - {unit: b", "facts.yaml:10: units/0/children/1: Nội dung này ghi hai lần"),
    ],
    ids=range(5),
)
def test_a_fault_in_a_facts_file_names_its_line(files: dict[str, str], tmp_path: Path, old: str, new: str, told: str) -> None:
    wrong = tmp_path / "facts.yaml"
    wrong.write_text(WRITTEN.replace(old, new), encoding="utf-8")
    refused = run("score", "--rulebook", files["rulebook"], "--facts", str(wrong))
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output


REVERSED = {"thu-nsnn": {"window": {"starts": "2022-12-31", "ends": "2022-01-01"}}}
WRONG: list[tuple[str, Any, str]] = [
    ("figures", [{"indicator": "la", "period": "2022-12", "figure": 1}], "figures/0/indicator: Chỉ tiêu la chưa được mô tả ở indicators."),
    ("figures", [{"indicator": "thu-nsnn", "period": "2022-13", "figure": 1}], "figures/0/period: 2022-13 không phải là một kỳ"),
    ("figures", {"indicator": "thu-nsnn"}, "units/0/figures: Cần một danh sách"),
    ("figures", [{"indicator": "thu-nsnn", "period": "2022-12", "figure": "1e3"}], "units/0/figures/0/figure: "),
    ("mark", [], "units/0/mark: "),
    ("results", [{"assessment": "a", "number": 1}, {"assessment": "a", "number": 2}], "results/1: Nội dung này ghi hai lần"),
    ("targets", [{"indicator": "la", "assigned": 1}], "targets/0/indicator: Chỉ tiêu la chưa được mô tả"),
    ("children", [{"unit": "a"}, {"unit": "a"}], "children/1: Nội dung này ghi hai lần"),
    ("children", [{"unit": "a", "figures": [{"indicator": "la", "period": "2022-12", "figure": 1}]}], "children/0/figures/0/indicator: "),
]


@pytest.mark.parametrize(("name", "value", "told"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_facts_file_is_refused_in_a_line(files: dict[str, str], tmp_path: Path, name: str, value: Any, told: str) -> None:
    held = plain_yaml(Path(files["facts"]).read_text(encoding="utf-8"))
    held["units"][0][name] = value
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(held, default=str), encoding="utf-8")
    for command in (["score", "--rulebook", files["rulebook"]], ["rulebook", "diff", files["rulebook"], files["newer"]]):
        refused = run(*command, "--facts", str(broken))
        assert (refused.exit_code, len(refused.output.splitlines()), told in refused.output) == (2, 1, True), refused.output
    held = plain_yaml(Path(files["facts"]).read_text(encoding="utf-8"))
    changes = (({"units": held["units"] * 2}, "units/1: "), ({"indicators": REVERSED}, "indicators/thu-nsnn/window/ends: "))
    for change, place in changes:
        broken.write_text(json.dumps(held | change, default=str), encoding="utf-8")
        assert place in run("score", "--rulebook", files["rulebook"], "--facts", str(broken)).output
    late = run("score", "--rulebook", files["rulebook"], "--facts", files["facts"], "--until", "2022-02-30", "--en")
    assert (late.exit_code, late.output.startswith("thidua: --until: ")) == (2, True)


def test_bonuses_are_not_scaled_with_what_applies() -> None:
    """Found by a stranger to the code: a bonus capped at 5 became 10 when half of the sheet was left out."""
    items = [
        item("A", standard=50, maximum=50),
        item("B", {"kind": "figure", "indicator": "y"}, standard=50, maximum=50, missing="excluded"),
        item("C", {"kind": "events", "events": ["p"]}, {"shape": "each", "points": 1, "limit": 9}, counts_as="bonus"),
    ]
    rulebook = checked(document(*items, rebased=True, bonuses_at_most=5))[1]
    figures, events = [{"indicator": "x", "period": "2022-12", "figure": 40}], [{"event": "p", "on": "2022-05-01", "times": 9}]
    unit = {"unit": "u", "figures": figures, "events": events}
    window = {"window": YEAR}
    file = FactsFile.model_validate({"instant": "2022-12-31T12:00:00+07:00", "indicators": {"x": window, "y": window}, "units": [unit]})
    found = score(rulebook, calendar_of(file), facts_of(file.units[0], file), {}, file.instant, View.APPRAISED)
    assert found.total == 85 * 10**6


def test_a_tower_of_groups_is_refused_for_what_it_is() -> None:
    tower = titled(item("z"))
    for n in range(1000):
        tower = {"code": f"d{n}", "title": {"vi": "T"}, "items": [tower]}
    with pytest.raises(Faulty) as refused:
        checked({**DEFAULTS, "items": [tower]})
    assert refused.value.fault == "too-deep"


STRANGE: list[tuple[str, Any, str]] = [
    ("marks", [{"node": "la", "stage": "decided", "points": 1}], "marks/0/node: "),
    ("marks", [{"node": "1", "stage": "decided", "points": 999}], "marks/0/points: "),
    ("marks", [{"node": "1.2", "stage": "decided", "points": -1}], "marks/0/points: "),
    ("waivers", [{"node": "la"}], "waivers/0/node: "),
    ("waivers", [{"node": "1.1"}], "waivers/0/node: Mục 1.1 không cho miễn trừ"),
    ("marks", [{"node": "1.1", "stage": "decided", "points": 3}, {"node": "1.1", "stage": "claimed", "points": 999}], ""),
    (
        "events",
        [{"event": "bao-cao-cham", "on": "2022-05-07"}, {"event": "bao-cham", "on": "2022-05-07"}],
        "events/1/event: Bảng tiêu chí này",
    ),
    ("results", [{"assessment": "la", "number": 1}], "results/0/assessment: Bảng tiêu chí này không dùng đến “la”"),
    ("figures", [{"indicator": "thu-nsnn", "period": "2023-01", "figure": 1}], "figures/0/period: Kỳ 2023-01 kết thúc ngoài thời gian"),
    ("children", [{"unit": "b", "events": [{"event": "la", "on": "2022-05-07"}]}], "children/0/events/0/event: "),
]


@pytest.mark.parametrize(("name", "value", "told"), STRANGE, ids=range(len(STRANGE)))
def test_marks_and_waivers_without_a_place_are_told_beside_the_sheet(
    files: dict[str, str], tmp_path: Path, name: str, value: Any, told: str
) -> None:
    """Another version of the rulebook may have a place for them, so they are not refused."""
    held = plain_yaml(Path(files["facts"]).read_text(encoding="utf-8"))
    held["units"][0][name] = value
    strange = tmp_path / "strange.json"
    strange.write_text(json.dumps(held, default=str), encoding="utf-8")
    scored = run("score", "--rulebook", files["rulebook"], "--facts", str(strange), "--json")
    assert (scored.exit_code, len(json.loads(scored.stdout)), told in scored.stderr, bool(scored.stderr)) == (0, 1, True, bool(told))


STRANGE_FACTS = """instant: 2022-12-31T12:00:00+07:00
units:
  - unit: a
    results:
      - {assessment: so, grade: A}
      - {assessment: muc, number: 1}
  - unit: b
    results:
      - {assessment: so, number: 1}
      - {assessment: muc, grade: A}
"""


def test_a_result_of_the_wrong_sort_is_told_with_its_line(tmp_path: Path) -> None:
    lettered = {"shape": "grades", "grades": [{"grade": "A", "points": "1"}], "otherwise": "0"}
    by_grade = item("B", {"kind": "grade", "assessment": "muc"}, lettered)
    (tmp_path / "book.json").write_text(json.dumps(document(item("A", {"kind": "result", "assessment": "so"}), by_grade)), encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(STRANGE_FACTS, encoding="utf-8")
    told = run("score", "--rulebook", str(tmp_path / "book.json"), "--facts", str(tmp_path / "facts.yaml"))
    assert told.stderr.splitlines() == [
        "thidua: facts.yaml:5: units/0/results/0: Bảng tiêu chí hỏi số (number) của “so”, không phải mức xếp loại.",
        "thidua: facts.yaml:6: units/0/results/1: Bảng tiêu chí hỏi mức xếp loại (grade) của “muc”, không phải số.",
    ]


def test_a_warning_names_its_line(tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(yaml.safe_dump(document(item("A", award={"shape": "each", "points": "1"})), sort_keys=False), encoding="utf-8")
    at = book.read_text(encoding="utf-8").splitlines().index("- title:") + 1
    told = run("rulebook", "lint", str(book))
    assert (told.exit_code, told.output) == (1, f"book.yaml:{at}: items/0: uncapped: Mục A không có mức cao nhất.\n")


QUOTA_BOOK: dict[str, Any] = {
    **DEFAULTS,
    "items": [titled(item("A", {"kind": "result", "assessment": "a"}, {"shape": "value"}))],
    "gates": [
        {
            "code": "kn",
            "title": {"vi": "Khiếu nại"},
            "state": "deferred",
            "when": {"measure": {"kind": "events", "events": ["khieu-nai"]}, "at_least": 1},
            "clause": "Đang có khiếu nại thì chưa xét.",
        }
    ],
    "ratings": {"classes": [{"rating": "Tốt", "title": {"vi": "Tốt"}, "total": {"at_least": 5}}], "otherwise": "Khá"},
    "quotas": [
        {"code": "xet", "share": 50, "of": "registered"},
        {"code": "tot", "rating": "Tốt", "share": 50, "of": "rated:Tốt", "rounding": "up"},
        {"code": "nhat", "share": 34, "of": "quota:xet", "rounding": "up"},
    ],
}


def test_gates_and_quotas_are_printed(tmp_path: Path) -> None:
    """Four registered, three ranked; b and c share the second place, where the quota of two cuts."""
    units = [
        {"unit": unit, "results": [{"assessment": "a", "number": number}]} for unit, number in (("a", 9), ("b", 6), ("c", 6), ("d", 8))
    ]
    units[3]["events"] = [{"event": "khieu-nai", "on": "2022-05-01"}]
    held = {"rulebook": QUOTA_BOOK, "facts": {"instant": "2022-12-31T12:00:00+07:00", "units": units}}
    for name, written in held.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(written), encoding="utf-8")
    asked = ("score", "--rulebook", str(tmp_path / "rulebook.json"), "--facts", str(tmp_path / "facts.json"))
    told = run(*asked).output.splitlines()
    assert [line for line in told if line.startswith("d  ")] == ["d  8  Chưa xét (kn)  Tốt"]
    assert "  × Đang có khiếu nại thì chưa xét." in told
    shared = "Cùng hạng ở mức cuối, do người có thẩm quyền quyết định: b, c."
    assert told[-3:] == [
        f"xet: 50 % của 4 đơn vị đăng ký là 2 suất: a. {shared}",
        f"tot (Tốt): 50 % của 3 đơn vị được đề nghị xếp loại Tốt là 2 suất: a. {shared}",
        "nhat: 34 % của 2 suất của xet là 1 suất: a.",
    ]
    assert run("rulebook", "explain", str(tmp_path / "rulebook.json")).output.splitlines()[-6:] == [
        "× kn  Khiếu nại → Chưa xét — Đang có khiếu nại thì chưa xét.",
        "= Tốt  Tốt: ≥ 5",
        "= Khá: các trường hợp còn lại",
        "% xet: 50 % số đơn vị đăng ký",
        "% tot (Tốt): 50 % số đơn vị được đề nghị xếp loại Tốt",
        "% nhat: 34 % số suất của xet",
    ]
    sheets = json.loads(run(*asked, "--json").output)
    assert [[one["stands"] for one in sheet["quotas"]] for sheet in sheets] == [
        ["within", "within", "within"],
        ["at the cut", "at the cut", "outside"],
        ["at the cut", "at the cut", "outside"],
        ["outside", "outside", "outside"],
    ]
