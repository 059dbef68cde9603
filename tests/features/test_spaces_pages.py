"""Rooms as people look at them, ask for them and decide about them."""

import html
import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.features.spaces import rules
from app.features.spaces.tables import Booking, Opening, Policy, Space, SpaceRules, Stage
from app.kit.clock import now
from tests.makers import a_person, an_administrator
from tests.spacing import a_manager, a_neighbour, a_space, a_wish, some_equipment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def in_days(days: int):
    return (datetime.now(SHANGHAI) + timedelta(days=days)).date()


def typed(**said) -> dict[str, str]:
    usual = {
        "day": in_days(3).isoformat(),
        "begins": "14:00",
        "ends": "16:00",
        "purpose": "Reading club",
        "people": "6",
    }
    return usual | said


async def booked(space, by, **said) -> rules.Booked:
    return await rules.book(space.id, a_wish(**{"day": in_days(3), **said}), by=by, now=now())


async def test_asking_for_a_room_leads_to_the_booking_and_the_manager_says_yes_in_one_press(sign_in):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour(name="Ana")
    browser = await sign_in(ana)
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed())
    assert answer.status_code == 200 and "Asked. The time is kept for you" in answer.text
    assert "Waiting for a yes" in answer.text and "14:00–16:00" in answer.text

    browser = await sign_in(manager)
    queue = await browser.get("/manage/bookings")
    assert "Reading club" in queue.text and "Ana" in queue.text
    [booking] = await Booking.objects()
    answer = await browser.post(f"/bookings/{booking.id}/approval", data={"back": "queue"})
    assert answer.url.path == "/manage/bookings" and "Nothing waits for you" in answer.text
    assert (await rules.booking_of(booking.id)).stage == Stage.approved


async def test_a_time_that_is_taken_keeps_what_was_typed_and_offers_the_nearest_at_a_press(sign_in):
    space, ana = await a_space(), await a_neighbour()
    await booked(space, await a_neighbour())
    browser = await sign_in(ana)
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(purpose="Chess"))
    assert answer.status_code == 409 and 'value="Chess"' in answer.text
    offers = re.findall(r'name="instead" value="([^"]+)"', answer.text)
    assert offers == [f"{in_days(3)} {opens} {opens + 120}" for opens in (720, 960, 690)]

    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(purpose="Chess", instead=offers[1]))
    assert answer.status_code == 200 and "16:00–18:00" in answer.text


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(sign_in):
    space = await a_space()
    projector = await some_equipment(space=space.id)
    browser = await sign_in(await a_neighbour())
    for said, words in (
        ({"begins": "noon"}, "A time like 14:30, please."),
        ({"ends": "13:00"}, "It has to end after it begins."),
        ({"day": "2026-02-31"}, "f-day-wrong"),
        ({"people": "99"}, "There is room for 12."),
        ({"purpose": ""}, "Please fill this in."),
        ({f"equipment-{projector.id}": "many"}, "A whole number, please."),
        ({f"equipment-{projector.id}": "2"}, "There is only one of it."),
        ({"instead": "nonsense"}, "Please choose one of these."),
        ({"day": (in_days(0) - timedelta(days=2)).isoformat()}, "That is over already."),
    ):
        answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(**said))
        assert answer.status_code == 422 and words in answer.text, (said, words)
    assert await Booking.count() == 0


async def test_whoever_books_agrees_to_the_house_rules_as_they_stand(sign_in):
    space, manager = await a_space(), await a_manager()
    await rules.write_house_rules(space.id, {"en": "Leave it clean."}, by=manager, now=now())
    browser = await sign_in(await a_neighbour())
    assert "Leave it clean." in (await browser.get(f"/spaces/{space.slug}")).text
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(version="1"))
    assert answer.status_code == 422 and "tick that you keep them" in answer.text
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(version="1", agreed="1"))
    assert answer.status_code == 200 and (await Booking.objects().first()).version == 1


async def test_a_no_says_why_on_the_page_of_whoever_asked(sign_in):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    booking = await booked(space, ana)
    browser = await sign_in(manager)
    answer = await browser.post(f"/bookings/{booking.id}/refusal", data={"reason": ""})
    assert answer.status_code == 422 and "Please say why" in answer.text
    await browser.post(f"/bookings/{booking.id}/refusal", data={"reason": "The floor is being waxed"})

    browser = await sign_in(ana)
    answer = await browser.get(f"/bookings/{booking.id}")
    assert "The floor is being waxed" in answer.text and "Refused" in answer.text
    assert "Your answer" not in answer.text


