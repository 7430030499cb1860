"""What a unit is reminded of by mail on the morning of a working day, and how it is sent."""

import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from email.message import EmailMessage
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.calendar.queries import calendar
from app.clock import ZONE, Admission, Clock, local_date, real_now
from app.db import Database
from app.indicators.queries import versions
from app.mailing import queries
from app.mailing.models import MailSent
from app.policy import SYSTEM
from app.settings import Settings
from app.summaries.schemas import MondayUnitOut
from app.summaries.shown import monday
from app.units.models import UnitVersion
from app.units.queries import all_units
from app.units.rules import is_open
from app.web.numbers import worded_day, worded_period
from app.web.texts import say

MORNING = time(7, 30)
QUIET_DAYS, SOON_DAYS, SECONDS = 30, 3, 6
"""Six seconds a step: the steps of one mail together stay within a worker's lease."""


class Mail(NamedTuple):
    unit: str
    address: str
    subject: str
    text: str
    items: int


def send_due(database: Database, settings: Settings, clock: Clock, leads: Callable[[], bool] = lambda: True) -> int:
    """One mail for each unit with a mailbox that has something to be reminded of, while we lead; how many. A refused one is tried again."""
    if settings.smtp_url is None:
        return 0
    now = clock.now()
    with database.reading(Admission(now, clock)) as session:
        mails = list(due(session, settings, now))
    sent = 0
    for mail in mails:
        if not leads():
            break
        with database.reading(Admission(now, clock)) as session:  # meanwhile another worker may have sent it, or the mailbox may be gone
            is_wanted = queries.unreminded(session, local_date(now)).get(mail.unit) == mail.address
        if is_wanted and _is_sent(settings, mail):
            row = {"unit_code": mail.unit, "on": local_date(now), "items": mail.items, "sent_at": now}
            database.write(Admission(now, clock), lambda session, row=row: _said(session, row))  # type: ignore[misc]
            sent += 1
    return sent


def _said(session: Session, row: dict[str, Any]) -> None:
    """A row of `MailSent`; one that is there already stays."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(insert(MailSent).values(row).on_conflict_do_nothing())


def due(session: Session, settings: Settings, now: datetime) -> Iterator[Mail]:
    """From half past seven of a working day on."""
    today = local_date(now)
    if now.astimezone(ZONE).time() < MORNING or not calendar(session).is_working(today):
        return
    names = all_units(session)
    addresses = {
        unit: at for unit, at in queries.unreminded(session, today).items() if is_open(names[unit].opens_on, names[unit].closes_on, today)
    }
    if not addresses:
        return
    lines: dict[str, list[str]] = {unit: [] for unit in addresses}
    synthetic, items = set[str](), Counter[str]()
    for plan in queries.open_plans(session, today.year):
        indicators = {code: row.name for code, row in versions(session, plan.code).items()}
        told = monday(session, SYSTEM, plan, QUIET_DAYS, SOON_DAYS)
        for one in told.units:
            if one.unit in addresses and (said := list(_lines(one, plan.code, indicators, names, settings.public_url))):
                lines[one.unit] += [_plain(plan.name), *said, ""]
                items[one.unit] += sum(line.startswith(_ITEM) for line in said)
                synthetic |= {one.unit} if plan.is_synthetic or one.synthetic else set()
    for unit, said in lines.items():
        if items[unit]:
            head = [say("vi", "mail", "synthetic")] if unit in synthetic else []
            text = "\n".join([*head, say("vi", "mail", "opening", unit=names[unit].name), "", *said, say("vi", "mail", "closing")])
            yield Mail(unit, addresses[unit], say("vi", "mail", "subject", count=items[unit], on=worded_day(today)), text, items[unit])


def _lines(
    one: MondayUnitOut, plan: str, indicators: Mapping[str, str], names: Mapping[str, UnitVersion], base: str | None
) -> Iterator[str]:
    for task in one.overdue:
        yield _ITEM + say("vi", "mail", "overdue", title=_plain(task.title), due=worded_day(task.due_on), days=task.days)
        yield from _link(base, plan, task.task)
    for soon in one.due_soon:
        yield _ITEM + say("vi", "mail", "soon", title=_plain(soon.title), due=worded_day(soon.due_on))
        yield from _link(base, plan, soon.task)
    for report in one.overdue_reports:
        told = {"indicator": _plain(indicators[report.indicator]), "due": worded_day(report.due_on)}
        told["period"] = worded_period(report.period, "vi")
        whose = {} if report.unit == one.unit else {"unit": names[report.unit].name}
        yield _ITEM + say("vi", "mail", "report-of" if whose else "report", **told, **whose)


_ITEM = "- "


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
    try:
        with _connected(server, ssl.create_default_context()) as connection:
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message)
    except (OSError, ValueError, smtplib.SMTPException):
        return False
    return True


def _connected(server: SplitResult, trusted: ssl.SSLContext) -> smtplib.SMTP:
    """A server whose certificate nobody vouches for is no server of ours."""
    host = str(server.hostname)
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=SECONDS, context=trusted)
    connection = smtplib.SMTP(host, server.port or 25, timeout=SECONDS)
    if server.scheme == "smtp+starttls":
        try:
            connection.starttls(context=trusted)
        except BaseException:
            connection.close()
            raise
    return connection
