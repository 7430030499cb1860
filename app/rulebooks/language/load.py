"""From what a person wrote to a checked document: which part is wrong first, and why."""

import re
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.rulebooks.language.compile import Rulebook, compiled
from app.rulebooks.language.ground import CODE_FORM, REFERENCE_FORM, Faulty
from app.rulebooks.language.schema import QUOTA_FORM
from app.rulebooks.language.schema import Rulebook as Document
from app.rulebooks.language.terms import kind_of
from app.rulebooks.language.text import DEPTH_LIMIT, of_text

Model = TypeVar("Model", bound=BaseModel)


def loaded(text: str) -> tuple[Document, Rulebook]:
    """Raise `Faulty` with the path and the line of the first fault."""
    return of_text(text, checked)


def checked(raw: Any) -> tuple[Document, Rulebook]:
    """The document of parsed JSON or YAML, and the rulebook compiled from it."""
    document = validated(Document, raw)
    return document, compiled(document)


def validated(model: type[Model], raw: Any) -> Model:
    """Parsed JSON or YAML as a document of this kind. Raise `Faulty` for the first fault."""
    if _is_too_deep(raw):
        raise Faulty("", "too-deep", limit=DEPTH_LIMIT)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A misspelt field is told before the one that it leaves missing.
        first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        fault, values = _said(first)
        raise Faulty(_path(first["loc"], raw), fault, **values) from None


def _is_too_deep(raw: Any) -> bool:
    """Before anything walks down it, or writes it out: JSON comes deeper than Python recurses."""
    level = [raw]
    for _ in range(DEPTH_LIMIT):
        level = [below for one in level if isinstance(one, dict | list) for below in (one.values() if isinstance(one, dict) else one)]
    return any(isinstance(one, dict | list) for one in level)


def _said(error: ErrorDetails) -> tuple[str, dict[str, object]]:
    """The sentence of the catalogue's `faults`, and what fills it."""
    fault, told = _FAULTS.get(error["type"], "wrong-value"), error.get("ctx", {})
    if fault == "wrong-form":
        return _FORMS.get(str(told["pattern"]), fault), {}
    if fault == "unknown-field" and error["input"] is None and " " in str(error["loc"][-1]).strip():
        return "comma-in-text", {}
    if fault == "not-a-choice":
        expected = str(told.get("expected_tags") or told["expected"])
        near = get_close_matches(str(told.get("tag", error["input"])), re.findall(r"'([^']+)'", expected), 1)
        return ("meant", {"near": near[0], "expected": expected}) if near else (fault, {"expected": expected})
    limits = [told[name] for name in _LIMITS if name in told]
    return fault, {"limit": limits[0]} if limits else {}


_FORMS = {
    REFERENCE_FORM: "form-of-reference",
    CODE_FORM: "form-of-code",
    QUOTA_FORM: "form-of-quota",
}
_LIMITS = ("max_length", "min_length", "le", "lt", "ge", "gt", "max_digits", "decimal_places")
_FAULTS = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "enum": "not-a-choice",
    "literal_error": "not-a-choice",
    "union_tag_invalid": "not-a-choice",
    "union_tag_not_found": "missing",
    "string_pattern_mismatch": "wrong-form",
    "string_too_long": "too-long",
    "too_long": "too-large",
    "too_short": "too-small",
    "string_too_short": "too-small",
    "less_than_equal": "too-large",
    "greater_than_equal": "too-small",
    "greater_than": "too-small",
    "decimal_max_digits": "too-large",
    "decimal_whole_digits": "too-large",
    "decimal_max_places": "too-precise",
    "is_instance_of": "wrong-number",
    "decimal_type": "wrong-number",
    "int_type": "needs-whole-number",
    "int_from_float": "needs-whole-number",
    "date_type": "wrong-date",
    "datetime_type": "wrong-instant",
    "datetime_parsing": "wrong-instant",
    "datetime_from_date_parsing": "wrong-instant",
    "timezone_aware": "wrong-instant",
    "invalid_key": "number-for-name",
    "list_type": "needs-list",
    "model_type": "needs-fields",
    "model_attributes_type": "needs-fields",
    "dict_type": "needs-fields",
    "string_type": "needs-text",
    "bool_type": "needs-true-or-false",
}
"""By pydantic's type of error, a sentence of the catalogue's `faults`."""


def _path(location: tuple[int | str, ...], raw: Any) -> str:
    """Where in the document: names of union members, which stand in no document, are passed over."""
    at, member, shown = raw, "", []
    for number, part in enumerate(location):
        if part == member:
            member = ""
            continue
        is_there = (isinstance(at, dict) and part in at) or (isinstance(at, list) and isinstance(part, int) and part < len(at))
        if is_there:
            at = at[part]
            member = _member(at)
        if is_there or number == len(location) - 1:
            text = str(part)
            shown.append(text if text.isidentifier() or text.isdigit() else "?")
    return "/".join(shown)


def _member(value: Any) -> str:
    """The name of the union member that a measure, an award or a condition was read as; it may be that of a field: `events`, `all`."""
    if not isinstance(value, dict) or not {"code", "title", "items"}.isdisjoint(value):
        return ""
    return str(value.get("kind") or value.get("shape") or kind_of(value))
