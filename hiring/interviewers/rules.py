"""What interviewers can judge and when they are free: plain values, wall times and spans of time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hiring.accounts.rules import KNOWN_ZONES
from hiring.errors import Invalid
from hiring.permissions import Role

Span = tuple[datetime, datetime]
"""From when to when, both aware; the end is no part of it."""

SENIORITIES = {1: "junior", 2: "experienced", 3: "senior", 4: "leads others", 5: "most senior"}
USUAL_SENIORITY = 3
LOWEST_LIMIT, HIGHEST_LIMIT, USUAL_LIMIT = 1, 20, 3
"""How many loops somebody may have under way at once."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years in which an interview can be; close to the ends of the calendar a time has no moment in every zone."""
MOST_SPANS = 1000
"""How many spans one person keeps of one source: a year of busy weeks fits in."""

WORKING_HOURS = (time(9), time(17))
WORKING_DAYS = (0, 1, 2, 3, 4)
"""Monday to Friday, as Python counts."""
LONGEST_RANGE = timedelta(days=400)


class SpanSource(StrEnum):
    """Where a span of free time comes from: a new calendar replaces the last one and leaves alone what was typed."""

    ENTERED = "entered"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Judge:
    """An interviewer as plans and panels see them.

    free: coming spans, sorted, apart from each other, in UTC. None where they never said, which means always; empty
    where they said and nothing is left.
    """

    id: str
    name: str
    zone: str
    role: Role
    seniority: int = USUAL_SENIORITY
    limit: int = USUAL_LIMIT
    skill_ids: frozenset[str] = frozenset()
    free: tuple[Span, ...] | None = None


def check_description(seniority: int, limit: int, skill_ids: Iterable[str], known: Iterable[str]) -> None:
    """Raise Invalid with a sentence for each part of a description that can't be; `known` are the bank's skills."""
    faults: dict[str, str] = {}
    if seniority not in SENIORITIES:
        faults["seniority"] = f"Seniority is a whole number from {min(SENIORITIES)} to {max(SENIORITIES)}."
    if not LOWEST_LIMIT <= limit <= HIGHEST_LIMIT:
        faults["limit"] = f"The limit is a whole number from {LOWEST_LIMIT} to {HIGHEST_LIMIT}."
    if unknown := sorted({*skill_ids} - {*known}):
        faults["skills"] = f"The bank has no skill called {', '.join(unknown)}."
    if faults:
        raise Invalid(next(iter(faults.values())) if len(faults) == 1 else "Please check what you entered.", faults)


def count_judges(judges: Sequence[Judge], skill_ids: Iterable[str]) -> dict[str, list[Judge]]:
    """Who can judge each of these skills, in the order of `judges`; a skill that nobody can judge has an empty list."""
    return {skill_id: [judge for judge in judges if skill_id in judge.skill_ids] for skill_id in skill_ids}


def to_utc(wall: datetime, zone: str, *, later: bool = False, field: str = "starts_at") -> datetime:
    """The moment of a wall time in an IANA zone, refusing times that the clocks skip.

    wall: naive, as typed. later: which one where the clocks go back and the time comes twice. field: where it was typed.
    """
    if zone not in KNOWN_ZONES:
        raise Invalid(f"{zone} is no time zone that we know.", {"zone": "Choose a zone from the list."})
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        said = f"An interview is in a year from {FIRST_YEAR} to {LAST_YEAR}."
        raise Invalid(said, {field: said})
    moment = wall.replace(tzinfo=ZoneInfo(zone), fold=int(later))
    back = moment.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if back != wall:
        said = f"{wall:%H:%M} does not exist on that day in {zone}: the clocks skip it."
        raise Invalid(said, {field: said})
    return moment.astimezone(ZoneInfo("UTC"))


