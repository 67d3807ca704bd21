"""A meeting, or a day not to miss, as a file that any calendar opens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

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


@dataclass(frozen=True)
class Deadline:
    """A whole day. `uid`: as a meeting's."""

    uid: str
    title: str
    text: str
    on: date


def ics(meeting: Meeting) -> str:
    """The meeting in iCalendar (RFC 5545), its times in UTC."""
    event = _event(meeting)
    event.add("dtstart", meeting.starts)
    event.add("dtend", meeting.ends)
    if meeting.place:
        event.add("location", meeting.place)
    return _file(event)


def deadline(what: Deadline) -> str:
    """The whole day in iCalendar, the same in every zone, taking no time of it; recalled the morning before."""
    event = _event(what)
    event.add("dtstart", what.on)
    if what.on < date.max:
        event.add("dtend", what.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", what.title)
    alarm.add("trigger", timedelta(hours=-15))
    event.add_component(alarm)
    return _file(event)


def _event(what: Meeting | Deadline) -> Event:
    event = Event()
    event.add("uid", what.uid)
    event.add("dtstamp", clock.now())
    event.add("summary", what.title)
    event.add("description", what.text)
    return event


def _file(event: Event) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Balises//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
