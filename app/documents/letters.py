"""What the papers say: the letter that reminds a unit, the Monday report, the socio-economic table."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from app import clock
from app.calendar.rules import DAY
from app.documents.papers import Paper, Say, Table
from app.errors import NotFound
from app.followup.queries import TaskPart, is_quiet, parts
from app.followup.rules import Part
from app.followup.schemas import ShareOut
from app.indicators.queries import versions
from app.plans.models import Plan
from app.policy import Action, Actor
from app.summaries.schemas import FiguresLineOut, MondayOut
from app.tables import canonical
from app.tasks.queries import beside
from app.tasks.rules import TaskTiming
from app.units.queries import all_units, unit_as_it_stands
from app.units.rules import UnitKind
from app.web.numbers import worded, worded_day, worded_period
from app.web.texts import Language
from app.web.texts import say as say_

_COMMITTEES = frozenset({UnitKind.CITY, UnitKind.DISTRICT, UnitKind.WARD, UnitKind.COMMUNE})
"""Whose papers a people's committee issues."""


def sayer(language: Language) -> Say:
    return partial(say_, language, "papers")


def reminder(session: Session, actor: Actor, plan: Plan, unit: str, quiet_days: int, say: Say) -> Paper:
    """Công văn đôn đốc: what a unit leads and is overdue, or of which nothing was heard. It counts as no reminder. `NotFound` for none."""
    if not actor.may(Action.FACT_READ, unit):
        raise NotFound
    today, since, row = clock.today(session), clock.at(session) - DAY * quiet_days, unit_as_it_stands(session, unit)
    led = [one for one in parts(session, actor, plan.code) if one.part is Part.LEAD and one.unit == unit]
    overdue = [one for one in led if one.timing is TaskTiming.OVERDUE]
    quiet = [one for one in led if is_quiet(one, since)]
    listed = [one for one in led if one in overdue or one in quiet]
    if not listed:
        raise NotFound
    documents = beside(session, [one.task for one in listed]).documents
    cited = {code: document.number or document.abstract for code, document in documents.items()}
    counts = {
        "unit": row.name,
        "plan": plan.name,
        "on": worded_day(today),
        "all": len(listed),
        "overdue": len(overdue),
        "quiet": len(quiet),
        "days": quiet_days,
    }
    rows = [_reminded(number, one, cited.get(one.task.task_code, ""), today) for number, one in enumerate(listed, 1)]
    return Paper(
        issuer=issuer_of(session, plan, say),
        title="",
        abstract=say("reminder-abstract"),
        addressee=say("addressee", unit=row.name),
        paragraphs=[say("reminder-opening", **counts)],
        tables=[Table(say("reminder-table"), say("reminder-columns").split("|"), rows, (1.2, 6.1, 2.6, 2.6, 2, 2))],
        closing=[say("reminder-closing", unit=row.name)],
        is_synthetic=plan.is_synthetic or row.is_synthetic or any(one.task.is_synthetic for one in listed),
    )


def _reminded(number: int, part: TaskPart, document: str, today: Any) -> Sequence[str]:
    late = "" if part.due_on is None or part.timing is not TaskTiming.OVERDUE else str((today - part.due_on).days)
    due = part.task.deadline_phrase or "" if part.due_on is None else worded_day(part.due_on)  # an extension leaves the phrase as it was
    return (str(number), part.task.title, document, due, late, str(part.reminders))