def make_span(day: date, starts: time, ends: time, zone: str) -> Span:
    """The span between two wall times of a day; an end at 00:00 is the midnight after it. Raises Invalid at a field."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        said = f"An interview is in a year from {FIRST_YEAR} to {LAST_YEAR - 1}."
        raise Invalid(said, {"day": said})
    last = day + timedelta(days=1) if ends == time(0) else day
    span = to_utc(datetime.combine(day, starts), zone, field="starts"), to_utc(datetime.combine(last, ends), zone, field="ends")
    if span[0] >= span[1]:
        said = "The end has to come after the start."
        raise Invalid(said, {"ends": said})
    return span


def check_spans(spans: Sequence[Span]) -> None:
    """Raise Invalid unless each span ends after it starts, in years that an interview can be in, and they are not too many."""
    if len(spans) > MOST_SPANS:
        said = f"These are {len(spans)} spans of free time. At most {MOST_SPANS} can be kept: take a shorter time."
        raise Invalid(said, {"spans": said})
    for starts_at, ends_at in spans:
        if starts_at >= ends_at:
            raise Invalid("Free time has to end after it starts.", {"ends": "The end has to come after the start."})
        if not FIRST_YEAR <= starts_at.year <= ends_at.year <= LAST_YEAR:
            raise Invalid(f"Free time is in a year from {FIRST_YEAR} to {LAST_YEAR}.", {"day": "This year is too far away."})


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The same time in UTC, sorted, without overlaps: spans that meet or overlap become one."""
    merged: list[Span] = []
    for starts_at, ends_at in sorted((starts_at.astimezone(UTC), ends_at.astimezone(UTC)) for starts_at, ends_at in spans):
        if merged and starts_at <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], ends_at)
        else:
            merged.append((starts_at, ends_at))
    return merged


def subtract_spans(spans: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `busy`; sorted, apart from each other."""
    left: list[Span] = []
    blocks = merge_spans(span for span in busy if span[0] < span[1])
    first = 0
    for starts_at, ends_at in merge_spans(spans):
        while first < len(blocks) and blocks[first][1] <= starts_at:
            first += 1
        for block_starts, block_ends in blocks[first:]:
            if block_starts >= ends_at:
                break
            if block_starts > starts_at:
                left.append((starts_at, block_starts))
            starts_at = max(starts_at, block_ends)
        if starts_at < ends_at:
            left.append((starts_at, ends_at))
    return left


def intersect_spans(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What `spans` and `others` have in common; sorted, apart from each other."""
    kept = merge_spans(spans)
    return subtract_spans(kept, subtract_spans(kept, others))


def list_working_hours(
    start: datetime, end: datetime, zone: str, hours: tuple[time, time] = WORKING_HOURS, weekdays: Collection[int] = WORKING_DAYS
) -> list[Span]:
    """Working hours between two moments as the clock of `zone` shows them, in UTC; hours that the clocks skip are left out.

    weekdays: 0 is Monday. Raises Invalid at `closes`, `days` or `weeks`.
    """
    opens, closes = hours
    if opens >= closes:
        raise Invalid("The working day ends before it starts.", {"closes": "The end has to come after the start."})
    if not weekdays:
        raise Invalid("A week needs at least one working day.", {"days": "Tick at least one day."})
    if not timedelta() < end - start <= LONGEST_RANGE:
        said = f"Free time is worked out for at most {LONGEST_RANGE.days} days at a time."
        raise Invalid(said, {"weeks": said})
    place = ZoneInfo(zone)
    first, last = start.astimezone(place).date(), end.astimezone(place).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    spans = [
        (max(datetime.combine(day, opens, place).astimezone(UTC), start), min(datetime.combine(day, closes, place).astimezone(UTC), end))
        for day in days
        if day.weekday() in weekdays
    ]
    return merge_spans((starts_at, ends_at) for starts_at, ends_at in spans if starts_at < ends_at)


def is_coming(span: Span, now: datetime) -> bool:
    """Whether something of a span is still to come."""
    return span[1] > now


def check_coming(span: Span, now: datetime) -> None:
    """Raise Invalid where all of a span is over."""
    if not is_coming(span, now):
        said = "This time is over already. Give one that is to come."
        raise Invalid(said, {"day": said})


def drop_past(spans: Iterable[Span], now: datetime) -> list[Span]:
    """The spans of which something is still to come."""
    return [span for span in spans if is_coming(span, now)]


def group_by_day(spans: Mapping[str, Span], zone: str) -> dict[date, dict[str, Span]]:
    """Spans by the day on which they start in a zone, in order, with their wall times; all by the keys of `spans`."""
    days: dict[date, dict[str, Span]] = {}
    for key, (starts_at, ends_at) in sorted(spans.items(), key=lambda item: item[1]):
        wall = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
        days.setdefault(wall[0].date(), {})[key] = wall
    return days
