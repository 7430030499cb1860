"""Where mutation testing found the engine's tests asleep: exact instants, unlike denominators, marks under caps, sources."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from app.calendar.rules import Calendar, Roll, end_of
from app.indicators.rules import Accumulation, TargetKind
from app.marks.rules import MarkStage
from app.rulebooks.language.load import checked
from app.scoring.engine.facts import FIGURE, Basis, Completion, Event, Facts, Outcome, Reported, TaskFact, View, Waiver
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.explain import sentence
from tests.examples import document, item
from tests.second import agreed
from tests.test_engine import NOON, TERMS, book, facts, points, scored

SHARE = {"kind": "percent_of_target", "indicator": "x"}
EACH = {"shape": "each", "points": "1"}
MICROSECOND = timedelta(microseconds=1)


def told(sheet: Sheet, code: str = "A") -> str:
    return " ".join(sentence(reason, "vi") for reason in sheet.line(code).reasons)


def sheet_of(*items: Any, of: Facts, marks: Any = None, calendar: Any = None, **more: Any) -> Sheet:
    put = {code: {MarkStage.APPRAISED: value * 10**6} for code, value in (marks or {}).items()}
    agreed(checked(document(*items, **more))[1], calendar or Calendar(), of, put, NOON)
    return score(checked(document(*items, **more))[1], calendar or Calendar(), of, put, NOON, View.APPRAISED)


OF_THREE = [("least", "45"), ("most", "75"), ("mean", "56.67"), ("sum", "170"), ("ratio_of_sums", "55.63")]


@pytest.mark.parametrize(("take", "wanted"), OF_THREE)
def test_shares_of_unlike_targets_are_compared_and_added_exactly(take: str, wanted: str) -> None:
    """50 of 100, 30 of 40, 9 of 20; together 89 of 160."""
    below = [replace(facts(figure, target=target), unit=target) for figure, target in (("50", "100"), ("30", "40"), ("9", "20"))]
    for children in permutations(below):
        of = facts(children=children)
        assert str(points(book({"kind": "children", "of": SHARE, "take": take}, {"shape": "value"}), of)) == wanted


def test_a_unit_below_without_a_target_is_missing_or_left_out() -> None:
    of = facts(children=(facts("5"), facts("5", target="0")))
    measure = {"kind": "children", "of": SHARE, "take": "mean"}
    assert points(book(measure, {"shape": "value"}), of) == 0
    assert points(book(measure | {"without_missing": True}, {"shape": "value"}), of) == 5


def test_periods_add_up_or_the_newest_counts_as_the_plan_says() -> None:
    """3 in March, 5 in April, 4 in May; the window of the measure ends with April."""
    months = {"2022-03": 3, "2022-05": 4, "2022-04": 5}
    window = {"starts": "2022-01-01", "ends": "2022-04-30"}
    for accumulation, whole, until_april in (("period_value", 12, 8), ("cumulative", 4, 5), ("point_in_time", 4, 5)):
        reported = {"x": {month: Reported(value * FIGURE, month, False) for month, value in months.items()}}
        terms = replace(TERMS, accumulation=Accumulation(accumulation))
        of = facts(figures=dict.fromkeys(Basis, reported), indicators={"x": terms})
        figure = {"kind": "figure", "indicator": "x"}
        assert points(book(figure, {"shape": "value"}), of) == whole
        sheet = scored(book(figure | {"window": window}, {"shape": "value"}), of)
        cited_ = ("2022-03", "2022-04") if accumulation == "period_value" else ("2022-04",)
        assert (sheet.total, sheet.line("A").sources) == (until_april * 10**6, cited_)


def test_a_window_without_a_figure_is_missing() -> None:
    window = {"starts": "2022-01-01", "ends": "2022-04-30"}
    sheet = scored(book({"kind": "figure", "indicator": "x", "window": window}, {"shape": "value"}), facts())
    assert sheet.line("A").reasons[0].slug == "no-figure"


def done(on: date, due: date, source: str) -> TaskFact:
    return TaskFact(due, Roll.NONE, dict.fromkeys(Basis, Completion(on, due, source)))


def test_named_tasks_alone_are_counted_and_cited() -> None:
    due = date(2022, 6, 1)
    tasks = {"a": done(date(2022, 5, 31), due, "sa"), "b": done(date(2022, 5, 28), due, "sb"), "c": done(due, due, "sc")}
    of = facts(tasks=tasks)
    for kind, more, wanted, cited_ in (
        ("tasks_early", {}, 2, ("sa", "sb", "sc")),
        ("tasks_early", {"early_by": {"days": 4}}, 1, ("sa", "sb", "sc")),
        ("tasks_early", {"tasks": ["a", "c"]}, 1, ("sa", "sc")),
        ("tasks_on_time", {"tasks": ["b"]}, 1, ("sb",)),
        ("tasks_on_time", {}, 3, ("sa", "sb", "sc")),
    ):
        sheet = scored(book({"kind": kind, **more}, EACH), of)
        assert (sheet.total, tuple(sorted(sheet.line("A").sources))) == (wanted * 10**6, cited_), (kind, more)


def test_reports_of_named_indicators_alone_are_counted() -> None:
    """Nothing was reported of x and y; five months of each were due by the middle of June."""
    assigned = {(code, TargetKind.ASSIGNED): 1 for code in ("x", "y")}
    of = facts(indicators={"x": TERMS, "y": TERMS}, targets=assigned)
    for more, wanted in (({}, 10), ({"indicators": ["x"]}, 5), ({"indicators": ["y", "x"]}, 10)):
        assert points(book({"kind": "reports_missing", **more}, EACH), of) == wanted


def test_both_caps_and_the_choice_are_told_together() -> None:
    items = [
        item("A", award=EACH | {"limit": "9"}, counts_as="bonus"),
        item("B", award=EACH | {"points": "-1", "limit": "9"}),
        item("C", award=EACH, when={"measure": {"kind": "figure", "indicator": "x"}, "less_than": "0"}),
    ]
    both = {"code": "G", "items": items, "bonuses_at_most": "3", "deductions_at_most": "2", "standard": "5"}
    sheet = sheet_of(both, of=facts("9"))
    slugs = [reason.slug for reason in sheet.line("G").reasons]
    assert (sheet.total, slugs) == (6 * 10**6, ["bonuses-limited", "deductions-limited", "sum-over-own"])
    standing = item("D", award=EACH | {"limit": "4"}, standard="4")
    left_out = item("E", {"kind": "figure", "indicator": "y"}, EACH, standard="4", missing="excluded")
    scaled = {"code": "G", "items": [items[0], standing, left_out], "rebased": True, "bonuses_at_most": "3"}
    assert [reason.slug for reason in sheet_of(scaled, of=facts("9")).line("G").reasons] == ["bonuses-limited", "rebased", "sum"]
    best = {"code": "G", "items": items[:2], "takes": "best", "bonuses_at_most": "3"}
    assert [reason.slug for reason in sheet_of(best, of=facts("9")).line("G").reasons] == ["best-of", "bonuses-limited", "sum"]


@pytest.mark.parametrize(("figure", "slug"), [("3", "each"), ("4", "each-limited")])
def test_a_limit_that_is_only_reached_is_not_told(figure: str, slug: str) -> None:
    sheet = sheet_of(item(award=EACH | {"limit": "3"}, maximum="3"), of=facts(figure))
    assert (sheet.total, [reason.slug for reason in sheet.line("A").reasons][-1]) == (3 * 10**6, slug)


def test_a_bound_that_is_only_reached_is_not_told() -> None:
    for bound in ("maximum", "minimum"):
        sheet = sheet_of({"code": "G", bound: "3", "items": [item(award=EACH, **{bound: "3"})]}, of=facts("3"))
        told_ = [reason.slug for code in ("A", "G") for reason in sheet.line(code).reasons]
        assert told_ == ["figure", "each", "sum"], bound


def test_a_sum_rests_on_all_its_sources_and_counts_its_parts() -> None:
    happened = {basis: {"e": [Event(date(2022, 5, 1), None, True, "e1")]} for basis in Basis}
    terms = [{"of": {"kind": "figure", "indicator": "x"}, "times": "0"}, {"of": {"kind": "events", "events": ["e"]}, "times": "2"}]
    sheet = scored(book({"kind": "sum", "terms": terms}, EACH), facts("7", events=happened))
    assert sheet.line("A").sources == ("s1", "e1")
    assert (sheet.total, told(sheet).split(".")[0]) == (2 * 10**6, "Tổng 2 số: 2")


def test_a_report_is_missing_from_the_instant_at_which_it_is_late() -> None:
    """January's report: five days, which end on a Saturday, so Monday 7 February is the last."""
    document_ = book({"kind": "reports_missing"}, EACH)
    due = end_of(date(2022, 2, 7))
    of = facts()
    before, after = scored(document_, of, due - MICROSECOND), scored(document_, of, due)
    assert (before.total, after.total) == (0, 10**6)
    assert (before.valid_until, after.valid_until) == (due, end_of(date(2022, 3, 7)))


