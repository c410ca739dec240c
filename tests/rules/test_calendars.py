"""What a calendar leaves free: every way of being busy, zones and the nights when clocks change, and files that mean no good."""

import time as clock
from datetime import UTC, datetime, time, timedelta

import pytest

from hiring.errors import Invalid
from hiring.interviewers.files import read_calendar
from hiring.interviewers.files.reading import find_free_time
from hiring.interviewers.rules import Span

# Monday 2 November 2026; Berlin is an hour ahead of UTC, New York five behind (since 1 November).
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def event(*lines: str, uid: str = "one") -> str:
    return "\n".join(("BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"))


def busy(*lines: str) -> str:
    return "\n".join(("BEGIN:VFREEBUSY", *lines, "END:VFREEBUSY"))


def calendar(*parts: str) -> bytes:
    return "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *parts, "END:VCALENDAR", "")).replace("\n", "\r\n").encode()


def say(spans: list[Span]) -> str:
    """Spans in UTC as `02 08:00-16:00`."""
    return ", ".join(f"{starts_at:%d %H:%M}-{ends_at:%H:%M}" for starts_at, ends_at in spans)


def free(data: bytes, zone: str = "Europe/Berlin", start: datetime = MONDAY, end: datetime = TUESDAY) -> str:
    return say(find_free_time(data, start=start, end=end, zone=zone))


