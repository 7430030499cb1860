"""Units: their kinds, and how Vietnamese names are searched and ordered."""

import unicodedata
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    WARD = "ward"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    VERTICAL_AGENCY = "vertical_agency"
    ARMED_FORCE = "armed_force"
    PARTY_BODY = "party_body"
    MASS_ORGANISATION = "mass_organisation"
    PUBLIC_SERVICE_UNIT = "public_service_unit"
    SCHOOL = "school"
    ENTERPRISE = "enterprise"


class SuccessionKind(StrEnum):
    """What became of a unit that was reorganised."""

    MERGED = "merged"
    """Sáp nhập, hợp nhất: several into one."""
    SPLIT = "split"
    """Chia, tách: one into several."""


_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Ngang, huyền, hỏi, ngã, sắc, nặng: the order of dictionaries."""


def fold(name: str) -> str:
    """For accent-insensitive search: `Phường Dịch Vọng` → `phuong dich vong`."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("ð", "d")


def spelt(name: str) -> str:
    """A name as names are compared: letters and tones count, where in a word the tone stands (Hoà, Hòa), case and spacing do not."""
    words = []
    for word in unicodedata.normalize("NFD", name.lower()).split():
        letters = "".join(one for one in word if one not in _TONES)
        words.append(unicodedata.normalize("NFC", letters) + "".join(one for one in word if one in _TONES))
    return " ".join(words)


def order_key(name: str) -> str:
    """Sorts as text into the Vietnamese dictionary order: letters first, tones only between equal letters."""
    letters, tones = [], []
    for character in unicodedata.normalize("NFC", name.lower()):
        tone, letter = _without_tone(character)
        place = _LETTERS.find(letter)
        letters.append(chr(ord("A") + place) if place >= 0 else (letter if letter < "A" else "~" + letter))
        tones.append(str(tone))
    return "".join(letters) + " !" + "".join(tones)


def _without_tone(character: str) -> tuple[int, str]:
    parts = unicodedata.normalize("NFD", character)
    tone = max((_TONES.get(mark, 0) for mark in parts), default=0)
    return tone, unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))


def is_open(opens_on: date, closes_on: date | None, day: date) -> bool:
    """A unit exists in [opens_on, closes_on)."""
    return opens_on <= day and (closes_on is None or day < closes_on)
