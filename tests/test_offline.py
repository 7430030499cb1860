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
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.load import checked, plain_yaml
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.facts_file import FactsFile, calendar_of, facts_of
from tests.examples import DEFAULTS, YEAR, examples, titled

FIGURE = {"kind": "figure", "indicator": "x"}
VALUE = {"shape": "value"}


def document(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**DEFAULTS, **fields, "items": [titled(item) for item in items]}


def item(code: str = "A", measure: Any = None, award: Any = None, **fields: Any) -> dict[str, Any]:
    return {"code": code, "measure": measure or FIGURE, "award": award or VALUE, **fields}


def bands(*held: dict[str, str]) -> dict[str, Any]:
    return {"shape": "bands", "bands": [{**band, "points": "1"} for band in held], "otherwise": "0"}


WARNED: list[tuple[dict[str, Any], list[str]]] = [
    (document(item(award=bands({"more_than": "98"}, {"at_least": "97", "less_than": "98"}))), ["bands-gap"]),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "97", "less_than": "98"}))), []),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "97", "at_most": "98"}))), ["bands-overlap"]),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "90", "at_most": "97"}))), ["bands-gap"]),
    (document(item(award={"shape": "each", "points": "1"}, counts_as="bonus")), ["uncapped-bonus"]),
    (document(item(award={"shape": "each", "points": "1"}, counts_as="bonus"), bonuses_at_most="3"), []),
    (document(item(award={"shape": "each", "points": "1", "limit": "3"}, counts_as="bonus")), []),
    (document(item()), ["uncapped"]),
    (document({"code": "G", "maximum": "10", "items": [item(award=bands({"at_least": "98"}))]}), ["maximum-never-reached"]),
    (document({"code": "G", "maximum": "1", "items": [item(award=bands({"at_least": "98"}), standard="2")]}), ["standard-over-maximum"]),
    (document(item(award={"shape": "each", "points": "0"})), ["gives-nothing"]),
    (document({"code": "A", "measure": {"kind": "mark", "maximum": "3"}}), ["nobody-appraises"]),
    (document({"code": "A", "measure": {"kind": "mark", "maximum": "3"}, "appraiser": "noi-vu"}), ["no-alternate"]),
]


@pytest.mark.parametrize(("written", "slugs"), WARNED, ids=range(len(WARNED)))
def test_what_looks_wrong_is_warned_of(written: dict[str, Any], slugs: list[str]) -> None:
    assert [one.slug for one in warnings(checked(written)[1])] == slugs


def chain(length: int) -> list[dict[str, Any]]:
    return [item(f"n{n}", {"kind": "points", "node": f"n{(n + 1) % length}"}) for n in range(length)]


def tower(depth: int) -> dict[str, Any]:
    found = item("bottom")
    for n in range(depth):
        found = {"code": f"g{n}", "items": [found]}
    return found


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (document(item(measure={"kind": "points", "node": "A"})), "items/0", "cycle"),
    (document(*chain(3)), "items/", "cycle"),
    (document(*chain(500)), "items/", "cycle"),
    (document(tower(20)), "items/0", "too-deep"),
    (document(item(measure={"kind": "points", "node": "Z"})), "items/0/measure", "no-such-node"),
    (document(item("total")), "items/0/code", "code-total"),
    (document(item(), item()), "items/1/code", "code-twice"),
    (document(item(), rounding=None), "items/0/rounding", "needs-rounding"),
    (
        document({"code": "G", "rebased": True, "items": [item(award=bands({"at_least": "1"}))]}, rounding=None),
        "items/0/rounding",
        "needs-rounding",
    ),
    (document(item(when={"met": ["B"]}), item("B")), "items/0/when", "no-standard"),
    (document(item(when={"nodes": ["B"], "graded": ["A"]}), item("B")), "items/0/when", "no-grades"),
    (document(item(measure={"kind": "percent_of_maximum", "node": "B"}), item("B")), "items/0/measure", "no-maximum"),
    (document(item(measure={"kind": "grade", "assessment": "a"})), "items/0/award", "grades-for-grades"),
    (document(item(measure={"kind": "ratio", "of": {"kind": "mark", "maximum": "1"}, "to": FIGURE})), "items/0/measure/of", "mark-within"),
    (document(item(measure={"kind": "children", "of": FIGURE, "take": "ratio_of_sums"})), "items/0/measure/of", "ratio-needed"),
    (
        document(item(measure={"kind": "children", "of": {"kind": "points", "node": "A"}, "take": "sum"})),
        "items/0/measure/of",
        "nodes-of-children",
    ),
    (document(item(award=bands({"at_least": "2", "less_than": "2"}))), "items/0/award/bands/0", "crossed-edges"),
    (document(item(), window={"starts": "2022-02-01", "ends": "2022-01-01"}), "window/ends", "before-its-start"),
    (document(item(), quotas=[{"code": "q", "share": "20", "of": "quota:q"}]), "quotas/0/of", "no-such-name"),
    (document(item(award={"shape": "each", "points": "1e3"})), "items/0/award/points", "wrong-number"),
    (document(item(award={"shape": "no-such", "points": "1"})), "items/0/award", "not-a-choice"),
    (document(item(standard="9" * 400)), "items/0/standard", "wrong-number"),
    (document(item(), surplus="x"), "surplus", "unknown-field"),
    (document({"code": "A", "measure": FIGURE}), "items/0/award", "missing"),
    (document(*[item(f"n{n}") for n in range(501)]), "items", "too-large"),
]


