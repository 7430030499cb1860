"""Values of the language in words: points in millionths, edges and figures in 10⁻¹⁰, told apart by their names."""

from app.rulebooks.language.ground import EDGE, POINT
from app.rulebooks.language.lint import Warned
from app.web.numbers import plain, worded
from app.web.texts import Language, say


def shown(name: str, value: int | str, language: Language) -> str:
    if isinstance(value, str):
        return value
    unit = POINT if name.endswith("points") else (EDGE if name.startswith(("figure", "edge")) else 1)
    return worded(plain(value, unit), language)


def warning(one: Warned, language: Language) -> str:
    return say(language, "warnings", one.slug, **{name: shown(name, value, language) for name, value in one.values})