def test_the_last_day_of_the_window_counts_and_late_reports_are_cited() -> None:
    terms = replace(TERMS, window_to=date(2022, 1, 31))
    reported = {"x": {"2022-01": Reported(3 * FIGURE, "late1", is_late=True)}}
    of = facts(figures=dict.fromkeys(Basis, reported), indicators={"x": terms})
    sheet = scored(book({"kind": "reports_late"}, EACH), of)
    assert (sheet.total, sheet.line("A").sources) == (10**6, ("late1",))
    on_time = {"x": {"2022-01": Reported(3 * FIGURE, "s", is_late=False)}}
    of = facts(figures=dict.fromkeys(Basis, on_time), indicators={"x": terms})
    assert points(book({"kind": "percent_reports_on_time"}, {"shape": "value"}), of) == 100, "one report, in time"


def test_a_task_is_overdue_from_the_instant_at_which_its_day_is_over() -> None:
    of = facts(tasks={"t": TaskFact(date(2022, 6, 15), Roll.NONE, {})})
    over = end_of(date(2022, 6, 15))
    document_ = book({"kind": "tasks_overdue"}, EACH)
    assert [scored(document_, of, at).total for at in (over - MICROSECOND, over)] == [0, 10**6]


def test_working_days_are_counted_on_the_calendar() -> None:
    """Thursday to Tuesday are five days and three working days; with Friday off, two."""
    happened = {basis: {"e": [Event(date(2022, 6, 14), date(2022, 6, 9), True, "e1")]} for basis in Basis}
    early = {basis: {"e": [Event(date(2022, 6, 9), date(2022, 6, 14), True, "e1")]} for basis in Basis}
    friday_off = Calendar(frozenset({date(2022, 6, 10)}))
    for side, held in (("late_by", happened), ("early_by", early)):
        for days, counted, calendar, wanted in (
            (5, "calendar", None, 1),
            (6, "calendar", None, 0),
            (3, "working", None, 1),
            (4, "working", None, 0),
            (3, "working", friday_off, 0),
            (2, "working", friday_off, 1),
        ):
            measure = {"kind": "events", "events": ["e"], side: {"days": days, "counted": counted}}
            assert sheet_of(item(measure=measure, award=EACH), of=facts(events=held), calendar=calendar).total == wanted * 10**6
    done = {basis: Completion(date(2022, 6, 9), date(2022, 6, 14), "t") for basis in Basis}
    of = facts(tasks={"t": TaskFact(date(2022, 6, 14), Roll.NONE, done)})
    measure = {"kind": "tasks_early", "early_by": {"days": 3, "counted": "working"}}
    assert sheet_of(item(measure=measure, award=EACH), of=of).total == 10**6
    assert sheet_of(item(measure=measure, award=EACH), of=of, calendar=friday_off).total == 0


