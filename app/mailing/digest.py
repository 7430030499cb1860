"""What a unit is reminded of by mail on the morning of a working day, and how it is sent."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, time
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sqlmodel import Session

from app.calendar.queries import calendar
from app.clock import ZONE, Admission, Clock, local_date, real_now
from app.db import Database
from app.mailing import queries
from app.mailing.models import MailSent
from app.policy import SYSTEM
from app.settings import Settings
from app.summaries.schemas import MondayUnitOut
from app.summaries.shown import monday
from app.units.queries import all_units
from app.web.numbers import worded_day
from app.web.texts import say

MORNING = time(7, 30)
QUIET_DAYS, SOON_DAYS, SECONDS = 30, 3, 20


class Mail(NamedTuple):
    unit: str
    address: str
    subject: str
    text: str
    items: int


def send_due(database: Database, settings: Settings, clock: Clock) -> int:
    """One mail for each unit with a mailbox that has something to be reminded of; how many. Who is refused is tried again later."""
    if settings.smtp_url is None:
        return 0
    now = clock.now()
    with database.reading(Admission(now, clock)) as session:
        mails = list(due(session, settings, now))
    sent = 0
    for mail in mails:
        if _is_sent(settings, mail):
            row = MailSent(unit_code=mail.unit, on=local_date(now), items=mail.items, sent_at=now)
            database.write(Admission(now, clock), lambda session, row=row: session.add(row))  # type: ignore[misc]
            sent += 1
    return sent


def due(session: Session, settings: Settings, now: datetime) -> Iterator[Mail]:
    """From half past seven of a working day on."""
    today = local_date(now)
    if now.astimezone(ZONE).time() < MORNING or not calendar(session).is_working(today):
        return
    addresses, names = queries.unreminded(session, today), all_units(session)
    if not addresses:
        return
    lines: dict[str, list[str]] = {unit: [] for unit in addresses}
    synthetic: set[str] = set()
    for plan in queries.open_plans(session, today.year):
        told = monday(session, SYSTEM, plan, QUIET_DAYS, SOON_DAYS)
        for one in told.units:
            if one.unit in addresses and (said := list(_lines(one, plan.code, settings.public_url))):
                lines[one.unit] += [plan.name, *said, ""]
                synthetic |= {one.unit} if plan.is_synthetic or one.synthetic else set()
    for unit, said in lines.items():
        items = sum(line.startswith("- ") for line in said)
        if items:
            head = [say("vi", "mail", "synthetic")] if unit in synthetic else []
            text = "\n".join([*head, say("vi", "mail", "opening", unit=names[unit].name), "", *said, say("vi", "mail", "closing")])
            yield Mail(unit, addresses[unit], say("vi", "mail", "subject", count=items, on=worded_day(today)), text, items)


def _lines(one: MondayUnitOut, plan: str, base: str | None) -> Iterator[str]:
    for task in one.overdue:
        yield "- " + say("vi", "mail", "overdue", title=_plain(task.title), due=worded_day(task.due_on), days=task.days)
        yield from _link(base, plan, task.task)
    for soon in one.due_soon:
        yield "- " + say("vi", "mail", "soon", title=_plain(soon.title), due=worded_day(soon.due_on))
        yield from _link(base, plan, soon.task)
    for report in one.overdue_reports:
        yield "- " + say("vi", "mail", "report", indicator=report.indicator, period=report.period, due=worded_day(report.due_on))


def _plain(title: str) -> str:
    return " ".join(title.split())


def _link(base: str | None, plan: str, task: str) -> Iterator[str]:
    if base is not None:
        yield f"  {base.rstrip('/')}/t/{plan}/{task}"


def _is_sent(settings: Settings, mail: Mail) -> bool:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.address, mail.subject
    message["Date"], message["Auto-Submitted"] = real_now(), "auto-generated"
    message.set_content(mail.text)
    server = urlsplit(str(settings.smtp_url))
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(str(server.hostname), server.port or (465 if server.scheme == "smtps" else 25), timeout=SECONDS) as connection:
            if server.scheme == "smtp+starttls":
                connection.starttls()
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message)
    except (OSError, smtplib.SMTPException):
        return False
    return True
