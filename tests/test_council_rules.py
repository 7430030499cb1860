"""How a council counts, against a table worked out by hand and against fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.council.rules import Base, Choice, Share, Tally, Threshold, outcome

HALF = Share(1, 2)


@pytest.mark.parametrize(
    ("numerator", "denominator", "strict", "whole", "needed"),
    [
        (90, 100, False, 15, 14),
        (70, 100, False, 15, 11),
        (2, 3, False, 15, 10),
        (2, 3, True, 15, 11),
        (1, 2, False, 15, 8),
        (1, 2, True, 15, 8),
        (1, 2, False, 14, 7),
        (1, 2, True, 14, 8),
        (80, 100, False, 15, 12),
        (75, 100, False, 12, 9),
        (75, 100, True, 12, 10),
        (2, 3, False, 13, 9),
        (90, 100, False, 14, 13),
        (90, 100, False, 10, 9),
        (1, 1, False, 15, 15),
        (70, 100, False, 1, 1),
        (70, 100, False, 0, 1),
        (1, 1000, False, 3, 1),
    ],
)
def test_how_many_are_enough_by_hand(numerator: int, denominator: int, strict: bool, whole: int, needed: int) -> None:
    assert Share(numerator, denominator, strict).needed(whole) == needed


shares = st.integers(1, 1000).flatmap(lambda bottom: st.builds(Share, st.integers(1, bottom), st.just(bottom), st.booleans()))


@given(share=shares, whole=st.integers(0, 500), count=st.integers(0, 500))
def test_enough_is_what_fractions_say(share: Share, whole: int, count: int) -> None:
    aimed = Fraction(share.numerator, share.denominator) * whole
    reached = count > aimed if share.is_strict else count >= aimed
    assert (count >= share.needed(whole)) == (reached and count > 0), "nobody is never enough"


def voted(votes_for: int, against: int, abstained: int = 0, *, members: int = 15, present: int = 15, chair: Choice | None = None) -> Tally:
    return Tally(members, present, {Choice.FOR: votes_for, Choice.AGAINST: against, Choice.ABSTAIN: abstained}, chair)


@pytest.mark.parametrize(
    ("of", "tally", "whole", "needed", "adopted"),
    [
        (Base.MEMBERS, voted(10, 0, present=10), 15, 11, False),
        (Base.PRESENT, voted(10, 0, present=10), 10, 7, True),
        (Base.PRESENT, voted(6, 1, present=10), 10, 7, False),
        (Base.VALID, voted(6, 1, present=10), 7, 5, True),
        (Base.VALID, voted(6, 1, 2, present=10), 9, 7, False),
        (Base.VALID, voted(0, 0, present=10), 0, 1, False),
        (Base.MEMBERS, voted(10, 3, members=13, present=13), 13, 10, True),
        (Base.MEMBERS, voted(10, 3, 2), 15, 11, False),
    ],
)
def test_what_a_share_is_of(of: Base, tally: Tally, whole: int, needed: int, adopted: bool) -> None:
    """The last two: two members recused are in no denominator; two who abstain are."""
    found = outcome(Threshold(Share(70, 100), of), tally)
    assert (found.whole, found.needed, found.is_adopted) == (whole, needed, adopted)


@pytest.mark.parametrize(
    ("tally", "breaks", "adopted", "by_the_chair"),
    [
        (voted(7, 7, 1, chair=Choice.FOR), True, True, True),
        (voted(7, 7, 1, chair=Choice.AGAINST), True, False, True),
        (voted(7, 7, 1, chair=Choice.ABSTAIN), True, True, False),
        (voted(7, 7, 1, chair=Choice.AGAINST), False, True, False),
        (voted(7, 7, chair=None), True, True, False),
        (voted(8, 7, chair=Choice.AGAINST), True, True, False),
        (voted(7, 8, chair=Choice.FOR), True, False, False),
        (voted(0, 0, chair=None), True, False, False),
    ],
)
def test_a_tie_is_decided_by_the_chair_only_where_the_regulation_says(
    tally: Tally, breaks: bool, adopted: bool, by_the_chair: bool
) -> None:
    """Half of those for and against: the abstention is left out of `whole` by voting on valid votes of 14."""
    even = Tally(tally.members, tally.present, {one: n for one, n in tally.votes.items() if one is not Choice.ABSTAIN}, tally.chair)
    found = outcome(Threshold(HALF, Base.VALID, breaks), even)
    assert (found.is_adopted, found.by_the_chair) == (adopted, by_the_chair)


@given(
    share=shares,
    of=st.sampled_from(Base),
    seats=st.lists(st.sampled_from([*Choice, None, "absent", "recused"]), min_size=1, max_size=60),
)
def test_a_motion_is_adopted_as_counting_heads_says(share: Share, of: Base, seats: list[Choice | str | None]) -> None:
    """Each seat votes, is there and silent (None), is absent or recused; one vote more for it never turns it down."""
    members = [seat for seat in seats if seat != "recused"]
    present = [seat for seat in members if seat != "absent"]
    votes = {one: present.count(one) for one in Choice}
    found = outcome(Threshold(share, of), Tally(len(members), len(present), votes))
    whole = {Base.MEMBERS: len(members), Base.PRESENT: len(present), Base.VALID: sum(votes.values())}[of]
    aimed = Fraction(share.numerator, share.denominator) * whole
    reached = votes[Choice.FOR] > aimed if share.is_strict else votes[Choice.FOR] >= aimed
    assert (found.whole, found.is_adopted) == (whole, reached and votes[Choice.FOR] > 0)
    if found.is_adopted and votes[Choice.AGAINST]:
        turned = votes | {Choice.FOR: votes[Choice.FOR] + 1, Choice.AGAINST: votes[Choice.AGAINST] - 1}
        assert outcome(Threshold(share, of), Tally(len(members), len(present), turned)).is_adopted
