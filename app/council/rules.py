"""How a council decides: quorum, thresholds, recusals and ties, in whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CouncilPosition(StrEnum):
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    STANDING_MEMBER = "standing_member"
    MEMBER = "member"


class Presence(StrEnum):
    """How a member takes part in a meeting."""

    PRESENT = "present"
    SUBSTITUTE = "substitute"
    """Somebody who is no member sits for them."""
    WRITTEN = "written"
    """Absent, with an opinion in writing."""
    ABSENT = "absent"


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Base(StrEnum):
    """What a share is of. Who is recused is in none of them."""

    MEMBERS = "members"
    """All members, there or not."""
    PRESENT = "present"
    """Those who take part in the motion: there, through a substitute or in writing."""
    VALID = "valid"
    """The votes that were cast, or the valid ballots."""


class MotionState(StrEnum):
    TABLED = "tabled"
    OPEN = "open"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


def motion_state(*, is_open: bool, is_adopted: bool | None) -> MotionState:
    """`is_adopted` is None until the vote is over."""
    if is_adopted is not None:
        return MotionState.ADOPTED if is_adopted else MotionState.NOT_ADOPTED
    return MotionState.OPEN if is_open else MotionState.TABLED


@dataclass(frozen=True)
class Share:
    """`numerator`/`denominator` of a whole, reached with equality, or only above it where `is_strict`."""

    numerator: int
    denominator: int
    is_strict: bool = False

    def needed(self, whole: int) -> int:
        """The smallest number, at least one, that reaches this share of `whole`."""
        floor, rest = divmod(whole * self.numerator, self.denominator)
        return max(1, floor + (1 if self.is_strict or rest else 0))


@dataclass(frozen=True)
class Threshold:
    share: Share
    of: Base
    chair_breaks_ties: bool = False
    """As many for as against: the side of the chair decides. Only where votes have names."""


@dataclass(frozen=True)
class Tally:
    """Of one motion. `members` and `present` are without those who are recused."""

    members: int
    present: int
    votes: Mapping[Choice, int]
    chair: Choice | None = None

    @property
    def valid(self) -> int:
        return sum(self.votes.values())

    def whole(self, base: Base) -> int:
        return {Base.MEMBERS: self.members, Base.PRESENT: self.present, Base.VALID: self.valid}[base]


@dataclass(frozen=True)
class Outcome:
    whole: int
    needed: int
    is_adopted: bool
    by_the_chair: bool = False


def outcome(threshold: Threshold, tally: Tally) -> Outcome:
    """Whether enough voted for it."""
    whole = tally.whole(threshold.of)
    needed = threshold.share.needed(whole)
    votes_for, against = tally.votes.get(Choice.FOR, 0), tally.votes.get(Choice.AGAINST, 0)
    if threshold.chair_breaks_ties and votes_for == against and tally.chair in {Choice.FOR, Choice.AGAINST}:
        return Outcome(whole, needed, tally.chair is Choice.FOR, by_the_chair=True)
    return Outcome(whole, needed, votes_for >= needed)
