"""What a sheet says of its points: the sentence's code and every value in it, exactly."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.rulebooks.language.ground import EDGE, POINT
from app.rulebooks.language.load import checked
from app.scoring.engine.facts import FIGURE, Basis, Event, Facts, Outcome
from app.scoring.engine.sheet import Sheet
from app.scoring.explain import sentence
from tests.examples import FIGURE as FIGURE_X
from tests.examples import bands, document, item
from tests.test_engine import book, facts, scored

EACH = {"shape": "each", "points": "1"}
HALF = EDGE // 2


def told(sheet: Sheet, code: str = "A") -> list[tuple[str, dict[str, Any]]]:
    return [(reason.slug, dict(reason.values)) for reason in sheet.line(code).reasons]


def of_items(*items: dict[str, Any], of: Facts, **more: Any) -> Sheet:
    return scored(document(*items, **more), of)


EDGES: list[tuple[dict[str, str], str, str, dict[str, Any]]] = [
    ({"at_least": "1", "at_most": "3"}, "2", "between", {"sign_low": "≥", "edge_low": EDGE, "sign_high": "≤", "edge_high": 3 * EDGE}),
    ({"more_than": "0.5", "less_than": "3"}, "2", "between", {"sign_low": ">", "edge_low": HALF, "sign_high": "<", "edge_high": 3 * EDGE}),
    ({"at_least": "1"}, "2", "above", {"sign_low": "≥", "edge_low": EDGE}),
    ({"more_than": "1"}, "2", "above", {"sign_low": ">", "edge_low": EDGE}),
    ({"at_most": "3"}, "2", "below", {"sign_high": "≤", "edge_high": 3 * EDGE}),
    ({"less_than": "3"}, "2", "below", {"sign_high": "<", "edge_high": 3 * EDGE}),
    ({}, "2", "any", {}),
]


@pytest.mark.parametrize(("edges", "figure", "form", "values"), EDGES, ids=range(len(EDGES)))
def test_a_band_and_a_condition_tell_their_edges(edges: dict[str, str], figure: str, form: str, values: dict[str, Any]) -> None:
    sheet = of_items(item(award=bands(edges)), of=facts(figure))
    assert told(sheet)[1] == (f"band-{form}", values | {"points": sheet.total})
    if edges:
        sheet = of_items(item(award=EACH, when={"measure": FIGURE_X, **edges}), of=facts("9" if form in {"between", "below"} else "0"))
        assert told(sheet)[-1] == (f"wanted-{form}", values)


def test_steps_tell_what_was_counted_and_what_was_cut() -> None:
    steps = {"shape": "steps", "over": "1", "per": "0.5", "points": "2", "first": "3", "limit": "8"}
    values = {"edge_over": EDGE, "first_points": 3 * POINT, "each_points": 2 * POINT}
    for figure, slug, more in (
        ("1", "steps-none", {"edge_over": EDGE, "points": 0}),
        ("2.4", "steps", values | {"count": 2, "points": 7 * POINT}),
        ("2.5", "steps-limited", values | {"count": 3, "points": 8 * POINT}),
        ("1.0000000001", "steps", values | {"count": 0, "points": 3 * POINT}),
    ):
        assert told(of_items(item(award=steps), of=facts(figure)))[-1] == (slug, more)


def test_events_tell_how_many_were_passed_over() -> None:
    events = [Event(date(2022, 5, 1), None, is_verified, f"e{is_verified}") for is_verified in (True, True, False)]
    of = facts(events={basis: {"e": events} for basis in Basis})
    sheet = of_items(item(measure={"kind": "events", "events": ["e"], "verified": True}, award=EACH), of=of)
    assert told(sheet)[0] == ("events-of-more", {"count": 2, "passed_over": 1})
    sheet = of_items(item(measure={"kind": "events", "events": ["e"]}, award=EACH), of=of)
    assert told(sheet)[0] == ("events", {"count": 3})


RESULT = {"kind": "result", "assessment": "a"}


RATIOS = [(3, -2, "-1.5"), (-3, -2, "1.5"), (3, 2, "1.5"), (0, -2, "0"), (3, 0, None), (1e-10, 1e-10, "1")]


@pytest.mark.parametrize(("above", "below", "wanted"), RATIOS)
def test_a_ratio_to_a_number_below_zero_keeps_its_sign(above: float, below: float, wanted: str | None) -> None:
    of = facts(results={code: Outcome(int(number * FIGURE), None, code) for code, number in (("a", above), ("b", below))})
    measure = {"kind": "ratio", "of": RESULT, "to": RESULT | {"assessment": "b"}, "times": "1"}
    exactly = bands({"at_least": wanted or "9", "at_most": wanted or "9"})
    sheet = of_items(item(measure=measure, award=exactly), of=of)
    assert sheet.total == (0 if wanted is None else POINT)
    assert (told(sheet)[0] == ("divided-by-nothing", {})) is (wanted is None)


@pytest.mark.parametrize(
    ("opens", "closes", "days"),
    [
        (None, None, 365),
        (date(2022, 7, 2), None, 183),
        (None, date(2022, 7, 2), 182),
        (None, date(2021, 12, 1), 0),
        (date(2022, 12, 31), None, 1),
    ],
)
def test_days_open_are_told_with_those_of_the_window(opens: date | None, closes: date | None, days: int) -> None:
    of = replace(facts(), opens_on=opens, closes_on=closes)
    year = {"starts": "2022-01-01", "ends": "2022-12-31"}
    sheet = of_items(item(measure={"kind": "days_open"}, award=EACH), of=of, window=year)
    assert (sheet.total, told(sheet)[0]) == (days * POINT, ("days-open", {"count": days, "asked": 365}))


def test_a_share_of_a_negative_target_keeps_its_sign() -> None:
    """A deficit of 4 where 5 were allowed is 80 %; together with 30 of 50 that is 34 of 55."""
    of = facts(children=(facts("-4", target="-5"), facts("30", target="50")))
    share = {"kind": "percent_of_target", "indicator": "x"}
    assert scored(book({"kind": "children", "of": share, "take": "ratio_of_sums"}, {"shape": "value"}), of).total == 61_820_000
    assert scored(book(share, {"shape": "value"}), facts("-4", target="-5")).total == 80 * POINT


TITLED = {"title": {"vi": "x"}}


def rated(total: str, *, grade: str | None = None, classes: list[dict[str, Any]] | None = None) -> Any:
    ordered = [{"rating": "Xuất sắc", **TITLED, "total": {"at_least": "9"}}, {"rating": "Tốt", **TITLED, "total": {"at_least": "5"}}]
    ratings = {"classes": classes or ordered, "otherwise": "Khá", "not_above": "dv"}
    of = facts(total, results={"dv": Outcome(None, grade, "r")} if grade else {})
    found = of_items(item(), of=of, ratings=ratings).rated
    assert found is not None
    return found.by_total, found.proposed, [(reason.slug, dict(reason.values)) for reason in found.reasons]


@pytest.mark.parametrize(("state", "rates"), [("not_rated", False), ("excluded", True), ("deferred", True)])
def test_who_is_not_rated_is_proposed_for_no_class(state: str, rates: bool) -> None:
    gate = {"code": "g", **TITLED, "state": state, "clause": "x", "when": {"measure": FIGURE_X, "at_least": "1"}}
    ratings = {"classes": [{"rating": "Tốt", **TITLED, "total": {}}], "otherwise": "Khá"}
    for figure, closed in (("1", True), ("0", False)):
        sheet = of_items(item(), of=facts(figure), ratings=ratings, gates=[gate])
        assert (bool(sheet.states), sheet.rated is not None) == (closed, rates or not closed)


ROUNDED = [
    ({"shape": "proportional"}, "3", "100", "10 × 3 / 100 = 0,3 điểm."),
    ({"shape": "proportional"}, "3.333", "100", "10 × 3,333 / 100 = 0,33 điểm. Đã làm tròn."),
    ({"shape": "proportional", "full_at": "3", "ceiling": "2"}, "9", "100", "10 × 2 / 3 (mức trần) = 6,67 điểm. Đã làm tròn."),
    ({"shape": "value", "times": "0.5"}, "3", "100", "3 × 0,5 = 1,5 điểm."),
    ({"shape": "value", "times": "0.5"}, "3.33", "100", "3,33 × 0,5 = 1,67 điểm. Đã làm tròn."),
]


@pytest.mark.parametrize(("award", "figure", "target", "wanted"), ROUNDED, ids=range(len(ROUNDED)))
def test_a_sheet_says_where_it_rounds(award: dict[str, Any], figure: str, target: str, wanted: str) -> None:
    sheet = of_items(item(award=award, standard=10), of=facts(figure, target=target))
    assert " ".join(sentence(reason, "vi") for reason in sheet.line("A").reasons).endswith(wanted)


@pytest.mark.parametrize(("figure", "wanted"), [("3", "quy về 30: 9 điểm. Tổng"), ("3.34", "quy về 30: 10 điểm. Đã làm tròn. Tổng")])
def test_a_rebased_group_says_where_it_rounds(figure: str, wanted: str) -> None:
    left_out = item("B", {"kind": "figure", "indicator": "y"}, standard=20, missing="excluded")
    group = {
        "code": "G",
        "rebased": True,
        "rounding": {"decimals": 0, "mode": "half_up"},
        "items": [item(standard=10, rounding={"decimals": 2, "mode": "half_up"}), left_out],
    }
    sheet = of_items(group, of=facts(figure))
    assert wanted in " ".join(sentence(reason, "vi") for reason in sheet.line("G").reasons)


def test_a_ceiling_is_told_only_where_it_lowers() -> None:
    assert rated("9") == ("Xuất sắc", "Xuất sắc", [])
    assert rated("9", grade="Xuất sắc") == ("Xuất sắc", "Xuất sắc", [])
    assert rated("5", grade="Tốt") == ("Tốt", "Tốt", [])
    assert rated("9", grade="Tốt") == ("Xuất sắc", "Tốt", [("rating-ceiling", {"assessment": "dv", "grade": "Tốt"})])
    assert rated("9", grade="Yếu") == ("Xuất sắc", "Khá", [("rating-ceiling", {"assessment": "dv", "grade": ""})])


def test_every_class_that_is_passed_by_is_told() -> None:
    never = [{"measure": FIGURE_X, "less_than": "0"}]
    classes = [
        {"rating": "Xuất sắc", **TITLED, "total": {"at_least": "9"}, "requires": never},
        {"rating": "Tốt", **TITLED, "total": {"more_than": "5", "less_than": "9"}, "requires": never},
    ]
    by_total, proposed, whys = rated("9", classes=classes)
    assert (by_total, proposed) == ("Xuất sắc", "Khá")
    assert [values["grade"] for slug, values in whys if slug == "rating-unmet"] == ["Xuất sắc", "Tốt"]


@pytest.mark.parametrize("low", [{"at_least": "9"}, {"more_than": "8"}])
def test_a_class_that_stands_too_low_is_not_given_for_less_than_it_asks(low: dict[str, str]) -> None:
    """Written from the lowest to the highest: who misses a condition of Tốt is not lifted to Xuất sắc."""
    never = [{"measure": FIGURE_X, "less_than": "0"}]
    classes: list[dict[str, Any]] = [
        {"rating": "Tốt", **TITLED, "total": {"at_least": "5", "at_most": "8"}, "requires": never},
        {"rating": "Xuất sắc", **TITLED, "total": low},
    ]
    assert rated("6", classes=classes)[:2] == ("Tốt", "Khá")
    assert rated("9", classes=classes)[:2] == ("Xuất sắc", "Xuất sắc")


def test_what_is_written_compactly_is_kept_exactly() -> None:
    """The smallest number stays digits, and what is null is what is not written."""
    written = document(item(award=bands({"more_than": "0.0000000001"})))
    assert '"0.0000000001"' in checked(written)[0].model_dump_json()
    assert checked(document(item(), window=None))[1].digest == checked(document(item()))[1].digest