def monday(session: Session, plan: Plan, told: MondayOut, language: Language) -> Paper:
    """Báo cáo giao ban: every share with what it is one of."""
    say = sayer(language)
    names = {code: row.name for code, row in all_units(session).items()}
    indicators = {code: row.name for code, row in versions(session, plan.code).items()}
    tasks, reports = told.tasks, told.reports
    sentences = [
        say("monday-tasks", all=tasks.wanted, dated=tasks.with_deadline),
        say("monday-overdue", of_all=_share(tasks.overdue_of_wanted, language), of_dated=_share(tasks.overdue_of_dated, language)),
        say("monday-quiet", quiet=_share(tasks.not_updated, language), days=told.quiet_days),
        say("monday-reports", overdue=_share(reports.overdue, language), late=_share(reports.late, language)),
        say("monday-not-updated", share=_share(reports.not_updated, language)),
    ]
    overdue = [
        (names[u.unit], one.title, worded_day(one.due_on), str(one.days), str(one.reminders)) for u in told.units for one in u.overdue
    ]
    quiet = [(names[u.unit], one.title, str(one.days)) for u in told.units for one in u.not_updated]
    soon = [(names[u.unit], one.title, worded_day(one.due_on)) for u in told.units for one in u.due_soon]
    late = [(names[u.unit], one) for u in told.units for one in u.overdue_reports]
    missing = [
        (name, indicators[one.indicator], names[one.unit], worded_period(one.period, language), worded_day(one.due_on))
        for name, one in late
    ]
    listed: list[tuple[str, list[Any], Sequence[float]]] = [
        ("overdue", overdue, (3.8, 6.5, 2.4, 1.9, 1.9)),
        ("quiet", quiet, (4.5, 9, 3)),
        ("soon", soon, (4.5, 9, 3)),
        ("missing", missing, (3.9, 4.8, 3.9, 2, 1.9)),
    ]
    return Paper(
        issuer=issuer_of(session, plan, say),
        title=say("monday-title"),
        abstract=say("monday-abstract", plan=plan.name, on=worded_day(told.on)),
        addressee=None,
        paragraphs=sentences,
        tables=[
            Table(say(f"monday-{name}-table"), say(f"monday-{name}-columns").split("|"), rows, widths)
            for name, rows, widths in listed
            if rows
        ],
        is_synthetic=told.synthetic,
    )


def _share(share: ShareOut, language: Language) -> str:
    if share.percent is None:
        return str(share.count)
    return sayer(language)("share", count=share.count, of=share.of, percent=worded(canonical(share.percent), language))


def issuer_of(session: Session, plan: Plan, say: Say) -> list[str]:
    """A committee under its own name; whatever else, under the committee that it belongs to."""
    row = unit_as_it_stands(session, plan.issuer_code)
    if row.kind in _COMMITTEES:
        return [say("committee"), row.name.upper()]
    above = [] if row.parent_code is None else [unit_as_it_stands(session, row.parent_code)]
    return [*(f"{say('committee')} {one.name.upper()}" for one in above if one.kind in _COMMITTEES), row.name.upper()]


def committee_of(session: Session, plan: Plan) -> str:
    """The name of the unit whose committee issued the plan, or that its issuer belongs to."""
    row = unit_as_it_stands(session, plan.issuer_code)
    while row.kind not in _COMMITTEES and row.parent_code is not None:
        row = unit_as_it_stands(session, row.parent_code)
    return row.name


def figures(lines: Sequence[FiguresLineOut], names: Mapping[str, str], language: Language) -> Iterator[Sequence[Any]]:
    """Rows of the socio-economic table; parts follow what they are part of, with a dash, and parts of parts with two."""
    known = {line.indicator for line in lines}
    for line, mark in _parts(lines, [line for line in lines if line.of_which not in known], ""):
        yield _row(line, mark, names, language)


def _parts(lines: Sequence[FiguresLineOut], some: Sequence[FiguresLineOut], mark: str) -> Iterator[tuple[FiguresLineOut, str]]:
    for line in some:
        yield line, mark
        yield from _parts(lines, [one for one in lines if one.of_which == line.indicator], f"- {mark}")


def _row(line: FiguresLineOut, mark: str, names: Mapping[str, str], language: Language) -> Sequence[Any]:
    plain = (line.target, line.in_period, line.to_date, line.percent_of_target, line.last_year, line.percent_of_last_year)
    periods = [worded_period(one, language) for one in line.missing]
    lacking, estimated = (", ".join(some) for some in ([*periods, *_named(line.silent, names)], _named(line.estimated, names)))
    period = None if line.period is None else worded_period(line.period, language)
    return (mark + line.name, line.unit_of_measure, period, *plain, lacking or None, estimated or None)


def _named(units: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names[unit] for unit in units]
