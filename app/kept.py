"""What one process has read of units, plans, indicators, targets and days: true until the trail tells of a change to such things."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LIMIT = 100_000
"""Things kept at most: some fifty megabytes."""
_NOTHING = object()


class Standing:
    """What was read, of all kinds. It holds copies: nothing in it belongs to a session."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Hashable], Any] = {}

    def of(self, kind: str, wanted: Iterable[Key], ask: Callable[[set[Key]], Mapping[Key, Value]]) -> dict[Key, Value]:
        """Those of `wanted` that there are, by key; only what is not kept is asked for, and that something is missing is never kept."""
        kept = {key: self._found.get((kind, key), _NOTHING) for key in set(wanted)}
        missing = {key for key, value in kept.items() if value is _NOTHING}
        if not missing:
            return kept
        asked = ask(missing)
        if len(self._found) + len(asked) > LIMIT:
            self._found.clear()
        self._found.update({(kind, key): value for key, value in asked.items()})
        return {key: value for key, value in kept.items() if key not in missing} | dict(asked)


class Kept:
    """The newest `Standing`, and between which trail positions nothing changed it."""

    def __init__(self) -> None:
        self._lock, self._standing, self._from, self.position = Lock(), Standing(), 0, 0

    def at(self, since: int, position: int, *, has_changed: bool) -> Standing:
        """What holds at `position`, for whoever asked there whether such things changed after `since`, the `position` of before."""
        with self._lock:
            is_put_back = since > position  # an older state of the database is there
            if position < self._from and not is_put_back:
                return Standing()  # a snapshot from before what is kept: what it reads is for itself
            if position > self.position or is_put_back:
                if has_changed or is_put_back or since > self.position:
                    self._standing, self._from = Standing(), position
                self.position = position
            return self._standing
