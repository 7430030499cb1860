"""Refusals: each is a class with a status and a slug; the sentences stand in web/texts."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self


class Problem(Exception):
    """A refusal that the caller can understand and act on (RFC 9457).

    `values` fill the sentence of the text catalogue; they are our own words or numbers, never the caller's input.
    """

    status: ClassVar[int]
    slug: ClassVar[str]
    leaves_a_mark: ClassVar[bool] = False
    """True where what the handler changed before refusing must stay (a failed sign-in is counted)."""

    def __init__(self, pointer: str | None = None, **values: Any) -> None:
        super().__init__(self.slug)
        self.pointer = pointer
        self.values = values
        self.told: list[tuple[str, str]] = []
        """Where else something is wrong, and what, in the caller's language."""

    def __reduce__(self) -> tuple[Any, ...]:
        """From one process to another."""
        return _restored, (type(self), vars(self))

    def telling(self, places: Iterable[tuple[str, str]]) -> Self:
        self.told = list(places)
        return self

    @property
    def headers(self) -> dict[str, str]:
        return {}

    def in_line(self, number: int) -> Self:
        """The same, told of one line of a list."""
        if self.pointer is not None:
            self.pointer = f"#/{number}{self.pointer.removeprefix('#')}"
        return self


def _restored(kind: type[Problem], held: dict[str, Any]) -> Problem:
    found = kind.__new__(kind)
    vars(found).update(held)
    return found


class NotSignedIn(Problem):
    status, slug = 401, "not-signed-in"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class NotAllowed(Problem):
    status, slug = 403, "not-allowed"


class NotFound(Problem):
    """Also the answer for what the caller may not see: a foreign object and a missing one are alike."""

    status, slug = 404, "not-found"


class CodeTaken(Problem):
    status, slug = 409, "code-taken"


class Stale(Problem):
    status, slug = 412, "stale"


class PreconditionRequired(Problem):
    status, slug = 428, "precondition-required"


class Invalid(Problem):
    """One field is impossible; `pointer` names it and `reason` is a slug under `reasons` in the catalogues."""

    status, slug = 422, "invalid"

    def __init__(self, pointer: str, reason: str, **values: Any) -> None:
        super().__init__(pointer, **values)
        self.reason = reason


class Busy(Problem):
    status, slug = 503, "busy"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}
