"""A meeting as a file that any calendar opens."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

from app import clock


@dataclass(frozen=True)
class Meeting:
    """`uid`: the same for ever, so that a new date moves the event and adds none."""

    uid: str
    title: str
    text: str
    place: str
    starts: datetime
    ends: datetime


def ics(meeting: Meeting) -> str:
    """The meeting in iCalendar (RFC 5545), its times in UTC."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", clock.now())
    event.add("dtstart", meeting.starts)
    event.add("dtend", meeting.ends)
    event.add("summary", meeting.title)
    event.add("description", meeting.text)
    if meeting.place:
        event.add("location", meeting.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Balises//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
