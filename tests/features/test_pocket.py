"""The pocket: what somebody can read without a network, and nobody else's."""

from datetime import date, timedelta

from app.features.announcements.tables import Announcement
from app.features.help import rules as needs
from app.features.help.tables import Need, What
from app.features.home import rules
from app.features.people import rules as people
from app.features.people.tables import Audience
from app.kit.clock import now
from app.kit.languages import language
from app.kit.pocket import InPocket
from tests.makers import NOON, a_card, a_household, a_person, an_area

TAGS = ("zh-Hans", "en")


async def a_need(**more):
    ana = await a_person(name="Ana", home=await a_household(address="3-2-501"), phone="+8613800138000")
    need = await needs.ask_for_help(needs.Asking(What.groceries, "Rice", "Ring twice"), by=ana, now=now())
    return need, ana


async def pocket_of(person, sign_in):
    answer = await (await sign_in(person)).get("/pocket")
    assert answer.status_code == 200
    return {each["path"]: each for each in answer.json()}


async def test_a_pocket_is_its_persons_and_no_cache_keeps_it(sign_in):
    ana = await a_person()
    answer = await (await sign_in(ana)).get("/pocket")
    assert answer.json() == [] and answer.headers["content-type"].startswith("application/json")
    assert answer.headers["kith-person"] == str(ana.id)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_stranger_has_no_pocket(browser):
    assert (await browser.get("/pocket")).status_code == 401


async def test_our_own_card_is_in_our_pocket_and_not_in_the_neighbours_who_may_read_it(sign_in):
    area = await an_area()
    home = await a_household(area=area)
    ana, ben = await a_person(home=home), await a_person(home=await a_household(area=area))
    await a_card(home, ana, open_to={"notes": Audience.building}, notes="The gas tap is left")
    assert "The gas tap is left" in (await pocket_of(ana, sign_in))["/household"]["html"]
    assert "The gas tap is left" not in str(await pocket_of(ben, sign_in))


async def test_a_pinned_announcement_is_there_until_the_end_of_its_last_day_where_it_is_pinned(sign_in):
    here, there = await an_area(name="1"), await an_area(name="2")
    ana, ben = [await a_person(home=await a_household(area=area)) for area in (here, there)]
    row = Announcement(area=here.id, by=ana.id, titles='{"en": "Water off"}', words='{"en": "From nine."}', at=NOON)
    row.pinned_until = date(2099, 1, 2)
    await row.save()
    found = (await pocket_of(ana, sign_in))[f"/announcements/{row.id}"]
    assert found["title"] == "Water off" and "From nine." in found["html"]
    assert found["until"].startswith("2099-01-03T00:00:00")
    assert await pocket_of(ben, sign_in) == {}


async def test_how_to_reach_the_other_side_is_in_the_pockets_of_the_two_and_for_a_day_at_most(sign_in):
    need, ana = await a_need()
    ben, eve = await a_person(name="Ben"), await a_person(name="Eve")
    assert await pocket_of(ben, sign_in) == {}
    await needs.take(need, by=ben, now=now())

    page = (await pocket_of(ben, sign_in))[f"/help/{need}"]
    assert "3-2-501" in page["html"] and "Ring twice" in page["html"] and "data-outbox" in page["html"]
    [mine] = await needs.in_pocket(await people.neighbour(ben.id), now=NOON)
    assert mine.until == NOON + timedelta(days=1)
    assert f"/help/{need}" in await pocket_of(ana, sign_in)
    assert await pocket_of(eve, sign_in) == {}

    await needs.give_back(need, reason="", by=ben, now=now())
    assert await pocket_of(ben, sign_in) == {}


async def test_what_has_had_its_time_is_left_out_and_the_first_to_bring_a_path_has_it():
    ana = await a_person()
    first, second = InPocket("/", "One", "x"), InPocket("/", "Two", "x")
    over, on = InPocket("/a", "Over", "x", until=NOON), InPocket("/b", "On", "x", until=NOON + timedelta(hours=1))

    async def alerts(by, *, now):
        return [over, first]

    async def others(by, *, now):
        return [second, on]

    assert await rules.in_pocket(ana, [alerts, others], now=NOON) == [first, on]


async def test_the_pocket_speaks_the_readers_language(sign_in):
    titles = []
    for tag in TAGS:
        somebody = await a_person(language=tag)
        await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=somebody, now=now())
        titles += [each["title"] for each in (await pocket_of(somebody, sign_in)).values()]
    assert titles == [language(tag).gettext("Groceries") for tag in TAGS] and titles[0] != titles[1]


async def test_a_form_that_waited_on_a_phone_is_told_where_its_deed_led_and_again_the_same(sign_in):
    ana = await a_person(home=await a_household())
    browser = await sign_in(ana)
    said = {"_deed": "7b0f6b1e-3f0d-4c7e-9a53-0c6a1f0c0a01", "kind": "groceries", "words": "Rice"}
    for _ in range(2):
        answer = await browser.post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
        assert answer.status_code == 200 and answer.headers["kith-location"].startswith("/help/")
        assert "location" not in answer.headers
    assert await Need.count() == 1
    plain = await browser.post("/help/new", data=said, follow_redirects=False)
    assert plain.status_code == 303 and plain.headers["location"] == answer.headers["kith-location"]


async def test_what_waited_for_one_is_never_sent_as_another(sign_in, browser):
    ana, ben = await a_person(), await a_person()
    said = {"kind": "groceries", "words": "Rice"}
    answer = await (await sign_in(ben)).post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
    assert answer.status_code == 401 and await Need.count() == 0
    browser.cookies.clear()
    answer = await browser.post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
    assert answer.status_code == 401 and await Need.count() == 0