async def test_others_see_that_a_room_is_taken_and_not_by_whom_or_what_for(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour(name="Ana Secret")
    booking = await booked(space, ana, day=in_days(1), purpose="A secret birthday")
    browser = await sign_in(await a_neighbour())
    pages = [f"/spaces?day={in_days(1)}", f"/spaces/{space.slug}?day={in_days(1)}", f"/spaces/{space.slug}/book"]
    for path in pages:
        answer = await browser.get(path)
        assert answer.status_code == 200 and "secret" not in answer.text.lower(), path
    assert "Free 09:00–14:00, 16:00–21:00" in (await browser.get(pages[1])).text
    assert (await browser.get(f"/bookings/{booking.id}")).status_code == 404


async def test_for_twelve_on_that_day_shows_what_is_free_and_leads_to_its_form(sign_in):
    small, large = await a_space(capacity=4), await a_space()
    browser = await sign_in(await a_neighbour())
    answer = await browser.get(f"/spaces?day={in_days(3)}&begins=14:00&ends=16:00&people=12")
    assert f"/spaces/{large.slug}/book?day={in_days(3)}" in answer.text and small.slug not in answer.text
    answer = await browser.get(f"/spaces?day={in_days(3)}&begins=16:00&ends=14:00&people=12")
    assert answer.status_code == 422 and "It has to end after it begins." in answer.text


async def test_a_manager_writes_a_space_with_its_hours_and_rules_and_changes_it(sign_in):
    browser = await sign_in(await a_manager())
    said = {
        "name_0": "木工房",
        "name_1": "Workshop",
        "capacity": "4",
        "hours_5": "9:00-12:00, 14-21",
        "rules_1": "Sweep.",
    }
    answer = await browser.post("/manage/spaces/new", data=said)
    assert answer.status_code == 200 and answer.url.path.startswith("/spaces/workshop-")
    [space] = await Space.objects()
    hours = await Opening.select(Opening.weekday, Opening.opens, Opening.closes).order_by(Opening.opens)
    assert [tuple(each.values()) for each in hours] == [(5, 540, 720), (5, 840, 1260)]
    assert json.loads((await SpaceRules.objects().first()).words) == {"en": "Sweep."}

    for wrong, words in (
        ({"capacity": "0"}, "From 1 to 5000, please."),
        ({"hours_0": "nine"}, "Nothing means closed"),
        ({"shortest": "45"}, "a multiple of 30"),
        ({"name_0": "", "name_1": ""}, "Please fill this in."),
    ):
        answer = await browser.post(f"/manage/spaces/{space.id}", data=said | wrong)
        assert answer.status_code == 422 and words in answer.text, wrong
    await browser.post(f"/manage/spaces/{space.id}", data=said | {"capacity": "6"})
    assert (await rules.space_of(space.id)).capacity == 6 and await SpaceRules.count() == 1


async def test_a_space_out_of_use_tells_whoever_had_it_and_is_nobody_s_until_it_is_in_use_again(sign_in):
    space, ana = await a_space(policy=Policy.at_once, gap=60), await a_neighbour()
    mine = await booked(space, ana)
    await booked(space, ana, opens=11 * 60, closes=13 * 60)
    browser = await sign_in(await an_administrator())
    day = in_days(3).isoformat()
    block = {"day": day, "begins": "13:30", "ends": "20:00", "reason_1": "The roof leaks"}
    answer = await browser.post(f"/manage/spaces/{space.id}/block-outs", data=block)
    assert answer.status_code == 200 and "The roof leaks" in answer.text
    assert (await rules.booking_of(mine.id)).stage == Stage.cancelled

    browser = await sign_in(ana)
    assert "The roof leaks" in (await browser.get(f"/bookings/{mine.id}")).text
    assert (await browser.post(f"/spaces/{space.slug}/book", data=typed())).status_code == 409
    browser = await sign_in(await an_administrator())
    [found] = await rules.block_outs_of(space.id, now=now())
    await browser.post(f"/manage/spaces/{space.id}/block-outs/{found.id}/end")
    assert (await rules.booking_of(mine.id)).stage == Stage.approved, "it returns to whoever had it"


async def test_for_twelve_with_a_projector_leads_to_a_form_that_asks_for_it(sign_in):
    plain, own, busy = await a_space(), await a_space(), await a_space()
    of_own, roaming = await some_equipment(space=own.id), await some_equipment()
    ana = await a_neighbour()
    await booked(busy, ana, equipment={roaming.id: 1})
    browser = await sign_in(ana)
    wish = {"day": in_days(3).isoformat(), "begins": "14:00", "ends": "16:00", "people": "12"}

    chosen = re.search(r"<option value=\"([^\"]+)\">Projector</option>", (await browser.get("/spaces")).text)
    answer = await browser.get("/spaces", params=wish | {"having": html.unescape(chosen[1])})
    there = re.findall(
        rf"/spaces/({own.slug}|{plain.slug}|{busy.slug})/book[^\"]*?begins=([\d:]+)[^\"]*?equipment-(\d+)=1",
        answer.text,
    )
    assert there[0] == (own.slug, "14:00", str(of_own.id))
    assert {(slug, thing) for slug, _, thing in there[1:]} == {
        (plain.slug, str(roaming.id)),
        (busy.slug, str(roaming.id)),
    }
    assert all(begins != "14:00" for _, begins, _ in there[1:])

    form = await browser.get(f"/spaces/{own.slug}/book", params=wish | {f"equipment-{of_own.id}": "1"})
    assert re.search(rf'name="equipment-{of_own.id}"[^>]*value="1"', form.text)
    assert "No space has what you need" in (await browser.get("/spaces", params=wish | {"having": "Harp"})).text


async def test_the_page_of_all_spaces_asks_as_little_for_twenty_as_for_two(sign_in, queries):
    for _ in range(2):
        await a_space()
    browser = await sign_in(await a_person())
    counted = []
    for more in (0, 18):
        for _ in range(more):
            await a_space()
        await browser.get("/spaces")
        queries.clear()
        await browser.get("/spaces")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12, counted


async def test_from_taken_to_the_waiting_list_to_yours(sign_in):
    space, ana, ben = await a_space(policy=Policy.at_once), await a_neighbour(), await a_neighbour()
    first = await booked(space, ana)
    browser = await sign_in(ben)
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed())
    assert answer.status_code == 409 and "Put me on the waiting list" in answer.text
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(wait="1"))
    assert answer.url.path == "/bookings" and "You are number 1 in line." in answer.text

    await rules.cancel(first.id, by=ana, now=now())
    [waits] = await rules.my_waiting(ben)
    assert "It is free for you until" in (await browser.get("/bookings")).text
    answer = await browser.post(f"/bookings/waiting/{waits.waits.id}/acceptance")
    assert "It is yours, as you asked for it." in answer.text and "Approved" in answer.text
    assert await rules.my_waiting(ben) == []
