"""What cannot be a rulebook is refused, and what looks wrong is warned of: exactly where, for exactly which reason, with which values."""

from typing import Any

import pytest
from pydantic import BaseModel

from app.rulebooks.language.ground import EDGE, POINT, Faulty
from app.rulebooks.language.lint import warnings
from app.rulebooks.language.load import checked, loaded, validated
from app.rulebooks.language.text import DEPTH_LIMIT, SIZE_LIMIT, of_text, plain_yaml
from tests.examples import FIGURE, bands, document, item, titled

MARK = {"kind": "mark", "maximum": "3"}
BY_HAND = {"code": "A", "measure": MARK}
COUNTED = {"shape": "each", "points": "1", "limit": "3"}
RATIO = {"kind": "ratio", "of": FIGURE, "to": FIGURE}


def chain(length: int) -> list[dict[str, Any]]:
    return [item(f"n{n}", {"kind": "points", "node": f"n{(n + 1) % length}"}) for n in range(length)]


def tower(depth: int) -> dict[str, Any]:
    found = item("bottom", award=COUNTED)
    for n in range(depth):
        found = {"code": f"g{n}", "items": [found]}
    return found


def letters(*held: dict[str, str]) -> list[dict[str, str]]:
    return [{"grade": f"L{n}", **band} for n, band in enumerate(held)]


def classes(*held: dict[str, str]) -> dict[str, Any]:
    return {"classes": [{"rating": f"R{n}", "title": {"vi": "x"}, "total": band} for n, band in enumerate(held)], "otherwise": "Z"}


def gate(code: str = "g", **when: Any) -> dict[str, Any]:
    condition = when or {"measure": FIGURE, "less_than": "1"}
    return {"code": code, "title": {"vi": "x"}, "state": "excluded", "when": condition, "clause": "x"}


def quota(of: str = "ranked", **more: str) -> dict[str, Any]:
    return {"code": "q", "share": "20", "of": of, **more}


