"""What a rulebook takes from outside, from every part that can name it."""

from app.rulebooks.language.load import checked
from app.rulebooks.language.needs import Needs, needs, together
from tests.examples import FIGURE, document, item
from tests.test_faults import COUNTED, classes, gate, quota

EVENTS = {"kind": "events", "events": ["e1", "e2"]}
LESS = {"measure": {"kind": "result", "assessment": "r1"}, "less_than": "1"}


def test_every_name_is_found_wherever_it_stands() -> None:
    ratings = classes({}) | {"not_above": "r2"}
    ratings["classes"][0]["requires"] = [{"assessment": "r3", "one_of": ["A"]}]
    below = {"kind": "children", "take": "sum", "of": {"kind": "percent_of_target", "indicator": "i2"}}
    inner = item("B", {"kind": "sum", "terms": [{"of": EVENTS}, {"of": {"kind": "tasks_late", "tasks": ["t1"]}}]}, COUNTED, waivable=True)
    reports = item("C", {"kind": "reports_late", "indicators": ["i3"]}, COUNTED)
    every = item("D", {"kind": "reports_late"}, COUNTED, when={"measure": {"kind": "tasks_late"}, "less_than": "1"})
    group = {"code": "G", "items": [inner, reports, every]}
    written = document(item("A", below), group, gates=[gate(any=[LESS])], ratings=ratings, quotas=[quota()])
    assert needs(checked(written)[1]) == Needs(
        indicators=frozenset({"i2", "i3"}),
        tasks=frozenset({"t1"}),
        events=frozenset({"e1", "e2"}),
        assessments=frozenset({"r1", "r2", "r3"}),
        grades=frozenset({"r2", "r3"}),
        numbers=frozenset({"r1"}),
        waivers=True,
        children=True,
    )
    lettered = {"shape": "grades", "grades": [{"grade": "A", "points": "1"}], "otherwise": "0"}
    of_grades = needs(checked(document(item(measure={"kind": "grade", "assessment": "g"}, award=lettered)))[1])
    assert (of_grades.grades, of_grades.numbers) == (frozenset({"g"}), frozenset())
    assert needs(checked(document(item()))[1]) == Needs(indicators=frozenset({"x"}))
    where = {"kind": "children_where", "when": {"measure": FIGURE, "at_least": "1"}}
    assert needs(checked(document(item(measure=where)))[1]).children


def test_rulebooks_take_together_what_any_of_them_takes() -> None:
    one, other = Needs(events=frozenset({"e"}), waivers=True), Needs(events=frozenset({"f"}), tasks=frozenset({"t"}), children=True)
    assert together(iter([one, other])) == Needs(tasks=frozenset({"t"}), events=frozenset({"e", "f"}), waivers=True, children=True)
    assert together([]) == Needs()
