"""What somebody comes to or hosts stands in their own calendar, and goes from it with what became of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from app import house
from app.features.calendars import rules as calendars
from app.features.events import rules
from app.features.events.tables import Event, Said
from app.features.moderation import rules as moderation
from app.features.spaces import rules as spaces
from app.features.spaces.tables import Policy
from app.kit import calendars as kit
from app.kit.clock import now
from app.kit.languages import language
from tests.gathering import a_draft, an_event, comes
from tests.makers import NOON, a_community
from tests.spacing import a_manager, a_neighbour, a_space

AN_HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OCTOBER = date(2026, 10, 17)  # a Saturday; the clocks of Europe go back a week later


async def feed_of(person, *, at=NOON, zone="Asia/Shanghai", tag="en") -> bytes:
    """All that the house puts there."""
    entries = await calendars.entries_of(person, house.IN_CALENDAR, now=at)
    return kit.calendar(
        entries, name="Mine", zone=ZoneInfo(zone), tongue=language(tag), base_url="https://kith.example"
    )


async def shown(person, **said) -> list[icalendar.Event]:
    made = icalendar.Calendar.from_ical(await feed_of(person, **said))
    return sorted(recurring_ical_events.of(made).between((2026, 1, 1), (2028, 1, 1)), key=lambda each: each.start)


async def test_who_comes_finds_it_in_their_calendar_and_so_does_who_hosts_it():
    event = await an_event(by=(host := await a_neighbour()))
    ana, ben, eve = await comes(event), await comes(event, said=Said.maybe), await comes(event, said=Said.no)

    [seen] = await shown(ana)

    assert (seen.start.astimezone(UTC), seen.end.astimezone(UTC)) == (event.begins_at, event.ends_at)
    assert (seen["summary"], seen["location"]) == ("Reading club", "Under the plane tree")
    assert (seen["status"], seen["class"], seen["sequence"]) == ("CONFIRMED", "PRIVATE", 0)
    assert seen["uid"] == kit.uid_of(event.thing) and seen["url"].endswith(event.path)
    [perhaps], [hosted] = await shown(ben), await shown(host)
    assert (perhaps["status"], perhaps["description"]) == ("TENTATIVE", "You come perhaps")
    assert (hosted["status"], hosted["description"]) == ("CONFIRMED", "You host it")
    assert await shown(eve) == [] and await shown(await a_neighbour()) == []
    [chinese] = await shown(ana, tag="zh-Hans")
    assert chinese["summary"] == "读书会"


async def test_each_date_of_a_series_stands_there_that_one_comes_to_across_a_change_of_clocks():
    await a_community(zone="Europe/Helsinki")
    host, ana = await a_neighbour(), await a_neighbour()
    days = rules.also_on(OCTOBER, "week", 4)
    ids = await rules.make(a_draft(day=OCTOBER), days, by=host, now=NOON)
    for id in ids[:3]:
        await rules.answer(id, rules.Saying(Said.yes), by=ana, now=NOON)
    await rules.change(ids[1], a_draft(day=days[1] + DAY, opens=17 * 60, closes=19 * 60), by=host, now=NOON + AN_HOUR)
    await rules.cancel(ids[2], "Rain", by=host, now=NOON + 2 * AN_HOUR)

    hers, theirs = await shown(ana, zone="Europe/Helsinki"), await shown(host, zone="Europe/Helsinki")

    said = [(each.start.replace(tzinfo=None), str(each["status"])) for each in theirs]
    assert said == [
        (datetime(2026, 10, 17, 14), "CONFIRMED"),
        (datetime(2026, 10, 25, 17), "CONFIRMED"),
        (datetime(2026, 10, 31, 14), "CANCELLED"),
        (datetime(2026, 11, 7, 14), "CONFIRMED"),
    ]
    assert [each.start for each in hers] == [each.start for each in theirs[:3]]
    rows = {kit.uid_of(f"event:{row['id']}"): row for row in await Event.select()}
    for each in theirs:
        row = rows[each["uid"]]
        assert (each.start.astimezone(UTC), each.end.astimezone(UTC)) == (row["begins_at"], row["ends_at"])
        assert each["sequence"] == row["sequence"]
    assert [each["sequence"] for each in hers] == [0, 1, 1]
    assert [each["last-modified"].dt for each in hers] == [NOON, NOON + AN_HOUR, NOON + 2 * AN_HOUR]
    assert hers[2]["description"] == "Cancelled: Rain"


async def test_the_room_of_an_event_stands_in_the_calendar_of_its_host_with_the_event_and_not_beside_it():
    space, manager, host = await a_space(), await a_manager(), await a_neighbour()
    event = await an_event(by=host, space=space.id)
    ana = await comes(event)

    async def stands(person):
        [each] = await shown(person)
        return each["uid"] == kit.uid_of(event.thing), str(each["status"]), each["last-modified"].dt

    assert await stands(host) == await stands(ana) == (True, "TENTATIVE", NOON)  # nobody has allowed its room yet
    await spaces.approve(event.booking, by=manager, now=NOON + AN_HOUR)
    assert await stands(ana) == (True, "CONFIRMED", NOON + AN_HOUR)
    around = event.begins_at - AN_HOUR, event.ends_at + AN_HOUR
    await spaces.take_over(space.id, *around, {"en": "A shelter"}, origin="alert:7", by=manager.id, now=NOON + DAY)
    await rules.look_at_rooms(NOON + DAY)
    assert await stands(host) == await stands(ana) == (True, "TENTATIVE", NOON + DAY)
    await spaces.give_back_all("alert:7", by=manager.id, now=NOON + 2 * DAY)
    await rules.look_at_rooms(NOON + 2 * DAY)
    assert await stands(ana) == (True, "CONFIRMED", NOON + 2 * DAY)


async def test_a_calendar_changes_when_somebody_says_otherwise_and_not_when_others_do():
    event = await an_event()
    ana = await comes(event)
    first = await feed_of(ana)

    await comes(event, now=NOON + AN_HOUR)
    await rules.tick(event.id, now=event.begins_at - DAY)
    assert await feed_of(ana) == first
    await comes(event, by=ana, said=Said.maybe, now=NOON + AN_HOUR)
    [perhaps] = await shown(ana)
    assert (perhaps["status"], perhaps["last-modified"].dt) == ("TENTATIVE", NOON + AN_HOUR)
    await comes(event, by=ana, said=Said.no, now=NOON + 2 * AN_HOUR)
    assert await shown(ana) == []


async def test_what_was_called_off_is_said_for_six_weeks_and_what_is_long_over_goes():
    far = a_draft(day=date(2026, 8, 29))
    [off] = await rules.make(far, by=(host := await a_neighbour()), now=NOON)
    over = await an_event(by=host)
    await rules.cancel(off, "Rain", by=host, now=NOON)

    async def there(at):
        return {each["uid"] for each in await shown(host, at=at)}

    names = [kit.uid_of(f"event:{off}"), kit.uid_of(over.thing)]
    assert await there(NOON + 41 * DAY) == set(names)
    assert await there(NOON + 50 * DAY) == {names[1]}
    assert await there(NOON + 80 * DAY) == set()


async def test_nothing_stands_there_that_officers_took_away_or_that_is_across_a_block():
    event = await an_event(by=(host := await a_neighbour()))
    ana, ben = await comes(event), await comes(event)
    assert len(await shown(ana)) == 1

    await moderation.block(host.id, by=ana, now=NOON)
    assert (await shown(ana), len(await shown(ben))) == ([], 1)
    await Event.update({Event.taken: True}).where(Event.id == event.id)
    assert (await shown(ben), await shown(host)) == ([], [])


@pytest.mark.parametrize("policy", [Policy.at_once, Policy.approval])
async def test_the_secret_address_gives_events_and_bookings_together(browser, policy):
    space, ana = await a_space(policy=policy), await a_neighbour()
    event = await comes_soon(ana)
    wish = spaces.Wish(event.begins_at.date() + DAY, 10 * 60, 12 * 60, people=2, purpose="A choir")
    booked = await spaces.book(space.id, wish, by=ana, now=event.made_at)
    token = await calendars.new_address(by=ana, now=NOON)

    answer = await browser.get(f"/calendar/{token}.ics")

    made = icalendar.Calendar.from_ical(answer.content)
    names = {each["uid"] for each in made.walk("VEVENT")}
    assert names == {kit.uid_of(event.thing), kit.uid_of(booked.owner)}
    again = await browser.get(f"/calendar/{token}.ics", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def comes_soon(person):
    event = await an_event(day=(now() + 3 * DAY).date(), now=now())
    await comes(event, by=person, now=now())
    return event