def marked(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "measure": {"kind": "mark", "minimum": "-5", "maximum": "5"}, **more}


def test_marks_stand_on_their_side_under_a_sections_caps() -> None:
    taking = marked("A", measure={"kind": "mark", "minimum": "-5", "maximum": "0"})
    for node, cap, put, wanted in (
        (marked("A", counts_as="bonus"), {"bonuses_at_most": "3"}, 5, 3),
        (marked("A"), {"bonuses_at_most": "3"}, 5, 5),
        (marked("A", counts_as="deduction"), {"deductions_at_most": "2"}, -5, -2),
        (taking, {"deductions_at_most": "2"}, -5, -2),
        (marked("A"), {"deductions_at_most": "2"}, -5, -5),
        (marked("A"), {"bonuses_at_most": "0", "deductions_at_most": "0"}, 5, 5),
        (marked("A"), {"bonuses_at_most": "0", "deductions_at_most": "0"}, -5, -5),
    ):
        assert sheet_of(node, of=facts(), marks={"A": put}, **cap).total == wanted * 10**6, (node, cap)


def test_a_mark_applies_and_one_that_is_not_there_follows_the_policy() -> None:
    group = {"code": "G", "takes": "first", "items": [marked("A"), item("B", award=EACH)]}
    assert sheet_of(group, of=facts("2"), marks={"A": 4}).total == 4 * 10**6
    nothing = sheet_of(marked("A"), of=facts(), missing="standard")
    assert "Chưa được chấm điểm" in told(nothing)
    assert told(nothing) == told(sheet_of(marked("A"), of=facts(), missing="zero")), "there is no standard to give"
    assert sheet_of(marked("A", standard="3"), of=facts(), missing="standard").total == 3 * 10**6


