from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.audit import queries as audit
from app.audit.models import Entry
from app.audit.rules import Subject, person_scope
from app.errors import NotFound
from app.followup.queries import within_reach
from app.movements.queries import draft_codes
from app.policy import Action, Actor
from app.trail.rules import Reset, changes_access, is_within


def sight(session: Session, actor: Actor) -> Callable[[Entry], bool]:
    """Whether this reader may see an entry."""
    manages = actor.units_for(Action.ACCOUNT_MANAGE) is None
    drafts = frozenset() if actor.may(Action.MOVEMENT_MANAGE) else draft_codes(session)
    return lambda entry: is_within(
        entry.scope, lambda unit: actor.may(Action.FACT_READ, unit), str(actor.id), manages=manages, drafts=drafts
    )


def history(session: Session, actor: Actor, subject: Subject, before: int | None, limit: int) -> Sequence[Entry]:
    """What happened to a subject, newest first, one more than `limit`; `NotFound` when none of it lies within reach."""
    seen, sees = list[Entry](), sight(session, actor)
    while len(seen) <= limit:
        batch = audit.history(session, subject, before, BATCH)
        seen += [entry for entry in batch if sees(entry)]
        if len(batch) < BATCH:
            break
        before = batch[-1].seq
    if not seen:
        raise NotFound
    return seen[: limit + 1]


BATCH = 500


def events(session: Session, after: int, limit: int) -> Sequence[Entry]:
    return audit.entries_after(session, after, limit)


@dataclass(frozen=True)
class Changes:
    """What happened after a position to what the reader may see, each subject once."""

    position: int
    """How far the trail was read."""
    has_more: bool
    reset: Reset | None
    changed: list[Entry]
    """The newest entry of each subject, oldest first."""
    gone: set[Subject]
    """Of these the reader sees nothing any more."""


def changes(session: Session, actor: Actor, since: int, limit: int) -> Changes:
    """At most `limit` subjects, and no more than `SCANNED` entries are looked at in one call."""
    head = audit.position(session)
    if since > head:
        return Changes(head, has_more=False, reset=Reset.POSITION_UNKNOWN, changed=[], gone=set())
    newest, position, reset, sees = dict[Subject, Entry](), since, None, sight(session, actor)
    for entry in audit.entries_after(session, since, SCANNED):
        subject = Subject(entry.subject_kind, entry.subject_id)
        if sees(entry):
            if subject not in newest and len(newest) == limit:
                break
            newest.pop(subject, None)
            newest[subject] = entry
        position = entry.seq
        if changes_access(entry.verb, is_own=person_scope(actor.id) in entry.scope.split()):
            reset = Reset.ACCESS_CHANGED
    return Changes(position, position < head, reset, list(newest.values()), _gone(session, actor, newest))


SCANNED = 5000


def _gone(session: Session, actor: Actor, subjects: Iterable[Subject]) -> set[Subject]:
    """Only tasks pass from one unit to another; whatever else leaves a reader's sight does so with a role or a unit."""
    asked = defaultdict[str, set[str]](set)
    for subject in subjects:
        if subject.kind == "task":
            plan, _, code = subject.id.partition("/")
            asked[plan].add(code)
    found = set()
    for plan, codes in asked.items():
        seen = {task.task_code for task, _ in within_reach(session, actor, plan, None)}
        found |= {Subject("task", f"{plan}/{code}") for code in codes - seen}
    return found
