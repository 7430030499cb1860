"""Every sentence for people, by slug, Vietnamese first. A missing key is an error, found by a test."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@cache
def catalogue(language: Language) -> dict[str, Any]:
    text = files(__name__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def say(language: Language, section: str, slug: str, **values: Any) -> str:
    """The sentence `slug` of `section`, its {places} filled."""
    sentence: str = catalogue(language)[section][slug]
    return sentence.format(**values) if values else sentence


def preferred(accept_language: str | None) -> Language:
    """`vi` unless English is asked for before it (RFC 9110 weights)."""
    best: tuple[float, Language] = (0.0, "vi")
    for part in (accept_language or "").lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        name = tag.strip()[:2]
        if name == "en" and quality > best[0]:
            best = (quality, "en")
        elif name == "vi" and quality > best[0]:
            best = (quality, "vi")
    return best[1]
