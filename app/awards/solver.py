"""From a scheme's awards, dossiers and a publication's standings to who is proposed for what. Exact and pure."""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.awards.rules import Allotment, Award, Candidate, Check, ConditionOf, Criterion, Past, Placed, Quota, Solved
from app.rulebooks.language.ground import EDGE, POINT_DECIMALS
from app.schemes.rules import PastRule, QuotaPer, RecipientKind
from app.scoring.engine.numbers import whole
from app.scoring.engine.quota import in_line


def solved(awards: Sequence[Award], candidates: Sequence[Candidate], units: Mapping[str, Placed], year: int) -> Solved:
    """Awards are filled in their order; of two dossiers of one holder the better placed counts, then the one sent first.

    `units` are all units of the publication, by code, for the denominators of quotas.
    """
    allotments, checks, holding = list[Allotment](), dict[str, list[Check]](), set[str]()
    for award in awards:
        asked = sorted((one for one in candidates if one.award == award.code), key=lambda one: one.id)
        met, here = list[Candidate](), set(holding)
        for one in sorted(asked, key=_standing):
            checks[one.id] = _checks(award, one, year, here)
            if all(check.is_met for check in checks[one.id]):
                met.append(one)
                here.add(one.holder)
        made = _allotted(award, asked, sorted(met, key=lambda one: one.id), units, allotments)
        allotments += made
        if award.is_exclusive:
            taken = {identifier for one in made for identifier in one.recipients}
            holding |= {one.holder for one in asked if one.id in taken}
    unmet = {identifier: [check for check in some if not check.is_met] for identifier, some in checks.items()}
    return Solved(allotments, checks, {identifier: some[0] for identifier, some in unmet.items() if len(some) == 1})


def _standing(one: Candidate) -> tuple[bool, int, str]:
    place = None if one.placed is None else one.placed.place
    return place is None, place or 0, one.id


def _checks(award: Award, one: Candidate, year: int, holding: set[str]) -> list[Check]:
    placed = one.placed
    found = [Check(Criterion.NOMINATED, one.is_nominated)]
    if one.is_nominated:
        found += [Check(Criterion.DOSSIER_COMPLETE, one.is_complete), Check(Criterion.DOSSIER_IN_TIME, not one.is_late)]
    if award.clusters or (award.quota is not None and award.quota.per is QuotaPer.CLUSTER):
        cluster = _cluster(one)
        found.append(Check(Criterion.CLUSTER, cluster is not None and (not award.clusters or cluster in award.clusters), cluster))
    if award.recipient is RecipientKind.COLLECTIVE:
        is_ranked = placed is not None and placed.place is not None
        found.append(Check(Criterion.RANKED, is_ranked, None if placed is None or placed.state is None else placed.state.value))
    if award.ratings:
        rating = None if placed is None else placed.rating
        found.append(Check(Criterion.RATING, rating in award.ratings, rating, ", ".join(sorted(award.ratings))))
    if award.place_at_most is not None:
        place = None if placed is None else placed.place
        is_met = place is not None and place <= award.place_at_most
        found.append(Check(Criterion.PLACE, is_met, None if place is None else str(place), str(award.place_at_most)))
    if award.points_at_least is not None:
        points = None if placed is None else placed.points
        is_met = points is not None and points >= award.points_at_least
        found.append(Check(Criterion.POINTS, is_met, _decimal(points), _decimal(award.points_at_least)))
    found += [_condition(condition, one.figures) for condition in award.conditions]
    found += [_past(past, one.past, year) for past in award.past]
    if award.is_exclusive:
        found.append(Check(Criterion.ONE_FORM, one.holder not in holding))
    return found


def _decimal(points: int | None) -> str | None:
    return None if points is None else format(Decimal(points).scaleb(-POINT_DECIMALS).normalize(), "f")


_BOUNDS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "at_least": (operator.ge, "≥"),
    "above": (operator.gt, ">"),
    "at_most": (operator.le, "≤"),
    "below": (operator.lt, "<"),
}


