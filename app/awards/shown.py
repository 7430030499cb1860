"""What was solved, proposed and decided, as answers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import texts
from app.awards.queries import Proposed
from app.awards.rules import Allotment, Check, Criterion, Placed
from app.awards.schemas import AllotmentOut, AwardProposalOut, CandidateOut, CaseVoteOut, CheckOut, ProposalLineOut, SolvedOut
from app.awards.solving import Basis
from app.council.queries import motion_states
from app.nominations.queries import those
from app.nominations.schemas import NominationLineOut
from app.nominations.shown import lines as dossier_lines
from app.rulebooks.language.compile import POINT
from app.units.queries import all_units
from app.web.numbers import plain
from app.web.texts import Language, catalogue, say


def solved(session: Session, of: Basis, language: Language) -> SolvedOut:
    told = {str(one.id): one for one in dossier_lines(session, list(of.dossiers.values()))}
    names = {code: unit.name for code, unit in all_units(session).items()}
    shown = _Shown(of, told, names, language)
    return SolvedOut(
        movement=of.movement,
        publication=of.publication,
        digest=of.digest,
        scheme=of.version,
        allotments=[shown.allotment(one) for one in of.solved.allotments],
        synthetic=of.is_synthetic or any(one.synthetic for one in told.values()),
    )


class _Shown:
    """Candidates of one solving, worded."""

    def __init__(self, of: Basis, dossiers: Mapping[str, NominationLineOut], names: Mapping[str, str], language: Language) -> None:
        self.of, self.dossiers, self.names, self.language = of, dossiers, names, language

    def allotment(self, one: Allotment) -> AllotmentOut:
        award = self.of.scheme.award(one.award)
        assert award is not None, "solved by this scheme"
        rest = [identifier for identifier in self._asked(one) if identifier not in one.eligible]
        misses = [identifier for identifier in rest if identifier in self.of.solved.near_misses]
        return AllotmentOut(
            award=one.award,
            name=award.name,
            cluster=one.cluster,
            base=one.base,
            places=one.places,
            recipients=self._all(one.recipients),
            sharing=self._all(one.sharing),
            next_in_line=self._all(one.next_in_line),
            near_misses=self._all(misses),
            others=self._all([identifier for identifier in rest if identifier not in misses]),
        )

    def _asked(self, one: Allotment) -> Iterable[str]:
        """Who was looked at for this award, in this cluster; whoever is in none is shown in each."""
        for identifier in self.of.solved.checks:
            award, unit = self._who(identifier)
            placed = self.of.units.get(unit)
            if award == one.award and (placed is None or one.cluster in {None, placed.cluster}):
                yield identifier

    def _who(self, identifier: str) -> tuple[str, str]:
        """Its award, and the unit whose standing counts."""
        if identifier in self.dossiers:
            return self.dossiers[identifier].award, self.dossiers[identifier].collective or self.dossiers[identifier].unit
        award, _, unit = identifier.removeprefix("unit:").partition("/")
        return award, unit

    def _all(self, identifiers: Iterable[str]) -> list[CandidateOut]:
        return [self._candidate(identifier) for identifier in identifiers]

    def _candidate(self, identifier: str) -> CandidateOut:
        (award, unit), dossier = self._who(identifier), self.dossiers.get(identifier)
        placed = self.of.units.get(unit)
        return CandidateOut(
            nomination=None if dossier is None else dossier.id,
            award=award,
            unit=unit,
            name=self.names.get(unit) if dossier is None else dossier.name,
            checks=checks(self.of.solved.checks[identifier], self.language),
            **standing(placed),
        )


def standing(placed: Placed | None) -> dict[str, Any]:
    """Place, points, rating and state of a unit in a publication."""
    if placed is None:
        return dict.fromkeys(("place", "points", "rating", "state"))
    points = None if placed.points is None else plain(placed.points, POINT)
    return {"place": placed.place, "points": points, "rating": placed.rating, "state": placed.state}


def checks(some: Sequence[Check], language: Language) -> list[CheckOut]:
    unknown = catalogue(language)["awards"]["unknown"]
    return [
        CheckOut(
            criterion=one.criterion,
            met=one.is_met,
            sentence=say(
                language, "award_checks", one.criterion, found=one.found or unknown, wanted=one.wanted or unknown, name=one.name or unknown
            ),
            found=one.found,
            wanted=one.wanted,
        )
        for one in some
    ]


def kept_checks(content: str, nomination: UUID, language: Language) -> list[CheckOut]:
    """As they were when a proposal was made."""
    told = json.loads(content)["checks"].get(str(nomination), [])
    return checks([Check(**one | {"criterion": Criterion(one["criterion"])}) for one in told], language)


def proposal(session: Session, seen: Proposed, language: Language) -> AwardProposalOut:
    known = those(session, [one.nomination_id for one in seen.lines])
    told = {one.id: one for one in dossier_lines(session, list(known.values()), seen.proposal.entry_id)}
    said = texts(session, [one.reason_commitment for one in seen.lines])
    states = motion_states(session, [vote.motion for each in seen.tabled.values() for vote in each])
    return AwardProposalOut(
        id=seen.proposal.id,
        movement=seen.proposal.movement_code,
        publication=seen.proposal.publication,
        scheme=seen.proposal.scheme_version,
        made_at=seen.proposal.made_at,
        lines=[
            ProposalLineOut(
                nomination=told[one.nomination_id],
                kind=one.kind,
                reason=said.get(one.reason_commitment),
                checks=kept_checks(seen.proposal.content, one.nomination_id, language),
                motion=seen.motions.get(one.nomination_id),
                motion_state=states[seen.motions[one.nomination_id]] if one.nomination_id in seen.motions else None,
                votes=[
                    CaseVoteOut(motion=vote.motion, proposal=vote.proposal, publication=vote.publication, state=states[vote.motion])
                    for vote in seen.tabled.get(one.nomination_id, [])
                ],
            )
            for one in seen.lines
        ],
    )
