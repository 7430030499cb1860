from collections.abc import Iterator, Mapping
from datetime import date

import rfc8785
from sqlmodel import Session

from app.audit import actions as audit
from app.audit.rules import Subject, movement_scope
from app.errors import Invalid, Stale
from app.movements.queries import clusters, lock_movement, newest
from app.movements.rules import MovementKind
from app.policy import Action, Actor
from app.schemes import queries
from app.schemes.models import AwardScheme
from app.schemes.rules import AwardKind, PlanStep, QuotaPer
from app.schemes.schemas import AwardIn, AwardSchemeIn, BasisIn, ConditionIn, QuotaIn
from app.tables import add

Fault = tuple[str, str]
"""Where, below the body, and the slug of why."""


def lay_down(session: Session, actor: Actor, *, movement: str, expected: int, sent: AwardSchemeIn) -> AwardScheme:
    """Ban hành quy định khen thưởng của phong trào. Dossiers keep the version that they were sent under."""
    actor.require_everywhere(Action.SCHEME_WRITE)
    lock_movement(session, movement)
    known = queries.newest(session, movement)
    if expected != (known.version if known else 0):
        raise Stale
    _check(session, movement, sent)
    content = sent.model_dump(mode="json")
    row = AwardScheme(
        movement_code=movement,
        version=expected + 1,
        content=rfc8785.dumps(content).decode(),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=audit.record(
            session, actor, "award_scheme.laid_down", Subject("award_scheme", movement), [movement_scope(movement)], content
        ),
    )
    return add(session, row)


def _check(session: Session, movement: str, sent: AwardSchemeIn) -> None:
    """`Invalid` at the first thing that cannot work."""
    for pointer, slug in (*_twice(sent), *_wrong_terms(sent), *_wrong_awards(session, movement, sent)):
        raise Invalid(pointer, slug)


def _twice(sent: AwardSchemeIn) -> Iterator[Fault]:
    for name, codes in (("awards", [one.code for one in sent.awards]), ("basis", [one.code for one in sent.basis])):
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield f"#/{name}/{number}/code", "stands-already"
    for place, award in enumerate(sent.awards):
        papers = [one.code for one in award.checklist]
        for number, code in enumerate(papers):
            if code in papers[:number]:
                yield f"#/awards/{place}/checklist/{number}/code", "stands-already"


def _wrong_terms(sent: AwardSchemeIn) -> Iterator[Fault]:
    steps = [list(PlanStep).index(one.step) for one in sent.terms]
    for number, step in enumerate(steps):
        if step >= len(PlanStep) - 1 or any(earlier >= step for earlier in steps[:number]):
            yield f"#/terms/{number}/step", "steps-in-order"


def _wrong_awards(session: Session, movement: str, sent: AwardSchemeIn) -> Iterator[Fault]:
    seen, known = newest(session, movement), {one.code for one in clusters(session, movement)}
    in_force = {one.code: _is_in_force(one, seen.version.goal_on) for one in sent.basis}
    for number, award in enumerate(sent.awards):
        at = f"#/awards/{number}"
        if seen.movement.kind is MovementKind.THEMATIC and award.kind is AwardKind.EMULATION_TITLE and not award.basis:
            yield f"{at}/basis", "title-needs-a-basis"
        yield from _wrong_basis(f"{at}/basis", award, in_force)
        for place, code in enumerate(award.clusters):
            if code not in known:
                yield f"{at}/clusters/{place}", "no-such-cluster"
        yield from _wrong_conditions(at, award)
        if award.quota is not None:
            yield from _wrong_quota(f"{at}/quota", award.quota, {one.code: one for one in sent.awards[:number]})


def _is_in_force(basis: BasisIn, on: date) -> bool:
    return basis.since <= on and (basis.until is None or on <= basis.until)


def _wrong_basis(at: str, award: AwardIn, in_force: Mapping[str, bool]) -> Iterator[Fault]:
    """A movement is judged by the law of its goal day."""
    for place, code in enumerate(award.basis):
        if code not in in_force:
            yield f"{at}/{place}", "no-such-basis"
        elif not in_force[code]:
            yield f"{at}/{place}", "basis-not-in-force"


def _wrong_conditions(at: str, award: AwardIn) -> Iterator[Fault]:
    for number, one in enumerate(award.conditions):
        if len(_bounds(one)) != 1:
            yield f"{at}/conditions/{number}", "one-bound"


def _bounds(of: ConditionIn) -> list[str]:
    return [name for name in ("at_least", "above", "at_most", "below") if getattr(of, name) is not None]


def _wrong_quota(at: str, quota: QuotaIn, earlier: Mapping[str, AwardIn]) -> Iterator[Fault]:
    """A quota of a quota is counted over the same units, or over more of them."""
    if (quota.share is None) == (quota.count is None):
        yield at, "share-or-count"
    elif quota.share is not None:
        base = None if quota.of is None else earlier.get(quota.of.removeprefix("award:"))
        if quota.of is None or quota.rounding is None:
            yield f"{at}/{'of' if quota.of is None else 'rounding'}", "missing"
        elif quota.of.startswith("award:") and (base is None or (quota.per is QuotaPer.CLUSTER and not _is_per_cluster(base))):
            yield f"{at}/of", "earlier-award"


def _is_per_cluster(award: AwardIn) -> bool:
    return award.quota is not None and award.quota.per is QuotaPer.CLUSTER
