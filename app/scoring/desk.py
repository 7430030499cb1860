"""The appraisal desk: one criterion, every unit that the caller appraises on it, and what each number rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.audit import queries as audit
from app.errors import NotAllowed, NotFound
from app.marks.queries import Put, appraised_versions, newest_marks, shown
from app.marks.rules import MarkStage, appraiser_of
from app.marks.schemas import WHOLE, MarkOut
from app.policy import Action, Actor
from app.progress.schemas import MoveOut
from app.rulebooks.language.compile import POINT, Place
from app.scoring import explain
from app.scoring.engine.facts import View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Line
from app.scoring.queries import Moment, Setting, marks, setting
from app.scoring.rows import facts
from app.scoring.schemas import CriterionOut, DeskOut, DeskRowOut, DeskRuleOut
from app.scoring.sources import sources
from app.web.numbers import plain
from app.web.texts import Language


@dataclass(frozen=True)
class Desk:
    setting: Setting
    node: str
    appraised: dict[str, str]
    """By which unit each is appraised on the node: its appraiser, or the alternate where that would be itself."""


def criteria(session: Session, actor: Actor, movement: str, language: Language) -> list[CriterionOut]:
    """The nodes on which the caller appraises somebody, in order of code, and how far that has come."""
    of = _opened(session, actor, movement)
    nodes = {code: place for rulebook in of.rulebooks.values() for code, place in rulebook.places.items()}
    held = newest_marks(session, actor, movement, list(of.registrations))
    found = []
    for code in sorted(nodes):
        units = dict(_appraised(of, actor, code))
        if units:
            put = {is_draft: {unit for unit in units if (unit, code, MarkStage.APPRAISED, is_draft) in held} for is_draft in (True, False)}
            title = explain.title(nodes[code].node.title, language)
            drafts, released = len(put[True]), len(put[False] - put[True])
            found.append(CriterionOut(node=code or WHOLE, title=title, units=len(units), drafts=drafts, released=released))
    return found


def open_desk(session: Session, actor: Actor, movement: str, node: str) -> Desk:
    """`NotFound` where the caller appraises nobody on such a node."""
    of = _opened(session, actor, movement)
    found = dict(_appraised(of, actor, node))
    if not found:
        raise NotFound
    return Desk(of, node, found)


def _opened(session: Session, actor: Actor, movement: str) -> Setting:
    if not actor.may(Action.MARK_APPRAISE):
        raise NotAllowed
    return setting(session, movement, Moment(clock.at(session)))


def _appraised(of: Setting, actor: Actor, node: str) -> Iterator[tuple[str, str]]:
    """Each unit with the one that appraises it, where the caller acts for that and not for the unit itself."""
    for unit in sorted(of.registrations):
        place = _place(of, unit, node)
        by_unit = None if place is None else appraiser_of(unit, place.appraiser, place.alternate)
        if by_unit is not None and actor.may(Action.MARK_APPRAISE, by_unit) and not _is_own(actor, unit):
            yield unit, by_unit


def _is_own(actor: Actor, unit: str) -> bool:
    return actor.belongs_to(unit) or actor.may(Action.MARK_CLAIM, unit)


def _place(of: Setting, unit: str, node: str) -> Place | None:
    rulebook = of.rulebook_of(unit)
    return None if rulebook is None else rulebook.places.get(node)


def worded(session: Session, actor: Actor, desk: Desk, units: list[str], language: Language) -> DeskOut:
    """The rows of `units`, and the rules by which they are judged."""
    of, movement = desk.setting, desk.setting.seen.movement.code
    held, marked = facts(session, of, units), marks(session, of, units)
    put, versions = newest_marks(session, actor, movement, units, desk.node), appraised_versions(session, movement, units, desk.node)
    lines: dict[str, tuple[Line, Line]] = {}
    for unit in units:
        rulebook = of.rulebooks[of.cluster_of[unit]]
        sheets = [score(rulebook, of.calendar, held[unit], marked.get(unit, {}), of.moment.instant, view) for view in _VIEWS]
        claimed, by_rule = (next(line for line in sheet.lines if line.code == desk.node) for sheet in sheets)
        lines[unit] = (claimed, by_rule)
    ids = {UUID(source) for pair in lines.values() for line in pair for source in line.sources}
    cited = sources(session, ids, None, lambda unit: unit in desk.appraised)
    rows = []
    for unit, (claimed, by_rule) in lines.items():
        place = of.rulebooks[of.cluster_of[unit]].places[desk.node]
        released, draft = (_shown(session, put.get((unit, desk.node, MarkStage.APPRAISED, is_draft))) for is_draft in (False, True))
        rests_on = dict.fromkeys(UUID(source) for line in (by_rule, claimed) for source in line.sources)
        rows.append(
            DeskRowOut(
                unit=unit,
                name=of.units[unit].name,
                cluster=of.cluster_of[unit],
                by_unit=desk.appraised[unit],
                claimed=plain(claimed.points, POINT),
                by_rule=None if place.is_by_hand else plain(by_rule.points, POINT),
                reason=explain.sentences((claimed if place.is_by_hand else by_rule).reasons, language),
                sources=[cited[source] for source in rests_on if source in cited],
                released=released,
                draft=draft,
                version=versions.get(unit, 0),
            )
        )
    url = f"/api/v1/movements/{movement}"
    return DeskOut(
        movement=movement,
        node=desk.node or WHOLE,
        rules=list(_rules(desk, language)),
        rows=rows,
        position=audit.position(session),
        moves=[
            MoveOut(name="marks", method="POST", url=f"{url}/marks", needs=["stage", "reason", "marks"]),
            MoveOut(name="release", method="POST", url=f"{url}/appraisal-notices", needs=["by_unit", "marks"]),
        ],
        synthetic=of.seen.movement.is_synthetic,
    )


_VIEWS = (View.CLAIMED, View.STRICT)


def _rules(desk: Desk, language: Language) -> Iterator[DeskRuleOut]:
    """Clusters may be judged by rulebooks of their own."""
    of = desk.setting
    for cluster in sorted({of.cluster_of[unit] for unit in desk.appraised}):
        rulebook = of.rulebooks[cluster]
        place = rulebook.places[desk.node]
        yield DeskRuleOut(
            cluster=cluster,
            rulebook=rulebook.code,
            rulebook_version=rulebook.version,
            title=explain.title(place.node.title, language),
            rule=place.node.clause,
            standard=explain.points(place.standard),
            minimum=explain.points(place.least),
            maximum=explain.points(place.most),
        )


def _shown(session: Session, put: Put | None) -> MarkOut | None:
    return None if put is None else shown(session, put.mark, is_draft=put.is_draft)
