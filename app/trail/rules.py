"""What of an entry a reader may see."""

from collections.abc import Callable

from app.audit.rules import EVERYTHING


def is_within(scope: str, sees_unit: Callable[[str], bool], own_id: str, *, manages: bool) -> bool:
    """By the entry's scope: units by reach, movements and the whole house by everybody, an account by its owner and the managers."""
    for part in scope.split():
        kind, _, code = part.partition(":")
        if part == EVERYTHING or kind == "movement":
            return True
        if kind == "unit" and sees_unit(code):
            return True
        if kind == "person" and (code == own_id or manages):
            return True
    return manages and not scope
