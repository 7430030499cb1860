"""What any read and any write may be refused with; a route adds its own."""

from app.errors import Busy, Invalid, NotAllowed, NotFound, NotSignedIn, PreconditionRequired, Problem, Stale
from app.web.body import NotJson, TooLarge, TooSlow
from app.web.guard import ForeignForm
from app.web.idempotency import KeyReused, SecretShownOnce

OPEN: tuple[type[Problem], ...] = (Invalid, NotFound, Busy)
"""To strangers."""
READ: tuple[type[Problem], ...] = (*OPEN, NotSignedIn)
WRITE: tuple[type[Problem], ...] = (*READ, NotAllowed, ForeignForm, TooLarge, TooSlow, NotJson, KeyReused, SecretShownOnce)
TRANSITION: tuple[type[Problem], ...] = (*WRITE, PreconditionRequired, Stale)
