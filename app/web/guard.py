"""From a request to its actor. Knows only `policy.Actor`; the look-up is handed in from accounts."""

from fastapi import Request
from fastapi.security import HTTPBearer
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotSignedIn, Problem
from app.policy import Actor
from app.web.house import of

COOKIE = "__Host-thidua"
PLAIN_COOKIE = "thidua"
"""Over http on loopback, where browsers refuse the `__Host-` prefix."""
CONSOLE_HEADER = "X-Thidua-Console"

bearer = HTTPBearer(auto_error=False, description="Khóa API hoặc phiên đăng nhập / API key or session token")


class ForeignForm(Problem):
    """A cookie came without the console's own header: a form on another site could have sent it."""

    status, slug = 403, "foreign-form"


class InsecureSignIn(Problem):
    """Over http, a token would travel in the clear; only loopback is let through."""

    status, slug = 403, "insecure-sign-in"


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def check_transport(request: Request) -> None:
    if request.url.scheme != "https" and request.url.hostname not in _LOOPBACK:
        raise InsecureSignIn


def set_cookie(request: Request, response: Response, value: str, seconds: int) -> None:
    is_secure = request.url.scheme == "https"
    name = COOKIE if is_secure else PLAIN_COOKIE
    response.set_cookie(name, value, max_age=seconds, path="/", secure=is_secure, httponly=True, samesite="lax")


def without_cookie() -> Response:
    response = Response(status_code=204)
    for name, is_secure in ((COOKIE, True), (PLAIN_COOKIE, False)):
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")
    return response


def token(request: Request) -> str | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    cookie = request.cookies.get(COOKIE) or request.cookies.get(PLAIN_COOKIE)
    if cookie and request.method not in {"GET", "HEAD"} and CONSOLE_HEADER not in request.headers:
        raise ForeignForm
    return cookie


def actor(request: Request, session: Session) -> Actor:
    """Raise `NotSignedIn` unless the request bears a live token."""
    presented = token(request)
    found = of(request).look_up(session, presented) if presented else None
    if found is None:
        raise NotSignedIn
    return found


def actor_if_any(request: Request, session: Session) -> Actor | None:
    """For pages, which show something to strangers too."""
    presented = token(request)
    return of(request).look_up(session, presented) if presented else None


def address_of(request: Request) -> str:
    """The caller's network address, for the sign-in budget alone."""
    return request.client.host if request.client else ""
