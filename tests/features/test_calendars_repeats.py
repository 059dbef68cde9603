"""A repeat in calendars: one thing with a rule, said again only for what is otherwise."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from app.features.calendars import rules as calendars
from app.features.spaces import rules
from app.features.spaces.rules import Change, Every, Free, Reach, Repeat
from app.features.spaces.tables import Policy
from app.kit import calendars as kit
from app.kit.clock import now
from app.kit.languages import language
from tests.makers import NOON, a_community
from tests.spacing import SATURDAY, Stretch, a_manager, a_neighbour, a_space, a_wish

HELSINKI, SHANGHAI = ZoneInfo("Europe/Helsinki"), ZoneInfo("Asia/Shanghai")
AUTUMN = date(2026, 10, 10)  # the clocks of Europe go back on 25 October
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKLY = Repeat(Every.week, times=5)


async def a_repeat(space, *, by, repeat=WEEKLY, choices=None, now=NOON, **said):
    return await rules.repeat(space.id, a_wish(**said), repeat, choices or {}, by=by, now=now)


async def in_feed(person, *, zone=SHANGHAI, at=NOON) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(written(await rules.in_calendar(person, now=at), zone))


def written(entries, zone) -> bytes:
    return kit.calendar(entries, name="Ours", zone=zone, tongue=language("en"), base_url="https://kith.example")


def unfolded(made, since=date(2026, 1, 1), until=date(2028, 1, 1)) -> list[tuple[datetime, str]]:
    found = recurring_ical_events.of(made).between(since, until)
    return sorted((event.start.replace(tzinfo=None), str(event["status"])) for event in found)


def parts(made) -> tuple[list[icalendar.Event], list[icalendar.Event]]:
    """What stands by itself, and what stands for one moment of it."""
    every = made.walk("VEVENT")
    return [each for each in every if "recurrence-id" not in each], [each for each in every if "recurrence-id" in each]


def rule_of(event) -> str:
    return event["rrule"].to_ical().decode()


def a_change(day, *, opens=16 * 60, purpose="Reading club") -> Change:
    return Change(day, opens, opens + 120, 6, purpose)


async def test_a_repeat_is_one_thing_with_its_rule_on_the_wall_clock_across_a_change_of_clocks():
    await a_community(zone="Europe/Helsinki")
    space, manager, ana = await a_space(ahead=200), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana, day=AUTUMN, choices={AUTUMN + WEEK: None})
    dates = await rules.dates_of(series.id)
    await rules.approve_series(series.id, by=manager, now=NOON + DAY)
    await rules.cancel(dates[1].id, by=ana, now=NOON + 2 * DAY)
    await rules.change(dates[2].id, Reach.this, a_change(AUTUMN + 3 * WEEK + DAY), {}, by=ana, now=NOON + 2 * DAY)

    made = await in_feed(ana, zone=HELSINKI, at=NOON + 3 * DAY)

    [whole], [off, moved] = parts(made)
    assert rule_of(whole) == "FREQ=WEEKLY;UNTIL=20261107T120000Z;INTERVAL=1;BYDAY=SA"
    assert whole["dtstart"].to_ical() == b"20261010T140000" and whole["dtstart"].params["tzid"] == "Europe/Helsinki"
    assert whole["exdate"].to_ical() == b"20261017T140000" and whole["exdate"].params["tzid"] == "Europe/Helsinki"
    assert {each["uid"] for each in (whole, off, moved)} == {kit.uid_of(f"series:{series.id}")}
    assert (whole["status"], whole["sequence"]) == ("CONFIRMED", 1)
    assert whole["url"].endswith(series.path) and moved["url"].endswith(dates[2].path)
    assert (off["status"], off["recurrence-id"].to_ical()) == ("CANCELLED", b"20261024T140000")
    assert (moved["status"], moved["recurrence-id"].to_ical()) == ("TENTATIVE", b"20261031T140000")
    assert min(off["sequence"], moved["sequence"]) > whole["sequence"]
    assert unfolded(made) == [
        (datetime(2026, 10, 10, 14), "CONFIRMED"),
        (datetime(2026, 10, 24, 14), "CANCELLED"),
        (datetime(2026, 11, 1, 16), "TENTATIVE"),  # a manager has to say yes to the new hours
        (datetime(2026, 11, 7, 14), "CONFIRMED"),
    ]


async def test_what_follows_a_day_is_a_repeat_of_its_own_and_the_first_ends_before_it():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    dates = await rules.dates_of(series.id)
    [before], _ = parts(await in_feed(ana))
    await rules.change(dates[2].id, Reach.following, a_change(dates[2].due_on), {}, by=ana, now=NOON + DAY)

    made = await in_feed(ana, at=NOON + DAY)

    (first, then), others = parts(made)
    assert others == [] and first["uid"] == before["uid"] != then["uid"]
    assert first["sequence"] > before["sequence"] and first["last-modified"].dt > before["last-modified"].dt
    assert "UNTIL=20260516T060000Z" in rule_of(first) and "UNTIL=20260606T080000Z" in rule_of(then)
    assert [at.hour for at, _ in unfolded(made)] == [14, 14, 16, 16, 16]


async def test_a_whole_repeat_that_moves_says_what_was_before_by_itself():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    dates = await rules.dates_of(series.id)
    later = dates[1].ends_at
    await rules.change(dates[2].id, Reach.all, a_change(dates[2].due_on), {}, by=ana, now=later)

    made = await in_feed(ana, at=later)

    [whole], others = parts(made)
    assert whole["dtstart"].dt.hour == 16 and [each.start.hour for each in others] == [14, 14]
    assert [(at.hour, status) for at, status in unfolded(made)] == [
        (14, "CONFIRMED"), (14, "CONFIRMED"), (16, "CONFIRMED"), (16, "CONFIRMED"), (16, "CONFIRMED"),
    ]  # fmt: skip


async def test_of_the_31st_the_last_day_of_shorter_months_is_in_the_rule_where_it_was_booked():
    space, ana = await a_space(policy=Policy.at_once, ahead=200), await a_neighbour()
    choices = {date(2026, 9, 30): Free(date(2026, 9, 30), 14 * 60, 16 * 60), date(2026, 11, 30): None}
    monthly = Repeat(Every.month, until=date(2026, 12, 31))
    await a_repeat(space, by=ana, day=date(2026, 8, 31), repeat=monthly, choices=choices)

    made = await in_feed(ana)

    [whole], others = parts(made)
    assert others == [] and rule_of(whole) == "FREQ=MONTHLY;UNTIL=20261231T060000Z;INTERVAL=1;BYMONTHDAY=-1"
    assert [f"{at:%m%d}" for at, _ in unfolded(made)] == ["0831", "0930", "1031", "1231"]


async def test_of_the_30th_the_last_of_february_is_in_the_rule_too():
    space, ana = await a_space(policy=Policy.at_once, ahead=300), await a_neighbour()
    choices = {date(2027, 2, 28): Free(date(2027, 2, 28), 14 * 60, 16 * 60)}
    monthly = Repeat(Every.month, until=date(2027, 3, 30))
    await a_repeat(space, by=ana, day=date(2026, 12, 30), repeat=monthly, choices=choices)

    made = await in_feed(ana)

    [whole], others = parts(made)
    assert others == [] and "BYMONTHDAY=28,29,30;BYSETPOS=-1" in rule_of(whole)
    assert [f"{at:%m%d}" for at, _ in unfolded(made)] == ["1230", "0130", "0228", "0330"]


async def test_a_date_whose_hour_the_clocks_skip_is_a_thing_of_its_own():
    await a_community(zone="Europe/Helsinki")
    space, ana = await a_space(policy=Policy.at_once, hours=Stretch(0, 1440), ahead=300), await a_neighbour()
    nightly = Repeat(Every.month, until=date(2027, 4, 28))
    there = Free(date(2027, 3, 28), 5 * 60, 6 * 60)
    night = {"day": date(2026, 12, 28), "opens": 210, "closes": 270}
    series = await a_repeat(space, by=ana, repeat=nightly, choices={date(2027, 3, 28): there}, **night)

    made = await in_feed(ana, zone=HELSINKI)

    [whole, apart], others = parts(made)
    [march] = [each for each in await rules.dates_of(series.id) if each.due_on == date(2027, 3, 28)]
    assert others == [] and apart["uid"] == kit.uid_of(march.owner) != whole["uid"]
    assert [f"{at:%m%d %H}" for at, _ in unfolded(made)] == ["1228 03", "0128 03", "0228 03", "0328 05", "0428 03"]


async def test_what_was_cancelled_is_said_for_six_weeks_and_then_left_out():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana, repeat=Repeat(Every.week, times=12))
    dates = await rules.dates_of(series.id)
    await rules.cancel(dates[9].id, by=ana, now=NOON)

    soon, later = await in_feed(ana, at=NOON + 41 * DAY), await in_feed(ana, at=NOON + 50 * DAY)

    assert unfolded(soon)[9][1] == "CANCELLED" and len(unfolded(soon)) == 12
    [whole], others = parts(later)
    assert others == [] and whole["exdate"].to_ical() == b"20260711T140000"
    assert "CANCELLED" not in dict.fromkeys(status for _, status in unfolded(later)) and len(unfolded(later)) == 11


async def test_a_repeat_that_is_given_back_whole_is_cancelled_once():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    await rules.cancel_series(series.id, "We moved away", by=ana, now=NOON + DAY)

    made = await in_feed(ana, at=NOON + DAY)

    [whole], others = parts(made)
    assert (others, whole["status"], whole["sequence"]) == ([], "CANCELLED", 1)
    assert "We moved away" in whole["description"] and {status for _, status in unfolded(made)} == {"CANCELLED"}


async def test_to_be_asked_whether_it_is_still_needed_and_to_say_yes_changes_nothing():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana, repeat=Repeat(Every.week, times=20))
    at = NOON + 7 * WEEK + DAY
    before = written(await rules.in_calendar(ana, now=at), SHANGHAI)

    await rules.tick_series(series.id, now=at)
    assert (await rules.series_of(series.id)).asked_again_at == at
    assert written(await rules.in_calendar(ana, now=at), SHANGHAI) == before
    await rules.confirm(series.id, by=ana, now=at)
    assert written(await rules.in_calendar(ana, now=at), SHANGHAI) == before


async def test_a_public_room_says_a_repeat_once_and_never_whose_it_is(browser):
    space, ana = await a_space(policy=Policy.at_once, public=True), await a_neighbour(name="Ana Secret")
    day = (now() + 3 * DAY).date()
    series = await a_repeat(space, by=ana, now=now(), day=day, purpose="A secret choir")
    dates = await rules.dates_of(series.id)
    await rules.cancel(dates[1].id, "A secret reason", by=ana, now=now())

    answer = await browser.get(f"/spaces/{space.slug}/calendar.ics?lang=en")

    made = icalendar.Calendar.from_ical(answer.content)
    [whole], [off] = parts(made)
    assert (whole["summary"], off["summary"], off["status"]) == ("Booked", "Booked", "CANCELLED")
    assert "secret" not in answer.text.lower() and "/bookings/" not in answer.text
    assert [at.date() for at, _ in unfolded(made, day, day + 9 * WEEK)] == [day + nth * WEEK for nth in range(5)]
    starts = {event.start.astimezone(UTC) for event in recurring_ical_events.of(made).between(day, day + 9 * WEEK)}
    assert starts == {each.begins_at for each in dates}


async def test_a_repeat_and_each_of_its_dates_can_be_put_into_a_calendar_and_bear_one_name(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana, now=now(), day=(now() + 3 * DAY).date())
    dates = await rules.dates_of(series.id)
    phone = await sign_in(ana)
    assert f"{series.path}.ics" in (await phone.get(series.path)).text

    whole = icalendar.Calendar.from_ical((await phone.get(f"{series.path}.ics")).content)
    one = icalendar.Calendar.from_ical((await phone.get(f"{dates[1].path}.ics")).content)

    assert len(unfolded(whole)) == len(unfolded(whole, until=date(2100, 1, 1))) == 5
    [event] = one.walk("VEVENT")
    assert event["uid"] == whole.walk("VEVENT")[0]["uid"] and "rrule" not in event
    assert event["recurrence-id"].dt == event.start and event.start.astimezone(UTC) == dates[1].begins_at
    token = await calendars.new_address(by=ana, now=now())
    feed = icalendar.Calendar.from_ical((await phone.get(f"/calendar/{token}.ics")).content)
    assert {each["uid"] for each in feed.walk("VEVENT")} == {event["uid"]}

    stranger = await sign_in(await a_neighbour())
    assert (await stranger.get(f"{series.path}.ics")).status_code == 404
    manager = await sign_in(await a_manager())
    [seen] = icalendar.Calendar.from_ical((await manager.get(f"{series.path}.ics")).content).walk("VEVENT")
    assert "description" not in seen and seen["class"] == "PUBLIC"


async def test_a_repeat_of_saturdays_that_nothing_happened_to_is_said_once():
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    await a_repeat(space, by=ana, repeat=Repeat(Every.week, 2, (2, 5), times=8))
    [whole], others = parts(await in_feed(ana))
    assert others == [] and "exdate" not in whole and whole.start.date() == SATURDAY
