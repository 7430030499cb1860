"""Phiếu trình: the one A4 page that the chairman reads."""

from collections.abc import Mapping, Sequence
from textwrap import shorten

from app.awards.queries import Decided
from app.awards.rules import Placed
from app.awards.schemas_deciding import AwardDecisionOut, DecisionLineOut
from app.council.queries import closings
from app.documents.award_letters import Told, is_synthetic, money_of
from app.documents.papers import Paper, Table
from app.ranking.robustness import Solid
from app.rulebooks.language.compile import POINT
from app.web.numbers import plain, worded

_LINES = 16
"""So many lines of names fit on the page; the rest is counted."""
_WIDTHS = (24, 17)
"""About so many letters a line in the columns of the recipient and of the award."""


def briefing(told: Told, seen: Decided, shown: AwardDecisionOut, placed: Mapping[str, Placed], solid: Mapping[str, Solid]) -> Paper:
    """Phiếu trình, one A4 page: the list, quota, who was left out and why, what is contested, the money. For the chairman."""
    say, granted = told.say, [one for one in shown.lines if one.granted]
    rows = _fitting([_briefed(told, one, placed, solid) for one in granted])
    table = Table(say("briefing-table"), say("briefing-columns").split("|"), rows, (5.4, 3.9, 1.6, 1.9, 3.7))
    paragraphs = [say("briefing-counts", counts="; ".join(told.counted(one.nomination for one in granted)) or say("nobody"))]
    if len(granted) > len(rows):
        paragraphs.append(say("briefing-more", count=len(granted) - len(rows)))
    named = {one.code: one.name for one in told.scheme.awards}
    over = ", ".join(named[code] for code in shown.over_quota)
    money = money_of(shown.total_money, told.language) or say("briefing-money-open")
    return Paper(
        issuer=told.issuer,
        title=say("briefing-title"),
        abstract=say("decision-abstract", movement=told.version.name),
        addressee=None,
        paragraphs=paragraphs,
        tables=[table],
        closing=[
            say("briefing-quota-over", awards=over) if over else say("briefing-quota"),
            _said("briefing-left", [_short(told, one, one.reason) for one in shown.lines if not one.granted], told),
            _said("briefing-contested", _contested(told, seen, shown), told),
            say("briefing-money", total=money),
            say("briefing-solid"),
        ],
        signers=[[say("secretary-line")]],
        is_synthetic=is_synthetic(told, shown.lines),
        size=11,
    )


def _fitting(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The first rows that fit, by the lines that the longest cell of each takes."""
    found, lines = list[Sequence[str]](), 0
    for row in rows:
        lines += max(-(-len(text) // width) for text, width in zip(row, _WIDTHS, strict=False))
        if lines > _LINES:
            break
        found.append(row)
    return found


def _briefed(told: Told, one: DecisionLineOut, placed: Mapping[str, Placed], solid: Mapping[str, Solid]) -> Sequence[str]:
    unit = one.nomination.collective
    rank, spread = (placed.get(unit), solid.get(unit)) if unit is not None else (None, None)
    points = "" if rank is None or rank.points is None else worded(plain(rank.points, POINT), told.language)
    interval = "" if spread is None else told.say("interval", low=spread.low, high=spread.high, first=round(spread.first * 100))
    place = "" if rank is None or rank.place is None else str(rank.place)
    return (_cut(told.recipient(one.nomination)), _cut(told.award_name(one.nomination.award)), place, points, interval)


def _cut(text: str) -> str:
    return shorten(text, 100, placeholder="…")


def _short(told: Told, one: DecisionLineOut, why: str | None) -> str:
    said = f"{told.recipient(one.nomination)} ({one.nomination.award_name})"
    return _cut(said if not why else f"{said}: {why}")


def _said(slug: str, some: Sequence[str], told: Told) -> str:
    listed = some[:4]
    more = told.say("and-more", count=len(some) - len(listed)) if len(some) > len(listed) else ""
    return told.say(slug, listed="; ".join(listed) + more if some else told.say("nobody"))


def _contested(told: Told, seen: Decided, shown: AwardDecisionOut) -> list[str]:
    """Where the decision departs from the council, or the council was not of one mind."""
    motions = {one.nomination_id: one.motion_id for one in seen.lines if one.motion_id is not None}
    over = closings(told.session, motions.values())
    found = []
    for one in shown.lines:
        closing = over.get(motions[one.nomination.id]) if one.nomination.id in motions else None
        if one.advised is not None and one.granted is not one.advised:
            found.append(_short(told, one, told.say("departs")))
        elif closing is not None and closing.votes_against:
            found.append(_short(told, one, told.say("votes", votes_for=closing.votes_for, against=closing.votes_against)))
    return found
