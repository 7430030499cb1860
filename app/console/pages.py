"""What every page shares: words in the reader's language, dates and numbers as officials write them, the headers."""

from importlib.resources import files
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.clock import ZONE, Running, local_date
from app.policy import Actor
from app.web.house import of
from app.web.numbers import worded, worded_day
from app.web.texts import Language, catalogue, preferred, say

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "Vary": "Cookie, Accept-Language",
}
LANGUAGE_COOKIE = "thidua-lang"

_templates = jinja2.Environment(
    loader=jinja2.FunctionLoader(lambda name: files("app.console").joinpath("templates", name).read_text(encoding="utf-8")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> Language:
    """A choice on the page comes before the browser's."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if chosen == "en":
        return "en"
    return "vi" if chosen == "vi" else preferred(request.headers.get("accept-language"))


def shown(request: Request, template: str, actor: Actor | None, status: int = 200, **values: Any) -> HTMLResponse:
    language = language_of(request)
    given = {"live": False, "synthetic": False, "clock": _demo_clock(request), "actor": actor, "language": language, **values}
    body = _templates.get_template(template).render(
        t=lambda slug, **filled: say(language, "page", slug, **filled),
        w=lambda name, value: catalogue(language)["words"][name][value],
        day=worded_day,
        day_of=lambda at: worded_day(local_date(at)),
        number=lambda text: worded(text, language),
        **given,
    )
    response = HTMLResponse(body, status, HEADERS)
    if request.query_params.get("lang") in {"vi", "en"}:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def _demo_clock(request: Request) -> str | None:
    """A moved clock is shown on every page."""
    clock = of(request).clock
    if isinstance(clock, Running) and not clock.offset:
        return None
    now = clock.now().astimezone(ZONE)
    return f"{now:%H:%M}, {worded_day(now.date())}"
