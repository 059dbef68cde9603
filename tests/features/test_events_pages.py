"""Events as people look at them, sign up for them, host them and stand at their door."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.events import rules
from app.features.events.rules import Saying
from app.features.events.tables import Event, EventAnswer, EventNeed, Feedback, Said
from app.features.spaces.tables import Booking, Policy
from app.kit.clock import now
from tests.gathering import an_event, comes
from tests.makers import a_person
from tests.spacing import a_manager, a_neighbour, a_space

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def in_days(days: int):
    return (datetime.now(SHANGHAI) + timedelta(days=days)).date()


async def soon(**said):
    """An event in three days."""
    return await an_event(now=now(), **{"day": in_days(3)} | said)


async def begins_in(event, span) -> None:
    """As if so much time had passed."""
    away = event.begins_at - (now() + span)
    moved = {Event.begins_at: event.begins_at - away, Event.ends_at: event.ends_at - away}
    await Event.update(moved).where(Event.id == event.id)


def typed(**said) -> dict[str, str]:
    usual = {
        "kind": "reading",
        "title_0": "读书会",
        "title_1": "Reading club",
        "place_1": "Under the plane tree",
        "day": in_days(3).isoformat(),
        "begins": "19:00",
        "ends": "21:00",
        "capacity": "12",
        "guests_each": "1",
        "parts_0": "2 带茶\n领读",
        "parts_1": "2 bring tea\nlead",
    }
    return usual | said


async def test_what_was_typed_is_an_event_with_its_roles_and_stands_in_the_list(sign_in):
    browser = await sign_in(await a_neighbour(name="Ana"))
    assert "Nothing is on yet" in (await browser.get("/events")).text
    answer = await browser.post("/events/new", data=typed())
    assert answer.status_code == 200 and "It stands among what is on." in answer.text
    for words in (
        "Reading club",
        "Under the plane tree",
        "12 of 12 are free",
        "bring tea",
        "2 are wanted",
        "You host it",
    ):
        assert words in answer.text, words
    answer = await browser.get("/events")
    assert "Reading club" in answer.text and "19:00–21:00" in answer.text


async def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_is_kept(sign_in):
    browser = await sign_in(await a_neighbour())
    for said, words in (
        ({"begins": "noon"}, "A time like 14:30, please."),
        ({"ends": "18:00"}, "It has to end after it begins."),
        ({"title_0": "", "title_1": ""}, "A title, please"),
        ({"place_1": ""}, "A room of ours, or words for the place."),
        ({"capacity": "0"}, "Between 1 and 500 places"),
        ({"every": "week", "times": "99"}, "At most 26 dates at once."),
        ({"every": "day", "times": "3"}, "Please choose one of these."),
        ({"instead": "nonsense"}, "Please choose one of these."),
        ({"capability": "orientation"}, "You cannot grant that."),
        ({"kind": "orgy"}, "Please choose one of these."),
    ):
        answer = await browser.post("/events/new", data=typed(words_0="自带椅子", **said))
        assert answer.status_code == 422 and words in answer.text and "自带椅子" in answer.text, (said, words)
    assert await Event.count() == 0


async def test_a_room_that_is_taken_offers_other_times_and_other_dates_can_be_left_out(sign_in):
    space, ana = await a_space(policy=Policy.at_once, capacity=30), await a_neighbour()
    await soon(space=space.id, opens=19 * 60, closes=21 * 60)
    browser = await sign_in(ana)
    answer = await browser.post("/events/new", data=typed(space=str(space.id)))
    assert answer.status_code == 409 and "These are free:" in answer.text and 'name="instead"' in answer.text

    series = typed(space=str(space.id), every="week", times="3")
    answer = await browser.post("/events/new", data=series)
    assert answer.status_code == 409 and "These dates do not go" in answer.text
    answer = await browser.post("/events/new", data=series | {"leave_out": "1"})
    assert answer.status_code == 200 and "2 dates are set." in answer.text and "Also on these dates" in answer.text
    assert await Booking.count().where(Booking.person == ana.id) == 2


async def test_saying_yes_and_changing_ones_mind_on_the_page(sign_in):
    event = await soon()
    browser = await sign_in(await a_neighbour(name="Ben"))
    answer = await browser.get(event.path)
    assert "Are you coming?" in answer.text and "Reading club" in answer.text
    answer = await browser.post(f"{event.path}/answer", data={"said": "yes", "guests": "1", "diet": "no nuts"})
    assert answer.status_code == 422 and "Please tick that the hosts may read it" in answer.text
    assert 'value="no nuts"' in answer.text
    said = {"said": "yes", "guests": "1", "diet": "no nuts", "agrees": "1", "shown": "1"}
    answer = await browser.post(f"{event.path}/answer", data=said)
    assert answer.status_code == 200 and "You are coming" in answer.text and "with one more" in answer.text
    answer = await browser.post(f"{event.path}/answer", data={"said": "no"})
    assert "You are not coming" in answer.text and await EventNeed.count() == 0


async def test_what_is_full_has_a_line_and_whoever_is_offered_a_place_takes_it(sign_in):
    event = await soon(capacity=1, guests=0)
    ana = await comes(event, now=now())
    browser = await sign_in(await a_neighbour())
    assert "It is full" in (await browser.get(event.path)).text
    answer = await browser.post(f"{event.path}/answer", data={"said": "yes"})
    assert answer.status_code == 409 and "No place is left for one more." in answer.text
    answer = await browser.post(f"{event.path}/waiting", data={})
    assert "You are number 1 in line." in answer.text
    await rules.answer(event.id, Saying(Said.no), by=ana, now=now())
    answer = await browser.get(event.path)
    assert "A place is free for you" in answer.text
    assert "A place for you" in (await browser.get("/")).text
    answer = await browser.post(f"{event.path}/answer", data={"said": "yes"})
    assert answer.status_code == 200 and "You are coming" in answer.text


async def test_who_waits_no_longer_is_gone_from_the_line(sign_in):
    event = await soon(capacity=1, guests=0)
    await comes(event, now=now())
    browser = await sign_in(await a_neighbour())
    await browser.post(f"{event.path}/waiting", data={})
    answer = await browser.post(f"{event.path}/waiting/end")
    assert "You wait no longer." in answer.text and "It is full" in answer.text
    assert (await browser.post(f"{event.path}/waiting/end")).status_code == 404


async def test_a_host_reads_what_people_need_and_others_do_not(sign_in):
    ana = await a_neighbour()
    event = await soon(by=ana)
    needs = rules.Needs(access="a ramp, please")
    ben = await comes(event, now=now(), needs=needs, agrees=True)
    browser = await sign_in(ben)
    assert (await browser.get(f"{event.path}/needs")).status_code == 403
    assert "a ramp, please" in (await browser.get(event.path)).text, "their own they see"
    browser = await sign_in(ana)
    assert "a ramp, please" in (await browser.get(f"{event.path}/needs")).text
    assert "a ramp, please" not in (await browser.get(event.path)).text
    browser = await sign_in(ben)
    assert "what you need at an event" in (await browser.get("/account/privacy")).text


async def test_roles_are_taken_and_given_back_with_a_press(sign_in):
    event = await soon()
    host = await a_neighbour()
    browser = await sign_in(host)
    answer = await browser.post("/events/new", data=typed())
    path = answer.url.path
    browser = await sign_in(await a_neighbour(name="Ben"))
    assert "Say that you come, then you can take one on." in (await browser.get(path)).text
    await browser.post(f"{path}/answer", data={"said": "yes"})
    [tea, _] = await rules.parts_of(int(path.rpartition("/")[2]))
    answer = await browser.post(f"{path}/parts/{tea.id}/taking")
    assert "It is yours. Thank you." in answer.text and "one is wanted" in answer.text
    answer = await browser.post(f"{path}/parts/{tea.id}/return")
    assert "Given back." in answer.text and "2 are wanted" in answer.text
    assert (await browser.post(f"{path}/parts", data={"part_0": "唱歌"})).status_code == 403
    assert (await browser.post(f"{event.path}/parts/{tea.id}/taking")).status_code == 404

    browser = await sign_in(host)
    answer = await browser.post(f"{path}/parts", data={"part_0": ""})
    assert answer.status_code == 422
    answer = await browser.post(f"{path}/parts", data={"part_0": "唱歌", "part_1": "sing", "wanted": "1"})
    assert "sing" in answer.text
    answer = await browser.post(f"{path}/parts/{tea.id}/removal")
    assert "bring tea" not in answer.text


async def test_at_the_door_one_press_for_each_and_a_walk_in(sign_in):
    ana = await a_neighbour()
    event = await soon(by=ana)
    ben, wu = await comes(event, by=await a_neighbour(name="Ben"), now=now()), await a_neighbour(name="Wu Lan")
    browser = await sign_in(ana)
    assert "One checks in from half an hour before" in (await browser.get(f"{event.path}/door")).text
    assert (await browser.post(f"{event.path}/hosts", data={"host": str(ben.id)})).status_code == 200
    await begins_in(event, timedelta(minutes=5))
    browser = await sign_in(wu)
    answer = await browser.post(f"{event.path}/standing")
    assert "The host sees your name now." in answer.text

    browser = await sign_in(ana)
    page = await browser.get(f"{event.path}/door")
    assert "Ben" in page.text and "at the door" in page.text
    for person in (ben, wu):
        [row] = await EventAnswer.select(EventAnswer.id).where(EventAnswer.person == person.id)
        answer = await browser.post(f"{event.path}/door/{row['id']}/arrival")
        assert f"{person.name} is in." in answer.text
    assert "2 are in" in answer.text
    answer = await browser.post(f"{event.path}/door/arrivals", data={"name": ""})
    assert "3 are in" in answer.text and "Without a name" in answer.text
    answer = await browser.post(f"{event.path}/door/arrivals", data={"name": "Nobody"})
    assert answer.status_code == 422 and 'value="Nobody"' in answer.text
    answer = await browser.post(f"{event.path}/door/{row['id']}/departure")
    assert "2 are in" in answer.text
    browser = await sign_in(await a_neighbour())
    assert (await browser.get(f"{event.path}/door")).status_code == 403


async def test_afterwards_those_who_were_there_say_how_it_was_and_hosts_read_it_from_five_on(sign_in):
    ana = await a_neighbour()
    event = await soon(by=ana)
    who = [await comes(event, now=now()) for _ in range(5)]
    await begins_in(event, -3 * HOUR)
    for nth, each in enumerate(who):
        browser = await sign_in(each)
        assert "Would you come again?" in (await browser.get(event.path)).text
        answer = await browser.post(f"{event.path}/feedback", data={"again": "yes", "how": f"Warm tea {nth}"})
        assert answer.status_code == 200 and "Would you come again?" not in answer.text
        if nth == 3:
            browser = await sign_in(ana)
            page = (await browser.get(event.path)).text
            assert "4 have said how it was." in page and "Warm tea" not in page
    browser = await sign_in(ana)
    page = (await browser.get(event.path)).text
    assert "Warm tea 0" in page and "Yes, gladly: 5" in page
    assert await Feedback.count() == 5


async def test_calling_off_asks_for_a_reason_and_the_page_says_it(sign_in):
    ana = await a_neighbour()
    event = await soon(by=ana)
    browser = await sign_in(ana)
    answer = await browser.post(f"{event.path}/cancellation", data={"reason": ""})
    assert answer.status_code == 422 and "Please say why" in answer.text
    answer = await browser.post(f"{event.path}/cancellation", data={"reason": "It rains"})
    assert "It is cancelled." in answer.text and "It rains" in answer.text
    assert "Reading club" not in (await browser.get("/events")).text


async def test_a_host_changes_what_they_typed(sign_in):
    ana = await a_neighbour()
    event = await soon(by=ana)
    browser = await sign_in(ana)
    page = await browser.get(f"{event.path}/edit")
    assert 'value="Under the plane tree"' in page.text and 'value="14:00"' in page.text
    said = typed(title_1="Night reading", begins="20:00", ends="22:00", capacity="5")
    answer = await browser.post(f"{event.path}/edit", data=said)
    assert answer.status_code == 200 and "Night reading" in answer.text and "20:00</time>–22:00" in answer.text
    browser = await sign_in(await a_neighbour())
    assert (await browser.get(f"{event.path}/edit")).status_code == 403


async def test_strangers_read_what_was_ticked_public_without_a_name_and_nothing_else(sign_in, browser):
    ana = await a_neighbour(name="Quietly Ana")
    shy, loud = await soon(by=ana), await soon(by=ana, public=True, titles={"en": "Market"})
    await comes(loud, by=await a_neighbour(name="Loudly Ben"), shown=True, now=now())
    browser.cookies.clear()
    assert (await browser.get(shy.path)).status_code == 401
    assert (await browser.get("/events")).status_code == 401
    answer = await browser.get(loud.path)
    assert answer.status_code == 200 and "Market" in answer.text
    assert "Quietly Ana" not in answer.text and "Loudly Ben" not in answer.text


async def test_home_and_the_page_of_the_room_show_what_is_on_soon(sign_in):
    space, ben = await a_space(policy=Policy.at_once), await a_neighbour()
    here, there = await soon(space=space.id), await soon(titles={"en": "Market"})
    await comes(there, by=ben, now=now())
    browser = await sign_in(ben)
    home = (await browser.get("/")).text
    assert home.index("Market") < home.index("New near you") < home.index("Reading club")
    page = (await browser.get(f"/spaces/{space.slug}")).text
    assert "What is on here" in page and "Market" not in page and here.path in page
    assert "I am coming" in (await browser.get("/events?show=mine")).text
    assert "Nothing has been yet" in (await browser.get("/events?show=past")).text


async def test_an_event_can_be_reported_as_everything_that_neighbours_write(sign_in):
    event = await soon()
    browser = await sign_in(await a_neighbour())
    page = await browser.get(event.path)
    assert f"/reports/new?about=event:{event.id}" in page.text
    answer = await browser.get(f"/reports/new?about=event:{event.id}")
    assert answer.status_code == 200 and "Reading club" in answer.text


async def test_only_who_may_grant_something_is_asked_whether_it_is_to_be_granted(sign_in):
    for who, asked in ((await a_neighbour(), False), (await a_manager(), True)):
        browser = await sign_in(who)
        assert ("What do those get who were there?" in (await browser.get("/events/new")).text) is asked


@pytest.mark.parametrize(("path", "most"), [("/events", 6), ("{event}", 17), ("{event}/door", 6), ("/events/new", 7)])
async def test_pages_of_events_ask_little_of_the_database_however_many_come(sign_in, queries, path, most):
    ana = await a_neighbour()
    event = await soon(by=ana, capacity=40)
    for _ in range(6):
        await comes(event, now=now(), shown=True)
        await soon(by=ana)
    browser = await sign_in(ana)
    address = path.format(event=event.path)
    await browser.get(address)
    queries.clear()
    assert (await browser.get(address)).status_code == 200
    assert len(queries) <= most, queries


async def test_who_is_not_let_in_yet_sees_no_event(sign_in):
    event = await soon()
    browser = await sign_in(await a_person(state="pending"))
    assert (await browser.get(event.path)).status_code == 404
