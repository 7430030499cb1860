"""Reasons in words: the engine's codes and values, filled into the sentences of the catalogues."""

from decimal import Decimal

from app.rulebooks.language.compile import EDGE, POINT
from app.rulebooks.language.schema import Group, Item, Rulebook
from app.scoring.engine.sheet import Quotient, Reason, Value
from app.web.numbers import plain, worded
from app.web.texts import Language, say


def sentence(reason: Reason, language: Language) -> str:
    return say(language, "lines", reason.slug, **{name: shown(name, value, language) for name, value in reason.values})


def shown(name: str, value: Value, language: Language) -> str:
    """A value as a person reads it; its name tells its unit."""
    if isinstance(value, Quotient):
        near = "≈ " if name == "share" else ""
        return _quotient(value, near, language)
    if isinstance(value, str):
        return value
    unit = POINT if name.endswith("points") else (EDGE if name.startswith(("figure", "edge")) else 1)
    return worded(Decimal(plain(value, unit)), language)


def _quotient(value: Quotient, near: str, language: Language) -> str:
    """To four decimals, `near` before it where there are more."""
    tenthousandths, rest = divmod(value.numerator * 10_000, value.denominator)
    if 2 * rest >= value.denominator:
        tenthousandths += 1
    text = worded(Decimal(plain(tenthousandths, 10_000)), language)
    return f"{near}{text}" if rest else text


def titles(document: Rulebook, language: Language) -> dict[str, str]:
    """The title of each node by code."""
    found: dict[str, str] = {"": _title(document.title, language)}
    waiting: list[Group | Item] = list(document.items)
    while waiting:
        node = waiting.pop()
        found[node.code] = _title(node.title, language)
        if isinstance(node, Group):
            waiting.extend(node.items)
    return found


def clauses(document: Rulebook) -> dict[str, str]:
    """The words of the rule of each item, as the sheet prints them."""
    found: dict[str, str] = {}
    waiting: list[Group | Item] = list(document.items)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Group):
            waiting.extend(node.items)
        else:
            found[node.code] = node.clause
    return found


def _title(title: object, language: Language) -> str:
    said: str | None = getattr(title, language)
    return said or getattr(title, "vi")  # noqa: B009 - the language is chosen at run time
