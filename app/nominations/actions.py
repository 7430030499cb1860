from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import actions as audit
from app.audit.rules import Subject, unit_scope
from app.calendar.queries import calendar
from app.calendar.rules import end_of
from app.errors import Invalid, Problem, Stale
from app.nominations import checks, queries
from app.nominations.checks import Intake
from app.nominations.models import Nomination, NominationStep
from app.nominations.queries import Seen
from app.nominations.rules import BY_THE_UNIT, LEADS_TO, NominationDeed, NominationState, person
from app.nominations.schemas import DossierIn, NominationIn
from app.policy import Action, Actor
from app.progress.reviewing import OwnWork
from app.tables import add, add_all, new_id


class AlreadyNominated(Problem):
    """There is a dossier of this collective or person for this award; supplement that one."""

    status, slug = 409, "already-nominated"


class WrongDossierState(Problem):
    """What a dossier is now does not allow this."""

    status, slug = 409, "wrong-dossier-state"


class DossierLacking(Problem):
    """Required papers or figures are not in it."""

    status, slug = 409, "dossier-lacking"


def nominate(session: Session, actor: Actor, *, under: Intake, sent: Sequence[NominationIn]) -> list[Seen]:
    """Đề nghị khen thưởng, all or none. Late ones are taken and marked."""
    for one in sent:
        actor.require(Action.NOMINATION_SEND, one.unit)
    made = list[Seen]()
    for number, one in enumerate(sent):
        try:
            made.append(_nominate(session, actor, under, one))
        except Problem as refusal:
            raise refusal if len(sent) == 1 and refusal.pointer is None else _in_list(refusal, number) from None
    return made


def _in_list(refusal: Problem, number: int) -> Problem:
    refusal.pointer = f"#/nominations/{number}{(refusal.pointer or '#').removeprefix('#')}"
    return refusal


def _nominate(session: Session, actor: Actor, under: Intake, sent: NominationIn) -> Seen:
    award = under.scheme.award(sent.award)
    if award is None:
        raise Invalid("#/award", "no-such-award")
    checks.check_recipient(session, award, sent)
    checks.check_dossier(session, award, sent.unit, sent.dossier, "#/dossier")
    if sent.name is not None:
        who = person(sent.unit, sent.award, sent.name, sent.post)
        if who in under.persons:
            raise AlreadyNominated("#/name")
        under.persons.add(who)
    identifier, name, post = new_id(), audit.keep_text(session, sent.name), audit.keep_text(session, sent.post)
    content = checks.kept(session, sent.dossier)
    told = {**sent.model_dump(mode="json", exclude={"dossier"}), "name": name, "post": post, "dossier": content, "late": under.is_late}
    subject, scopes = Subject("nomination", str(identifier)), [unit_scope(sent.unit)]
    entry_id = audit.record(session, actor, "nomination.received", subject, scopes, told)
    row = Nomination(
        id=identifier,
        movement_code=under.movement,
        scheme_version=under.version,
        award_code=sent.award,
        unit_code=sent.unit,
        collective_code=sent.collective,
        name_commitment=name,
        post_commitment=post,
        is_synthetic=sent.synthetic,
        entry_id=entry_id,
    )
    add(session, row, {"uq_nomination_of_a_collective": AlreadyNominated("#/collective")})
    step = _step(session, actor, row, 1, NominationState.RECEIVED, content, entry_id, is_late=under.is_late)
    add_all(session, [step])
    return Seen(row, step)