def test_what_is_waived_is_told_and_cited() -> None:
    happened = {basis: {"e": [Event(date(2022, 5, 1), None, True, f"e{n}") for n in range(3)]} for basis in Basis}
    counted = item(measure={"kind": "events", "events": ["e"]}, award=EACH | {"points": "-2"}, waivable=True)
    cases = ((2, -2, "Miễn trừ 2 lần, còn 1 lần."), (9, 0, "Miễn trừ 3 lần, còn 0 lần."), (None, 0, "Miễn trừ 3"))
    for occurrences, wanted, words in cases:
        sheet = sheet_of(counted, of=facts(events=happened, waivers={"A": Waiver(occurrences, "w")}))
        assert (sheet.total, words in told(sheet)) == (wanted * 10**6, True)
        assert sheet.line("A").sources == ("e0", "e1", "e2", "w")


def test_a_ceiling_that_is_only_reached_is_not_told() -> None:
    award = {"shape": "proportional", "ceiling": "115", "floor": "70"}
    at, above, below = (told(scored(book(SHARE, award), facts(figure))) for figure in ("115", "116", "69"))
    assert "115" in above.split("→")[-1]
    assert at.replace("115", "116") != above
    assert "0 điểm" in below


def test_a_grade_may_be_worth_nothing() -> None:
    award = {"shape": "grades", "grades": [{"grade": "C", "points": "0"}], "otherwise": "2"}
    for grade, wanted in (("C", 0), ("D", 2)):
        of = facts(results={"a": Outcome(None, grade, "r")})
        assert points(book({"kind": "grade", "assessment": "a"}, award), of) == wanted


def test_rulebooks_are_equal_by_their_digest() -> None:
    one, same, other = (checked(document(item(standard=standard)))[1] for standard in ("1", "1", "2"))
    assert one == same
    assert one != other
    assert one != one.digest
    assert hash(one) == hash(same)


def test_a_ratio_of_sums_divides_once() -> None:
    """1 of 2 and 3 of 8: 4 of 10, not the mean of 50 and 37.5."""

    def below(numerator: int, denominator: int) -> Facts:
        reported = {name: {"2022-05": Reported(value * FIGURE, name, False)} for name, value in (("x", numerator), ("y", denominator))}
        return replace(facts(), indicators={"x": TERMS, "y": TERMS}, figures=dict.fromkeys(Basis, reported))

    of = facts(children=(below(1, 2), below(3, 8)))
    ratio = {"kind": "ratio", "of": {"kind": "figure", "indicator": "x"}, "to": {"kind": "figure", "indicator": "y"}}
    for take, wanted in (("ratio_of_sums", "40"), ("mean", "43.75")):
        assert str(points(book({"kind": "children", "of": ratio, "take": take}, {"shape": "value"}), of)) == wanted


def test_a_ratio_of_sums_adds_what_is_measured_in_unlike_parts() -> None:
    """75 % to 3 and 50 % to 1: 125 to 4, and not the shares with their targets multiplied in."""
    of = facts(children=(facts("3", target="4"), facts("1", target="2")))
    figure = {"kind": "figure", "indicator": "x"}
    measure = {"kind": "children", "of": {"kind": "ratio", "of": SHARE, "to": figure, "times": "1"}, "take": "ratio_of_sums"}
    assert str(points(book(measure, {"shape": "value"}), of)) == "31.25"


def test_a_unit_that_lacks_one_half_is_left_out_of_both() -> None:
    """30 of 40; another has 9 and no base, a third a base of 60 and nothing above it."""

    def below(above: int | None, base: int | None) -> Facts:
        held = {"a": above, "b": base}
        return replace(facts(), results={name: Outcome(one * FIGURE, None, name) for name, one in held.items() if one is not None})

    ratio = {"kind": "ratio", "of": {"kind": "result", "assessment": "a"}, "to": {"kind": "result", "assessment": "b"}}
    measure = {"kind": "children", "of": ratio, "take": "ratio_of_sums"}
    of = facts(children=(below(30, 40), below(9, None), below(None, 60)))
    assert points(book(measure | {"without_missing": True}, {"shape": "value"}), of) == 75
    assert points(book(measure, {"shape": "value"}), of) == 0
    for unlike in (facts(children=(below(30, 0),)), facts(children=(below(30, -5), below(1, 5)))):
        assert told(scored(book(measure, {"shape": "value"}), unlike)).startswith("Mẫu số bằng 0")


