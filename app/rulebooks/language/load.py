"""From the bytes that a person wrote to a checked document: safe YAML without aliases, or JSON."""

from typing import Any

import yaml
from pydantic import ValidationError

from app.rulebooks.language.compile import Rulebook, compiled
from app.rulebooks.language.schema import Faulty
from app.rulebooks.language.schema import Rulebook as Document

SIZE_LIMIT = 1_000_000


class _Plain(yaml.SafeLoader):
    """Scalars stay text where they look like numbers with a point or dates; aliases (YAML bombs) are refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Faulty("yaml", "aliases are not taken")
        return super().compose_node(parent, index)


_DROPPED = {"tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp"}
_Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag not in _DROPPED] for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def loaded(text: str) -> tuple[Document, Rulebook]:
    """Raise `Faulty` with the path of the first fault."""
    if len(text) > SIZE_LIMIT:
        raise Faulty("yaml", f"longer than {SIZE_LIMIT} characters")
    return checked(plain_yaml(text))


def plain_yaml(text: str) -> Any:
    """YAML in which decimals and dates stay text, for exact types to read."""
    try:
        return yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader with less
    except (yaml.YAMLError, RecursionError):
        raise Faulty("yaml", "cannot be read") from None


def checked(raw: Any) -> tuple[Document, Rulebook]:
    """The document of parsed JSON or YAML, and the rulebook compiled from it."""
    try:
        document = Document.model_validate(raw)
    except RecursionError:
        raise Faulty("", "too deep") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Faulty(_path(first["loc"], raw), first["msg"]) from None
    return document, compiled(document)


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
