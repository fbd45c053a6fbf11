"""The rules of time, with zones, clocks that change, holidays and leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.worktime import hours
from parvis.worktime.hours import DAY, NEVER, Leave, Period, Schedule, Week

PARIS = "Europe/Paris"
NOTHING: Week = ((),) * 7


def every_day(*periods: tuple[int, int]) -> Week:
    return (tuple(Period(*period) for period in periods),) * 7


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


OFFICE: Week = ((Period(510, 1080),),) * 5 + ((), ())
NIGHT: Week = every_day((22 * 60, 30 * 60))


@pytest.mark.parametrize(
    ("schedule", "asked", "expected"),
    [
        (Schedule(OFFICE, PARIS), "2026-11-20T18:00+01:00", "2026-11-23T08:30+01:00"),
        (Schedule(OFFICE, PARIS), "2026-11-20T17:59:59+01:00", "2026-11-20T17:59:59+01:00"),
        # The 11th of November is a Wednesday; on the 26th of December Moselle is off, too.
        (Schedule(OFFICE, PARIS, "FR"), "2026-11-10T19:00+01:00", "2026-11-12T08:30+01:00"),
        (Schedule(every_day((510, 1080)), PARIS, "FR"), "2026-12-25T09:00+01:00", "2026-12-26T08:30+01:00"),
        (
            Schedule(every_day((510, 1080)), PARIS, "FR", "57"),
            "2026-12-25T09:00+01:00",
            "2026-12-27T08:30+01:00",
        ),
        # Leave until Friday ends with the next shift, and a shift that began before leave is worked to its end.
        (
            Schedule(OFFICE, PARIS, leaves=(Leave(date(2026, 11, 16), date(2026, 11, 20)),)),
            "2026-11-16T09:00+01:00",
            "2026-11-23T08:30+01:00",
        ),
        (
            Schedule(NIGHT, PARIS, leaves=(Leave(date(2026, 11, 17), date(2026, 11, 17)),)),
            "2026-11-17T05:00+01:00",
            "2026-11-17T05:00+01:00",
        ),
        (
            Schedule(NIGHT, PARIS, leaves=(Leave(date(2026, 11, 17), date(2026, 11, 17)),)),
            "2026-11-17T22:00+01:00",
            "2026-11-18T22:00+01:00",
        ),
        # Clocks go forward at 02:00: half past two is three o'clock, and what lies between does not happen.
        (Schedule(every_day((150, 300)), PARIS), "2026-03-29T00:00+01:00", "2026-03-29T03:00+02:00"),
        (Schedule(every_day((125, 175)), PARIS), "2026-03-29T00:00+01:00", "2026-03-30T02:05+02:00"),
        # They go back at 03:00: half past two comes twice, and means the first.
        (Schedule(every_day((150, 300)), PARIS), "2026-10-25T00:00+02:00", "2026-10-25T02:30+02:00"),
        (Schedule(every_day((0, 150)), PARIS), "2026-10-25T02:30+02:00", "2026-10-26T00:00+01:00"),
    ],
)
def test_the_next_start_of_working_time(schedule: Schedule, asked: str, expected: str) -> None:
    assert hours.next_start(schedule, at(asked)) == at(expected)


def test_a_night_shift_lasts_an_hour_longer_when_clocks_go_back() -> None:
    end = hours.next_end(Schedule(NIGHT, PARIS), at("2026-10-24T23:00+02:00"))
    assert end is not None and end - at("2026-10-24T22:00+02:00") == timedelta(hours=9)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(NOTHING, PARIS),
        Schedule(OFFICE, PARIS, leaves=(Leave(date(2020, 1, 1), date.max),)),
    ],
)
def test_without_any_hour_it_never_begins(schedule: Schedule) -> None:
    assert hours.next_start(schedule, at("2026-11-20T18:00+01:00")) == NEVER


def test_a_clock_jumps_over_a_whole_day() -> None:
    # Samoa had no 30th of December 2011.
    schedule = Schedule(every_day((540, 1020)), "Pacific/Apia")
    assert hours.next_start(schedule, at("2011-12-29T18:00-10:00")) == at("2011-12-31T09:00+14:00")


# A few zones that do unlike things at unlike moments: none, half an hour, at midnight, before midnight, one that moved.
ZONES = st.sampled_from(
    [
        PARIS,
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "America/Havana",
        "America/Santiago",
        "America/St_Johns",
        "Pacific/Apia",
        "Africa/Casablanca",
        "UTC",
        "Pacific/Kiritimati",
        "Africa/Cairo",
    ]
)
PLACES = st.sampled_from([("", ""), ("FR", ""), ("FR", "57"), ("US", ""), ("DE", "BY"), ("MA", "")])
INSTANTS = st.datetimes(datetime(2007, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
# Hours of the nights on which clocks change, where everything that can go wrong does.
CHANGES = st.sampled_from(["2026-03-29T01:00", "2026-10-25T01:00", "2011-12-30T10:00", "2010-11-07T02:31"])
ASKED = st.one_of(
    INSTANTS,
    st.builds(
        lambda text, minutes: datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(minutes=minutes),
        CHANGES,
        st.integers(-200, 200),
    ),
)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Cut a week into pieces, and keep every other one."""
    cuts = sorted(draw(st.sets(st.integers(0, 7 * 96 - 1), max_size=14)))
    days: list[list[Period]] = [[] for _day in range(7)]
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        day, minute = divmod(start * 15, DAY)
        days[day].append(Period(minute, min(minute + (end - start) * 15, minute + DAY)))
    return tuple(tuple(day) for day in days)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    country, region = draw(PLACES)
    first_days = draw(st.lists(st.dates(date(2007, 1, 1), date(2031, 1, 1)), max_size=3))
    leaves = tuple(Leave(day, day + timedelta(days=draw(st.integers(0, 40)))) for day in first_days)
    return Schedule(draw(weeks()), draw(ZONES), country, region, leaves)