ZONED = ("DTSTART;TZID=Europe/Berlin:20261102T100000", "DTEND;TZID=Europe/Berlin:20261102T113000")
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Head office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE"""
EVERY_MINUTE = f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))};BYHOUR={','.join(map(str, range(24)))}"
DAILY = ("DTSTART;TZID=Europe/Berlin:20260105T090000", "DURATION:PT7H", "RRULE:FREQ=DAILY")


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        pytest.param([], "02 08:00-16:00", id="nothing"),
        pytest.param([event(*ZONED)], "02 08:00-09:00, 02 10:30-16:00", id="an event"),
        pytest.param([event(*ZONED, "TRANSP:TRANSPARENT")], "02 08:00-16:00", id="transparent"),
        pytest.param([event(*ZONED, "STATUS:CANCELLED")], "02 08:00-16:00", id="cancelled"),
        pytest.param([event(*ZONED, "STATUS:TENTATIVE")], "02 08:00-09:00, 02 10:30-16:00", id="tentative"),
        pytest.param([event("DTSTART:20261102T080000Z", "DURATION:PT2H")], "02 10:00-16:00", id="utc with a duration"),
        pytest.param([event("DTSTART:20261102T080000Z")], "02 08:00-16:00", id="a moment takes no time"),
        pytest.param([event("DTSTART:20261102T120000", "DURATION:PT1H")], "02 08:00-11:00, 02 12:00-16:00", id="no zone: the person's"),
        pytest.param([event("DTSTART;VALUE=DATE:20261102")], "", id="all day"),
        pytest.param([event("DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261102")], "", id="all day that ends as it starts"),
        pytest.param([event("DTSTART;VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261102")], "02 08:00-16:00", id="days until the day before"),
        pytest.param([event("DTSTART;VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261103")], "", id="days across it"),
        pytest.param([event("DTSTART;VALUE=DATE:20261102", "TRANSP:TRANSPARENT")], "02 08:00-16:00", id="a birthday"),
        pytest.param([event("DTSTART:20261101T100000Z", "DTEND:20261102T090000Z")], "02 09:00-16:00", id="since the day before"),
        pytest.param([event("DTSTART:20261102T080500Z", "DTEND:20261102T155000Z")], "", id="scraps of less than 15 minutes"),
        pytest.param(
            [event(*ZONED), event("DTSTART:20261102T100000Z", "DURATION:PT1H", uid="two")],
            "02 08:00-09:00, 02 11:00-16:00",
            id="two that overlap",
        ),
        pytest.param(
            [event(*ZONED, uid=""), event("DTSTART:20261102T140000Z", "DURATION:PT1H", uid="")],
            "02 08:00-09:00, 02 10:30-14:00, 02 15:00-16:00",
            id="two without an id",
        ),
        pytest.param([event(*DAILY)], "02 15:00-16:00", id="daily"),
        pytest.param([event(*DAILY[:2], "RRULE:FREQ=DAILY;UNTIL=20260201T000000Z")], "02 08:00-16:00", id="daily, over by then"),
        pytest.param([event(*DAILY[:2], "RRULE:FREQ=DAILY;COUNT=3")], "02 08:00-16:00", id="three times only"),
        pytest.param([event(*DAILY[:2], "RRULE:FREQ=WEEKLY;BYDAY=TU,TH")], "02 08:00-16:00", id="on other days"),
        pytest.param([event(*DAILY[:2], "RRULE:FREQ=MONTHLY;BYDAY=1MO")], "02 15:00-16:00", id="first Monday of the month"),
        pytest.param([event("DTSTART;VALUE=DATE:20201102", "RRULE:FREQ=YEARLY")], "", id="a day each year"),
        pytest.param([event(*DAILY, "EXDATE;TZID=Europe/Berlin:20261102T090000")], "02 08:00-16:00", id="without this one"),
        pytest.param(
            [
                event(*DAILY),
                event("RECURRENCE-ID;TZID=Europe/Berlin:20261102T090000", "DTSTART;TZID=Europe/Berlin:20261102T090000", "DURATION:PT1H"),
            ],
            "02 09:00-16:00",
            id="shortened this time",
        ),
        pytest.param(
            [
                event(*DAILY),
                event(
                    "RECURRENCE-ID;TZID=Europe/Berlin:20261102T090000",
                    "DTSTART;TZID=Europe/Berlin:20261102T090000",
                    "DURATION:PT1H",
                    "STATUS:CANCELLED",
                ),
            ],
            "02 08:00-16:00",
            id="cancelled this time",
        ),
        pytest.param(
            [event("DTSTART;TZID=W. Europe Standard Time:20261102T090000", "DURATION:PT1H")],
            "02 09:00-16:00",
            id="a zone by its Windows name",
        ),
        pytest.param(
            [OWN_ZONE, event("DTSTART;TZID=Head office:20261102T110000", "DURATION:PT1H")], "02 09:00-16:00", id="a zone of its own"
        ),
        pytest.param([busy("FREEBUSY:20261102T080000Z/20261102T090000Z")], "02 09:00-16:00", id="busy from and to"),
        pytest.param(
            [busy("FREEBUSY;FBTYPE=BUSY:20261102T080000Z/PT1H30M,20261102T120000Z/PT30M")],
            "02 09:30-12:00, 02 12:30-16:00",
            id="busy for a duration",
        ),
        pytest.param(
            [busy("FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261102T080000Z/PT4H", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261102T120000Z/PT2H")],
            "02 14:00-16:00",
            id="unavailable and tentative",
        ),
        pytest.param([busy("FREEBUSY;FBTYPE=FREE:20261102T080000Z/PT4H")], "02 08:00-16:00", id="free"),
        pytest.param([busy("FREEBUSY;FBTYPE=X-AWAY:20261102T080000Z/PT4H")], "02 12:00-16:00", id="busy in a way of its own"),
        pytest.param(
            [busy("DTSTART:20261102T000000Z", "DTEND:20261102T120000Z", "FREEBUSY:20261102T080000Z/PT1H")],
            "02 09:00-12:00",
            id="known until noon",
        ),
        pytest.param([event("DTSTART:20270601T100000Z", "DURATION:PT1H")], "02 08:00-16:00", id="nothing in this time"),
        pytest.param(
            [event("DTSTART:20261102T080000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT", "RRULE:FREQ=MINUTELY")],
            "02 08:00-16:00",
            id="a reminder every minute",
        ),
    ],
)
def test_what_is_left_of_a_monday_in_berlin(parts: list[str], left: str) -> None:
    assert free(calendar(*parts)) == left


NINE = "DTSTART;TZID={}:20260302T090000"
WEEKLY = ("DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=FR,MO")


@pytest.mark.parametrize(
    ("zone", "start", "parts", "left"),
    [
        # In 2026 the clocks of Berlin change on the Sundays 29 March and 25 October, those of New York on 8 March and 1 November.
        ("Europe/Berlin", day(2026, 3, 27), [], "27 08:00-16:00, 30 07:00-15:00"),
        ("Europe/Berlin", day(2026, 10, 23), [], "23 07:00-15:00, 26 08:00-16:00"),
        ("America/New_York", day(2026, 3, 6), [], "06 14:00-22:00, 09 13:00-21:00"),
        ("America/New_York", day(2026, 10, 30), [], "30 13:00-21:00, 02 14:00-22:00"),
        ("Europe/Berlin", day(2026, 3, 27), [event(NINE.format("Europe/Berlin"), *WEEKLY)], "27 09:00-16:00, 30 08:00-15:00"),
        ("America/New_York", day(2026, 3, 6), [event(NINE.format("America/New_York"), *WEEKLY)], "06 15:00-22:00, 09 14:00-21:00"),
        # Nine in New York is three in Berlin, and two in the weeks when only one of them has changed its clocks.
        (
            "Europe/Berlin",
            day(2026, 3, 9),
            [event(NINE.format("America/New_York"), *WEEKLY)],
            "09 08:00-13:00, 09 14:00-16:00, 10 08:00-16:00, 11 08:00-16:00, 12 08:00-16:00",
        ),
        ("Europe/Berlin", day(2026, 3, 27), [event("DTSTART;VALUE=DATE:20260330")], "27 08:00-16:00"),
        ("America/New_York", day(2026, 3, 6), [event("DTSTART;VALUE=DATE:20260309")], "06 14:00-22:00"),
        (
            "Pacific/Kiritimati",
            day(2026, 11, 2),
            [event("DTSTART;VALUE=DATE:20261103")],
            "02 00:00-03:00, 03 19:00-03:00, 04 19:00-00:00",
        ),
    ],
)
def test_days_are_those_of_the_persons_zone_across_the_change_of_clocks(zone: str, start: datetime, parts: list[str], left: str) -> None:
    assert free(calendar(*parts), zone, start, start + timedelta(days=3 if "Kiritimati" in zone else 4)) == left


def test_hours_that_the_clocks_skip_are_not_there() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    spans = find_free_time(
        calendar(), start=start, end=start + timedelta(days=1), zone="Europe/Berlin", hours=(time(1), time(4)), weekdays=[6]
    )
    assert say(spans) == "29 00:00-02:00"


def test_hours_and_days_are_ones_own() -> None:
    spans = find_free_time(
        calendar(event(*ZONED)),
        start=MONDAY,
        end=MONDAY + timedelta(days=7),
        zone="Europe/Berlin",
        hours=(time(8), time(12)),
        weekdays={0, 5},
    )
    assert say(spans) == "02 07:00-09:00, 02 10:30-11:00, 07 07:00-11:00"


def test_only_what_lies_between_start_and_end_counts() -> None:
    noon = MONDAY + timedelta(hours=11)
    assert free(calendar(event(*ZONED)), start=noon, end=noon + timedelta(hours=1)) == "02 11:00-12:00"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "This is no calendar.", id="empty"),
        pytest.param(b"Dear all,", "This is no calendar.", id="a letter"),
        pytest.param(b"PK\x03\x04zip", "This is no calendar.", id="an archive"),
        pytest.param(b"\xff\xfe\x00\x01", "This is no calendar.", id="bytes"),
        pytest.param(calendar()[:-20], "not whole", id="broken off"),
        pytest.param(b"BEGIN:VCALENDAR\r\n\x00\x01 nonsense\r\nEND:VCALENDAR\r\n", "can't be read", id="nonsense in it"),
        pytest.param(calendar(busy("FREEBUSY:yesterday")), "can't be read", id="no period"),
        pytest.param(calendar(event("DTSTART:tomorrow")), "its start", id="no start"),
        pytest.param(calendar(event("SUMMARY:When?")), "its start", id="start left out"),
        pytest.param(calendar(event(*ZONED, "RRULE:FREQ=NOWADAYS")), "its repetition", id="no repetition"),
        pytest.param(
            calendar(event("DTSTART:20261102T100000Z", "DTEND:20261102T090000Z")), "end comes before its start", id="ends before it starts"
        ),
        pytest.param(calendar(event(*ZONED, "RRULE:FREQ=SECONDLY")), "every second or minute", id="every second"),
        pytest.param(calendar(event(*ZONED, "RRULE:FREQ=MINUTELY;COUNT=9")), "every second or minute", id="every minute"),
        pytest.param(calendar(event(*DAILY[:2], EVERY_MINUTE)), "More than 5,000", id="every minute in other words"),
    ],
)
def test_a_file_that_is_of_no_use_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find_free_time(data, start=MONDAY, end=MONDAY + timedelta(days=56), zone="Europe/Berlin")
    assert said in refusal.value.fields["file"]


def test_a_calendar_is_read_in_a_process_of_its_own_with_the_same_answer() -> None:
    data = b"\xef\xbb\xbf" + calendar(event(*ZONED))
    assert say(read_calendar(data, start=MONDAY, end=TUESDAY, zone="Europe/Berlin")) == "02 08:00-09:00, 02 10:30-16:00"
    with pytest.raises(Invalid, match=r"BEGIN:VCALENDAR") as refusal:
        read_calendar(b"hello", start=MONDAY, end=TUESDAY, zone="Europe/Berlin")
    assert list(refusal.value.fields) == ["file"]


def test_a_file_of_more_than_a_megabyte_is_not_even_opened() -> None:
    with pytest.raises(Invalid, match="more than 1 MB"):
        read_calendar(b"BEGIN:VCALENDAR\r\n" + b"X" * 1024**2, start=MONDAY, end=TUESDAY, zone="Europe/Berlin")


def test_a_repetition_that_never_comes_round_costs_its_file_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hiring.interviewers.files.PATIENCE", 2)
    never = [event(*ZONED, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", uid=str(number)) for number in range(50)]
    started = clock.monotonic()
    with pytest.raises(Invalid, match="takes too long"):
        read_calendar(calendar(*never), start=MONDAY, end=TUESDAY, zone="Europe/Berlin")
    assert clock.monotonic() - started < 10