def test_a_ratio_of_sums_keeps_to_the_window_of_the_rulebook() -> None:
    def below(of_year: int, before: int) -> Facts:
        days = [date(2022, 5, 1)] * of_year + [date(2021, 5, 1)] * before
        return facts("2", events={basis: {"e": [Event(day, None, True, f"e{n}") for n, day in enumerate(days)]} for basis in Basis})

    ratio = {"kind": "ratio", "of": {"kind": "events", "events": ["e"]}, "to": {"kind": "figure", "indicator": "x"}, "times": "1"}
    document_ = book({"kind": "children", "of": ratio, "take": "ratio_of_sums"}, {"shape": "value"})
    of = facts(children=(below(3, 1), below(2, 5)))
    sheet = scored(document_ | {"window": {"starts": "2022-01-01", "ends": "2022-12-31"}}, of)
    assert sheet.total == 1_250_000, "5 to 4"


def test_units_below_are_all_cited() -> None:
    of = facts(children=tuple(replace(facts("1"), unit=name, figures=cited(name)) for name in ("a", "b")))
    figure = {"kind": "figure", "indicator": "x"}
    for measure in ({"of": figure, "take": "sum"}, {"of": {"kind": "ratio", "of": figure, "to": figure}, "take": "ratio_of_sums"}):
        sheet = scored(book({"kind": "children", **measure}, {"shape": "value"}), of)
        assert sorted(set(sheet.line("A").sources)) == ["a", "b"]


def cited(name: str) -> Any:
    return {basis: {"x": {"2022-05": Reported(FIGURE, name, False)}} for basis in Basis}


def test_a_ratio_taken_no_times_is_nothing() -> None:
    figure = {"kind": "figure", "indicator": "x"}
    assert (
        points(book({"kind": "ratio", "of": figure, "to": figure, "times": "0"}, {"shape": "value", "times": "1000000"}), facts("7")) == 0
    )
    assert points(book(figure, {"shape": "steps", "over": "1", "per": "1", "points": "0", "first": "3"}), facts("9")) == 3


def test_a_ceiling_that_is_reached_exactly_is_not_told_as_cutting() -> None:
    award = {"shape": "proportional", "ceiling": "110"}
    for figure, slug in (("110", "proportional"), ("110.1", "proportional-at-ceiling")):
        sheet = scored(book(SHARE, award), facts(figure))
        assert (sheet.total, [reason.slug for reason in sheet.line("A").reasons][-1]) == (11 * 10**6, slug)


def test_a_share_of_another_nodes_points_is_exact() -> None:
    first = item("A", award=EACH, standard="3")
    second = item("B", {"kind": "percent_of_standard", "node": "A"}, {"shape": "value"})
    third = item("C", {"kind": "percent_of_maximum", "node": "D"}, {"shape": "value"})
    fourth = item("D", award=EACH | {"limit": "8"})
    sheet = sheet_of(first, second, third, fourth, of=facts("2"))
    assert [sheet.line(code).points for code in "BC"] == [66_670_000, 25_000_000]


def test_a_rebased_part_counts_with_its_full_standard() -> None:
    """Inside, 4 of 5 stand for 10: 8. Outside, 8 of 10 stand for 20: 16."""
    absent = {"measure": {"kind": "figure", "indicator": "z"}, "award": EACH, "missing": "excluded"}
    there, gone = item("A", award=EACH, standard="5"), item("B", **absent, standard="5")
    also_gone = item("C", **absent, standard="10")
    inner = {"code": "G", "rebased": True, "items": [there, gone]}
    of = facts("4", indicators={"x": TERMS, "z": TERMS})
    sheet = sheet_of(inner, also_gone, of=of, rebased=True)
    assert (sheet.line("G").points, sheet.total) == (8 * 10**6, 16 * 10**6)


