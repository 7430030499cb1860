"""Rankings and sheets as tables: for the paper that is signed, and for a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.documents.papers import Paper, Say, Table
from app.errors import NotAllowed
from app.policy import Actor
from app.ranking.schemas import RankingOut
from app.rulebooks.language.compile import POINT, Rulebook
from app.scoring import explain
from app.scoring.engine.facts import View
from app.scoring.engine.sheet import Sheet
from app.scoring.queries import Setting, moment
from app.scoring.sheets import open_sheet
from app.web.numbers import plain, worded
from app.web.texts import Language

_VIEWS = (View.CLAIMED, View.APPRAISED, View.DECIDED)


@dataclass(frozen=True)
class Scored:
    """One unit's sheet in the views that the reader may see; the others are left empty."""

    setting: Setting
    rulebook: Rulebook
    unit: str
    sheets: dict[View, Sheet]


def scored(session: Session, actor: Actor, movement: str, unit: str) -> Scored:
    """`NotFound` where the reader does not see the unit at all."""
    when, opened = moment(session, None, None), {}
    for view in _VIEWS[::-1]:
        try:
            opened[view] = open_sheet(session, actor, movement, unit, when, view)
        except NotAllowed:
            continue
    first = opened[View.DECIDED]
    return Scored(first.setting, first.rulebook, unit, {view: one.sheet for view, one in opened.items()})


def lines(of: Scored, language: Language, say: Say) -> Iterator[tuple[str, str, str | None, list[str | None]]]:
    """(code, title, standard points, points by view), the total last; exact decimals as text."""
    codes = list(of.rulebook.places)
    for code in [*codes[1:], codes[0]]:
        place = of.rulebook.places[code]
        points = [plain(of.sheets[view].points(code), POINT) if view in of.sheets else None for view in _VIEWS]
        title = say("score-total") if code == "" else explain.title(place.node.title, language)
        yield code, title, explain.points(place.standard), points


def sheet(of: Scored, language: Language, say: Say) -> Paper:
    """Bảng chấm điểm of a unit, as it is signed."""
    unit, version = of.setting.units[of.unit], of.setting.seen.version
    rows = [
        (code, title, *(_shown(number, language) for number in (standard, *points)))
        for code, title, standard, points in lines(of, language, say)
    ]
    return Paper(
        issuer=[unit.name.upper()],
        title=say("score-title"),
        abstract=say("score-abstract", unit=unit.name, movement=version.name),
        addressee=None,
        paragraphs=[say("score-note", rulebook=of.rulebook.code, version=of.rulebook.version)],
        tables=[Table("", say("score-columns").split("|"), rows, (1.9, 6.6, 2, 2, 2, 2))],
        signers=[[say("head-of-unit")], [say("secretary-line")]],
        is_synthetic=is_synthetic(of.setting, of.unit) or of.rulebook.document.synthetic,
    )


def _shown(number: str | None, language: Language) -> str:
    return "" if number is None else worded(number, language)


def is_synthetic(of: Setting, unit: str) -> bool:
    return of.seen.movement.is_synthetic or of.registrations[unit].is_synthetic or of.units[unit].is_synthetic


def sheet_rows(of: Scored, language: Language, say: Say) -> Iterator[Sequence[Any]]:
    for code, title, standard, points in lines(of, language, say):
        yield (code, title, *(None if number is None else Decimal(number) for number in (standard, *points)))


def ranking_rows(told: RankingOut) -> Iterator[Sequence[Any]]:
    """As it is shown: places by cluster, then who takes no part and why."""
    for cluster in told.clusters:
        for one in cluster.standings:
            points = None if one.points is None else Decimal(one.points)
            yield (cluster.name, one.place, one.name, points, one.place_last_week, one.reason)