KINDS = "'figure', 'percent_of_target', 'percent_of_stretch', 'percent_of_last_year', 'tasks_on_time', 'tasks_late', 'tasks_overdue', "
KINDS += (
    "'tasks_early', 'percent_tasks_on_time', 'reports_late', 'reports_missing', 'percent_reports_on_time', 'events', 'result', 'grade', "
)
KINDS += "'points', 'percent_of_maximum', 'percent_of_standard', 'days_open', 'mark', 'sum', 'ratio', 'children', 'children_where'"
COUNT = {"kind": "events", "events": ["e"]}
LOW_ABOVE = {"minimum": "2", "maximum": "1"}
REFUSED: list[tuple[dict[str, Any], str, str, dict[str, Any]]] = [
    (document(item(measure={"kind": "points", "node": "A"})), "items/0", "cycle", {"code": "A"}),
    (document(tower(14)), "/".join(["items/0"] * 13), "too-deep", {"limit": 12}),
    (document(item(measure={"kind": "points", "node": "Z"})), "items/0/measure", "no-such-node", {"code": "Z"}),
    (document(item(), gates=[gate(met=["Z"])]), "gates/0/when", "no-such-node", {"code": "Z"}),
    (document(item(), ratings=classes({}) | {"classes": [classes({})["classes"][0] | {"requires": [{"met": ["Z"]}]}]}),
     "ratings/classes/0/requires/0", "no-such-node", {"code": "Z"}),
    (document(item(), tie_break=["A", "Z"]), "tie_break/1", "no-such-node", {"code": "Z"}),
    (document(item("total")), "items/0/code", "code-total", {}),
    (document(item(), item()), "items/1/code", "code-twice", {}),
    (document(item(), {"code": "G", "items": [item("B"), item()]}), "items/1/items/1/code", "code-twice", {}),
    (document(item(), rounding=None), "items/0/rounding", "needs-rounding", {"code": "A"}),
    (document(item(award={"shape": "strata", "by": FIGURE, "strata": [{"award": {"shape": "value"}}], "otherwise": "0"}), rounding=None),
     "items/0/rounding", "needs-rounding", {"code": "A"}),
    (document({"code": "G", "rebased": True, "items": [item(award=COUNTED)]}, rounding=None),
     "items/0/rounding", "needs-rounding", {"code": "G"}),
    (document(item(appraiser="noi-vu", alternate_appraiser="noi-vu")), "items/0/alternate_appraiser", "own-alternate", {}),
    (document({"code": "G", "appraiser": "noi-vu", "items": [item(alternate_appraiser="noi-vu")]}),
     "items/0/items/0/alternate_appraiser", "own-alternate", {}),
    (document(item(**LOW_ABOVE)), "items/0/minimum", "above-maximum", {}),
    (document(BY_HAND | {"measure": MARK | {"minimum": "3.5"}}), "items/0/measure/minimum", "above-maximum", {}),
    (document(BY_HAND | {"award": COUNTED}), "items/0/award", "mark-takes-no-award", {}),
    (document({"code": "A", "measure": FIGURE}), "items/0/award", "missing", {}),
    (document(item(measure={"kind": "grade", "assessment": "a"})), "items/0/award", "grades-for-grades", {}),
    (document(item(award={"shape": "grades", "grades": [{"grade": "A", "points": "1"}], "otherwise": "0"})),
     "items/0/award", "grades-for-grades", {}),
    (document(item(when={"met": ["B"]}), item("B")), "items/0/when", "no-standard", {"code": "B"}),
    (document(item(measure={"kind": "percent_of_standard", "node": "B"}), item("B")), "items/0/measure", "no-standard", {"code": "B"}),
    (document(item(when={"nodes": ["B"], "graded": ["A"]}), item("B")), "items/0/when", "no-grades", {"code": "B"}),
    (document(item(measure={"kind": "percent_of_maximum", "node": "B"}), item("B")), "items/0/measure", "no-maximum", {"code": "B"}),
    (document(item(measure={"kind": "percent_of_maximum", "node": "B"}), item("B", award=COUNTED | {"points": "0"})),
     "items/0/measure", "no-maximum", {"code": "B"}),
    (document(item(measure={"kind": "ratio", "of": MARK, "to": FIGURE})), "items/0/measure/of", "mark-within", {}),
    (document(item(measure={"kind": "sum", "terms": [{"of": FIGURE}, {"of": MARK}]})), "items/0/measure/terms/1/of", "mark-within", {}),
    (document(item(), gates=[gate(measure=MARK)]), "gates/0/when/measure", "mark-within", {}),
    (document(item(measure={"kind": "children", "of": FIGURE, "take": "ratio_of_sums"})), "items/0/measure/of", "ratio-needed", {}),
    (document(item(measure={"kind": "children", "of": {"kind": "points", "node": "A"}, "take": "sum"})),
     "items/0/measure/of", "nodes-of-children", {}),
    (document(item(measure={"kind": "children_where", "when": {"all": [{"met": ["A"]}]}})),
     "items/0/measure/when/all/0", "nodes-of-children", {}),
    (document(item(award=bands({"at_least": "2", "less_than": "2"}))), "items/0/award/bands/0", "crossed-edges", {}),
    (document(item(award=bands({"more_than": "2", "at_most": "2"}))), "items/0/award/bands/0", "crossed-edges", {}),
    (document(item(award=bands({"at_least": "3", "at_most": "2"}))), "items/0/award/bands/0", "crossed-edges", {}),
    (document(item(award=bands({"more_than": "3", "less_than": "2"}))), "items/0/award/bands/0", "crossed-edges", {}),
    (document(item(award=bands({"at_least": "1", "more_than": "1"}))), "items/0/award/bands/0", "one-edge-a-side", {}),
    (document(item(award=bands({"at_most": "1", "less_than": "1"}))), "items/0/award/bands/0", "one-edge-a-side", {}),
    (document(item(), window={"starts": "2022-02-01", "ends": "2022-01-31"}), "window/ends", "before-its-start", {}),
    (document(item(measure=FIGURE | {"window": {"starts": "2022-02-01", "ends": "2022-01-31"}})),
     "items/0/measure/window/ends", "before-its-start", {}),
    (document(item(), quotas=[quota("quota:q")]), "quotas/0/of", "no-such-name", {"name": "q"}),
    (document(item(), quotas=[quota("rated:Tốt")]), "quotas/0/of", "no-such-name", {"name": "Tốt"}),
    (document(item(), quotas=[quota(rating="Tốt")]), "quotas/0/rating", "no-such-name", {"name": "Tốt"}),
    (document(item("lớp")), "items/0/code", "form-of-code", {}),
    (document(item(), quotas=[quota("rank")]), "quotas/0/of", "form-of-quota", {}),
    (document(item(title={"vi": "Nói tục", " vô lễ": None})), "items/0/title/?", "comma-in-text", {}),
    (document(item(award={"shape": "bands", "bands": [{"at_least": "1", "points": "1"}]})), "items/0/award/otherwise", "missing", {}),
    (document(item(when={"measure": FIGURE, "at_least": "x"})), "items/0/when/at_least", "wrong-number", {}),
    (document(item(when={"nodes": ["B"], "graded": ["A", "X"]}), item("B", grades=[*letters({}), {"grade": "A"}])),
     "items/0/when/graded/1", "no-such-grade", {"grade": "X"}),
    (document(item(measure={"kind": "events", "events": ["x", "y", "x"]})), "items/0/measure/events/2", "stands-twice", {}),
    (document(item(measure={"kind": "tasks_late", "tasks": ["x", "x"]})), "items/0/measure/tasks/1", "stands-twice", {}),
    (document(item(measure={"kind": "reports_late", "indicators": ["x", "x"]})), "items/0/measure/indicators/1", "stands-twice", {}),
    (document(item(standard="1"), item("B", when={"met": ["A", "A"]})), "items/1/when/met/1", "stands-twice", {}),
    (document(item(waivable=True)), "items/0/waivable", "waives-occurrences", {}),
    (document(item(measure={"kind": "percent_tasks_on_time"}, waivable=True)), "items/0/waivable", "waives-occurrences", {}),
    (document(item(measure={"kind": "sum", "terms": [{"of": COUNT}, {"of": COUNT, "times": "2"}]}, waivable=True)),
     "items/0/waivable", "waives-occurrences", {}),
    (document(item(), quotas=[quota(), quota()]), "quotas", "code-twice", {}),
    (document(item(), gates=[gate(), gate()]), "gates", "code-twice", {}),
    (document(item(), ratings=classes({}) | {"classes": classes({})["classes"] * 2}), "ratings/classes", "code-twice", {}),
    (document(item(award={"shape": "each", "points": "1e3"})), "items/0/award/points", "wrong-number", {}),
    (document(item(standard="9" * 400)), "items/0/standard", "wrong-number", {}),
    (document(item(standard="0.1234567")), "items/0/standard", "too-precise", {"limit": 6}),
    (document(item(standard="100001")), "items/0/standard", "too-large", {"limit": 100000}),
    (document(item(award={"shape": "no-such", "points": "1"})), "items/0/award", "not-a-choice",
     {"expected": "'proportional', 'value', 'bands', 'steps', 'each', 'grades', 'strata'"}),
    (document(item(), missing="maybe"), "missing", "not-a-choice", {"expected": "'zero', 'standard' or 'excluded'"}),
    (document(item(), missing="zeros"), "missing", "meant", {"near": "zero", "expected": "'zero', 'standard' or 'excluded'"}),
    (document(item(award={"shape": "band"})), "items/0/award", "meant",
     {"near": "bands", "expected": "'proportional', 'value', 'bands', 'steps', 'each', 'grades', 'strata'"}),
    (document(item(), version="1"), "version", "needs-whole-number", {}),
    (document(item(when={"measure": {"kind": "no-such"}})), "items/0/when/measure", "not-a-choice", {"expected": KINDS}),
    (document(item(when={"at_least": "1"})), "items/0/when/measure", "missing", {}),
    (document(item(when=FIGURE)), "items/0/when/kind", "unknown-field", {}),
    (document(item(clause="x" * 1001)), "items/0/clause", "too-long", {"limit": 1000}),
    (document(item(measure=FIGURE | {"indicator": "THU"})), "items/0/measure/indicator", "form-of-reference", {}),
    (document(item(), window={"starts": "2022-02-30", "ends": "2022-03-01"}), "window/starts", "wrong-date", {}),
    (document(item(title={"vi": ""})), "items/0/title/vi", "too-small", {"limit": 1}),
    (document(item(award={"shape": "bands", "bands": []}) | {"standard": None}), "items/0/standard", "wrong-number", {}),
    (document(item(award={"shape": "bands", "bands": [{"at_least": 92, 5: None, "points": 1}], "otherwise": 0})),
     "items/0/award/bands/0/5", "number-for-name", {}),
    (document(item(measure={"kind": "events", "events": "x"})), "items/0/measure/events", "needs-list", {}),
    (document(item(when={"all": [{"all": "x"}]})), "items/0/when/all/0/all", "needs-list", {}),
    (document(item(when={"measure": {"kind": "mark"}})), "items/0/when/measure/maximum", "missing", {}),
    (document(item(measure={"kind": "sum", "terms": {"of": FIGURE}})),
     "items/0/measure/terms", "needs-list", {}),
    (document(item(title=["A"])), "items/0/title", "needs-fields", {}),
    (document(item(clause=5)), "items/0/clause", "needs-text", {}),
    (document(item(waivable="yes")), "items/0/waivable", "needs-true-or-false", {}),
    (document(item(), surplus="x"), "surplus", "unknown-field", {}),
    (document(item(**{"số dư": "x"})), "items/0/?", "unknown-field", {}),
    (document({"code": "A", "measur": MARK}), "items/0/measur", "unknown-field", {}),
    (document(*[item(f"n{n}") for n in range(501)]), "items", "too-large", {"limit": 500}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "path", "fault", "values"), REFUSED, ids=[f"{n}-{one[2]}" for n, one in enumerate(REFUSED)])
