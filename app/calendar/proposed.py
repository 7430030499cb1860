"""Holidays of a year by rule, from the `holidays` package; a year not yet decreed is a rule and not a fact."""

from datetime import date
from importlib.metadata import version

import holidays

SOURCE = "Theo quy tắc (gói holidays {version}), đối chiếu quyết định nghỉ lễ, Tết của năm"


def of_year(year: int) -> list[tuple[date, str]]:
    """Days off that fall on a working weekday, by date, with their Vietnamese names."""
    found = holidays.country_holidays("VN", years=year, language="vi")
    return sorted((day, name[:200]) for day, name in found.items())


def source() -> str:
    return SOURCE.format(version=version("holidays"))
