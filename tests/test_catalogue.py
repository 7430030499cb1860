"""docs/rulebooks.md is run: every example gives what it says, and every kind of rule from R01 to R52 has one."""

import re

import pytest

from app.rulebooks.language import awards, schema, terms
from app.rulebooks.language.ground import EDGE
from app.rulebooks.language.load import checked
from app.rulebooks.language.schema import Quota, Rulebook
from app.scoring.engine.quota import counts_of, in_line, places_of
from app.scoring.explain import sentence
from app.web.texts import LANGUAGES
from tests.examples import PAGE, Example, examples, given, sheets_of

EXAMPLES = examples()


def test_every_kind_of_rule_has_its_recipe() -> None:
    named = {found[0] for example in EXAMPLES if (found := re.match(r"R\d\d", example.name))}
    assert named == {f"R{n:02d}" for n in range(1, 53)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_it_says(example: Example) -> None:
    tried = 0
    for facts, wanted, view in example.cases():
        found = given(example, facts, view)
        for name, value in wanted.items():
            told = str(value) if not isinstance(value, list | dict) else value
            assert found[name] == told, (name, facts, found)
            tried += 1
    assert tried >= 1


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_line_of_an_example_can_be_said(example: Example) -> None:
    for facts, _, view in example.cases():
        for sheet in sheets_of(example, facts, view):
            reasons = [reason for line in sheet.lines for reason in line.reasons] + list(sheet.rated.reasons if sheet.rated else ())
            for language in LANGUAGES:
                assert all(sentence(reason, language) for reason in reasons)


def test_an_example_that_lies_is_caught() -> None:
    """The negative control of the page's tests."""
    first = next(example for example in EXAMPLES if example.name.startswith("R01"))
    wrong = Example("wrong", first.text.replace("A: 9.2", "A: 9.3"))
    [(facts, wanted, view)] = wrong.cases()
    assert given(wrong, facts, view)["A"] != str(wanted["A"])


def test_a_quota_of_a_quota_r47() -> None:
    """floor(47 × 70 %) = 32, then floor(32 × 15 %) = 4."""
    asked = {"code": "a", "share": 70, "of": "registered"}, {"code": "b", "share": 15, "of": "quota:a"}
    quotas = [Quota.model_validate(one) for one in asked]
    assert places_of(quotas, {"registered": 47}) == {"a": (47, 32), "b": (32, 4)}
    assert places_of(quotas, counts_of([])) == {"a": (0, 0), "b": (0, 0)}
    assert int(quotas[0].share * EDGE) == 70 * EDGE


def test_a_shared_place_at_the_cut_is_left_to_people_r48() -> None:
    assert in_line({"a": 1, "b": 2, "c": 2, "d": 4}, 3) == (["a", "b", "c"], [])
    assert in_line({"a": 1, "b": 2, "c": 2, "d": 4}, 2) == (["a"], ["b", "c"])
    assert in_line({"a": 1, "b": 1, "c": 1}, 0) == ([], [])


def test_the_page_names_every_kind_and_shape() -> None:
    """What the schema takes and the page does not name would be found by nobody."""
    told = PAGE.read_text(encoding="utf-8")
    for module, key in ((terms, "kind"), (awards, "shape")):
        for model in vars(module).values():
            field = getattr(model, "model_fields", {}).get(key)
            for value in getattr(field.annotation, "__args__", ()) if field else ():
                assert f"`{value}`" in told, value
    for name in {**schema.Group.model_fields, **schema.Item.model_fields, **schema.Rulebook.model_fields}:
        assert name in told, name


def test_a_schema_is_published_for_editors() -> None:
    published = Rulebook.model_json_schema()
    assert published["properties"]["items"]
    assert checked(EXAMPLES[0].document)
