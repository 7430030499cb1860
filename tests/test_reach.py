"""The least and the most that a node can give, by hand: what the adoption warnings and the ranges of marks rest on."""

from typing import Any

import pytest

from app.rulebooks.language.load import checked
from app.scoring.explain import points
from tests.examples import FIGURE, bands, document, item

MET = {"measure": FIGURE, "at_least": "1"}
PROPORTIONAL: dict[str, Any] = {"shape": "proportional"}
EACH: dict[str, Any] = {"shape": "each", "points": "1", "limit": "3"}
MINUS = EACH | {"points": "-1"}
STEPS = {"shape": "steps", "over": "1", "per": "1", "points": "1"}
GRADES = {"shape": "grades", "grades": [{"grade": "A", "points": "4"}], "otherwise": "-1"}
STRATA = {"shape": "strata", "by": FIGURE, "otherwise": "-2", "strata": [{"at_least": "1", "award": EACH | {"limit": "7"}}]}


COUNT = {"kind": "events", "events": ["e"]}


def sum_of(*terms: tuple[dict[str, Any], str]) -> dict[str, Any]:
    return {"kind": "sum", "terms": [{"of": of, "times": times} for of, times in terms]}


VALUE = {"shape": "value"}
RATIO = {"kind": "ratio", "of": COUNT, "to": COUNT}


def group(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"code": "G", "items": list(items), **fields}


SPANS: list[tuple[dict[str, Any], str | None, str | None]] = [
    (item("G", award=EACH), "0", "3"),
    (item("G", award=MINUS), "-3", "0"),
    (item("G", award=EACH | {"points": "0"}), "0", "0"),
    (item("G", award=STEPS), "0", None),
    (item("G", award=STEPS | {"points": "-1"}), None, "0"),
    (item("G", award=STEPS | {"points": "0", "first": "3"}), "0", "3"),
    (item("G", award=STEPS | {"points": "-1", "first": "3"}), None, "3"),
    (item("G", award=STEPS | {"points": "1", "first": "-3"}), "-3", None),
    (item("G", award=STEPS | {"points": "1", "first": "3", "limit": "2"}), "0", "2"),
    (item("G", award=STEPS | {"points": "-1", "first": "3", "limit": "2"}), "-2", "2"),
    (item("G", {"kind": "grade", "assessment": "a"}, GRADES), "-1", "4"),
    (item("G", award=STRATA), "-2", "7"),
    (item("G", award={"shape": "value"}), None, None),
    (item("G", standard=10, award=PROPORTIONAL), None, None),
    (item("G", standard=10, award=PROPORTIONAL | {"floor": "0", "ceiling": "110"}), "0", "11"),
    (item("G", standard=10, award=PROPORTIONAL | {"floor": "-1", "ceiling": "110", "full_at": "50"}), None, "22"),
    (item("G", award=PROPORTIONAL), "0", "0"),
    (item("G", {"kind": "percent_tasks_on_time"}, PROPORTIONAL, standard=10), "0", None),
    (item("G", COUNT, {"shape": "value"}), "0", None),
    (item("G", COUNT, {"shape": "value", "times": "-2"}), None, "0"),
    (item("G", COUNT, STRATA | {"strata": [{"award": {"shape": "value"}}]}), "-2", None),
    ({"code": "G", "measure": {"kind": "mark", "minimum": "-2", "maximum": "5"}}, "-2", "5"),
    (item("G", award=bands({"at_least": "1"}) | {"otherwise": "2"}), "0", "2"),
    (item("G", award=bands({"at_least": "1"}) | {"otherwise": "2"}, missing="excluded"), "1", "2"),
    (item("G", award=bands({"at_least": "1"}) | {"otherwise": "2"}, missing="excluded", when=MET), "0", "2"),
    (item("G", award=bands({"at_least": "1"}) | {"otherwise": "2"}, missing="standard", standard=4), "1", "4"),
    (
        item("G", award=bands({"at_least": "1"}), missing="excluded", standard=4, not_applicable_when=MET, not_applicable="standard"),
        "0",
        "4",
    ),
    (item("G", award=bands({"at_least": "1"}) | {"otherwise": "1"}, missing="excluded", not_applicable_when=MET), "1", "1"),
    (item("G", award=EACH, minimum="1", maximum="2"), "1", "2"),
    (item("G", award=MINUS, maximum="-1", minimum="-2"), "-2", "-1"),
    (item("G", sum_of((COUNT, "1"), (COUNT, "2")), VALUE), "0", None),
    (item("G", sum_of((COUNT, "1"), (COUNT, "-2")), VALUE), None, None),
    (item("G", sum_of((COUNT, "-1"), (FIGURE, "0")), VALUE), None, "0"),
    (item("G", sum_of((COUNT, "1"), (COUNT, "2")), VALUE | {"times": "-1"}), None, "0"),
    (item("G", sum_of((FIGURE, "1")), VALUE), None, None),
    (item("G", sum_of((COUNT, "-1")), PROPORTIONAL, standard=10), None, "0"),
    (item("G", RATIO, VALUE), "0", None),
    (item("G", RATIO | {"times": "-1"}, VALUE), None, "0"),
    (item("G", RATIO | {"times": "0"}, VALUE), "0", "0"),
    (item("G", RATIO | {"to": FIGURE}, VALUE), None, None),
    (item("G", RATIO | {"of": FIGURE}, VALUE), None, None),
    (item("G", {"kind": "children", "of": COUNT, "take": "sum"}, VALUE), "0", None),
    (item("G", {"kind": "children", "of": FIGURE, "take": "sum"}, VALUE), None, None),
    (item("G", COUNT, VALUE | {"times": "0"}), "0", "0"),
    (item("G", RATIO | {"times": "0.5"}, VALUE), "0", None),
    (item("G", COUNT, VALUE, missing="excluded"), "0", None),
    (item("G", COUNT, PROPORTIONAL, standard=10, missing="excluded"), "0", None),
    (item("G", award=STEPS | {"first": "3"}, missing="excluded"), "0", None),
    (item("G", award=STEPS | {"points": "-1", "first": "-3"}, missing="excluded"), None, "0"),
    (group(item(award=EACH), item("B", award=MINUS)), "-3", "3"),
    (group(item(award=EACH), item("B", award=EACH | {"limit": "5"}), takes="best"), "0", "5"),
    (group(item(award=EACH), item("B", award=EACH | {"limit": "5"}), takes="first", standard=2), "2", "7"),
    (group(item(award=EACH), standard=2, maximum=4, minimum=3), "3", "4"),
    (group(item(award=EACH), item("B", award=EACH, counts_as="bonus"), bonuses_at_most=1), "0", "4"),
    (group(item(award=EACH), item("B", award=MINUS), deductions_at_most=1), "-1", "3"),
    (group(item(award=EACH), item("B", award=MINUS, standard=2, missing="standard"), deductions_at_most=1), "-3", "5"),
    (group(item(award=EACH), item("B", award=EACH, counts_as="bonus"), takes="best", bonuses_at_most=1), "0", "3"),
]


@pytest.mark.parametrize(("written", "least", "most"), SPANS, ids=range(len(SPANS)))
def test_the_bounds_of_a_node(written: dict[str, Any], least: str | None, most: str | None) -> None:
    place = checked(document(written))[1].places["G"]
    assert (points(place.least), points(place.most)) == (least, most)
