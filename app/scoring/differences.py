"""Why two views of one unit's sheet differ: each line that does, with its causes by name. Pure.

What a unit entered by itself is explained by trying what may have gone wrong: the same facts are scored without caps, without
windows, by the rulebook's earlier versions, and the one that gives the entered number is the cause.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from app.marks.rules import MarkStage
from app.rulebooks.language.compile import Place, Rulebook, canonical
from app.rulebooks.language.ground import Faulty
from app.rulebooks.language.load import checked
from app.scoring.engine.facts import Put, View
from app.scoring.engine.sheet import Form, Reason, Sheet, Why, reasons


class Difference(NamedTuple):
    """One line, in millionths; what causes it as sentences of the catalogue's `lines`."""

    code: str
    points: int
    other_points: int
    causes: tuple[Reason, ...]


@dataclass(frozen=True)
class Side:
    """One of the two views: its sheet, and the hand marks that count in it."""

    sheet: Sheet
    marks: Mapping[str, Put]


Under = Callable[[Rulebook, bool], Sheet]
"""The facts of the first side under another rulebook, without marks: on the days that are taken, or on every day."""


def differences(
    rulebook: Rulebook, one: Side, other: Side, under: Under, earlier: Sequence[Rulebook], corrected: Collection[str] = ()
) -> list[Difference]:
    """In the order of the sheet. `earlier` are rulebooks that this one replaced; `corrected`, reports accepted with another figure."""
    found = []
    differing = {code for code in rulebook.places if one.sheet.points(code) != other.sheet.points(code)}
    for code, place in rulebook.places.items():
        if code in differing:
            whys = [
                *_of_marks(place, one, _slips(place, one, rulebook, under, earlier)),
                *_of_marks(place, other, iter(())),
                *_of_reports(code, one.sheet, other.sheet),
                *_of_corrections(code, one.sheet, other.sheet, corrected),
            ]
            parts = [part for part in place.parts if part in differing]
            if parts and code not in one.marks and code not in other.marks:
                whys.append((FROM_PARTS, ", ".join(parts)))
            found.append(Difference(code, one.sheet.points(code), other.sheet.points(code), reasons(whys or [INPUTS_DIFFER])))
    return found


FROM_PARTS = Form("from-parts", ("nodes",))
INPUTS_DIFFER: Why = (Form("inputs-differ"),)
NO_MARK: Why = (Form("no-mark"),)
NOT_ACCEPTED, ACCEPTED_BEFORE = Form("not-accepted", ("count",)), Form("accepted-before", ("count",))
ACCEPTED_CORRECTED = Form("accepted-corrected", ("count",))
WITHOUT_CAPS = Form("cap-not-applied", ("points", "rule_points"))
WITHOUT_WINDOWS = Form("outside-window", ("points", "rule_points"))
BY_EARLIER = Form("other-version", ("points", "rulebook", "version"))
OVER_THE_SHEET = Form("over-the-sheet", ("points", "maximum_points"))
SLIP = Form("arithmetic-slip", ("points", "rule_points"))


def _of_marks(place: Place, side: Side, slips: Iterator[Why]) -> Iterator[Why]:
    """That somebody put a mark here; of a unit's own, what may have gone wrong with it."""
    put = side.marks.get(place.code)
    if put is None:
        if place.is_by_hand:
            yield NO_MARK
    elif place.is_by_hand:
        yield Form(f"mark-{put.stage.value}", ("points",)), put.points
    else:
        yield Form(f"marked-{put.stage.value}", ("points", "rule_points")), put.points, _by_rule(side.sheet, place.code)
        yield from slips


def _by_rule(sheet: Sheet, code: str) -> int:
    """What the rule gave where a mark took its place: the engine told it last."""
    *_, points = sheet.told[code][1][-1]
    return int(points)


def _slips(place: Place, one: Side, rulebook: Rulebook, under: Under, earlier: Sequence[Rulebook]) -> Iterator[Why]:
    put = one.marks.get(place.code)
    if put is None or put.stage is not MarkStage.CLAIMED or place.is_by_hand:
        return
    entered, by_rule = put.points, _by_rule(one.sheet, place.code)
    if entered == by_rule:
        return
    for form, names, every_day in ((WITHOUT_CAPS, CAPS, False), (WITHOUT_WINDOWS, WINDOWS, True)):
        loosened = without(rulebook, names)
        if loosened is not None and under(loosened, every_day).points(place.code) == entered:
            yield form, entered, by_rule
            return
    for before in earlier:
        if place.code in before.places and under(before, False).points(place.code) == entered:
            yield BY_EARLIER, entered, before.code, before.version
            return
    if place.most is not None and entered > place.most:
        yield OVER_THE_SHEET, entered, place.most
    else:
        yield SLIP, entered, by_rule


def _of_reports(code: str, one: Sheet, other: Sheet) -> Iterator[Why]:
    """Reports that only one side rests on: claims that wait or were returned, or what was accepted before them."""
    for side, against in ((one, other), (other, one)):
        if only := len({*side.told[code][2]} - {*against.told[code][2]}):
            yield (NOT_ACCEPTED if side.view is View.CLAIMED else ACCEPTED_BEFORE), only


def _of_corrections(code: str, one: Sheet, other: Sheet, corrected: Collection[str]) -> Iterator[Why]:
    """Reports on which both sides rest, the claimed one with the figure that was sent."""
    if (one.view is View.CLAIMED) != (other.view is View.CLAIMED):
        shared = {*one.told[code][2]} & {*other.told[code][2]} & {*corrected}
        if shared:
            yield ACCEPTED_CORRECTED, len(shared)


CAPS = frozenset({"maximum", "limit", "ceiling", "bonuses_at_most", "deductions_at_most"})
WINDOWS = frozenset({"window"})


@lru_cache(maxsize=64)
def without(rulebook: Rulebook, names: frozenset[str]) -> Rulebook | None:
    """The same rulebook with these fields taken out everywhere; None where that is no rulebook. A mark's range stays."""
    try:
        return checked(_stripped(json.loads(canonical(rulebook.document)), names))[1]
    except Faulty:
        return None


def _stripped(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_stripped(one, names) for one in value]
    if not isinstance(value, dict) or value.get("kind") == "mark":
        return value
    return {name: _stripped(one, names) for name, one in value.items() if name not in names}
