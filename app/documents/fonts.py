"""Vietnamese text of before Unicode: TCVN3 (ABC, .VnTime) and VNI, as a spreadsheet hands it over today. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from itertools import product

from app.units.rules import fold

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
"""One character for one. Capitals with a tone look like small letters: the font drew them large."""


def _vni() -> dict[str, str]:
    """Two characters for one: the letter, then what stands above or below it."""
    found = dict(zip("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ", strict=True))
    plain = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
    round_ = dict(zip("âàáåãä", ("", *plain.values()), strict=True))
    short = dict(zip("êèéúüë", ("", *plain.values()), strict=True))
    for letter, (mark, tone) in product("aeiouyôö", plain.items()):
        found[letter + mark] = found.get(letter, letter) + tone
    for letter, (mark, tone) in product("aeo", round_.items()):
        found[letter + mark] = letter + "\u0302" + tone
    for mark, tone in short.items():
        found["a" + mark] = "a\u0306" + tone
    found |= {key.upper(): value.upper() for key, value in found.items()}
    found |= {key[0].upper() + key[1:]: value[0].upper() + value[1:] for key, value in found.items() if len(key) > 1}
    return {key: unicodedata.normalize("NFC", value) for key, value in found.items()}


_VNI = _vni()
_VNI_FORM = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_OPEN = (
    "iêu|yêu|oai|oao|oay|oeo|uôi|uya|uyu|uây|uêu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi|ơi|ua|uê|ui|uơ|uy|ưa|ưi|ưu|[aeiouyêôơư]"
)
_CLOSED = "uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uy|ươ|[aeiouyăâêôơư]"
_RHYME = f"(?:{_OPEN})|(?:{_CLOSED})(?:ng|[cmnpt])|(?:oa|uê|uy|[aêiy])(?:ch|nh)"
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_RHYME})")
_WORD = re.compile(r"[^\W\d_]+")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_FOREIGN = re.compile(r"[^\W\d_]|[¡-¿×÷\u00ad]")


class Font(StrEnum):
    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"


def font_of(texts: Iterable[str]) -> Font:
    """In which most of these were written: it decides about words that could be read in two ways."""
    fits = dict.fromkeys(Font, 0)
    for text in texts:
        if not text.isascii():
            for font, reading in _readings(text).items():
                fits[font] += _fit(reading)
    return max(Font, key=lambda font: fits[font])


def repaired(text: str, usual: Font = Font.UNICODE) -> str:
    """The text in Unicode (NFC): of the three readings the one in which the most is Vietnamese, or the usual one when it is as good."""
    if text.isascii():
        return text
    readings = _readings(text)
    return max((readings[usual], *readings.values()), key=_fit)


def _readings(text: str) -> dict[Font, str]:
    """Text with a letter that those fonts had no place for (above Latin-1) has one reading."""
    whole = unicodedata.normalize("NFC", text)
    if any(one > "ÿ" and one.isalpha() for one in whole):
        return dict.fromkeys(Font, whole)
    return {
        Font.UNICODE: whole,
        Font.TCVN3: "".join(_TCVN3.get(one, one) for one in whole),
        Font.VNI: _VNI_FORM.sub(lambda found: _VNI[found[0]], whole),
    }


def _fit(text: str) -> int:
    """How many words could be Vietnamese, less the characters that no Vietnamese text has."""
    words = [word.lower() for word in _WORD.findall(text)]
    good = sum(_is_syllable(word) for word in words)
    odd = sum(one not in "½¼" and not fold(one).isascii() for one in text if _FOREIGN.fullmatch(one))
    return 2 * (good - len(words)) - odd


def _is_syllable(word: str) -> bool:
    """One tone at most, and letters in a row that Vietnamese has."""
    parts = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", parts.translate(_TONES))
    return sum(ord(one) in _TONES for one in parts) <= 1 and _SYLLABLE.fullmatch(bare) is not None