@pytest.mark.parametrize(("written", "path", "fault"), REFUSED, ids=[f"{n}-{fault}" for n, (_, _, fault) in enumerate(REFUSED)])
def test_what_cannot_be_is_refused_at_its_place(written: dict[str, Any], path: str, fault: str) -> None:
    with pytest.raises(Faulty) as refused:
        checked(written)
    assert (refused.value.fault, refused.value.path.startswith(path)) == (fault, True), refused.value


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
    assert "1.1  Tỷ lệ hoàn thành chỉ tiêu thu (50 ≤ 55)" in read.output
    linted = run("rulebook", "lint", files["rulebook"])
    assert (linted.exit_code, linted.output) == (0, "")
    compared = run("rulebook", "diff", files["rulebook"], files["newer"], "--facts", files["facts"])
    assert compared.output.splitlines() == ["dich-vong  87.75 → 85 (-2.75)", "  1  52.75 → 50"]


def test_a_wrong_file_ends_with_its_place(files: dict[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    for text, place in (("a: &a 1\nb: *a", "line 1"), ("rulebook: x", "version"), (b"\xff".decode("latin-1"), "wrong.yaml")):
        wrong.write_text(text, encoding="utf-8")
        told = run("rulebook", "lint", str(wrong))
        assert told.exit_code == 2
        assert place in told.output
    wrong.write_text("instant: 2022\nunits: []", encoding="utf-8")
    assert run("score", "--rulebook", files["rulebook"], "--facts", str(wrong)).exit_code == 2


def test_a_facts_file_that_names_no_indicator_or_period_is_refused_in_a_line(files: dict[str, str], tmp_path: Path) -> None:
    for change in ({"indicator": "la"}, {"period": "2022-13"}):
        held = plain_yaml(Path(files["facts"]).read_text(encoding="utf-8"))
        held["units"][0]["figures"] = [held["units"][0]["figures"][0] | change]
        broken = tmp_path / "facts.json"
        broken.write_text(json.dumps(held, default=str), encoding="utf-8")
        told = run("score", "--rulebook", files["rulebook"], "--facts", str(broken))
        assert told.exit_code == 2
        assert told.output.startswith("thidua: dich-vong: ")
        assert len(told.output.splitlines()) == 1


def test_a_misspelt_field_is_told_before_the_one_it_leaves_missing() -> None:
    with pytest.raises(Faulty) as refused:
        checked(document({"code": "A", "measur": {"kind": "mark", "maximum": "3"}}))
    assert (refused.value.fault, refused.value.path) == ("unknown-field", "items/0/measur")


def test_classes_and_letters_that_overlap_or_leave_gaps_are_warned_of() -> None:
    letters = [{"grade": "B", "at_least": 50}, {"grade": "A", "at_least": 80}]
    classes = [
        {"rating": "I", "title": {"vi": "I"}, "total": {"at_least": 90}},
        {"rating": "II", "title": {"vi": "II"}, "total": {"less_than": 80}},
    ]
    of = item(standard=5, award={"shape": "proportional", "ceiling": 100}, grades=letters)
    written = document(of) | {"ratings": {"classes": classes, "otherwise": "III"}}
    found = {(one.slug, one.path) for one in warnings(checked(written)[1])}
    assert found == {("bands-overlap", "items/0"), ("bands-gap", "ratings")}


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
