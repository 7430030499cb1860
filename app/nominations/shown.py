"""Dossiers as answers, with what this caller may do next."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.audit.queries import place_if_any, texts
from app.nominations import queries
from app.nominations.queries import Seen
from app.nominations.rules import NominationDeed, deeds
from app.nominations.schemas import DossierPaperOut, NominationLineOut, NominationOut, NominationStepOut
from app.policy import Action, Actor
from app.progress.schemas import MoveOut
from app.schemes.queries import newest, read
from app.schemes.schemas import AwardSchemeIn
from app.units.queries import all_units

_NOUNS = {
    NominationDeed.SUPPLEMENT: ("supplement", ["If-Match", "dossier"]),
    NominationDeed.WITHDRAW: ("withdrawal", ["If-Match"]),
    NominationDeed.COMPLETE: ("completion", ["If-Match"]),
    NominationDeed.RETURN: ("return", ["If-Match", "reason"]),
}


def lines(session: Session, seen: Sequence[Seen], entry: UUID | None = None) -> list[NominationLineOut]:
    """What stands beside them is asked for once. Units are called as they were when `entry` was recorded; without it as they are now."""
    said = texts(session, [one for each in seen for one in (each.row.name_commitment, each.row.post_commitment)])
    names = {code: unit.name for code, unit in all_units(session, None if entry is None else place_if_any(session, entry)).items()}
    schemes = dict[tuple[str, int], AwardSchemeIn]()
    for each in seen:
        key = (each.row.movement_code, each.row.scheme_version)
        if key not in schemes:
            row = newest(session, *key)
            assert row is not None, "held by a foreign key"
            schemes[key] = read(row)
    return [_line(each, schemes[each.row.movement_code, each.row.scheme_version], names, said) for each in seen]


def _line(seen: Seen, scheme: AwardSchemeIn, names: dict[str, str], said: dict[str | None, str]) -> NominationLineOut:
    row, step, award = seen.row, seen.step, scheme.award(seen.row.award_code)
    assert award is not None, "checked when it was sent"
    return NominationLineOut(
        id=row.id,
        movement=row.movement_code,
        award=row.award_code,
        award_name=award.name,
        recipient=award.recipient,
        unit=row.unit_code,
        unit_name=names[row.unit_code],
        collective=row.collective_code,
        name=said.get(row.name_commitment) if row.collective_code is None else names[row.collective_code],
        post=said.get(row.post_commitment),
        state=step.state,
        late=step.is_late,
        lacking=queries.lacking(award, seen.dossier),
        due_on=step.due_on,
        at=step.at,
        synthetic=row.is_synthetic,
        version=step.version,
    )


def whole(session: Session, actor: Actor, seen: Seen) -> NominationOut:
    line, dossier, steps = lines(session, [seen])[0], seen.dossier, queries.steps(session, seen.row.id)
    said = texts(session, [dossier.achievements, *(one.reason_commitment for one in steps)])
    return NominationOut(
        **vars(line),
        scheme=seen.row.scheme_version,
        figures=dossier.figures,
        past_awards=dossier.past_awards,
        papers=[DossierPaperOut(**one.model_dump()) for one in dossier.papers],
        achievements=said.get(dossier.achievements),
        steps=[
            NominationStepOut(
                version=one.version,
                state=one.state,
                late=one.is_late,
                due_on=one.due_on,
                reason=said.get(one.reason_commitment),
                at=one.at,
            )
            for one in steps
        ],
        moves=_moves(actor, seen),
    )


def _moves(actor: Actor, seen: Seen) -> list[MoveOut]:
    by_unit = actor.may(Action.NOMINATION_SEND, seen.row.unit_code)
    by_office = actor.units_for(Action.NOMINATION_CHECK) is None and not queries.is_own(actor, seen.row)
    told = []
    for deed in deeds(seen.step.state, by_unit=by_unit, by_office=by_office):
        noun, needs = _NOUNS[deed]
        told.append(MoveOut(name=deed, method="POST", url=f"/api/v1/nominations/{seen.row.id}/{noun}", needs=needs))
    return told
