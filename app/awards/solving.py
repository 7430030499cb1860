"""What the scheme makes of a publication and of the dossiers: from rows and documents to candidates, and back to words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import texts
from app.awards import queries
from app.awards.past import awarded_before
from app.awards.rules import Award, Candidate, Past, Placed, Quota, Solved
from app.awards.solver import solved
from app.errors import NotFound
from app.evidence.store import path_of
from app.movements.queries import newest as newest_movement
from app.nominations.queries import Seen, standing, those
from app.nominations.rules import NominationState, holder
from app.policy import Action, Actor
from app.publishing import bundle
from app.ranking.rules import Unranked
from app.rulebooks.language.ground import EDGE, POINT
from app.schemes.queries import newest as newest_scheme
from app.schemes.queries import read as read_scheme
from app.schemes.rules import RecipientKind
from app.schemes.schemas import AwardIn, AwardSchemeIn
from app.units.queries import heirs as heirs_of


@dataclass(frozen=True)
class Basis:
    """What a proposal is made from."""

    movement: str
    publication: int
    digest: str
    is_synthetic: bool
    version: int
    scheme: AwardSchemeIn
    units: dict[str, Placed]
    dossiers: dict[str, Seen]
    """By id."""
    solved: Solved

    @property
    def content(self) -> dict[str, Any]:
        """As it is kept: plain JSON without a name."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self.solved), default=str))
        placed = {identifier: self.units.get(one.row.collective_code or one.row.unit_code) for identifier, one in self.dossiers.items()}
        clusters = {identifier: one.cluster for identifier, one in placed.items() if one is not None}
        return told | {"digest": self.digest, "clusters": clusters}


def basis(session: Session, actor: Actor, root: Path, movement: str, publication: int) -> Basis:
    """Slow: the whole publication is read. `NotFound` where there is no such publication, or no scheme."""
    actor.require_everywhere(Action.AWARD_READ)
    row, (_, draft) = newest_scheme(session, movement), queries.publication_of(session, movement, publication)
    if row is None:
        raise NotFound
    scheme, place = read_scheme(row), path_of(root, draft.file_hash)
    result = json.loads(bundle.read(place, bundle.RESULT) or b"{}")
    units = {unit: _placed(cluster, told) for cluster, unit, told in bundle.units_in(place, result)}
    dossiers = [one for one in standing(session, movement) if _is_of(scheme, one)]
    year = newest_movement(session, movement).version.goal_on.year
    found = solved([_award(one) for one in scheme.awards], _candidates(session, movement, scheme, dossiers, units), units, year)
    return Basis(
        movement,
        publication,
        draft.digest,
        bool(result["synthetic"]),
        row.version,
        scheme,
        units,
        {str(one.row.id): one for one in dossiers},
        found,
    )


def _is_of(scheme: AwardSchemeIn, one: Seen) -> bool:
    """A newer scheme may know the award no more, or give it to another kind of recipient."""
    award = scheme.award(one.row.award_code)
    return award is not None and (award.recipient is RecipientKind.COLLECTIVE) == (one.row.collective_code is not None)


def _placed(cluster: str, told: Mapping[str, Any]) -> Placed:
    rating = told.get("sheets", {}).get("decided", {}).get("rating")
    return Placed(
        cluster=cluster,
        place=told["place"],
        points=int(Decimal(told["points"][0]) * POINT) if told["points"] else None,
        state=None if told["state"] is None else Unranked(told["state"]),
        rating=None if rating is None else rating["proposed"],
    )


def _award(of: AwardIn) -> Award:
    return Award(
        code=of.code,
        recipient=of.recipient,
        clusters=frozenset(of.clusters),
        ratings=frozenset(of.ratings),
        place_at_most=of.place_at_most,
        points_at_least=None if of.points_at_least is None else int(of.points_at_least * POINT),
        conditions=of.conditions,
        past=[Past(one.rule, frozenset(one.awards), one.years, one.times) for one in of.past],
        quota=_quota(of),
        is_exclusive=of.exclusive,
    )


def _quota(of: AwardIn) -> Quota | None:
    if of.quota is None:
        return None
    if of.quota.share is None:
        return Quota(of.quota.per, count=of.quota.count)
    assert of.quota.of is not None, "checked when the scheme was laid down"
    assert of.quota.rounding is not None, "checked when the scheme was laid down"
    return Quota(of.quota.per, share=int(of.quota.share * EDGE), of=of.quota.of, rounding=of.quota.rounding)


def _candidates(
    session: Session, movement: str, scheme: AwardSchemeIn, dossiers: Sequence[Seen], units: Mapping[str, Placed]
) -> list[Candidate]:
    """Everybody with a dossier, and for collective awards every unit of the publication that has none."""
    names = texts(session, [one.row.name_commitment for one in dossiers])
    before = awarded_before(session, movement, [one.row.collective_code for one in dossiers if one.row.collective_code is not None])
    heirs = heirs_of(session)
    found = [_candidate(one, names.get(one.row.name_commitment), units, before, heirs) for one in dossiers]
    nominated = {(one.row.award_code, one.row.collective_code) for one in dossiers}
    for award in scheme.awards:
        if award.recipient is RecipientKind.COLLECTIVE:
            found += [
                Candidate(f"unit:{award.code}/{unit}", unit, placed, award.code)
                for unit, placed in units.items()
                if (award.code, unit) not in nominated and (not award.clusters or placed.cluster in award.clusters)
            ]
    return found


def _candidate(
    one: Seen, name: str | None, units: Mapping[str, Placed], before: Mapping[str, set[tuple[str, int]]], heirs: Mapping[str, str]
) -> Candidate:
    row, dossier = one.row, one.dossier
    past = {(award.award, award.year) for award in dossier.past_awards} | before.get(row.collective_code or "", set())
    return Candidate(
        id=str(row.id),
        holder=holder(row.id, row.unit_code, row.collective_code, name, heirs),
        placed=units.get(row.collective_code or row.unit_code),
        award=row.award_code,
        is_complete=one.step.state is NominationState.COMPLETE,
        is_late=one.step.is_late,
        figures={figure.code: figure.value for figure in dossier.figures},
        past=sorted(past),
    )


def placed_of(session: Session, root: Path, movement: str, publication: int, nomination: UUID) -> Placed | None:
    """What a publication says of the unit behind one dossier; None where it says nothing."""
    seen = those(session, [nomination]).get(nomination)
    if seen is None:
        return None
    unit = seen.row.collective_code or seen.row.unit_code
    place = path_of(root, queries.publication_of(session, movement, publication)[1].file_hash)
    told = bundle.read(place, f"units/{unit}.json")
    if told is None:
        return None
    content = json.loads(told)
    return _placed(content["cluster"], content)