def test_what_cannot_be_is_refused_at_its_place(written: dict[str, Any], path: str, fault: str, values: dict[str, Any]) -> None:
    with pytest.raises(Faulty) as refused:
        checked(written)
    found = refused.value
    assert (found.path, found.fault, found.values) == (path, fault, values)
    assert str(found) == f"{found.path}: {fault}"


@pytest.mark.parametrize("length", [3, 500])
def test_a_cycle_is_refused_at_one_of_its_nodes(length: int) -> None:
    with pytest.raises(Faulty) as refused:
        checked(document(*chain(length)))
    number = int(str(refused.value.values["code"]).removeprefix("n"))
    assert (refused.value.fault, refused.value.path) == ("cycle", f"items/{number}")


def wide(count: int) -> dict[str, Any]:
    """So many nodes below the whole, in groups of at most 500 parts."""
    groups, rest = divmod(count, 401)
    sizes = [400] * groups + ([rest - 1] if rest > 1 else [])
    assert sum(size + 1 for size in sizes) == count
    return document(*[{"code": f"g{g}", "items": [item(f"g{g}n{n}", award=COUNTED) for n in range(size)]} for g, size in enumerate(sizes)])


def test_two_thousand_nodes_are_taken_and_no_more() -> None:
    assert len(checked(wide(2_000))[1].places) == 2_001
    with pytest.raises(Faulty) as refused:
        checked(wide(2_001))
    found = refused.value
    assert (found.fault, found.values, found.path.startswith("items/4/items/")) == ("too-many-nodes", {"limit": 2_000}, True)


