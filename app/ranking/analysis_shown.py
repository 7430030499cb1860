"""What can still be won, and what is worth a look, in words."""

from app.ranking.analysis import Path
from app.ranking.attainable import Attainable, Open, aims
from app.ranking.schemas_analysis import AimOut, OpenItemOut, PathOut, SignalOut
from app.ranking.signals import Signal
from app.rulebooks.language.compile import EDGE, POINT
from app.scoring import explain
from app.scoring.engine.ahead import next_steps
from app.scoring.engine.facts import View
from app.scoring.engine.sheet import reasons
from app.scoring.queries import Setting
from app.web.numbers import plain, worded
from app.web.texts import Language, catalogue, say


def path(found: Path, movement: str, code: str, language: Language) -> PathOut:
    of, own, rulebook = found.setting, found.own, found.rulebook
    ahead = next_steps(rulebook, of.calendar, found.facts, of.moment.instant, View.DECIDED)
    said = {item: explain.sentences(reasons([why]), language) for item, why in ahead.items()}
    before = sorted((one.now for one in found.others.values() if one.now > own.now), reverse=True)
    return PathOut(
        movement=movement,
        unit=code,
        name=of.units[code].name,
        points=plain(own.now, POINT),
        best=plain(own.best, POINT),
        lost=plain(sum(item.lost for item in own.items), POINT),
        items=[_item(item, explain.title(rulebook.places[item.code].node.title, language), said, language) for item in own.items],
        aims=[
            AimOut(place=aim.place, needs=plain(aim.needs, POINT), reachable=aim.is_reachable, items=[item.code for item in aim.items])
            for aim in (aims(own, before) if found.sees_all and found.is_ranked else [])
        ],
        cannot_be_caught=[unit for unit, one in sorted(found.others.items()) if _is_beyond(one, own)],
        cannot_catch_up=[unit for unit, one in sorted(found.others.items()) if _is_beyond(own, one)],
        synthetic=of.seen.movement.is_synthetic,
    )


def _is_beyond(one: Attainable, other: Attainable) -> bool:
    """Whether `one` has more already than `other` can come to."""
    return other.is_bounded and one.now > other.best


def _item(item: Open, title: str, said: dict[str, str], language: Language) -> OpenItemOut:
    because = None if item.because is None else catalogue(language)["words"]["lost_because"][item.because]
    return OpenItemOut(
        code=item.code,
        title=title,
        points=plain(item.now, POINT),
        best=None if item.best is None else plain(item.best, POINT),
        gain=None if item.best is None else plain(item.gain, POINT),
        lost=plain(item.lost, POINT),
        because=item.because,
        because_text=because,
        next=said.get(item.code),
    )


def signal(one: Signal, of: Setting, language: Language) -> SignalOut:
    names = [of.units[unit].name for unit in one.units]
    values = {
        "subject": of.units[one.subject].name if one.subject in of.units else one.subject,
        "count": one.count,
        "of": one.of,
        "others": one.others,
        "others_of": one.others_of,
        "units": ", ".join(names),
        "edge": "" if one.edge is None else worded(plain(one.edge, EDGE), language),
    }
    return SignalOut(
        kind=one.kind,
        subject=one.subject,
        text=say(language, "signals", one.kind, **values),
        count=one.count,
        of=one.of,
        others=one.others,
        others_of=one.others_of,
        units=list(one.units),
    )
