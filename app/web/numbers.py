"""Exact numbers as text: with a point for machines, as Vietnamese write them for people."""

from datetime import date
from decimal import Decimal, localcontext

from babel.numbers import format_decimal

from app.web.texts import Language


def plain(scaled: int, unit: int) -> str:
    """An integer in units of 1/unit as a decimal string without needless zeros: 9250000 of 10**6 → "9.25"."""
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    whole, rest = divmod(scaled, unit)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{str(rest).rjust(len(str(unit)) - 1, '0').rstrip('0')}"


def worded(number: Decimal, language: Language) -> str:
    """9202.47 → 9.202,47 in Vietnamese, 9,202.47 in English; as many decimals as there are, and a real minus sign."""
    with localcontext(prec=80):
        text = format_decimal(number, format="#,##0.##########", locale=language, decimal_quantization=False)
    return text.replace("-", "−")


def worded_day(day: date) -> str:
    """As Decree 30/2020 has it: a zero before days under 10 and before January and February (01/9/2022, 28/01/2022)."""
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"  # noqa: PLR2004
    return f"{day.day:02d}/{month}/{day.year}"
