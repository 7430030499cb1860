"""From the bytes that a person wrote to a checked document: YAML without its traps, or JSON."""

import re
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.rulebooks.language.compile import Rulebook, compiled
from app.rulebooks.language.ground import Faulty
from app.rulebooks.language.schema import Rulebook as Document

Read = TypeVar("Read")
Model = TypeVar("Model", bound=BaseModel)
SIZE_LIMIT = 400_000
DEPTH_LIMIT = 40
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel brings it: twenty times faster, the same events."""


class _Plain(_Base):  # type: ignore[misc]
    """Only true, false, null and whole numbers are not text: `no`, `1.5`, `2022-01-01` and `1e3` stay what was written."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise Faulty(f"line {key.start_mark.line + 1}", "key-twice")
            seen.add(key.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), ["n", "~", ""])
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?(0|[1-9][0-9]{0,17})$"), list("-0123456789"))


def loaded(text: str) -> tuple[Document, Rulebook]:
    """Raise `Faulty` with the path and the line of the first fault."""
    return of_text(text, checked)


def of_text(text: str, read: Callable[[Any], Read]) -> Read:
    """What `read` makes of YAML or JSON; a `Faulty` is told the line on which its path stands."""
    raw = plain_yaml(text)
    try:
        return read(raw)
    except Faulty as fault:
        fault.line = _line_of(text, fault.path)
        raise


def _line_of(text: str, path: str) -> int:
    """Of the last part of the path that the text holds: what is missing, is missing there."""
    node: Any = yaml.compose(text, Loader=_Plain)
    line = 0 if node is None else int(node.start_mark.line)
    for part in path.split("/"):
        held: list[Any] = []
        if isinstance(node, yaml.MappingNode):
            held = [(key, value) for key, value in node.value if key.value == part]
        elif isinstance(node, yaml.SequenceNode):
            held = [(one, one) for number, one in enumerate(node.value) if str(number) == part]
        if not held:
            break
        at, node = held[0]
        line = int(at.start_mark.line)
    return line + 1


def plain_yaml(text: str) -> Any:
    """YAML in which decimals and dates stay text, for exact types to read. Raise `Faulty` at the line of the first fault."""
    if len(text) > SIZE_LIMIT:
        raise Faulty("yaml", "too-long", limit=SIZE_LIMIT)
    try:
        _check_events(text)
        return yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader with less
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise Faulty(f"line {line + 1}", "yaml") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, Faulty):
            raise
        raise Faulty("yaml", "yaml") from None


def _check_events(text: str) -> None:
    """Aliases and anchors (YAML bombs), tags, several documents and towers of brackets end here, before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Base):
        fault = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            fault = "anchors"
        elif getattr(event, "tag", None) is not None:
            fault = "tags"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEPTH_LIMIT:
            fault = "too-deep"
        elif documents > 1:
            fault = "one-document"
        if fault:
            raise Faulty(f"line {_line(event)}", fault, limit=DEPTH_LIMIT)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def checked(raw: Any) -> tuple[Document, Rulebook]:
    """The document of parsed JSON or YAML, and the rulebook compiled from it."""
    document = validated(Document, raw)
    return document, compiled(document)


def validated(model: type[Model], raw: Any) -> Model:
    """Parsed JSON or YAML as a document of this kind. Raise `Faulty` for the first fault."""
    try:
        return model.model_validate(raw)
    except RecursionError:
        raise Faulty("", "too-deep", limit=DEPTH_LIMIT) from None
    except ValidationError as error:
        # A misspelt field is told before the one that it leaves missing.
        first = min(error.errors(include_input=False, include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        limit = next((value for name, value in first.get("ctx", {}).items() if name in _LIMITS), "")
        fault = _FAULTS.get(first["type"], "wrong-value")
        raise Faulty(
            _path(first["loc"], raw), fault, limit=DEPTH_LIMIT if fault == "too-deep" else limit, expected=_expected(first)
        ) from None


_LIMITS = ("max_length", "min_length", "le", "lt", "ge", "gt", "max_digits", "decimal_places")
_FAULTS = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "recursion_depth_exceeded": "too-deep",
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
    "int_type": "wrong-number",
    "date_type": "wrong-date",
    "list_type": "needs-list",
    "model_type": "needs-fields",
    "model_attributes_type": "needs-fields",
    "dict_type": "needs-fields",
    "string_type": "needs-text",
    "bool_type": "needs-true-or-false",
}
"""By pydantic's type of error, a sentence of the catalogue's `faults`."""


def _expected(error: Any) -> str:
    told = error.get("ctx", {})
    return str(told.get("expected") or told.get("expected_tags") or "")


def _path(location: tuple[int | str, ...], raw: Any) -> str:
    """Where in the document: names of union members, which stand in no document, are passed over."""
    at, shown = raw, []
    for number, part in enumerate(location):
        is_there = (isinstance(at, dict) and part in at) or (isinstance(at, list) and isinstance(part, int) and part < len(at))
        if is_there:
            at = at[part]
        if is_there or number == len(location) - 1:
            text = str(part)
            shown.append(text if text.isidentifier() or text.isdigit() else "?")
    return "/".join(shown)