def supplement(session: Session, actor: Actor, *, identifier: UUID, expected: int, dossier: DossierIn) -> Seen:
    """Bổ sung hồ sơ: the dossier anew. After the day named with a return, else the scheme's last, it is marked as late."""
    seen = _opened(session, actor, identifier, expected, NominationDeed.SUPPLEMENT)
    checks.check_dossier(session, checks.award_of(session, seen), seen.row.unit_code, dossier, "#")
    due_on = max((one.due_on for one in queries.steps(session, identifier) if one.due_on is not None), default=None)
    last_day = checks.scheme_of(session, seen).closes_on if due_on is None else due_on
    is_late = seen.step.is_late or clock.at(session) >= end_of(calendar(session).moved(last_day))
    return _moved(session, actor, seen, NominationDeed.SUPPLEMENT, content=checks.kept(session, dossier), is_late=is_late)


def withdraw(session: Session, actor: Actor, *, identifier: UUID, expected: int) -> Seen:
    """Rút hồ sơ."""
    return _moved(session, actor, _opened(session, actor, identifier, expected, NominationDeed.WITHDRAW), NominationDeed.WITHDRAW)


def confirm_complete(session: Session, actor: Actor, *, identifier: UUID, expected: int) -> Seen:
    """Xác nhận hồ sơ đầy đủ: nothing required is lacking."""
    seen = _opened(session, actor, identifier, expected, NominationDeed.COMPLETE)
    missing = queries.lacking(checks.award_of(session, seen), seen.dossier)
    if missing:
        raise DossierLacking(count=len(missing))
    return _moved(session, actor, seen, NominationDeed.COMPLETE)


def return_for_supplement(session: Session, actor: Actor, *, identifier: UUID, expected: int, reason: str) -> Seen:
    """Trả hồ sơ để bổ sung, within the working days that the scheme gives."""
    seen = _opened(session, actor, identifier, expected, NominationDeed.RETURN)
    due_on = calendar(session).working_day_after(clock.today(session), checks.scheme_of(session, seen).supplement_days)
    return _moved(session, actor, seen, NominationDeed.RETURN, reason=reason, due_on=due_on)


def _opened(session: Session, actor: Actor, identifier: UUID, expected: int, deed: NominationDeed) -> Seen:
    """A dossier for a deed: locked, as it was read, and in a state that allows it."""
    seen = queries.open_nomination(session, actor, identifier, lock=True)
    if deed in BY_THE_UNIT:
        actor.require(Action.NOMINATION_SEND, seen.row.unit_code)
    else:
        actor.require_everywhere(Action.NOMINATION_CHECK)
        if queries.is_own(actor, seen.row):
            raise OwnWork
    if seen.step.version != expected:
        raise Stale
    if seen.step.state not in LEADS_TO[deed][0]:
        raise WrongDossierState
    return seen


def _moved(
    session: Session,
    actor: Actor,
    seen: Seen,
    deed: NominationDeed,
    *,
    content: str | None = None,
    is_late: bool | None = None,
    reason: str | None = None,
    due_on: date | None = None,
) -> Seen:
    """The next step of a dossier; what is not said stays as it was."""
    state, commitment = LEADS_TO[deed][1], audit.keep_text(session, reason)
    version, content = seen.step.version + 1, seen.step.content if content is None else content
    is_late = seen.step.is_late if is_late is None else is_late
    told = {"version": version, "reason": commitment, "due_on": None if due_on is None else due_on.isoformat(), "dossier": content}
    subject, scopes = Subject("nomination", str(seen.row.id)), [unit_scope(seen.row.unit_code)]
    entry_id = audit.record(session, actor, f"nomination.{state.value}", subject, scopes, told | {"late": is_late})
    step = _step(session, actor, seen.row, version, state, content, entry_id, is_late=is_late)
    step.reason_commitment, step.due_on = commitment, due_on
    return Seen(seen.row, add(session, step))


def _step(
    session: Session, actor: Actor, row: Nomination, version: int, state: NominationState, content: str, entry_id: UUID, *, is_late: bool
) -> NominationStep:
    return NominationStep(
        nomination_id=row.id,
        version=version,
        state=state,
        content=content,
        is_late=is_late,
        at=clock.at(session),
        by_kind=actor.kind,
        by_id=actor.id,
        entry_id=entry_id,
    )
