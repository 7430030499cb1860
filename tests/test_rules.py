"""Pure rules: calendar, names, places, trees, numbers. Property-based where there is a law."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules import TokenKind, kind_of, new_token
from app.audit.rules import grown, node_hash, root_hash
from app.calendar.rules import DAY, Calendar, PeriodScheme, Roll, end_of, period, period_of, periods_ending_within
from app.clock import ZONE
from app.indicators.rules import Accumulation, Comparator, Result, accumulated, percent_of, result
from app.movements.rules import Phase, sight
from app.ranking.rules import places, shown_order
from app.rulebooks.language.ground import Mode
from app.scoring.engine.numbers import rounder
from app.tables import canonical
from app.tasks.rules import TaskTiming, timing
from app.units.rules import fold, order_key
from app.web.numbers import plain, worded
from app.web.texts import LANGUAGES, Language, preferred

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))
NATIONAL_DAY_2022 = Calendar(off=frozenset({date(2022, 9, 1), date(2022, 9, 2)}))


def test_the_anniversary_deadline_rolls_as_the_law_and_as_sense_have_it() -> None:
    """01-02/9/2022 were off, then a weekend: the legal roll ends on Monday 05/9, after the anniversary."""
    goal = date(2022, 9, 1)
    assert NATIONAL_DAY_2022.rolled(goal, Roll.NONE) == goal
    assert NATIONAL_DAY_2022.rolled(goal, Roll.FORWARD) == date(2022, 9, 5)
    assert NATIONAL_DAY_2022.rolled(goal, Roll.BACKWARD) == date(2022, 8, 31)


@pytest.mark.parametrize("day", [date(2022, 1, 28), date(2024, 2, 29), date(2022, 12, 31), date(2022, 9, 1)])
def test_a_deadline_is_half_open_at_local_midnight(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)
    assert end_of(day) == midnight
    last = midnight - timedelta(microseconds=1)
    assert timing(expires_at=end_of(day), completed_at=None, instant=last) is TaskTiming.DUE_SOON
    assert timing(expires_at=end_of(day), completed_at=None, instant=midnight) is TaskTiming.OVERDUE
    assert end_of(day).tzinfo is UTC


def test_work_days_made_up_count_and_holidays_do_not() -> None:
    calendar = Calendar(off=frozenset({date(2022, 4, 11)}), working=frozenset({date(2022, 4, 16)}))
    assert calendar.working_days_between(date(2022, 4, 11), date(2022, 4, 18)) == 5
    assert calendar.working_days_between(date(2022, 4, 18), date(2022, 4, 11)) == -5


@given(st.sampled_from(PeriodScheme), DAYS)
def test_periods_partition_time_and_their_codes_lead_back(scheme: PeriodScheme, day: date) -> None:
    found = period_of(scheme, day)
    assert found.starts <= day < found.ends
    assert period(scheme, found.code) == found
    assert period_of(scheme, found.ends).starts == found.ends
    assert period_of(scheme, found.starts - DAY).ends == found.starts


@pytest.mark.parametrize(
    ("scheme", "code", "starts", "ends"),
    [
        (PeriodScheme.MONTH, "2022-02", date(2022, 2, 1), date(2022, 3, 1)),
        (PeriodScheme.MONTH_15_14, "2022-01", date(2021, 12, 15), date(2022, 1, 15)),
        (PeriodScheme.QUARTER, "2022-Q4", date(2022, 10, 1), date(2023, 1, 1)),
        (PeriodScheme.HALF_YEAR, "2022-H1", date(2022, 1, 1), date(2022, 7, 1)),
        (PeriodScheme.YEAR_15_12, "2022", date(2021, 12, 15), date(2022, 12, 15)),
        (PeriodScheme.YEAR_16_11, "2022", date(2021, 11, 16), date(2022, 11, 16)),
        (PeriodScheme.SCHOOL_YEAR, "2021-2022", date(2021, 9, 1), date(2022, 9, 1)),
    ],
)
def test_periods_as_the_field_knows_them(scheme: PeriodScheme, code: str, starts: date, ends: date) -> None:
    found = period(scheme, code)
    assert found is not None
    assert (found.starts, found.ends) == (starts, ends)


@pytest.mark.parametrize("code", ["2022-13", "2022-00", "2022-Q5", "2022-1", "abcd", "2022-2024", "9999-01"])
def test_what_names_no_period_is_none(code: str) -> None:
    assert all(period(scheme, code) is None for scheme in PeriodScheme)


def test_periods_in_a_window_are_those_that_end_in_it() -> None:
    found = [one.code for one in periods_ending_within(PeriodScheme.MONTH, date(2022, 1, 15), date(2022, 4, 1))]
    assert found == ["2022-01", "2022-02", "2022-03"]


def test_vietnamese_names_are_found_without_accents_and_stand_in_dictionary_order() -> None:
    assert fold("Phường Dịch Vọng Hậu") == "phuong dich vong hau"
    assert fold("Đống Đa") == "dong da"
    shuffled = [
        "Nghĩa Tân",
        "Dịch Vọng Hậu",
        "Trung Hòa",
        "Mai Dịch",
        "Yên Hòa",
        "Quan Hoa",
        "Nghĩa Đô",
        "Dịch Vọng",
        "Đống Đa",
        "Ân",
        "An",
        "Ăn",
    ]
    wanted = [
        "An",
        "Ăn",
        "Ân",
        "Dịch Vọng",
        "Dịch Vọng Hậu",
        "Đống Đa",
        "Mai Dịch",
        "Nghĩa Đô",
        "Nghĩa Tân",
        "Quan Hoa",
        "Trung Hòa",
        "Yên Hòa",
    ]
    assert sorted(shuffled, key=order_key) == wanted
    tones = ["ma", "mà", "mả", "mã", "má", "mạ", "mang"]
    assert sorted([*tones[3:], *tones[:3]], key=order_key) == tones


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=50))
def test_places_are_one_plus_the_number_ahead(points: dict[str, tuple[int, ...]]) -> None:
    placed = places(points)
    for unit, held in points.items():
        assert placed[unit] == 1 + sum(other > held for other in points.values())
    assert shown_order(placed) == sorted(placed, key=lambda unit: (placed[unit], unit))


@pytest.mark.parametrize("ties", [2, 3, 10, 50])
def test_a_shared_place_leaves_a_gap_and_a_millionth_breaks_it(ties: int) -> None:
    equal = {f"u{n}": (90_000_000,) for n in range(ties)} | {"below": (89_999_999,)}
    assert places(equal)["below"] == ties + 1
    assert {places(equal)[f"u{n}"] for n in range(ties)} == {1}


@given(st.lists(st.binary(min_size=1, max_size=8), max_size=80))
def test_the_frontier_gives_the_root_of_rfc_6962(leaves: list[bytes]) -> None:
    hashed = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    frontier: list[bytes] = []
    for size, leaf in enumerate(hashed):
        frontier = grown(frontier, size, leaf)
    assert root_hash(frontier) == _merkle(hashed)


def _merkle(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 2.1, written from its definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(_merkle(leaves[:split]), _merkle(leaves[split:]))


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**12), st.integers(0, 6), st.sampled_from(Mode))
def test_rounding_agrees_with_fractions(numerator: int, denominator: int, decimals: int, mode: Mode) -> None:
    unit = Fraction(10) ** (6 - decimals)
    exact = Fraction(numerator, denominator) / unit
    found = Fraction(rounder(decimals, mode)(numerator, denominator)) / unit
    assert found.denominator == 1
    size, whole = abs(exact), abs(exact).__floor__()
    rest = size - whole
    up = {
        Mode.HALF_UP: rest >= Fraction(1, 2),
        Mode.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        Mode.TRUNCATE: False,
        Mode.UP: rest > 0,
    }[mode]
    assert abs(found) == whole + up
    assert found == 0 or (found < 0) == (exact < 0)


def test_rounding_as_the_rulebooks_print_it() -> None:
    assert rounder(2, Mode.HALF_UP)(99_437_000, 1) == 99_440_000
    assert rounder(2, Mode.TRUNCATE)(99_437_000, 1) == 99_430_000


@given(st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**19), max_value=10**19))
def test_a_figure_is_written_one_way_and_read_back_equal(figure: Decimal) -> None:
    text = canonical(figure)
    assert Decimal(text) == figure
    assert canonical(Decimal(text)) == text
    assert "E" not in text
    assert text != "-0"


@given(st.integers(-(10**20), 10**20))
def test_plain_numbers_are_exact(scaled: int) -> None:
    assert Decimal(plain(scaled, 10**6)) * 10**6 == scaled


def test_numbers_are_worded_as_each_language_writes_them() -> None:
    assert worded("9278.6", "vi") == "9.278,6"
    assert worded("9278.6", "en") == "9,278.6"
    assert worded("-0.5", "vi") == "−0,5"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25, places=10), st.sampled_from(LANGUAGES))
def test_numbers_are_worded_as_babel_words_them(number: Decimal, language: Language) -> None:
    with localcontext(prec=80):
        wanted = format_decimal(number, format="#,##0.##########", locale=language, decimal_quantization=False)
    assert worded(format(number or Decimal(0), "f"), language) == wanted.replace("-", "−")


def test_results_may_be_good_before_their_time_but_not_bad() -> None:
    at_least, at_most, achieved = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ACHIEVED
    assert result(at_least, Decimal(11), Decimal(10), is_due=False) is Result.EXCEEDED
    assert result(at_least, Decimal(10), Decimal(10), is_due=True) is Result.MET
    assert result(at_least, Decimal(9), Decimal(10), is_due=False) is Result.NOT_YET_DUE
    assert result(at_least, Decimal(9), Decimal(10), is_due=True) is Result.MISSED
    assert result(at_most, Decimal(1), Decimal(2), is_due=False) is Result.NOT_YET_DUE
    assert result(at_most, Decimal(1), Decimal(2), is_due=True) is Result.EXCEEDED
    assert result(at_most, Decimal(3), Decimal(2), is_due=True) is Result.MISSED
    assert result(achieved, Decimal(1), Decimal(1), is_due=False) is Result.MET
    assert result(achieved, Decimal(0), Decimal(1), is_due=True) is Result.MISSED
    assert result(at_least, None, Decimal(1), is_due=False) is Result.NOT_YET_DUE
    assert result(at_least, None, Decimal(1), is_due=True) is Result.MISSED


def test_figures_add_up_as_the_indicator_says() -> None:
    figures = [Decimal(3), Decimal(5), Decimal(4)]
    assert accumulated(Accumulation.PERIOD_VALUE, figures) == 12
    assert accumulated(Accumulation.CUMULATIVE, figures) == 4
    assert accumulated(Accumulation.POINT_IN_TIME, []) is None
    assert percent_of(Decimal("9202.47"), Decimal("9278.6")) == Decimal("99.18"), "a full plan can be less than last year"


def test_a_slow_confirmer_makes_nobody_late() -> None:
    due, done = end_of(date(2022, 6, 10)), datetime(2022, 6, 10, tzinfo=ZONE)
    assert timing(expires_at=due, completed_at=done, instant=due + timedelta(days=30)) is TaskTiming.DONE_ON_TIME
    assert timing(expires_at=due, completed_at=done + DAY, instant=due + timedelta(days=30)) is TaskTiming.DONE_LATE
    assert timing(expires_at=None, completed_at=None, instant=due) is TaskTiming.NO_DEADLINE


def test_sight_opens_by_phases() -> None:
    clusters, own = {"a": "x", "b": "x", "c": "y"}, frozenset({"a"})
    assert [u for u in clusters if sight(Phase.OWN, clusters, own, sees_all=False).sees(u)] == ["a"]
    assert [u for u in clusters if sight(Phase.CLUSTER, clusters, own, sees_all=False).sees(u)] == ["a", "b"]
    assert [u for u in clusters if sight(Phase.ALL_UNITS, clusters, own, sees_all=False).sees(u)] == ["a", "b", "c"]
    assert sight(Phase.OWN, clusters, own, sees_all=True).units is None


def test_tokens_carry_their_kind_and_a_checksum() -> None:
    token = new_token(TokenKind.API_KEY)
    assert kind_of(token) is TokenKind.API_KEY
    assert kind_of(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert kind_of("tdk_" + "x" * 51) is None
    assert kind_of("ớ" * len(token)) is None


@pytest.mark.parametrize(
    ("asked", "given_language"), [(None, "vi"), ("en", "en"), ("fr", "vi"), ("vi;q=0.5, en;q=0.9", "en"), ("en;q=x", "vi"), ("en-GB", "en")]
)
def test_vietnamese_comes_first_unless_english_is_asked_for(asked: str | None, given_language: str) -> None:
    assert preferred(asked) == given_language
