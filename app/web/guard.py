"""From a request to its actor. Knows only `policy.Actor`; the look-up is handed in from accounts."""

from fastapi import Request
from fastapi.security import HTTPBearer
from sqlmodel import Session

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


def address_of(request: Request) -> str:
    """The caller's network address, for the sign-in budget alone."""
    return request.client.host if request.client else ""
