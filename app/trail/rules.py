"""What of an entry a reader may see."""

from collections.abc import Callable, Collection
from enum import StrEnum

from app.audit.rules import EVERYTHING


def is_within(scope: str, sees_unit: Callable[[str], bool], own_id: str, *, manages: bool, drafts: Collection[str] = ()) -> bool:
    """By the entry's scope: units by reach, the whole house by everybody, an account by its owner and the managers, movements by everybody
    but `drafts`, which are for those who manage them.
    """
    for part in scope.split():
        kind, _, code = part.partition(":")
        if part == EVERYTHING or (kind == "movement" and code not in drafts):
            return True
        if kind == "unit" and sees_unit(code):
            return True
        if kind == "person" and (code == own_id or manages):
            return True
    return manages and not scope


class Reset(StrEnum):
    """Why a reader has to drop what it holds and read everything anew."""

    ACCESS_CHANGED = "access_changed"
    """A role of the reader or the place of a unit changed: what was hidden may be open now, and the reverse."""
    POSITION_UNKNOWN = "position_unknown"
    """The trail is shorter than the position that the reader has: an older state was restored."""


def changes_access(verb: str, *, is_own: bool) -> bool:
    return verb in {"unit.amended", "unit.merged", "unit.split"} or (is_own and verb in {"role.granted", "role.ended"})
