"""The finalise gate: everything that stands between a movement and its publication, one by one."""

from collections.abc import Callable, Iterator

from sqlmodel import Session

from app import clock
from app.marks.queries import drafts
from app.posting.queries import newest_postings, unanswered_comments, unanswered_re_examinations
from app.posting.rules import is_over
from app.publishing.rules import PUBLISHING, Blocker, BlockerKind
from app.ranking.queries import away_by
from app.rulebooks.fit import warned
from app.rulebooks.queries import acknowledged
from app.scoring.engine.facts import Basis, Facts
from app.scoring.queries import Moment, Setting, setting
from app.scoring.rows import facts

_CHUNK = 50
"""Units at a time: making rows of the driver's values lets nobody else run meanwhile."""
_KINDS = list(BlockerKind)
Found = Iterator[Blocker]


def blockers(session: Session, movement: str) -> list[Blocker]:
    """In order of kind and subject. Of a unit that takes no part in the ranking, only what others wait for."""
    of = setting(session, movement, Moment(clock.at(session)))
    units = [unit for unit in sorted(of.registrations) if away_by(of, unit, of.day) is None]
    found = [one for finds in _FINDS for one in finds(session, of, units)]
    return sorted(found, key=lambda one: (_KINDS.index(one.kind), one.subject))


def _state(_: Session, of: Setting, __: list[str]) -> Found:
    if of.seen.version.state not in PUBLISHING:
        yield Blocker(BlockerKind.NOT_UNDER_REVIEW, of.seen.movement.code, None, _path(of))


def _path(of: Setting) -> str:
    return f"/movements/{of.seen.movement.code}"


def _waiting(session: Session, of: Setting, units: list[str]) -> Found:
    """What would count once it is accepted: figures in the window of their indicator, completions of tasks that are wanted, events."""
    for start in range(0, len(units), _CHUNK):
        for one in facts(session, of, units[start : start + _CHUNK], all_there_is=True).values():
            for source in _reports(one):
                yield Blocker(BlockerKind.REPORT_WAITING, source, one.unit, f"/submissions/{source}")
            for source in _events(one, Basis.CLAIMED) - _events(one, Basis.ACCEPTED):
                yield Blocker(BlockerKind.EVENT_WAITING, source, one.unit, f"/counted-events/{source}")


def _reports(of: Facts) -> set[str]:
    """The newest claim of each subject that is not what was accepted."""
    accepted = {one.source for periods in of.figures[Basis.ACCEPTED].values() for one in periods.values()}
    claimed = {one.source for periods in of.figures[Basis.CLAIMED].values() for one in periods.values()}
    done = [task.completed for task in of.tasks.values()]
    accepted |= {completed[Basis.ACCEPTED].source for completed in done if Basis.ACCEPTED in completed}
    claimed |= {completed[Basis.CLAIMED].source for completed in done if Basis.CLAIMED in completed}
    return claimed - accepted


def _events(of: Facts, basis: Basis) -> set[str]:
    return {event.source for events in of.events[basis].values() for event in events}


def _marks(session: Session, of: Setting, units: list[str]) -> Found:
    for unit, node in drafts(session, of.seen.movement.code):
        if unit in units:
            yield Blocker(BlockerKind.MARK_NOT_RELEASED, f"{unit}/{node}", unit, f"{_path(of)}/desk/{node}")


def _questions(session: Session, of: Setting, _: list[str]) -> Found:
    """Second looks that were asked for, and comments, without an answer."""
    movement = of.seen.movement.code
    for identifier, unit in unanswered_re_examinations(session, movement):
        yield Blocker(BlockerKind.RE_EXAMINATION_OPEN, str(identifier), unit, f"{_path(of)}/re-examinations?unanswered=true")
    for identifier, unit, number in unanswered_comments(session, movement):
        link = f"{_path(of)}/units/{unit}/postings/{number}/comments"
        yield Blocker(BlockerKind.COMMENT_UNANSWERED, str(identifier), unit, link)


def _postings(session: Session, of: Setting, units: list[str]) -> Found:
    """Who posted no sheet, and whose days for comments are not over."""
    open_until = newest_postings(session, of.seen.movement.code)
    for unit in units:
        link = f"{_path(of)}/units/{unit}/postings"
        if unit not in open_until:
            yield Blocker(BlockerKind.SHEET_NOT_POSTED, unit, unit, link)
        elif not is_over(open_until[unit], of.moment.instant):
            yield Blocker(BlockerKind.POSTING_OPEN, unit, unit, link)


def _rulebooks(session: Session, of: Setting, units: list[str]) -> Found:
    """Clusters without one, and what is to be read of it and was not acknowledged by name when it was adopted."""
    movement = of.seen.movement.code
    for cluster in {of.cluster_of[unit] for unit in units} - of.rulebooks.keys():
        yield Blocker(BlockerKind.NO_RULEBOOK, cluster, None, f"{_path(of)}/rulebooks")
    for cluster, rulebook in of.rulebooks.items():
        link = f"/rulebooks/{rulebook.code}/versions/{rulebook.version}/warnings?movement={movement}"
        for slug in {one.slug for one in warned(session, movement, rulebook)} - acknowledged(session, movement, cluster, rulebook):
            yield Blocker(BlockerKind.RULEBOOK_WARNING, f"{cluster}/{slug}", None, link)


_FINDS: tuple[Callable[[Session, Setting, list[str]], Found], ...] = (_state, _waiting, _marks, _questions, _postings, _rulebooks)
