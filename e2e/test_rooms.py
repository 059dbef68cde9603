"""A room: found, asked for, allowed with one thumb, and somebody comes. And a time that is taken, waited for, got."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.test_alerts import hard_for_some, sure
from e2e.test_first_day import EVERY_PHONE
from e2e.test_for_everybody import violations

PAIRS = [
    pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
    for pair, (tag, js) in enumerate(EVERY_PHONE)
]
NAMES = {"en": "Bookhouse", "zh-Hans": "书屋"}
BOOKED = "Booked. It is yours."
WORKSHOP = {"en": "Workshop", "zh-Hans": "木工房"}


@pytest.fixture(scope="module")
def rooms():
    house = House("e2e.furnish_rooms")
    yield house
    house.close()


def day(pair: int) -> str:
    """Another one for each journey."""
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3 + pair)).date().isoformat()


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_from_how_many_are_you_to_we_are_here(rooms, phone, pair, tag, js):
    """With scripts by keyboard alone, without them by thumb."""
    ana, lin = phone(rooms, tag, js=js, keys=js), phone(rooms, tag, js=js, keys=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    lin.sign_in("lin@example.org", PASSWORD)

    ana.open("/")
    ana.press("Spaces")
    ana.page.wait_for_url("**/spaces")
    ana.tap(ana.page.locator("summary"))
    ana.fill("How many are you?", "8")
    ana.fill("Day", day(pair))
    ana.fill("From", "14:00")
    ana.fill("To", "16:00")
    ana.press("Show what is free")
    ana.page.wait_for_url(re.compile("begins="))
    assert not js or violations(ana) == []
    ana.tap(ana.page.locator("a[href^='/spaces/bookhouse/book']"))
    ana.page.wait_for_url(re.compile("/spaces/bookhouse/book"))
    assert ana.page.get_by_label(ana.says("How many are you?"), exact=True).input_value() == "8"
    ana.fill("Purpose", f"读书会 {pair}")
    assert not js or violations(ana) == []
    ana.tap(ana.page.locator("main form button.wide"))
    ana.sees("Asked. The time is kept for you until somebody answers.")
    ana.sees("Waiting for a yes")

    lin.open("/spaces")
    lin.tap(lin.page.locator("a[href='/manage/bookings']"))
    lin.page.wait_for_url("**/manage/bookings")
    card = lin.page.locator("li", has_text=f"读书会 {pair}")
    lin.tap(card.get_by_role("button", name=lin.says("Approve"), exact=True))
    lin.sees("Approved. They hear it now.")

    ana.open("/notices")
    ana.tap(ana.page.locator("main li button.row", has_text=NAMES[tag]))
    ana.page.wait_for_url(re.compile(r"/bookings/\d+$"))
    ana.sees("Approved")
    assert not js or violations(ana) == []
    rooms.run("e2e.begin_now")
    ana.page.reload()
    ana.press("We are here")
    ana.sees("They came")


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_who_waits_for_a_time_that_is_taken_gets_it_when_it_is_given_back(rooms, phone, pair, tag, js):
    """The page of what is taken offers others too, and keeps what was typed. With scripts by keyboard alone."""
    ana, ben = phone(rooms, tag, js=js, keys=js), phone(rooms, tag, js=js, keys=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)
    wanted = f"/spaces/workshop/book?day={day(pair)}&begins=10:00&ends=12:00"
    book(ana, wanted, "第一次", BOOKED)
    hers = ana.page.url
    book(ben, wanted, "第二次", "That time is taken. These are free:")
    assert ben.page.get_by_label(ben.says("Purpose"), exact=True).input_value() == "第二次"
    assert not js or violations(ben) == []
    ben.tap(ben.page.locator("button[name='instead']"))
    ben.sees(BOOKED)
    book(ben, wanted, "第三次", "That time is taken. These are free:")
    ben.press("Put me on the waiting list")
    ben.sees("You are number %(n)s in line.", n=1)

    ana.open(hers)
    ana.tap(ana.page.locator("summary", has_text=ana.says("Give it back")))
    ana.tap(ana.page.locator("main details[open] button.harm"))
    ana.sees("Given back. The time is free again.")

    ben.open("/notices")
    ben.tap(ben.page.locator("main li button.row", has_text=WORKSHOP[tag]))
    ben.page.wait_for_url("**/bookings")
    assert not js or violations(ben) == []
    ben.press("Accept")
    ben.sees("It is yours, as you asked for it.")
    assert "第三次" in ben.page.locator("h1").inner_text()
    ben.open("/bookings")
    assert ben.page.locator("main nav a[href^='/bookings/']").count() == 2


def book(by: Phone, where: str, purpose: str, said: str) -> None:
    by.open(where)
    by.fill("Purpose", purpose)
    by.tap(by.page.locator("main form button.wide"))
    by.sees(said)


@pytest.mark.parametrize("tag", NAMES)
def test_a_day_of_all_rooms_a_week_and_a_month_of_one_are_for_everybody(rooms, phone, tag):
    """By keyboard, in large text and to axe, with the month open; and each is a list as well."""
    ana = phone(rooms, tag, theme="dark" if tag == "en" else "light")
    ana.sign_in("ana3@example.org", PASSWORD)
    ana.page.route("**/changes", lambda route: route.abort())  # nothing is put anew while keys are counted
    then = day(4 + list(NAMES).index(tag))
    book(ana, f"/spaces/workshop/book?day={then}&begins=10:00&ends=12:00", tag, BOOKED)
    bare = ana.page.url
    day_of_all, of_one = f"/spaces?day={then}", f"/spaces/workshop?day={then}"
    wrong = {path: hard_for_some(ana, path) for path in (day_of_all, of_one, bare, "/bookings", "/calendar")}
    assert {path: found for path, found in wrong.items() if found} == {}

    ana.open(day_of_all)
    assert "00:00–10:00, 12:00–24:00" in ana.page.locator("a.room[href^='/spaces/workshop']").inner_text()
    ana.open(of_one)
    assert "00:00–10:00, 12:00–24:00" in ana.page.locator("section a.room").first.inner_text()
    of_the_day = ana.page.locator(f"ol.heat a[href$='{then}']")
    assert ana.says("%(percent)s %% taken", percent=8) in of_the_day.text_content()
    ana.page.locator("summary", has_text=ana.says("The month")).click()
    of_the_day.click()
    ana.page.wait_for_url(re.compile(f"day={then}$"))


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_a_club_every_week_with_one_conflict_is_looked_over_sent_and_the_rest_given_back(rooms, phone, pair, tag, js):
    ana, lin = phone(rooms, tag, js=js, keys=js), phone(rooms, tag, js=js, keys=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    lin.sign_in("lin@example.org", PASSWORD)
    taken = (datetime.fromisoformat(day(pair)) + timedelta(days=7)).date()
    lin.open(f"/spaces/workshop/book?day={taken}&begins=18:00&ends=20:00")
    lin.fill("Purpose", "委员会")
    lin.page.locator("main form button").last.click()
    lin.sees(BOOKED)

    ana.open(f"/spaces/workshop/book?day={day(pair)}&begins=18:00&ends=20:00")
    ana.fill("Purpose", "木工小组")
    ana.tap(ana.page.locator("summary", has_text=ana.says("Repeat it")))
    ana.pick(ana.page.locator("input[name=every][value=week]"))
    ana.fill("Or how many times?", "3")
    assert not js or violations(ana) == []
    ana.page.locator("main form button").last.click()
    ana.sees("Look it over")
    conflict = ana.page.locator(f"input[name='date-{taken}']")
    assert conflict.count() == 4
    assert not js or violations(ana) == []
    ana.pick(ana.page.locator(f"input[name='date-{taken}'][value='out']"))
    ana.press("Send it")
    ana.sees("Booked. All of these dates are yours.")
    dates = ana.page.locator("main ol.list a[href^='/bookings/']")
    assert dates.count() == 2
    assert not js or violations(ana) == []

    ana.tap(dates.last)
    ana.page.wait_for_url(re.compile(r"/bookings/\d+$"))
    ana.tap(ana.page.locator("summary", has_text=ana.says("Give it back")))
    ana.pick(ana.page.locator("input[name=reach][value=following]"))
    ana.tap(ana.page.locator("main details[open] button.harm"))
    ana.sees("Given back. All of that time is free again.")
    ana.sees("Cancelled")


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE[1:3])
def test_a_room_has_its_photo_and_a_booking_stands_in_ones_own_calendar(rooms, phone, tag, js):
    lin, ben = phone(rooms, tag, js=js), phone(rooms, tag, js=js)
    lin.sign_in("lin@example.org", PASSWORD)
    lin.open("/spaces/bookhouse")
    lin.press("Edit the space")
    lin.page.locator("#photos summary").click()
    lin.page.locator("#f-photo").set_input_files({"name": "wall.png", "mimeType": "image/png", "buffer": a_photo()})
    lin.fill("What does it show?", f"一面书墙 {tag}")
    lin.page.locator("#photos form button").last.click()
    lin.sees("The photo is there.")
    assert not js or violations(lin) == []

    ben.sign_in("ben2@example.org", PASSWORD)
    ben.open("/spaces/bookhouse")
    photo = ben.page.get_by_alt_text(f"一面书墙 {tag}")
    assert ben.page.request.get(rooms.url + photo.get_attribute("src")).ok
    assert not js or violations(ben) == []
    book(ben, f"/spaces/workshop/book?day={day(6 + js)}&begins=10:00&ends=12:00", f"修车 {tag}", BOOKED)
    link = ben.page.get_by_role("link", name=ben.says("Put it into your calendar"))
    assert f"修车 {tag}" in ben.page.request.get(rooms.url + link.get_attribute("href")).text()

    ben.open("/calendar")
    ben.press("Make my address")
    first = ben.page.get_by_label(ben.says("Copy this")).input_value()
    assert not js or violations(ben) == []
    stranger = phone(rooms, tag)
    assert f"修车 {tag}" in stranger.page.request.get(first).text()
    ben.open("/calendar")
    (sure if js else Phone.press)(ben, "Make a new address")
    second = ben.page.get_by_label(ben.says("Copy this")).input_value()
    assert (stranger.page.request.get(first).status, stranger.page.request.get(second).status) == (404, 200)
    ben.open("/calendar")
    ben.press("End the address")
    ben.sees("That address is dead. No calendar reads yours any more.")
    assert stranger.page.request.get(second).status == 404


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE[1:3])
def test_a_room_is_taken_in_an_emergency_with_an_apology_and_comes_back(rooms, phone, tag, js):
    ben, zhao = phone(rooms, tag, js=js), phone(rooms, tag, js=js)
    ben.sign_in("ben3@example.org", PASSWORD)
    zhao.sign_in("zhao@example.org", PASSWORD)
    begins, ends = soon()
    book(ben, f"/spaces/workshop/book?day={begins:%F}&begins={begins:%H:%M}&ends={ends:%H:%M}", "修椅子", BOOKED)
    alert = rooms.run("e2e.furnish_alert", "declare", "real", "urgent")

    zhao.open(f"/alerts/{alert}/measures/new")
    zhao.page.locator("input[name=power][value=room]").check()
    zhao.fill("What exactly?", "安置点")
    zhao.fill("Why is it needed?", "河水上涨")
    zhao.page.get_by_label(WORKSHOP[tag]).check()
    zhao.press("Take a measure")
    zhao.sees("Nothing is taken yet: look at them, and say yes below.")
    assert not js or violations(zhao) == []
    zhao.press("Take the measure all the same")
    zhao.sees("Taken. Everybody whom it binds is told.")
    assert not js or violations(zhao) == []

    ben.open("/notices")
    ben.tap(ben.page.locator("main li button.row", has_text=WORKSHOP[tag]))
    ben.page.wait_for_url(re.compile(r"/bookings/\d+$"))
    ben.sees("Should the room be free again before, your booking returns by itself and you hear it.")
    assert ben.page.locator("main a[href*='/spaces/workshop/book?day=']").count(), "other times"
    assert not js or violations(ben) == []

    zhao.press("End it now")
    zhao.sees("Ended.")
    rooms.run("e2e.furnish_alert", "end")
    ben.page.reload()
    assert ben.page.locator("main .chips").get_by_text(ben.says("Approved")).count()
    ben.page.locator("summary", has_text=ben.says("Give it back")).click()
    ben.page.locator("main details[open] button.harm").click()
    ben.sees("Given back. The time is free again.")


def soon() -> tuple[datetime, datetime]:
    """Half an hour of one day, while the alert lasts."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    begins = now + timedelta(minutes=60 - now.minute % 15)
    if begins.date() != (begins + timedelta(minutes=30)).date():
        begins += timedelta(minutes=30)
    return begins, begins + timedelta(minutes=30)


def a_photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (900, 600), "peru").save(file, "PNG")
    return file.getvalue()
