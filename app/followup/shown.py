"""Tasks and what is said of them, as answers, with what this caller may do next."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlmodel import Session

from app import clock
from app.accounts.queries import person_codes
from app.audit.queries import text, texts
from app.followup import queries, recorded
from app.followup.models import TaskReminder, TaskRequest, TaskUpdate
from app.followup.rules import ReminderLevel, moves
from app.followup.schemas import (
    BacklogOut,
    PartOut,
    RequestDecisionOut,
    RequestOut,
    ShareOut,
    StateCountOut,
    StatisticsOut,
    TallyOut,
    TaskOut,
    TaskStatusOut,
    UnitTallyOut,
    UpdateOut,
)
from app.followup.tally import Counted, Share, Tally, tally
from app.plans.queries import closed as closed_plans
from app.policy import Action, Actor
from app.progress.schemas import MoveOut
from app.tasks import queries as tasks
from app.tasks.models import TaskVersion
from app.tasks.routes import shown_document
from app.tasks.rules import Lacking
from app.tasks.schemas import TaskMilestoneOut
from app.units.queries import unit_as_it_stands
from app.web.numbers import worded_day
from app.web.texts import Language, say


def task_shower(db: Session, actor: Actor, found: Collection[list[queries.TaskPart]]) -> Callable[[list[queries.TaskPart]], TaskOut]:
    """How each of these tasks is shown; what stands beside them is asked for once."""
    versions = [parts[0].task for parts in found]
    beside, waiting = tasks.beside(db, versions), recorded.waiting(db, versions)
    signed = [document.signatory_commitment for document in beside.documents.values()]
    said = texts(db, [*signed, *(task.reason_commitment for task in versions)])
    officers = person_codes(db, {part.officer for parts in found for part in parts if part.officer is not None})
    closed = closed_plans(db, {task.plan_code for task in versions})

    def shown(parts: list[queries.TaskPart]) -> TaskOut:
        task = parts[0].task
        row, document = beside.tasks[task.task_code], beside.documents.get(task.task_code)
        return TaskOut(
            plan=task.plan_code,
            code=task.task_code,
            title=task.title,
            lead=task.lead_code,
            coordinators=[part.unit for part in parts[1:]],
            appraiser=task.appraiser_code,
            document=None if document is None else shown_document(document, said.get(document.signatory_commitment)),
            point=row.point,
            series=row.series_code,
            period=row.period_code,
            deadline_phrase=task.deadline_phrase,
            due_on=task.due_on,
            roll=task.roll,
            deliverable=task.deliverable,
            weight=task.weight,
            milestones=[TaskMilestoneOut.model_validate(one) for one in beside.milestones.get(task.task_code, [])],
            standing=task.standing,
            standing_reason=said.get(task.reason_commitment),
            round=task.round,
            parts=[_part(actor, part, officers) for part in parts],
            lacking=_lacking(task, row.point, document is not None),
            version=task.version,
            moves=[] if task.plan_code in closed else _moves(actor, parts, waiting.get(task.task_code)),
            synthetic=task.is_synthetic,
        )

    return shown


def task_shown(db: Session, actor: Actor, parts: list[queries.TaskPart]) -> TaskOut:
    return task_shower(db, actor, [parts])(parts)


def _lacking(task: TaskVersion, point: str | None, is_cited: bool) -> list[Lacking]:
    said = {
        Lacking.DOCUMENT: is_cited,
        Lacking.POINT: point or not is_cited,
        Lacking.DEADLINE: task.due_on or task.deadline_phrase,
        Lacking.DELIVERABLE: task.deliverable,
    }
    return [name for name, there in said.items() if not there]


def _part(actor: Actor, part: queries.TaskPart, officers: Mapping[UUID, str]) -> PartOut:
    """Who is in charge is told within reach of the unit."""
    told = None if part.officer is None or not actor.may(Action.FACT_READ, part.unit) else officers[part.officer]
    return PartOut.model_validate({**vars(part), "officer": told})


def _moves(actor: Actor, parts: list[queries.TaskPart], asked: TaskRequest | None) -> list[MoveOut]:
    task, number = parts[0].task, "" if asked is None else str(asked.number)
    url = f"/api/v1/plans/{task.plan_code}/tasks/{task.task_code}"
    told = moves(actor, task.lead_code, {part.unit: part.progress for part in parts}, None if asked is None else asked.sender_id)
    return [
        MoveOut(
            name=one.name,
            method=one.method,
            url="/api/v1/submissions" if one.path is None else (url + one.path).replace("{number}", number),
            needs=list(one.needs),
        )
        for one in told
    ]


def update_shown(db: Session, row: TaskUpdate) -> UpdateOut:
    return UpdateOut.model_validate(row).model_copy(update={"note": text(db, row.note_commitment)})


def request_shown(db: Session, asked: recorded.Asked) -> RequestOut:
    row, decision = asked
    decided = None
    if decision is not None:
        reason = text(db, decision.reason_commitment)
        decided = RequestDecisionOut.model_validate(decision).model_copy(update={"reason": reason})
    return RequestOut.model_validate(row).model_copy(update={"reason": text(db, row.reason_commitment), "decision": decided})


def reminder_text(db: Session, unit: str, made: Collection[tuple[queries.TaskPart, TaskReminder]], base: str, language: Language) -> str:
    """Ready to be pasted into a chat group: whom, what, by when, which time, and a link that leads there after signing in."""
    to_head = any(row.level is ReminderLevel.UNIT_HEAD for _, row in made)
    name, today = unit_as_it_stands(db, unit).name, clock.today(db)
    lines = [say(language, "reminders", "to-head" if to_head else "to-unit", unit=name, count=len(made))]
    for place, (part, row) in enumerate(made, 1):
        due = part.due_on
        told = "undated" if due is None else "overdue" if due < today else "due"
        filled = {} if due is None else {"due": worded_day(due), "days": (today - due).days}
        title = " ".join(part.task.title.split())
        lines.append(say(language, "reminders", told, number=place, title=title, times=row.number, **filled))
        lines.append(f"{base}/t/{part.task.plan_code}/{part.task.task_code}")
    return "\n".join(lines)


def status_shown(part: queries.TaskPart) -> TaskStatusOut:
    task = part.task
    return TaskStatusOut(
        task=task.task_code,
        title=task.title,
        lead=task.lead_code,
        unit=part.unit,
        part=part.part,
        progress=part.progress,
        timing=part.timing,
        deadline_phrase=task.deadline_phrase,
        due_on=part.due_on,
        original_due_on=part.first_due_on,
        completed_on=part.completed_on,
        awaiting_since=part.awaiting_since,
        active_at=part.active_at,
        reminders=part.reminders,
        synthetic=task.is_synthetic,
    )


def statistics_shown(quiet_days: int, counted: Collection[Counted]) -> StatisticsOut:
    units = defaultdict[str, list[Counted]](list)
    for one in counted:
        units[one.unit].append(one)
    return StatisticsOut(
        quiet_days=quiet_days,
        total=tally_shown(tally(counted)),
        units=[UnitTallyOut(unit=unit, **vars(tally_shown(tally(units[unit])))) for unit in sorted(units)],
    )


def tally_shown(found: Tally) -> TallyOut:
    told = {name: share_shown(value) if isinstance(value, Share) else value for name, value in vars(found).items()}
    states = [StateCountOut(progress=progress, timing=timing, count=count) for progress, timing, count in found.states]
    backlog = [BacklogOut(year=year, count=count) for year, count in found.backlog]
    return TallyOut.model_validate({**told, "states": states, "backlog": backlog})


def share_shown(share: Share) -> ShareOut:
    return ShareOut(count=share.count, of=share.of, percent=share.percent)