def test_what_a_condition_wanted_is_told_only_where_it_failed() -> None:
    graded = {"nodes": ["A"], "graded": ["B", "C"], "at_least": "1"}
    grade = {"assessment": "par", "one_of": ["Tốt", "Khá"]}
    fails = {"measure": {"kind": "figure", "indicator": "x"}, "at_least": "9"}
    passes = fails | {"at_least": "1"}
    lettered = item("A", award=EACH, grades=[{"grade": "B", "at_least": "90"}, {"grade": "C", "at_least": "80"}, {"grade": "D"}])

    def unmet(when: dict[str, Any], **more: Any) -> str:
        return told(sheet_of(lettered, item("B", award=EACH, when=when), of=facts("2", **more)), "B")

    assert "Cần mức Tốt, Khá ở đánh giá par; hiện –." in unmet(grade)
    assert "Cần mức Tốt, Khá ở đánh giá par; hiện Yếu." in unmet(grade, results={"par": Outcome(None, "Yếu", "r")})
    assert "0 mục xếp B, C." in unmet(graded)
    assert "Cần ≥ 9" in unmet({"any": [fails]})
    assert "Cần" not in unmet({"any": [fails, passes]})
    lacking = {"measure": {"kind": "figure", "indicator": "y"}, "at_least": "3", "missing": True}
    both = unmet({"all": [{"any": [fails, passes]}, lacking, {"none": [fails]}, fails]})
    assert (both.count("Cần"), both.count("Số liệu"), both.count("Có ")) == (1, 1, 0), "of what holds nothing is said"
    assert "Có" not in unmet({"none": [fails]})
    assert "Số liệu: 2. Có 1 trường hợp" in unmet({"none": [fails, passes, {"any": [fails]}]}), "which it was is told"
    assert "Số liệu: 2. Có 2 trường hợp" in unmet({"none": [passes, {"any": [passes]}]})


def test_units_below_are_told_in_the_number_that_they_make() -> None:
    below = {"kind": "children_where", "when": {"measure": {"kind": "figure", "indicator": "x"}, "at_least": "2"}}
    of = facts(children=(facts("1"), facts("2"), facts("3")))
    for take, wanted in (("percent", "2/3 đơn vị đạt điều kiện: ≈ 66,6667 %."), ("count", "2/3 đơn vị đạt điều kiện. ")):
        sheet = scored(book(below | {"take": take}, {"shape": "value"}), of)
        assert told(sheet).startswith(wanted)
        assert sheet.total == (66_670_000 if take == "percent" else 2_000_000)


def test_a_cut_comes_off_the_bonus_and_no_further() -> None:
    """8 and a bonus of 2, cut to 5: no bonus is left for the cap of the whole to take."""
    eight = item("A", award=EACH | {"limit": "8"})
    inner = {"code": "G", "maximum": "5", "items": [eight, item("B", award=EACH | {"limit": "2"}, counts_as="bonus")]}
    assert sheet_of(inner, of=facts("8"), bonuses_at_most="0").total == 5 * 10**6
    falls = marked("B", counts_as="bonus")
    cut = {"code": "G", "maximum": "5", "items": [eight, falls]}
    more = item("C", award=EACH | {"limit": "4"}, counts_as="bonus")
    found = sheet_of(cut, more, of=facts("8"), marks={"B": -2}, bonuses_at_most="3")
    assert found.total == 9 * 10**6, "8 - 2 cut to 5, and 4: the bonuses are -2 and 4, within 3"
    slight = {"code": "G", "maximum": "9", "items": inner["items"]}
    assert sheet_of(slight, of=facts("8"), bonuses_at_most="0").total == 8 * 10**6
    taking = item("C", award=EACH | {"points": "-1", "limit": "2"})
    assert sheet_of({"code": "G", "maximum": "3", "items": [eight, taking]}, of=facts("8")).total == 3 * 10**6


def test_a_lift_takes_back_deductions_and_no_further() -> None:
    taking, further = marked("B", counts_as="deduction"), marked("C", counts_as="deduction")
    lifted = {"code": "G", "minimum": "-2", "items": [taking]}
    held = sheet_of(lifted, further, of=facts("0"), marks={"B": -5, "C": -3}, deductions_at_most="4")
    assert held.total == -4 * 10**6, "-5 lifted to -2, and -3: five are taken off, held at four"
    high = {"code": "G", "minimum": "2", "items": [taking]}
    held = sheet_of(high, further, of=facts("0"), marks={"B": -1, "C": -3}, deductions_at_most="2")
    assert held.total == 0, "2 with nothing taken off, and -3 held at -2"


def test_a_condition_on_what_is_missing_says_so() -> None:
    lacking = {"measure": {"kind": "figure", "indicator": "y"}, "at_least": "3"}
    assert "Chưa có số liệu được ghi nhận. Cần ≥ 3." in told(sheet_of(item("B", award=EACH, when=lacking), of=facts("2")), "B")
    assert "Chưa có" not in told(sheet_of(item("B", award=EACH, when=lacking | {"missing": True}), of=facts("2")), "B")
