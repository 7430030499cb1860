"""YAML without its traps, or JSON, and on which line a fault in it stands."""

import re
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import yaml

from app.rulebooks.language.ground import Faulty

Read = TypeVar("Read")
SIZE_LIMIT = 400_000
DEPTH_LIMIT = 40
_NAME = re.compile(r"[\w.-]{1,64}")
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel brings it: twenty times faster, the same events."""


class _Plain(_Base):  # type: ignore[misc]
    """Only true, false, null and whole numbers are not text: `no`, `1.5`, `2022-01-01` and `1e3` stay what was written."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                name = key.value if isinstance(key, yaml.ScalarNode) else "?"
                raise Faulty(f"line {key.start_mark.line + 1}", "key-twice", name=name if _NAME.fullmatch(name) else "?")
            seen.add(key.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), ["n", "~", ""])
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?(0|[1-9][0-9]{0,17})$"), list("-0123456789"))


def of_text(text: str, read: Callable[[Any], Read]) -> Read:
    """What `read` makes of YAML or JSON; a `Faulty` is told the line on which its path stands."""
    raw = plain_yaml(text)
    try:
        return read(raw)
    except Faulty as fault:
        fault.line = line_of(text, fault.path)
        raise


def line_of(text: str, path: str) -> int:
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
