"""What a publication says: documents in plain JSON, made of one standing. Codes, counts and commitments; no free text of people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from app.audit.rules import canonical_json
from app.db import release
from app.publishing.rules import Edition, Stage
from app.ranking.queries import parted
from app.ranking.rules import Unranked, places, shown_order
from app.rulebooks.language.compile import POINT, canonical
from app.scoring import explain
from app.scoring.board import Standing
from app.scoring.engine.facts import Facts, Marks, View
from app.scoring.engine.program import score
from app.scoring.engine.sheet import Sheet
from app.scoring.facts_export import calendar_told, indicator_told, unit_told
from app.scoring.queries import Setting, marks
from app.scoring.rows import facts
from app.scoring.sources import sources
from app.web.numbers import plain

FORMAT = "thidua/publication/1"
_CHUNK = 10
"""So many units at a time: making rows of the driver's values lets nobody else run meanwhile."""


class Heading(NamedTuple):
    """What a publication says of itself."""

    stage: Stage
    number: int
    previous: Mapping[str, Any] | None
    """Number and digest of the publication before it, in the same edition."""
    reason: str | None
    """The commitment of why an earlier one is corrected."""
    before: Mapping[str, Any]
    """The standing of each unit in the publication before it."""


@dataclass(frozen=True)
class Place:
    place: int | None
    points: tuple[int, ...]
    state: Unranked | None
    reason: str | None


def placed(of: Standing) -> dict[str, Place]:
    """Every registered unit, cluster by cluster in the order in which they are shown."""
    found: dict[str, Place] = {}
    for cluster in of.setting.cluster_names:
        ranked, absent = parted(of, cluster)
        standing = places(ranked)
        found |= {unit: Place(standing[unit], ranked[unit], None, None) for unit in shown_order(standing)}
        found |= {unit: Place(None, (), *why) for unit, why in sorted(absent.items())}
    return found


def documents(session: Session, of: Standing, heading: Heading, edition: Edition) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, content), in order of their paths."""
    standing = placed(of)
    yield "result.json", _result(of, standing, heading, edition)
    for rulebook in sorted({held.digest: held for held in of.setting.rulebooks.values()}.values(), key=lambda held: held.digest):
        yield f"rulebooks/{rulebook.digest}.json", json.loads(canonical(rulebook.document))
    shown = sorted(standing, key=_path)
    for start in range(0, len(shown), _CHUNK):
        release(session)
        yield from _units(session, of.setting, standing, shown[start : start + _CHUNK], edition)


def _result(of: Standing, standing: Mapping[str, Place], heading: Heading, edition: Edition) -> dict[str, Any]:
    setting, version = of.setting, of.setting.seen.version
    told = {
        "format": FORMAT,
        "movement": setting.seen.movement.code,
        "name": version.name,
        "plan": setting.plan,
        "edition": edition,
        "stage": heading.stage,
        "number": heading.number,
        "previous": heading.previous,
        "reason": heading.reason,
        "synthetic": setting.seen.movement.is_synthetic,
        "instant": setting.moment.instant.isoformat(),
        "day": setting.day.isoformat(),
        "calendar": calendar_told(setting.calendar),
        "indicators": {code: indicator_told(terms) for code, terms in sorted(setting.indicators.items())},
        "clusters": [_cluster(setting, standing, cluster, edition) for cluster in setting.cluster_names],
    }
    told["changed"] = [] if heading.previous is None else moved_since(heading.before, standings_in(told))
    return told | ({"position": of.position} if edition is Edition.FULL else {})


def standings_in(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a result says of each unit."""
    return {one["unit"]: one for cluster in result["clusters"] for one in cluster["standings"]}


def moved_since(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The units whose place, points or state two publications tell otherwise, or that only one of the two knows."""
    then, today = ({unit: canonical_json([one[name] for name in _MOVED]) for unit, one in side.items()} for side in (before, now))
    return sorted(unit for unit in before.keys() | now.keys() if then.get(unit) != today.get(unit))


_MOVED = ("place", "points", "state")


def _cluster(of: Setting, standing: Mapping[str, Place], cluster: str, edition: Edition) -> dict[str, Any]:
    rulebook = of.rulebooks.get(cluster)
    return {
        "cluster": cluster,
        "name": of.cluster_names[cluster],
        "rulebook": None if rulebook is None else {"code": rulebook.code, "version": rulebook.version, "digest": rulebook.digest},
        "standings": [
            {"unit": unit, "name": of.units[unit].name, **_place(one, edition)}
            for unit, one in standing.items()
            if of.cluster_of[unit] == cluster
        ],
    }


def _place(one: Place, edition: Edition) -> dict[str, Any]:
    """Why a unit takes no part in the ranking is for the council; others read that it is so by rule."""
    told = {"place": one.place, "points": [plain(points, POINT) for points in one.points], "state": one.state}
    return told | ({"reason": one.reason} if edition is Edition.FULL else {})


def _units(
    session: Session, of: Setting, standing: Mapping[str, Place], units: list[str], edition: Edition
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What their sheets cite is asked for once."""
    held, marked = facts(session, of, units, all_there_is=True), marks(session, of, units)
    shown = [unit for unit in units if edition is Edition.FULL or standing[unit].state is None]
    sheets = {unit: _sheets(of, held[unit], marked.get(unit, {}), edition) for unit in shown}
    found = sources(session, {UUID(one) for some in sheets.values() for one in _cited(some)}, of.moment.seq, lambda _: True)
    cited = {str(one.id): one.model_dump(mode="json", exclude={"id", "reason"}) for one in found.values()}
    for unit in units:
        told: dict[str, Any] = {
            "unit": unit,
            "name": of.units[unit].name,
            "cluster": of.cluster_of[unit],
            **_place(standing[unit], edition),
        }
        if unit in sheets:
            registered_on = of.registrations[unit].registered_on
            told |= {"registered_on": _day(registered_on), "facts": _facts(held[unit], marked.get(unit, {}), edition)}
        if sheets.get(unit):
            told["sheets"] = {view.value: _sheet(sheet) for view, sheet in sheets[unit].items()}
            told["sources"] = {one: cited[one] for one in sorted(_cited(sheets[unit])) if one in cited}
        yield _path(unit), told


def _path(unit: str) -> str:
    return f"units/{unit}.json"


def _facts(held: Facts, marked: Marks, edition: Edition) -> dict[str, Any]:
    return unit_told(held, marked, only_accepted=edition is Edition.PUBLIC)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _sheets(of: Setting, held: Facts, marked: Marks, edition: Edition) -> dict[View, Sheet]:
    """None at all where no rulebook is in force."""
    rulebook = of.rulebook_of(held.unit)
    if rulebook is None:
        return {}
    return {view: score(rulebook, of.calendar, held, marked, of.moment.instant, view) for view in edition.views}


def _cited(sheets: Mapping[View, Sheet]) -> set[str]:
    return {source for sheet in sheets.values() for _, __, some in sheet.told.values() for source in some}


def _sheet(of: Sheet) -> dict[str, Any]:
    return {
        "total": plain(of.total, POINT),
        "states": [{"gate": one.gate, "state": one.state} for one in of.states],
        "rating": None if of.rated is None else {"by_total": of.rated.by_total, "proposed": of.rated.proposed},
        "lines": [
            {
                "code": line.code or "total",
                "points": plain(line.points, POINT),
                "reason": explain.sentences(line.reasons, "vi"),
                "sources": list(line.sources),
                "grade": line.grade,
                "left_out": line.is_left_out,
            }
            for line in of.lines
        ],
    }
