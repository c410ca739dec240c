"""What a calendar says: its busy times, and what they leave of the working hours."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component
from recurring_ical_events import of

from hiring.errors import Invalid
from hiring.interviewers.files.limits import MOST_OCCURRENCES
from hiring.interviewers.rules import WORKING_DAYS, WORKING_HOURS, Span, intersect_spans, list_working_hours, subtract_spans

NO_CALENDAR = (
    "This is no calendar. Export your calendar as an iCalendar file: its name ends in .ics, and its first line is BEGIN:VCALENDAR."
)
TOO_OFTEN = "An event in this calendar repeats every second or minute. Delete it, or export a calendar without it."
TOO_MANY = (
    f"More than {MOST_OCCURRENCES:,} events fall into this time. Take fewer weeks, or delete the events that repeat too often to be meant."
)
UNREADABLE = "An event in this calendar can't be read: its {}. Correct or delete that event, and export the calendar once more."
NAMES = {
    "DTSTART": "start",
    "DTEND": "end",
    "DURATION": "length",
    "RRULE": "repetition",
    "RDATE": "repetition",
    "EXDATE": "exceptions",
    "RECURRENCE-ID": "place in its series",
}
SHORTEST = timedelta(minutes=15)
"""What is left between two meetings and shorter than that fits no interview."""


def find_free_time(
    data: bytes,
    *,
    start: datetime,
    end: datetime,
    zone: str,
    hours: tuple[time, time] = WORKING_HOURS,
    weekdays: Collection[int] = WORKING_DAYS,
) -> list[Span]:
    """`files.read_calendar` within this process: for calendars that one trusts not to keep it busy."""
    calendars = _parse(data)
    spans = list_working_hours(start, end, zone, hours, weekdays)
    busy: list[Span] = []
    for calendar in calendars:
        busy += _read_free_busy(calendar, zone)
        busy += _read_events(calendar, start, end, zone)
    known = _find_known_time(calendars, zone)
    left = subtract_spans(spans if known is None else intersect_spans(spans, known), busy)
    return [(starts_at, ends_at) for starts_at, ends_at in left if ends_at - starts_at >= SHORTEST]


def _refuse(said: str) -> Invalid:
    return Invalid(said, {"file": said})


def _parse(data: bytes) -> Sequence[Component]:
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise _refuse(NO_CALENDAR)
    try:
        found = Calendar.from_ical(data.removeprefix(b"\xef\xbb\xbf"), multiple=True)
    except (ValueError, KeyError, IndexError) as error:
        raise _refuse(UNREADABLE.format("lines are not those of a calendar")) from error
    if not found:  # the file breaks off before its end
        raise _refuse("This calendar is not whole: its end is missing. Export it once more.")
    return found


def _to_moment(value: date, zone: str) -> datetime:
    """A day or a wall time without a zone is meant in the zone of whoever lives by this calendar."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _read_free_busy(calendar: Component, zone: str) -> Iterator[Span]:
    """Every kind of busy blocks, tentative and kinds of a program's own too; only FREE does not."""
    for component in calendar.walk("VFREEBUSY"):
        periods = component.get("FREEBUSY", [])
        for period in periods if isinstance(periods, list) else [periods]:
            if period.params.get("FBTYPE", "BUSY").upper() != "FREE":
                yield _to_moment(period.start, zone), _to_moment(period.end, zone)


def _find_known_time(calendars: Sequence[Component], zone: str) -> list[Span] | None:
    """What a file of free and busy times speaks of; None where it sets itself no bounds, or is a calendar with events."""
    parts = [part for calendar in calendars for part in calendar.walk("VFREEBUSY")]
    bounded = [part for part in parts if "DTSTART" in part and "DTEND" in part]
    if not parts or len(bounded) < len(parts) or any(calendar.walk("VEVENT") for calendar in calendars):
        return None
    return [(_to_moment(_get(part, "DTSTART"), zone), _to_moment(_get(part, "DTEND"), zone)) for part in bounded]


def _get(component: Component, name: str) -> date:
    value = getattr(component.get(name), "dt", None)
    if not isinstance(value, date):
        raise _refuse(UNREADABLE.format(NAMES[name]))
    return value


def _blocks(event: Component) -> bool:
    return event.get("TRANSP", "OPAQUE").upper() != "TRANSPARENT" and event.get("STATUS", "CONFIRMED").upper() != "CANCELLED"


def _read_events(calendar: Component, start: datetime, end: datetime, zone: str) -> Iterator[Span]:
    """When events block, with their repetitions; a moved or cancelled one of a series takes the place of the original."""
    _drop_harmless(calendar)
    for event in calendar.walk("VEVENT"):
        _check_event(event, zone)
    day = timedelta(days=1)  # an event in another zone may begin on another day
    first, last = start.astimezone(ZoneInfo(zone)) - day, end.astimezone(ZoneInfo(zone)) + day
    try:
        found = list(islice(_expand(calendar, first, last), MOST_OCCURRENCES + 1))
    except (ValueError, TypeError) as error:
        raise _refuse(UNREADABLE.format("times or its repetition contradict each other")) from error
    if len(found) > MOST_OCCURRENCES:
        raise _refuse(TOO_MANY)
    yield from (_read_event(event, zone) for event in found if _blocks(event))


def _expand(calendar: Component, first: datetime, last: datetime) -> Iterator[Component]:
    """Occurrences, some days at a time, so that a flood of them is noticed before all of it is there."""
    seen: set[tuple] = set()
    query = of(calendar)
    while first < last:
        then = min(first + timedelta(days=7), last)
        for event in query.between(first, then):
            key = (str(event.get("UID")), event["DTSTART"].to_ical(), event["DTSTART"].params.get("TZID"), event["DTEND"].to_ical())
            if key not in seen:
                seen.add(key)
                yield event
        first = then


def _drop_harmless(calendar: Component) -> None:
    """Leave out series of which nothing blocks, however often they repeat: a reminder to drink water costs no time."""
    blocking = {str(event.get("UID")) for event in calendar.walk("VEVENT") if _blocks(event)}
    calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VEVENT" or str(part.get("UID")) in blocking]


def _check_event(event: Component, zone: str) -> None:
    """Raise Invalid where skipping the event would show somebody free who isn't, or reading it would never end."""
    for name, _ in event.errors:
        if name in NAMES:
            raise _refuse(UNREADABLE.format(NAMES[name]))
    starts = _get(event, "DTSTART")
    if "DTEND" in event and _to_moment(_get(event, "DTEND"), zone) < _to_moment(starts, zone):
        raise _refuse(UNREADABLE.format("end comes before its start"))
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if {*rule.get("FREQ", [])} & {"SECONDLY", "MINUTELY"}:
            raise _refuse(TOO_OFTEN)


def _read_event(event: Component, zone: str) -> Span:
    """From when to when; an event of whole days without an end takes one day."""
    starts, ends = _get(event, "DTSTART"), _get(event, "DTEND")
    span = _to_moment(starts, zone), _to_moment(ends, zone)
    if not isinstance(starts, datetime) and span[1] <= span[0]:
        return span[0], _to_moment(starts + timedelta(days=1), zone)
    return span