@settings(max_examples=150, deadline=None)
@given(schedules(), ASKED, st.data())
def test_the_next_start_is_open_not_before_and_nothing_between_is_open(
    schedule: Schedule, asked: datetime, data: st.DataObject
) -> None:
    start = hours.next_start(schedule, asked)
    assert start >= asked
    if start != NEVER:
        assert hours.is_open(schedule, start)
    end = min(start, asked + timedelta(days=500))
    if start > asked:
        assert not hours.is_open(schedule, asked)
        seconds = int((end - asked).total_seconds())
        between = asked + timedelta(seconds=data.draw(st.integers(0, max(seconds - 1, 0))))
        assert not hours.is_open(schedule, between)
        assert not hours.is_open(schedule, end - timedelta(microseconds=1))


@settings(max_examples=100, deadline=None)
@given(schedules(), ASKED)
def test_open_is_what_the_clock_on_the_wall_says(schedule: Schedule, asked: datetime) -> None:
    """A naive oracle, for every hour that comes once and is no neighbour of a change."""
    local = asked.astimezone(ZoneInfo(schedule.time_zone))
    around = [(asked + timedelta(hours=hour)).astimezone(local.tzinfo).utcoffset() for hour in (-28, 28)]
    if around[0] != around[1]:
        return
    minute, opens = local.hour * 60 + local.minute, []
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        is_off = hours.is_holiday(schedule.country, schedule.region, day) or any(
            leave.first <= day <= leave.last for leave in schedule.leaves
        )
        for period in schedule.week[day.weekday()]:
            opens.append(not is_off and period.start <= minute + back * DAY < period.end)
    assert hours.is_open(schedule, asked) == any(opens)


@settings(max_examples=100, deadline=None)
@given(weeks(), weeks(), st.integers(0, 7 * DAY - 1))
def test_own_hours_within_a_policy_are_open_where_both_are(own: Week, allowed: Week, minute: int) -> None:
    both = hours.within(own, allowed)
    assert hours.is_well_formed(own) and hours.is_well_formed(both)
    monday = datetime(2026, 11, 16, tzinfo=UTC) + timedelta(minutes=minute)
    each = [hours.is_open(Schedule(week, "UTC"), monday) for week in (own, allowed, both)]
    assert each[2] == (each[0] and each[1])


def test_a_week_that_overlaps_itself_is_not_well_formed() -> None:
    late_sunday = (*NOTHING[:6], (Period(22 * 60, 30 * 60),))
    assert hours.is_well_formed(late_sunday)
    assert not hours.is_well_formed(((Period(300, 600),), *late_sunday[1:]))
    assert not hours.is_well_formed(every_day((600, 700), (690, 800)))
    assert not hours.is_well_formed(OFFICE[:6])


def test_what_is_kept_comes_back() -> None:
    assert hours.week_from(hours.as_lists(OFFICE)) == OFFICE
