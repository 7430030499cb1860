"""Meetings of a council: who is called, who is there, who votes, and what was counted."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.chamber import CODE, Chamber, convened, enrolled
from tests.conftest import Hand
from tests.test_followup import kind, pointers
from tests.test_publications import closed, published  # noqa: F401 - a fixture
from tests.world import World


@pytest.fixture
def chamber(world: World) -> Chamber:
    return convened(world, 6)


def sitting(chamber: Chamber, who: str = "secretary") -> Any:
    return chamber.world.get(who, f"/meetings/{chamber.meeting}").json()


def motion(chamber: Chamber, named: str, who: str = "secretary") -> Any:
    return chamber.world.get(who, f"/motions/{named}").json()


def test_a_motion_is_carried_by_enough_of_all_members(chamber: Chamber) -> None:
    told = sitting(chamber)
    assert (told["members"], told["present"], told["quorum"], told["quorate"]) == (6, 6, 4, True)
    named = chamber.opened()
    for number in range(1, 5):
        assert chamber.vote(named, f"tv-{number}").status_code == 200
    seen = motion(chamber, named, "tv-1")
    assert (seen["state"], seen["mine"]["choice"], seen["votes"]) == ("open", "for", []), "others' votes only when it is over"
    assert chamber.vote(named, "tv-6", "abstain").status_code == 200
    short = chamber.result(named)
    assert (short["votes_for"], short["abstained"], short["whole"], short["needed"], short["adopted"]) == (4, 1, 6, 5, False)
    over = motion(chamber, named, "tv-2")
    assert (over["state"], len(over["votes"])) == ("not_adopted", 5)
    again = chamber.opened()
    for number in range(1, 6):
        chamber.vote(again, f"tv-{number}")
    assert chamber.result(again)["adopted"] is True
    assert [one["number"] for one in sitting(chamber)["motions"]] == [1, 2]


def test_a_vote_is_changed_while_it_is_open_and_only_by_who_cast_it(chamber: Chamber) -> None:
    named = chamber.opened()
    assert chamber.vote(named, "tv-2", "against").json()["version"] == 1
    assert kind(chamber.vote(named, "tv-2", "for")) == (412, "stale")
    assert chamber.vote(named, "tv-2", "for", 1).json()["version"] == 2
    for who in ("tv-3", "secretary", "administrator"):
        assert kind(chamber.vote(named, "tv-2", "against", 2, who)) == (403, "not-your-vote"), who
    assert chamber.vote(named, "tv-2", "against", 2, "dich-vong").status_code == 404, "no council is seen from a unit"
    assert pointers(chamber.vote(named, "tv-3", document="CV 1")) == ["#/document"]
    assert chamber.result(named)["votes_for"] == 1
    assert kind(chamber.vote(named, "tv-2", "against", 2)) == (409, "voting-closed")
    assert kind(chamber.close(named)) == (409, "voting-closed")
    tabled = chamber.tabled()
    assert chamber.vote(tabled, "tv-2").status_code == 404, "nobody votes before it is open"


def test_who_is_recused_is_in_no_denominator(chamber: Chamber) -> None:
    named = chamber.tabled()
    assert chamber.recuse(named, "tv-2", "tv-2").status_code == 201
    assert chamber.recuse(named, "tv-3").status_code == 201
    assert pointers(chamber.recuse(named, "tv-3")) == ["#/member"], "once"
    assert chamber.recuse(named, "tv-4", "tv-5").status_code == 403, "not for another"
    assert chamber.world.post("secretary", f"/motions/{named}/opening").json()["members"] == 4
    assert chamber.vote(named, "tv-2").status_code == 404
    for number in (1, 4, 5):
        chamber.vote(named, f"tv-{number}")
    assert kind(chamber.recuse(named, "tv-6")) == (409, "voting-began")
    found = chamber.result(named)
    assert (found["whole"], found["needed"], found["votes_for"], found["adopted"]) == (4, 3, 3, True)
    assert {one["reason"] for one in motion(chamber, named)["recused"]} == {"Đơn vị mình"}


def test_without_a_quorum_or_before_the_day_nothing_is_opened(chamber: Chamber, hand: Hand) -> None:
    named = chamber.tabled()
    assert chamber.attend({"tv-1": "present", "tv-2": "present", "tv-3": "present", "tv-4": "written"}, 1).json()["quorate"] is False
    assert kind(chamber.world.post("secretary", f"/motions/{named}/opening")) == (409, "no-quorum")
    assert kind(chamber.attend({}, 1)) == (412, "stale")
    for number in range(1, 7):
        assert chamber.recuse(named, f"tv-{number}").status_code == 201
    assert chamber.attend(dict.fromkeys(chamber.members, "present"), 2).status_code == 200
    assert kind(chamber.world.post("secretary", f"/motions/{named}/opening")) == (409, "no-quorum"), "nobody may vote"
    later = chamber.call(held_on="2022-06-16").json()["id"]
    chamber.meeting = later
    chamber.attend(dict.fromkeys(chamber.members, "present"))
    early = chamber.tabled()
    assert kind(chamber.world.post("secretary", f"/motions/{early}/opening")) == (409, "before-the-meeting")
    hand.forward(days=1)
    assert chamber.world.post("secretary", f"/motions/{early}/opening").status_code == 200
    assert kind(chamber.world.post("secretary", f"/motions/{early}/opening")) == (409, "voting-began")


def test_substitutes_and_opinions_in_writing(chamber: Chamber) -> None:
    enrolled(chamber.world, "thay")
    there = dict.fromkeys(chamber.members, "present") | {"tv-5": "substitute", "tv-6": "written"}
    assert pointers(chamber.attend(there, 1)) == ["#/members/4/substitute"]
    assert pointers(chamber.attend(there, 1, tv_5="tv-1")) == ["#/members/4/substitute"], "a member is no substitute"
    assert chamber.attend(there, 1, tv_5="thay").json()["present"] == 5
    named = chamber.opened()
    assert kind(chamber.vote(named, "tv-5")) == (403, "not-your-vote"), "their substitute is there"
    assert chamber.vote(named, "tv-5", who="thay").status_code == 200
    assert pointers(chamber.vote(named, "tv-6", who="secretary")) == ["#/document"]
    assert kind(chamber.vote(named, "tv-6", document="CV 12/2022")) == (403, "not-your-vote")
    assert chamber.vote(named, "tv-6", who="secretary", document="CV 12/2022").status_code == 200
    for number in range(1, 4):
        chamber.vote(named, f"tv-{number}")
    assert chamber.attend(dict.fromkeys(chamber.members, "absent"), 2).status_code == 200
    assert chamber.result(named)["adopted"] is True, "who may vote was fixed when it was opened"


def test_the_regulation_says_whether_substitutes_vote_and_writing_counts(world: World) -> None:
    chamber = convened(world, 3)
    assert chamber.regulate(1, substitutes_vote=False, written_opinions_count=False).status_code == 200
    enrolled(world, "thay")
    assert chamber.attend({"tv-1": "present", "tv-2": "substitute", "tv-3": "written"}, 1, tv_2="thay").json()["present"] == 2, "as called"
    chamber.meeting = chamber.call().json()["id"]
    told = chamber.attend({"tv-1": "present", "tv-2": "substitute", "tv-3": "written"}, 0, tv_2="thay").json()
    assert (told["present"], told["quorate"]) == (1, False)
    chamber.attend({"tv-1": "present", "tv-2": "present", "tv-3": "written"}, 1)
    assert motion(chamber, chamber.opened())["voters"] == [chamber.members["tv-1"], chamber.members["tv-2"]]


def test_a_tie_goes_the_chairs_way_where_the_regulation_says(chamber: Chamber) -> None:
    for chairs, adopted in (("for", True), ("against", False)):
        named, other = chamber.opened("thuong"), "against" if chairs == "for" else "for"
        for number, choice in enumerate([chairs, chairs, other, other], start=1):
            assert chamber.vote(named, f"tv-{number}", choice).status_code == 200
        found = chamber.result(named)
        assert (found["votes_for"], found["votes_against"], found["adopted"], found["by_the_chair"]) == (2, 2, adopted, True)


def test_who_sits_for_the_chair_breaks_no_tie(chamber: Chamber) -> None:
    enrolled(chamber.world, "thay")
    chamber.attend(dict.fromkeys(chamber.members, "present") | {"tv-1": "substitute"}, 1, tv_1="thay")
    named = chamber.opened("thuong")
    chamber.vote(named, "tv-1", "against", who="thay")
    chamber.vote(named, "tv-2", "for")
    found = chamber.result(named)
    assert (found["adopted"], found["by_the_chair"]) == (True, False), "half of the valid votes is enough"


def test_secret_votes_are_figures_of_the_counting_board(chamber: Chamber) -> None:
    named = chamber.opened("kin")
    assert kind(chamber.vote(named, "tv-1")) == (409, "on-paper")
    counted = {"issued": 6, "returned": 6, "votes_for": 5, "votes_against": 1, "protocol": "BBKP 01"}
    assert pointers(chamber.close(named)) == ["#/ballots"]
    for wrong, pointer in (({"issued": 7}, "issued"), ({"issued": 5}, "returned"), ({"votes_for": 6}, "")):
        assert pointers(chamber.close(named, **counted | wrong)) == [f"#/ballots/{pointer}".rstrip("/")], wrong
    found = chamber.result(named, **counted)
    assert (found["needed"], found["adopted"], found["protocol"]) == (6, False, "BBKP 01")
    assert motion(chamber, named)["votes"] == []
    assert pointers(chamber.close(chamber.opened(), **counted)) == ["#/ballots"], "only for a secret one"
    enough = chamber.opened("kin")
    assert chamber.result(enough, **counted | {"votes_for": 6, "votes_against": 0})["adopted"] is True


def test_papers_are_sent_in_time_or_it_is_said_why(chamber: Chamber) -> None:
    assert pointers(chamber.call(papers_sent_on="2022-06-13")) == ["#/late_reason"], "Monday for Wednesday: two working days"
    assert pointers(chamber.call(papers_sent_on="2022-06-16")) == ["#/papers_sent_on"]
    late = chamber.call(papers_sent_on="2022-06-13", late_reason="Họp gấp theo yêu cầu của Chủ tịch").json()
    assert late["late_reason"] == "Họp gấp theo yêu cầu của Chủ tịch"
    assert pointers(chamber.call(publication=1)) == ["#/publication"], "nothing was published"
    listed = chamber.world.get("tv-1", f"/councils/{CODE}/meetings", params={"limit": 1}).json()
    assert (listed["items"][0]["id"], listed["next"] is not None) == (late["id"], True)


def test_what_the_members_read_was_published_when_it_was_sent(closed: World) -> None:  # noqa: F811
    published(closed, "council")
    chamber = convened(closed, 2)
    assert pointers(chamber.call(publication=1)) == ["#/publication"], "published after the papers were sent"
    today = chamber.call(publication=1, papers_sent_on="2022-06-15", held_on="2022-06-20")
    assert (today.status_code, today.json()["publication"]) == (201, 1)


def test_a_regulation_that_cannot_work_is_refused(chamber: Chamber) -> None:
    one = {"code": "a", "name": "A", "share": {"numerator": 1, "denominator": 2}, "of": "valid", "secret": False, "source": "x"}
    for wrong, pointer in (
        ({"quorum": {"numerator": 4, "denominator": 3}}, "#/quorum"),
        ({"thresholds": [one | {"share": {"numerator": 1, "denominator": 1, "strict": True}}]}, "#/thresholds/0/share"),
        ({"thresholds": [one, one]}, "#/thresholds/1/code"),
        ({"thresholds": [one | {"secret": True, "chair_breaks_ties": True}]}, "#/thresholds/0/chair_breaks_ties"),
        (
            {"thresholds": [one | {"share": {"numerator": 2, "denominator": 3}, "chair_breaks_ties": True}]},
            "#/thresholds/0/chair_breaks_ties",
        ),
    ):
        assert pointers(chamber.regulate(1, **wrong)) == [pointer]
    assert kind(chamber.regulate(0)) == (412, "stale")
    assert chamber.world.get("tv-1", f"/councils/{CODE}/regulation").json()["version"] == 1


def test_seats(chamber: Chamber) -> None:
    world, first = chamber.world, f"/councils/{CODE}/members/{chamber.members['tv-1']}/end"
    enrolled(world, "moi")
    assert kind(chamber.seat("moi", "chair")) == (409, "seat-taken")
    assert kind(chamber.seat("tv-2")) == (409, "seat-taken")
    assert pointers(chamber.seat("khong-co")) == ["#/person"]
    assert pointers(world.post("secretary", first, {"until": "2021-12-31"})) == ["#/until"]
    assert world.post("secretary", first, {"until": "2022-06-14"}).status_code == 200
    assert kind(world.post("secretary", first, {"until": "2022-06-14"})) == (409, "seat-vacated")
    assert kind(chamber.seat("moi", "chair", "2022-06-14")) == (409, "seat-taken"), "the last day counts"
    assert chamber.seat("moi", "chair", "2022-06-15").status_code == 201
    told = sitting(chamber)
    assert (told["members"], [one["person"] for one in told["attendance"]][-1]) == (6, "moi"), "of the day of the meeting"
    assert chamber.seat("tv-1", since="2022-06-15").status_code == 201, "again, from the next day on"
    chamber.meeting = chamber.call(held_on="2022-06-14", papers_sent_on="2022-06-08").json()["id"]
    assert sitting(chamber)["attendance"][0]["person"] == "tv-1", "on the last day they still sit"


def test_who_has_no_part_in_councils_sees_none(chamber: Chamber) -> None:
    named = chamber.opened()
    paths = (f"/councils/{CODE}", f"/councils/{CODE}/regulation", f"/meetings/{chamber.meeting}", f"/motions/{named}")
    assert {chamber.world.get("nghia-do", path).status_code for path in paths} == {404}
    assert chamber.world.get("nghia-do", "/councils").status_code == 403
    assert chamber.world.get("tv-1", "/councils").json()["items"][0]["code"] == CODE
    assert chamber.world.post("tv-1", f"/motions/{named}/closing", {}).status_code == 403


RACES = 25


def test_one_vote_counts_once_however_often_it_is_sent_at_once(chamber: Chamber) -> None:
    with ThreadPoolExecutor(16) as pool:
        for _ in range(RACES):
            named = chamber.opened()
            codes = list(pool.map(lambda _, named=named: chamber.vote(named, "tv-1").status_code, range(16)))
            assert (codes.count(200), codes.count(412)) == (1, 15), codes
            assert chamber.result(named)["votes_for"] == 1


def test_a_change_against_the_closing_counts_or_is_refused(chamber: Chamber) -> None:
    """At once, and with a head start for either, so that both orders are seen."""
    seen = set()
    with ThreadPoolExecutor(2) as pool:
        for turn in range(RACES):
            named = chamber.opened()
            chamber.vote(named, "tv-1", "against")
            starts = ((0.0, 0.0), (0.05, 0.0), (0.0, 0.05))[turn % 3]

            def change(named: str = named, after: float = starts[0]) -> int:
                time.sleep(after)
                return int(chamber.vote(named, "tv-1", "for", 1).status_code)

            def close(named: str = named, after: float = starts[1]) -> int:
                time.sleep(after)
                return int(chamber.close(named).status_code)

            changing, closing = pool.submit(change), pool.submit(close)
            told = (changing.result(), closing.result())
            found = motion(chamber, named)["result"]
            assert told in {(200, 200), (409, 200)}
            assert (found["votes_for"], found["votes_against"]) == ((1, 0) if told[0] == 200 else (0, 1))
            seen.add(told[0])
    assert seen == {200, 409}, "both orders happened"