class Odd(BaseModel):
    number: float


def test_a_fault_without_a_sentence_of_its_own_is_still_one() -> None:
    with pytest.raises(Faulty) as refused:
        validated(Odd, {"number": "one"})
    assert (refused.value.path, refused.value.fault, refused.value.values) == ("number", "wrong-value", {})


def test_what_is_nested_too_deep_for_reading_is_refused() -> None:
    tower_of_sums: dict[str, Any] = FIGURE
    for _ in range(1_000):
        tower_of_sums = {"kind": "sum", "terms": [{"of": tower_of_sums}]}
    with pytest.raises(Faulty) as refused:
        checked(document(item(measure=tower_of_sums)))
    assert (refused.value.fault, refused.value.values) == ("too-deep", {"limit": DEPTH_LIMIT})


@pytest.mark.parametrize("depth", [DEPTH_LIMIT, 900, 3_000, 50_000])
@pytest.mark.parametrize("field", ["missing", "award", "measure"])
def test_a_tower_where_a_word_belongs_is_refused(field: str, depth: int) -> None:
    """It was walked by the message that would have told the nearest word."""
    deep: Any = []
    for _ in range(depth):
        deep = [deep]
    written = {
        "missing": {"missing": deep},
        "award": {"items": [titled(item(award={"shape": deep}))]},
        "measure": {"items": [titled(item(measure={"kind": deep}))]},
    }
    with pytest.raises(Faulty) as refused:
        checked(document(item()) | written[field])
    assert (refused.value.path, refused.value.fault, refused.value.values) == ("", "too-deep", {"limit": DEPTH_LIMIT})


