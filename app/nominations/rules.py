"""Dossiers: what becomes of them, and who may do what next."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from app.units.rules import spelt


class NominationState(StrEnum):
    RECEIVED = "received"
    """Sent, or sent anew, and to be looked at."""
    COMPLETE = "complete"
    RETURNED = "returned"
    """For a supplement, until a day."""
    WITHDRAWN = "withdrawn"


class NominationDeed(StrEnum):
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    COMPLETE = "complete"
    RETURN = "return"


LEADS_TO: Mapping[NominationDeed, tuple[frozenset[NominationState], NominationState]] = {
    NominationDeed.SUPPLEMENT: (
        frozenset({NominationState.RECEIVED, NominationState.RETURNED, NominationState.WITHDRAWN}),
        NominationState.RECEIVED,
    ),
    NominationDeed.WITHDRAW: (
        frozenset({NominationState.RECEIVED, NominationState.COMPLETE, NominationState.RETURNED}),
        NominationState.WITHDRAWN,
    ),
    NominationDeed.COMPLETE: (frozenset({NominationState.RECEIVED}), NominationState.COMPLETE),
    NominationDeed.RETURN: (frozenset({NominationState.RECEIVED, NominationState.COMPLETE}), NominationState.RETURNED),
}
"""From which states a deed is possible, and to which it leads."""
BY_THE_UNIT = frozenset({NominationDeed.SUPPLEMENT, NominationDeed.WITHDRAW})
"""The other deeds are the office's."""


def deeds(state: NominationState, *, by_unit: bool, by_office: bool) -> list[NominationDeed]:
    """What a caller may do next."""
    return [deed for deed, (before, _) in LEADS_TO.items() if state in before and (by_unit if deed in BY_THE_UNIT else by_office)]


Person = tuple[str, str, str, str]
"""Unit, award, name and post, as they are compared. Namesakes in one post are one person."""


def person(unit: str, award: str, name: str | None, post: str | None) -> Person:
    return unit, award, spelt(name or ""), spelt(post or "")


def holder(nomination: UUID, unit: str, collective: str | None, name: str | None, heirs: Mapping[str, str]) -> str:
    """The same for all dossiers of one collective and those it took over, and of one person as a unit names them.

    Without a name each stands alone.
    """
    return heirs.get(collective or "", collective) or (str(nomination) if name is None else f"{unit}/{spelt(name)}")
