"""Exact numbers as text: with a point for machines, as Vietnamese write them for people."""

from datetime import date
from functools import cache

from babel.numbers import get_decimal_symbol, get_group_symbol

from app.web.texts import Language, say


def plain(scaled: int, unit: int) -> str:
    """An integer in units of 1/unit as a decimal string without needless zeros: 9250000 of 10**6 → "9.25"."""
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    whole, rest = divmod(scaled, unit)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{str(rest).rjust(len(str(unit)) - 1, '0').rstrip('0')}"


def worded(text: str, language: Language) -> str:
    """A decimal string (9202.47) as each language writes it: 9.202,47 or 9,202.47; no needless zeros, and a real minus sign.

    Babel's own formatting, to which a test holds this, takes fifty times as long: a sheet with its reasons holds 500 numbers.
    """
    group, point = _separators(language)
    whole, _, rest = text.removeprefix("-").partition(".")
    rest = rest.rstrip("0")
    sign = "−" if text.startswith("-") else ""
    return f"{sign}{f'{int(whole):,}'.replace(',', group)}{point + rest if rest else ''}"


@cache
def _separators(language: Language) -> tuple[str, str]:
    return get_group_symbol(language), get_decimal_symbol(language)


def worded_period(code: str, language: Language) -> str:
    """2022-05 as tháng 5/2022, 2022-Q2 as quý II/2022; years, and school years, as they stand."""
    year, _, part = code.partition("-")
    if len(part) != len("Q2"):
        return code
    if part[0] in "QH":
        return say(language, "periods", part, year=year)
    return say(language, "periods", "month", number=int(part), year=year)


def worded_day(day: date) -> str:
    """As Decree 30/2020 has it: a zero before days under 10 and before January and February (01/9/2022, 28/01/2022)."""
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"  # noqa: PLR2004
    return f"{day.day:02d}/{month}/{day.year}"