TAKEN: list[dict[str, Any]] = [
    document(tower(11)),
    document(BY_HAND | {"measure": MARK | {"minimum": "3"}}),
    document(item(minimum="1", maximum="1")),
    document(item(award=bands({"at_least": "2", "at_most": "2"}))),
    document(item(), window={"starts": "2022-01-31", "ends": "2022-01-31"}),
    document(item(), ratings=classes({}), quotas=[quota("rated:R0"), quota("quota:q") | {"code": "r"}]),
    document(item(measure={"kind": "percent_of_maximum", "node": "B"}), item("B", award=COUNTED | {"limit": "0.000001"})),
    document(item(measure={"kind": "percent_of_standard", "node": "B"}), item("B", award=COUNTED, standard="0.000001")),
    document(item(when={"met": ["B"]}), item("B", award=COUNTED, standard="0.000001")),
    document(item(measure={"kind": "children", "of": RATIO, "take": "ratio_of_sums"})),
    document(item(award=COUNTED), rounding=None),
    document(item(), tie_break=["A"]),
]


@pytest.mark.parametrize("written", TAKEN, ids=range(len(TAKEN)))
def test_what_stands_on_the_edge_is_taken(written: dict[str, Any]) -> None:
    """The control: the last that may be."""
    assert checked(written)[1].places