def _condition(of: ConditionOf, figures: Mapping[str, Decimal]) -> Check:
    """A share is compared by cross-multiplication: nothing is divided or rounded."""
    name = next(name for name in _BOUNDS if getattr(of, name, None) is not None)
    (holds, sign), bound = _BOUNDS[name], getattr(of, name)
    value, whole_ = figures.get(of.figure), figures.get(of.of) if of.of is not None else Decimal(100)
    wanted = f"{sign} {bound}" + (" %" if of.of is not None else "")
    if value is None or whole_ is None or whole_ <= 0:
        return Check(Criterion.CONDITION, is_met=False, wanted=wanted, name=of.name)
    said = f"{value}" if of.of is None else f"{value}/{whole_}"
    return Check(Criterion.CONDITION, holds(Fraction(value) * 100, Fraction(bound) * Fraction(whole_)), said, wanted, of.name)


def _past(of: Past, had: Sequence[tuple[str, int]], year: int) -> Check:
    times = sum(award in of.awards and year - of.years < then <= year for award, then in had)
    is_met = times >= of.times if of.rule is PastRule.NEEDED else times < of.times
    return Check(
        Criterion.PAST, is_met, str(times), f"{'≥' if of.rule is PastRule.NEEDED else '<'} {of.times}", ", ".join(sorted(of.awards))
    )


def _allotted(
    award: Award, asked: Sequence[Candidate], met: Sequence[Candidate], units: Mapping[str, Placed], before: Sequence[Allotment]
) -> list[Allotment]:
    clusters = sorted({one.cluster for one in units.values()} & (award.clusters or {one.cluster for one in units.values()}))
    per_cluster = award.quota is not None and award.quota.per is QuotaPer.CLUSTER
    found = []
    for cluster in clusters if per_cluster else [None]:
        inside = {cluster} if cluster is not None else set(clusters)
        here = [one for one in met if not per_cluster or (one.placed is not None and one.placed.cluster == cluster)]
        counts = {
            "registered": sum(one.cluster in inside for one in units.values()),
            "ranked": sum(one.cluster in inside and one.place is not None for one in units.values()),
            "nominated": sum(one.is_nominated and (not per_cluster or _cluster(one) == cluster) for one in asked),
            "eligible": len(here),
        }
        counts |= _earlier(before, cluster)
        base, places = _places(award.quota, counts)
        found.append(_lined_up(award, cluster, base, places, here))
    return found


def _cluster(one: Candidate) -> str | None:
    return None if one.placed is None else one.placed.cluster


def _earlier(before: Sequence[Allotment], cluster: str | None) -> dict[str, int]:
    """Places of the awards before, a quota of which may be taken; without a quota, those who were eligible."""
    found = dict[str, int]()
    for one in before:
        if cluster is None or one.cluster in {None, cluster}:
            found[f"award:{one.award}"] = found.get(f"award:{one.award}", 0) + (len(one.eligible) if one.places is None else one.places)
    return found


def _places(quota: Quota | None, counts: Mapping[str, int]) -> tuple[int | None, int | None]:
    if quota is None:
        return None, None
    if quota.share is None:
        return None, quota.count
    base = counts.get(quota.of, 0)  # an award that nobody here could have
    return base, whole(base * quota.share, 100 * EDGE, quota.rounding)


def _lined_up(award: Award, cluster: str | None, base: int | None, places: int | None, met: Sequence[Candidate]) -> Allotment:
    """By the place inside each one's cluster; individuals are not ranked, so all of them share one place."""
    is_ranked = award.recipient is RecipientKind.COLLECTIVE
    held = {one.id: one.placed.place if is_ranked and one.placed is not None and one.placed.place is not None else 1 for one in met}
    eligible = sorted(held, key=lambda identifier: (held[identifier], identifier))
    if places is None:
        return Allotment(award.code, cluster, base, None, eligible, [], [], eligible)
    within, sharing = in_line(held, places)
    rest = [identifier for identifier in eligible if identifier not in {*within, *sharing}]
    following = [identifier for identifier in rest if held[identifier] == held[rest[0]]]
    return Allotment(award.code, cluster, base, places, within, sharing, following, eligible)
