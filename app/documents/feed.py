"""A unit's deadlines and the milestones ahead of it, as calendars on phones and desks take them (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Entry:
    """A whole day. `uid` stays the same while the subject does, so that a moved deadline moves in every calendar."""

    uid: str
    title: str
    on: date
    known_at: datetime
    """Since when it stands so."""
    url: str | None = None


def written(name: str, entries: Iterable[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Thi dua//VN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@thidua")
        event.add("dtstamp", entry.known_at)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("transp", "TRANSPARENT")
        if entry.url is not None:
            event.add("url", entry.url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
