"""Reasons in words: the engine's codes and values, filled into the sentences of the catalogues."""

from collections.abc import Callable, Iterable
from typing import Any

from app.rulebooks import wording
from app.rulebooks.language.ground import EDGE, POINT, Title
from app.scoring.engine.sheet import Quotient, Reason, Value
from app.web.numbers import plain, worded
from app.web.texts import Language, say


def sentence(reason: Reason, language: Language) -> str:
    found = say(language, "lines", reason.slug, **{name: shown(name, value, language) for name, value in reason.values})
    return f"{found} {say(language, 'lines', 'rounded')}" if _is_rounded(reason) else found


def _is_rounded(reason: Reason) -> bool:
    """Whether its arithmetic gives another number than the points that it tells."""
    if reason.slug not in EXACTLY:
        return False
    told: dict[str, Any] = dict(reason.values)
    numerator, denominator = EXACTLY[reason.slug](told)
    return bool(numerator != told["points"] * denominator)


def _share(told: dict[str, Any]) -> tuple[int, int]:
    return told["standard_points"] * told["used"].numerator * EDGE, told["used"].denominator * told["edge_full"]


EXACTLY: dict[str, Callable[[dict[str, Any]], tuple[int, int]]] = {
    "proportional": _share,
    "proportional-at-ceiling": _share,
    "value": lambda told: (told["used"].numerator * told["edge_times"] * POINT, told["used"].denominator * EDGE),
    "rebased": lambda told: (told["rule_points"] * told["full_points"], told["applied_points"]),
}
"""The sentences that divide: their unrounded points, in millionths, as a pair."""


def shown(name: str, value: Value, language: Language) -> str:
    """A value as a person reads it; its name tells its unit."""
    if isinstance(value, Quotient):
        return _quotient(value, "≈ " if name == "share" else "", language)
    return wording.shown(name, value, language)


def _quotient(value: Quotient, near: str, language: Language) -> str:
    """To four decimals, `near` before it where there are more."""
    tenthousandths, rest = divmod(value.numerator * 10_000, value.denominator)
    if 2 * rest >= value.denominator:
        tenthousandths += 1
    text = worded(plain(tenthousandths, 10_000), language)
    return f"{near}{text}" if rest else text


def sentences(reasons: Iterable[Reason], language: Language) -> str:
    return " ".join(sentence(reason, language) for reason in reasons)


def points(millionths: int | None) -> str | None:
    return None if millionths is None else plain(millionths, POINT)


def title(of: Title, language: Language) -> str:
    """Vietnamese where there is no English."""
    return (of.en or of.vi) if language == "en" else of.vi