START = "rulebook: x\n"
YAML: list[tuple[str, str, str, dict[str, Any]]] = [
    ("a: &a 1\nb: *a", "line 1", "anchors", {"limit": DEPTH_LIMIT}),
    (START + "b: *a", "line 2", "anchors", {"limit": DEPTH_LIMIT}),
    (START + "b: !!python/none x", "line 2", "tags", {"limit": DEPTH_LIMIT}),
    (START + "---\na: 1", "line 2", "one-document", {"limit": DEPTH_LIMIT}),
    (START + "b: " + "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "line 2", "too-deep", {"limit": DEPTH_LIMIT}),
    ("a: 1\nb: 2\na: 3", "line 3", "key-twice", {"name": "a"}),
    ("a: 1\n? [b]\n: 2", "line 2", "key-twice", {"name": "?"}),
    ("a b: 1\na b: 2", "line 2", "key-twice", {"name": "?"}),
    ("a: 1\nb: ]", "line 2", "yaml", {}),
    ("\x01", "yaml", "yaml", {}),
    ("x" * (SIZE_LIMIT + 1), "yaml", "too-long", {"limit": SIZE_LIMIT}),
]


@pytest.mark.parametrize(("text", "path", "fault", "values"), YAML, ids=[f"{n}-{one[2]}" for n, one in enumerate(YAML)])
def test_yaml_with_traps_is_refused_at_its_line(text: str, path: str, fault: str, values: dict[str, Any]) -> None:
    with pytest.raises(Faulty) as refused:
        plain_yaml(text)
    assert (refused.value.path, refused.value.fault, refused.value.values) == (path, fault, values)


def test_yaml_keeps_what_was_written() -> None:
    """A dozen levels and the longest text are taken; `no`, decimals, dates and exponents stay text."""
    assert plain_yaml("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)
    assert plain_yaml("x" * SIZE_LIMIT) == "x" * SIZE_LIMIT
    text = "a: no\nb: 1.50\nc: 2022-01-01\nd: 1e3\ne: -12\nf: true\ng: ~\nh:\ni: 0x1f\nj: [{k: [1]}]"
    assert plain_yaml(text) == {
        "a": "no", "b": "1.50", "c": "2022-01-01", "d": "1e3", "e": -12, "f": True, "g": None, "h": None, "i": "0x1f", "j": [{"k": [1]}]
    }  # fmt: skip
    with pytest.raises(Faulty) as refused:
        loaded("[]")
    assert (refused.value.path, refused.value.fault) == ("", "needs-fields")


WRITTEN = """rulebook: thu
version: 1
items:
- code: A
  title: {vi: Thu}
  measure:
    kind: figure
    indicator: x
  award: {shape: value}
- code: B
  award:
    shape: each
    points: 1e3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [("", 1), ("version", 2), ("items", 3), ("items/0", 4), ("items/0/clause", 4), ("items/0/measure/kind", 7), ("items/0/award/shape", 9),
     ("items/1", 10), ("items/1/award/points", 13), ("items/2", 3), ("?", 1)],
)  # fmt: skip
def test_a_fault_names_the_line_on_which_it_stands(path: str, line: int) -> None:
    """What is missing is missing where its surroundings begin."""

    def read(_: Any) -> None:
        raise Faulty(path, "missing")

    with pytest.raises(Faulty) as refused:
        of_text(WRITTEN, read)
    assert refused.value.line == line
    with pytest.raises(Faulty) as headed:
        loaded("# Bảng\n# mới\nrulebook: x")
    assert (headed.value.path, headed.value.line) == ("version", 3), "below the remarks"
    with pytest.raises(Faulty) as empty:
        loaded("")
    assert (empty.value.fault, empty.value.line) == ("needs-fields", 1)
    with pytest.raises(Faulty) as bare:
        checked(plain_yaml(WRITTEN))
    assert bare.value.line is None


NODE = ("node", "A")
TWO = [item(award=COUNTED), item("B", award=COUNTED | {"limit": "1"})]
SAME: dict[str, Any] = {"standard": "1", "award": {"shape": "proportional", "ceiling": "100"}}
WARNED: list[tuple[dict[str, Any], list[tuple[str, str, tuple[Any, ...]]]]] = [
    (document(item(award=bands({"more_than": "98"}, {"at_least": "97", "less_than": "98"}))),
     [("items/0", "bands-gap", (NODE, ("edge_from", 98 * EDGE), ("edge_to", 98 * EDGE)))]),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "97", "less_than": "98"}))), []),
    (document(item(award=bands({"more_than": "98"}, {"at_least": "97", "at_most": "98"}))), []),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "97", "at_most": "98"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", 98 * EDGE)))]),
    (document(item(award=bands({"at_least": "98"}, {"at_least": "90", "at_most": "97"}))),
     [("items/0", "bands-gap", (NODE, ("edge_from", 97 * EDGE), ("edge_to", 98 * EDGE)))]),
    (document(item(award=bands({"less_than": "5"}, {"at_least": "1", "less_than": "2"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", 1 * EDGE))), ("items/0", "band-hidden", (NODE, ("number", 2)))]),
    (document(item(award=bands({"at_least": "1", "less_than": "2"}, {"at_most": "2"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", 1 * EDGE)))]),
    (document(item(award=bands({"less_than": "2"}, {"more_than": "2"}, {"at_least": "1", "at_most": "3"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", 1 * EDGE))), ("items/0", "bands-overlap", (NODE, ("edge", 2 * EDGE)))]),
    (document(item(award=bands({"at_most": "2"}, {"more_than": "2"}, {"at_least": "1", "at_most": "3"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", 1 * EDGE))), ("items/0", "bands-overlap", (NODE, ("edge", 2 * EDGE))),
      ("items/0", "band-hidden", (NODE, ("number", 3)))]),
    (document({"code": "G", "takes": "first", "items": [item(award=COUNTED), item("B", award=COUNTED)]}),
     [("items/0", "part-never-reached", (("node", "G"), ("part", "B")))]),
    (document({"code": "G", "takes": "first", "items": [
        item(award=COUNTED, when={"measure": FIGURE, "at_least": "1"}),
        item("B", award=COUNTED, not_applicable_when={"measure": FIGURE, "at_least": "1"}), item("C", award=COUNTED)]}), []),
    (document(item(**SAME, grades=letters({"more_than": "1"}, {"at_least": "1", "at_most": "1"}, {"at_least": "0", "less_than": "1"},
                                          {"less_than": "0"}))),
     [("items/0", "letter-never-reached", (NODE, ("grade", "L0")))]),
    (document(item(**SAME | {"award": SAME["award"] | {"floor": "0"}}, grades=letters({"at_least": "0"}, {"less_than": "0"}))),
     [("items/0", "letter-never-reached", (NODE, ("grade", "L1")))]),
    (document(item(award=COUNTED, grades=letters({"at_least": "0"}, {"at_least": "-1", "less_than": "0"}, {"less_than": "-1"}))),
     [("items/0", "letter-never-reached", (NODE, ("grade", f"L{n}"))) for n in (1, 2)]),
    (document(item(award=COUNTED), ratings=classes({"more_than": "3"}, {"at_least": "3", "at_most": "3"}, {"less_than": "3"})),
     [("ratings", "class-never-reached", (("node", "ratings"), ("grade", "R0")))]),
    (document(item(award=COUNTED), ratings=classes({"at_most": "3"}, {"more_than": "3"})), []),
    (document(item(award=COUNTED, grades=letters({"more_than": "0"}, {"at_most": "0"}))), []),
    (document(item(award=COUNTED, minimum="1", grades=letters({"at_least": "1"}, {"less_than": "1"}))),
     [("items/0", "letter-never-reached", (NODE, ("grade", "L1")))]),
    (document(item(award=COUNTED, minimum="1", grades=letters({"at_least": "1"}, {"more_than": "0", "less_than": "1"}, {"at_most": "0"}))),
     [("items/0", "letter-never-reached", (NODE, ("grade", f"L{n}"))) for n in (1, 2)]),
    (document(item(award=bands({"at_least": "1"}, {"at_least": "1"}))),
     [("items/0", "bands-overlap", (NODE, ("edge", EDGE))), ("items/0", "band-hidden", (NODE, ("number", 2)))]),
    (document(item(award={"shape": "strata", "by": FIGURE, "otherwise": "0", "strata": [{"award": COUNTED}]},
                   grades=letters({"at_least": "2"}, {"at_most": "1"}))),
     [("items/0", "letters-gap", (NODE, ("edge_from", EDGE), ("edge_to", 2 * EDGE)))]),
    (document({"code": "G", "takes": "first", "items": [item(award=COUNTED, missing="excluded"), item("B", award=COUNTED)]}), []),
    (document({"code": "G", "takes": "first", "items": [{"code": "H", "items": [item(award=COUNTED)]}, item("B", award=COUNTED)]}), []),
    (document(item(award=COUNTED, when={"all": [{"measure": COUNT}, {"measure": FIGURE}]})),
     [("items/0", "always-holds", (NODE, ("kind", "events")))]),
    (document(item(award=COUNTED, not_applicable_when={"measure": COUNT})), [("items/0", "always-holds", (NODE, ("kind", "events")))]),
    (document(item(award=COUNTED), gates=[gate(measure=COUNT)]), [("gates", "always-holds", (("node", "g"), ("kind", "events")))]),
    (document(item(award=COUNTED, when={"measure": COUNT, "at_most": "0"}), gates=[gate(measure=COUNT, more_than="0")]), []),
    (document(item(award=bands({"at_least": "5"}, {"at_least": "1", "less_than": "5"}, {"less_than": "1"}))), []),
    (document(item(award={"shape": "strata", "by": FIGURE, "otherwise": "0", "strata": [
        {"at_least": "10", "award": bands({"at_least": "5"}, {"less_than": "4"})}, {"less_than": "9", "award": COUNTED}]})),
     [("items/0", "bands-gap", (NODE, ("edge_from", 9 * EDGE), ("edge_to", 10 * EDGE))),
      ("items/0", "bands-gap", (NODE, ("edge_from", 4 * EDGE), ("edge_to", 5 * EDGE)))]),
    (document(item(**SAME, grades=letters({"at_least": "0.5"}, {"less_than": "0.4"}))),
     [("items/0", "letters-gap", (NODE, ("edge_from", 4 * EDGE // 10), ("edge_to", EDGE // 2)))]),
    (document(item(**SAME), ratings=classes({"at_least": "0.5"}, {"at_most": "0.5"})),
     [("ratings", "classes-overlap", (("node", "ratings"), ("edge", EDGE // 2)))]),
    (document(item(award={"shape": "each", "points": "1"}, counts_as="bonus")), [("items/0", "uncapped-bonus", (NODE,))]),
    (document(item(award={"shape": "each", "points": "1"}, counts_as="bonus"), bonuses_at_most="3"), []),
    (document({"code": "G", "maximum": "3", "items": [
        {"code": "H", "items": [item(award={"shape": "each", "points": "1"}, counts_as="bonus")]}]}), []),
    (document({"code": "G", "items": [item(award={"shape": "each", "points": "1"})]}), [("items/0/items/0", "uncapped", (NODE,))]),
    (document(item(award=COUNTED, counts_as="bonus")), []),
    (document(item()), [("items/0", "uncapped", (NODE,))]),
    (document({"code": "G", "maximum": "10", "items": [item(award=bands({"at_least": "98"}))]}),
     [("items/0", "maximum-never-reached", (("node", "G"), ("points", POINT), ("maximum_points", 10 * POINT)))]),
    (document({"code": "G", "maximum": "3", "standard": "2", "items": [item(award=bands({"at_least": "98"}))]}), []),
    (document({"code": "G", "maximum": "2", "takes": "best", "items": TWO}), []),
    (document({"code": "G", "maximum": "4", "takes": "best", "items": TWO}),
     [("items/0", "maximum-never-reached", (("node", "G"), ("points", 3 * POINT), ("maximum_points", 4 * POINT)))]),
    (document({"code": "G", "maximum": "1", "items": [item(award=bands({"at_least": "98"}), standard="2")]}),
     [("items/0", "standard-over-maximum", (("node", "G"), ("standard_points", 2 * POINT), ("maximum_points", POINT)))]),
    (document({"code": "G", "maximum": "1", "items": [item(award=bands({"at_least": "98"}), standard="1")]}), []),
    (document(item(award=COUNTED), maximum="4"),
     [("", "maximum-never-reached", (("node", "total"), ("points", 3 * POINT), ("maximum_points", 4 * POINT)))]),
    (document(item(award=COUNTED | {"points": "0"})), [("items/0", "gives-nothing", (NODE,))]),
    (document(BY_HAND), [("items/0", "nobody-appraises", (NODE,))]),
    (document(BY_HAND | {"appraiser": "noi-vu"}), [("items/0", "no-alternate", (NODE,))]),
    (document(BY_HAND | {"appraiser": "noi-vu", "alternate_appraiser": "tai-chinh"}), []),
    (document({"code": "G", "appraiser": "noi-vu", "alternate_appraiser": "tai-chinh", "items": [BY_HAND]}), []),
]  # fmt: skip


@pytest.mark.parametrize(("written", "told"), WARNED, ids=range(len(WARNED)))
def test_what_looks_wrong_is_warned_of(written: dict[str, Any], told: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    assert [tuple(one) for one in warnings(checked(written)[1])] == told
