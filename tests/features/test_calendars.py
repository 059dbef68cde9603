"""Bookings read back by programs that know nothing of ours: a space's for anybody, and somebody's own."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from app.features.calendars import rules as calendars
from app.features.calendars.tables import CalendarFeed
from app.features.people.tables import Person, State
from app.features.spaces import rules
from app.features.spaces.tables import Booking, Policy, Space, Stage
from app.kit import calendars as kit
from app.kit.clock import now
from app.kit.languages import language
from tests.makers import NOON, a_community, a_person
from tests.spacing import Stretch, a_manager, a_neighbour, a_space, a_wish

DAY = timedelta(days=1)
ALL_DAY = Stretch(0, 24 * 60)
# In the week in which the clocks of Europe go back (25 October 2026); Shanghai's never do.
WEEK = [datetime(2026, 10, 22).date() + timedelta(days=nth) for nth in range(7)]
BEFORE = datetime(2026, 10, 1, 9, tzinfo=UTC)


def in_days(days):
    return (now() + timedelta(days=days)).date()


async def a_week_of(space, by):
    return [
        await rules.book(space.id, a_wish(day=day, purpose=f"Day {nth}"), by=by, now=BEFORE)
        for nth, day in enumerate(WEEK)
    ]


def written(entries, zone, tag="en") -> bytes:
    return kit.calendar(entries, name="Ours", zone=zone, tongue=language(tag), base_url="https://kith.example")


def events_of(content: bytes) -> dict[str, icalendar.Event]:
    return {str(each["uid"]): each for each in icalendar.Calendar.from_ical(content).walk("VEVENT")}


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Helsinki"])
async def test_what_others_read_is_exactly_what_stands_in_our_rows_across_a_change_of_clocks(zone):
    await a_community(zone=zone)
    space, manager, ana = await a_space(hours=ALL_DAY), await a_manager(), await a_neighbour()
    made = await a_week_of(space, ana)
    for each in made[:4]:
        await rules.approve(each.id, by=manager, now=BEFORE + DAY)
    await rules.cancel(made[0].id, by=ana, now=BEFORE + 2 * DAY)
    await rules.refuse(made[4].id, "The floor is waxed", by=manager, now=BEFORE + DAY)
    block = await rules.block_out(
        space.id, made[6].begins_at, made[6].ends_at, {"en": "Paint"}, by=manager, now=BEFORE + 3 * DAY
    )
    await rules.end_block_out(space.id, block, by=manager, now=BEFORE + 4 * DAY)

    content = written(await rules.in_calendar(ana, now=BEFORE + 5 * DAY), ZoneInfo(zone))

    shown = {
        str(each["uid"]): each
        for each in recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(WEEK[0], WEEK[-1] + DAY)
    }
    rows = {kit.uid_of(f"booking:{row.id}"): row for row in await Booking.objects()}
    assert shown.keys() == rows.keys()
    for uid, row in rows.items():
        event = shown[uid]
        assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (row.begins_at, row.ends_at)
        assert event.start.replace(tzinfo=None).hour == 14  # on the wall, whatever the clocks do
        assert event["dtstart"].params["tzid"] == zone
        assert event["sequence"] == row.sequence
        holds = row.stage in (Stage.pending, Stage.approved)
        said = "CONFIRMED" if row.stage == Stage.approved else "TENTATIVE" if holds else "CANCELLED"
        assert event["status"] == said
        assert event["summary"].endswith(row.purpose)
        assert event["last-modified"].dt == event["dtstamp"].dt == row.stage_at
        assert event["created"].dt == row.asked_at
    assert {event["status"] for event in shown.values()} == {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    assert max(row.sequence for row in rows.values()) >= 2


async def test_a_room_that_returns_after_a_block_out_is_told_with_a_higher_number_each_time():
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    booked = await rules.book(space.id, a_wish(), by=ana, now=NOON)

    async def told(at):
        [event] = events_of(written(await rules.in_calendar(ana, now=at), ZoneInfo("Asia/Shanghai"))).values()
        return event["sequence"], event["status"]

    seen = [await told(NOON)]
    block = await rules.block_out(space.id, booked.begins_at, booked.ends_at, {"en": "Paint"}, by=manager, now=NOON)
    seen.append(await told(NOON))
    await rules.end_block_out(space.id, block, by=manager, now=NOON)
    seen.append(await told(NOON))
    await rules.approve(booked.id, by=manager, now=NOON)
    seen.append(await told(NOON))
    assert seen == [(0, "TENTATIVE"), (1, "CANCELLED"), (2, "TENTATIVE"), (3, "CONFIRMED")]


async def test_the_lines_are_as_the_standard_has_them():
    """RFC 5545, 3.1 and 3.3.11: CRLF, at most 75 octets a line, folded between characters, and escaped."""
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    words = "读书会；第一章, 第二章; C:\\书\n带茶" + "很长的题目" * 20
    await rules.book(space.id, a_wish(purpose=words), by=ana, now=NOON)

    content = written(await rules.in_calendar(ana, now=NOON), ZoneInfo("Asia/Shanghai"), "zh-Hans")

    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-1] == b"" and lines[-2] == b"END:VCALENDAR"
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    whole = content.replace(b"\r\n ", b"").decode()
    assert "第一章\\, 第二章\\; C:\\\\书\\n带茶" in whole
    [event] = events_of(content).values()
    assert event["summary"].endswith(words)


@pytest.mark.parametrize(
    ("zone", "offsets"), [("Asia/Shanghai", {8}), ("Europe/Helsinki", {2, 3}), ("America/Santiago", {-3, -4})]
)
async def test_the_zone_is_described_for_programs_that_do_not_know_it(zone, offsets):
    await a_community(zone=zone)
    space, ana = await a_space(hours=ALL_DAY, policy=Policy.at_once), await a_neighbour()
    await a_week_of(space, ana)

    made = icalendar.Calendar.from_ical(written(await rules.in_calendar(ana, now=BEFORE), ZoneInfo(zone)))

    [described] = made.walk("VTIMEZONE")
    assert described["tzid"] == zone and {each["tzid"] for each in made.walk("VTIMEZONE")} == {zone}
    parts = [*described.walk("STANDARD"), *described.walk("DAYLIGHT")]
    assert {each["tzoffsetto"].td / timedelta(hours=1) for each in parts} == offsets
    its_own, ours = described.to_tz(), ZoneInfo(zone)
    for event in made.walk("VEVENT"):
        wall = event.start.replace(tzinfo=None)
        assert wall.replace(tzinfo=its_own).utcoffset() == wall.replace(tzinfo=ours).utcoffset()


def test_the_hour_that_comes_twice_is_never_taken_for_the_other():
    zone = ZoneInfo("Europe/Helsinki")
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    entry = kit.Entry("booking:1", first, second, "Night watch", made_at=BEFORE, changed_at=BEFORE)

    [event] = events_of(written([entry], zone)).values()

    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (first, second)


async def test_what_was_cancelled_stays_some_weeks_and_what_is_long_over_goes():
    space, ana = await a_space(policy=Policy.at_once, ahead=200), await a_neighbour()
    over = await rules.book(space.id, a_wish(), by=ana, now=NOON)
    off = await rules.book(space.id, a_wish(day=over.begins_at.date() + 100 * DAY), by=ana, now=NOON)
    await rules.cancel(off.id, by=ana, now=NOON)

    async def shown(at):
        return {each.thing for each in await rules.in_calendar(ana, now=at)}

    assert await shown(NOON + 41 * DAY) == {f"booking:{over.id}", f"booking:{off.id}"}
    assert await shown(NOON + 50 * DAY) == {f"booking:{over.id}"}
    assert await shown(NOON + 90 * DAY) == set()


async def a_public_world():
    space, ana = await a_space(public=True, policy=Policy.at_once), await a_neighbour(name="Ana Secret")
    hidden = a_wish(day=in_days(3), purpose="A secret birthday")
    market = a_wish(day=in_days(4), purpose="Swap market", open_to_all=True)
    return space, ana, [await rules.book(space.id, wish, by=ana, now=now()) for wish in (hidden, market)]


async def test_anybody_reads_when_a_public_space_is_taken_and_never_by_whom(browser):
    space, _, (hidden, market) = await a_public_world()
    await rules.block_out(
        space.id, hidden.begins_at + 9 * DAY, hidden.ends_at + 9 * DAY, {"en": "A secret repair"},
        by=await a_manager(), now=now(),
    )  # fmt: skip

    answer = await browser.get(f"/spaces/{space.slug}/calendar.ics?lang=en")

    assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "public" in answer.headers["cache-control"]
    events = events_of(answer.content)
    assert events[kit.uid_of(f"booking:{hidden.id}")]["summary"] == "Booked"
    assert events[kit.uid_of(f"booking:{market.id}")]["summary"] == "Swap market"
    assert sorted(each["summary"] for each in events.values()) == ["Booked", "Out of use", "Swap market"]
    assert "secret" not in answer.text.lower() and f"bookings/{hidden.id}" not in answer.text
    assert not any("organizer" in each or "attendee" in each for each in events.values())


async def test_what_is_no_longer_open_or_on_says_no_more_what_it_was_for(browser):
    space, ana, (_, market) = await a_public_world()
    await rules.cancel(market.id, by=ana, now=now())

    events = events_of((await browser.get(f"/spaces/{space.slug}/calendar.ics?lang=en")).content)

    event = events[kit.uid_of(f"booking:{market.id}")]
    assert (event["status"], event["summary"], event["sequence"]) == ("CANCELLED", "Booked", 1)


@pytest.mark.parametrize("said", [{"public": False}, {"public": True, "closed_at": NOON}])
async def test_a_space_that_nobody_ticked_public_has_no_calendar_outside(browser, sign_in, said):
    space = await a_space(**said)
    for phone in (browser, await sign_in(await a_neighbour())):
        assert (await phone.get(f"/spaces/{space.slug}/calendar.ics")).status_code == 404


async def test_a_public_calendar_speaks_the_communitys_languages_and_no_others(browser):
    space, _, _ = await a_public_world()
    said = {tag: (await browser.get(f"/spaces/{space.slug}/calendar.ics?lang={tag}")).text for tag in ("", "en", "xx")}
    assert (
        f"SUMMARY:{language('zh-Hans').gettext('Booked')}" in said[""]
        and "SUMMARY:Booked" in said["en"]
        and said["xx"] == said[""]
    )


async def test_whoever_has_it_already_is_told_only_that(browser):
    space, ana, _ = await a_public_world()
    path = f"/spaces/{space.slug}/calendar.ics"
    first = await browser.get(path)
    tag = first.headers["etag"]
    for theirs in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await browser.get(path, headers={"If-None-Match": theirs})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag, theirs
    assert (await browser.get(path, headers={"If-None-Match": '"other"'})).status_code == 200

    await rules.book(space.id, a_wish(day=in_days(6)), by=ana, now=now())
    fresh = await browser.get(path, headers={"If-None-Match": tag})
    assert fresh.status_code == 200 and fresh.headers["etag"] != tag


async def test_what_only_reminds_changes_nothing_in_a_calendar():
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    booked = await rules.book(space.id, a_wish(day=(NOON + 20 * DAY).date()), by=ana, now=NOON)
    await rules.approve(booked.id, by=manager, now=NOON)
    before = written(await rules.in_calendar(ana, now=NOON), ZoneInfo("Asia/Shanghai"))
    await rules.tick(booked.id, now=booked.begins_at - timedelta(hours=20))
    assert (await rules.booking_of(booked.id)).reminded_at
    assert written(await rules.in_calendar(ana, now=NOON), ZoneInfo("Asia/Shanghai")) == before


async def test_ones_own_calendar_has_an_address_that_is_shown_once_and_kept_as_a_digest(sign_in):
    _, ana, (hidden, _) = await a_public_world()
    phone = await sign_in(ana)
    answer = await phone.post("/calendar")
    token = answer.text.partition("readonly")[2].partition("/calendar/")[2].partition(".ics")[0]
    assert len(token) == 43 and answer.headers["cache-control"] == "no-store"
    assert token not in (await phone.get("/calendar")).text
    [row] = await CalendarFeed.objects()
    assert token not in str(row.to_dict())

    phone.cookies.clear()
    feed = await phone.get(f"/calendar/{token}.ics")

    assert feed.status_code == 200 and feed.headers["cache-control"] == "no-store"
    event = events_of(feed.content)[kit.uid_of(f"booking:{hidden.id}")]
    assert "A secret birthday" in event["summary"] and event["url"].endswith(f"/bookings/{hidden.id}")
    assert (
        await phone.get(f"/calendar/{token}.ics", headers={"If-None-Match": feed.headers["etag"]})
    ).status_code == 304
    for wrong in (token, f"{token[:-1]}-.ics", "nonsense.ics", "7.ics"):
        assert (await phone.get(f"/calendar/{wrong}")).status_code == 404, wrong


async def test_a_new_address_ends_the_old_one_at_once_and_so_does_ending_it(browser):
    ana = await a_neighbour()
    old = await calendars.new_address(by=ana, now=NOON)
    assert (await browser.get(f"/calendar/{old}.ics")).status_code == 200
    new = await calendars.new_address(by=ana, now=NOON)
    assert (await browser.get(f"/calendar/{old}.ics")).status_code == 404
    assert (await browser.get(f"/calendar/{new}.ics")).status_code == 200
    await calendars.end_address(by=ana, now=NOON)
    assert (await browser.get(f"/calendar/{new}.ics")).status_code == 404


@pytest.mark.parametrize("state", [State.suspended, State.leaving, State.pending])
async def test_whoever_is_no_neighbour_now_has_no_calendar_outside(browser, state):
    ana = await a_neighbour()
    token = await calendars.new_address(by=ana, now=NOON)
    await Person.update({Person.state: state}).where(Person.id == ana.id)
    assert (await browser.get(f"/calendar/{token}.ics")).status_code == 404


async def test_somebodys_calendar_holds_what_they_booked_and_nothing_of_others():
    space, ana, ben = await a_space(), await a_neighbour(), await a_neighbour()
    hers = await rules.book(space.id, a_wish(), by=ana, now=NOON)
    await rules.book(space.id, a_wish(opens=17 * 60, closes=18 * 60), by=ben, now=NOON)
    assert {each.thing for each in await rules.in_calendar(ana, now=NOON)} == {f"booking:{hers.id}"}


async def test_a_booking_by_itself_is_for_whoever_may_see_it(sign_in):
    _, ana, (hidden, market) = await a_public_world()
    phone = await sign_in(ana)
    own = await phone.get(f"/bookings/{hidden.id}.ics")
    assert own.status_code == 200 and own.headers["content-type"] == "text/calendar; charset=utf-8"
    [event] = events_of(own.content).values()
    assert event["uid"] == kit.uid_of(f"booking:{hidden.id}") and event["class"] == "PRIVATE"

    phone = await sign_in(await a_neighbour())
    assert (await phone.get(f"/bookings/{hidden.id}.ics")).status_code == 404
    assert "Swap market" in (await phone.get(f"/bookings/{market.id}.ics")).text
    assert "Ana Secret" not in (await phone.get(f"/bookings/{market.id}.ics")).text


async def test_the_code_of_a_door_stands_in_no_calendar(sign_in):
    space, manager, ana = await a_space(way_in="code", public=True), await a_manager(), await a_neighbour()
    booked = await rules.book(space.id, a_wish(day=in_days(3)), by=ana, now=now())
    await rules.approve(booked.id, by=manager, now=now())
    await rules.set_code(booked.id, "zz4711", by=manager, now=now())
    token = await calendars.new_address(by=ana, now=now())
    phone = await sign_in(ana)
    for path in (f"/calendar/{token}.ics", f"/bookings/{booked.id}.ics", f"/spaces/{space.slug}/calendar.ics"):
        answer = await phone.get(path)
        assert answer.status_code == 200 and "zz4711" not in answer.text, path


@pytest.mark.parametrize(("tag", "words"), [("en", "How to subscribe"), ("zh-Hans", "怎样订阅")])
async def test_a_page_says_how_to_subscribe_in_both_languages(sign_in, tag, words):
    phone = await sign_in(await a_neighbour(language=tag))
    assert words in (await phone.get("/calendar")).text
    made = (await phone.post("/calendar")).text
    assert "webcal://" in made and words in made
    again = (await phone.get("/calendar")).text
    assert "webcal://" not in again and words in again


async def test_a_manager_ticks_a_space_public_and_the_page_leads_to_its_calendar(sign_in):
    phone = await sign_in(await a_manager())
    said = {"name_0": "木工房", "name_1": "Workshop", "capacity": "4"}
    await phone.post("/manage/spaces/new", data=said | {"public": "1"})
    [space] = await Space.objects()
    assert space.public and f"/spaces/{space.slug}/calendar.ics" in (await phone.get(f"/spaces/{space.slug}")).text
    await phone.post(f"/manage/spaces/{space.id}", data=said)
    assert not (await Space.objects().first()).public
    assert "calendar.ics" not in (await phone.get(f"/spaces/{space.slug}")).text


async def test_whoever_goes_takes_the_address_along():
    ana = await a_person()
    await calendars.new_address(by=ana, now=NOON)
    assert len(await calendars.mine(ana.id)) == 1
    await calendars.forget(ana.id, now=NOON)
    assert await CalendarFeed.count() == 0
