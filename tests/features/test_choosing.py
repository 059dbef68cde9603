"""How somebody is told is theirs to say: what, on which roads, when, and what a lock screen shows."""

from dataclasses import replace

import pytest

from app import house
from app.config import settings
from app.features.notices import rules as notices
from app.features.notices.pages.choosing import ROADS
from app.features.notices.tables import By, Choice, Wishes
from app.features.people.tables import State
from app.kit.refusals import Refusal, Several
from tests.makers import NOON, a_login, a_person
from tests.subscriptions import a_device

TOPICS = house.TOPICS
CHOSEN = [name for name, topic in TOPICS.items() if not topic.always]
HERE = "/account/notices"
NIGHT = {"quiet": "1", "quiet_from": "22:00", "quiet_until": "07:00", "daily_at": "18:00"}
BOTH = frozenset({By.push, By.email})


@pytest.fixture
def every_road(app, browser):
    """A house that has set up e-mail, SMS and WeCom too."""
    was = app.state.bell
    app.state.bell = replace(house.bell(settings()), roads=frozenset(By))
    yield
    app.state.bell = was


async def choose(person, chosen=None, *, asked=BOTH, **wished) -> None:
    wish = notices.Wish(person=person.id, **wished)
    await notices.choose(wish, chosen or {}, asked=asked, topics=TOPICS, now=NOON)


async def heard(person, has=BOTH) -> dict[str, frozenset[By]]:
    return await notices.heard_by(person.id, TOPICS, has)


async def test_who_says_nothing_is_quiet_from_ten_to_seven_and_shows_no_words():
    wish = await notices.wishes((await a_person()).id)
    assert (wish.quiet_from, wish.quiet_until, wish.daily_at, wish.shows_words) == (22 * 60, 7 * 60, None, False)


async def test_what_was_wished_is_kept_and_the_newest_word_holds():
    ana = await a_person()
    await choose(ana, quiet_from=0, quiet_until=0, daily_at=18 * 60, shows_words=True, wecom="ana.lin")
    await choose(ana, quiet_from=23 * 60, quiet_until=6 * 60 + 30, wecom="ana.lin")

    wish = await notices.wishes(ana.id)
    assert (wish.quiet_from, wish.quiet_until, wish.daily_at, wish.shows_words) == (1380, 390, None, False)
    assert wish.wecom == "ana.lin" and await Wishes.count() == 1


async def test_a_topic_that_is_unticked_does_not_come_on_that_road_and_comes_on_the_others():
    ana, everything = await a_person(), dict.fromkeys(CHOSEN, BOTH)
    await choose(ana, everything)
    assert set((await heard(ana)).values()) == {BOTH}

    await choose(ana, everything | {"asks": [By.email], "roles": []})

    now_heard = await heard(ana)
    assert now_heard["asks"] == {By.email} and now_heard["roles"] == frozenset()
    assert now_heard["announcements"] == BOTH


async def test_nobody_turns_off_what_opens_their_own_door():
    ana = await a_person()
    await choose(ana, {})
    assert (await heard(ana))["account"] == BOTH
    assert not await Choice.exists().where(Choice.topic.is_in(["account", "test"]))


async def test_a_road_that_the_page_did_not_show_stays_as_it_was():
    ana = await a_person()
    await choose(ana, {"asks": [By.email]}, asked=[By.email])
    await choose(ana, {}, asked=[By.push])
    assert (await heard(ana, {By.email}))["asks"] == {By.email}


async def test_where_nothing_chosen_reaches_somebody_an_e_mail_does_until_they_untick_it():
    ana = await a_person()
    assert (await heard(ana, {By.email}))["asks"] == {By.email}
    await choose(ana, {name: [By.email] for name in CHOSEN if name != "asks"}, asked=[By.email])
    comes = await heard(ana, {By.email})
    assert comes["asks"] == frozenset() and comes["roles"] == {By.email}


async def test_saving_what_stands_there_writes_nothing_down():
    """So that a topic's own word may change later for all who never said otherwise."""
    ana = await a_person()
    await choose(ana, await heard(ana))
    assert await Choice.count() == 0 and await Wishes.count() == 0


async def test_what_cannot_be_is_said_all_at_once_and_nothing_is_changed():
    ana = await a_person()
    with pytest.raises(Several) as wrong:
        await choose(ana, {}, quiet_from=-1, quiet_until=24 * 60, daily_at=-1, wecom="a/b")
    assert {each.beside for each in wrong.value.each} == {"quiet_from", "quiet_until", "daily_at", "wecom"}
    assert await Choice.count() == 0 and await Wishes.count() == 0
    for id in ("ana@corp; x", "@all", "ana|ben"):
        with pytest.raises(Refusal):
            await choose(ana, wecom=id)


@pytest.mark.parametrize(
    ("typed", "minute"), [("22:00", 1320), ("00:00", 0), ("7:00", -1), ("25:00", -1), ("", -1), ("noon", -1)]
)
def test_a_time_of_the_day_is_read_as_a_browser_sends_it(typed, minute):
    assert notices.minute_of(typed) == minute


async def test_the_page_shows_the_roads_of_this_house_that_reach_this_person(sign_in, every_road):
    ana = await a_person(phone="+8613900000001")
    await a_login(ana, "ana@example.org")
    browser = await sign_in(ana)
    text = (await browser.get(HERE)).text
    assert 'name="asked" value="email"' in text and 'name="asked" value="sms"' in text
    assert 'value="push"' not in text and 'value="wecom"' not in text, "neither a phone rings nor is there a WeCom id"
    assert "Write down your WeCom id" in text and "ana@example.org" in text

    await a_device(ana)
    await browser.post(HERE, data={**NIGHT, "wecom": "ana.lin"})
    text = (await browser.get(HERE)).text
    assert 'value="push"' in text and 'name="asked" value="wecom"' in text


async def test_a_house_without_mail_speaks_of_none(sign_in):
    ana = await a_person(email="ana@example.org")
    text = (await (await sign_in(ana)).get(HERE)).text
    assert all(str(ROADS[by]) not in text for by in (By.email, By.sms, By.wecom))


async def test_the_form_says_what_is_wanted(sign_in, every_road):
    ana = await a_person(email="ana@example.org")
    await a_device(ana)
    browser = await sign_in(ana)
    said = {"asked": ["push", "email"], "on-push": ["asks", "household"], "on-email": ["announcements"]}

    done = await browser.post(HERE, data=NIGHT | said | {"daily": "1", "shows_words": "1"}, follow_redirects=False)

    assert (done.status_code, done.headers["location"]) == (303, HERE)
    comes = await heard(ana)
    assert comes["asks"] == comes["household"] == {By.push}
    assert comes["announcements"] == {By.email} and comes["roles"] == frozenset()
    wish = await notices.wishes(ana.id)
    assert wish.daily_at == 18 * 60 and wish.shows_words and wish.quiet_from == 22 * 60
    await browser.post(HERE, data=said)
    wish = await notices.wishes(ana.id)
    assert wish.quiet_from == wish.quiet_until and wish.daily_at is None and not wish.shows_words


async def test_a_form_that_is_refused_still_holds_what_was_typed(sign_in, every_road):
    ana = await a_person(email="ana@example.org")
    browser = await sign_in(ana)
    said = {"asked": ["email"], "on-email": ["roles"], "wecom": "not an id", "shows_words": "1"}

    again = await browser.post(HERE, data=NIGHT | said | {"quiet_from": "late"})

    assert again.status_code == 422 and "A WeCom id begins with a letter" in again.text
    assert "A time of the day, please" in again.text and 'value="not an id"' in again.text
    assert again.text.count('name="on-email"') == len(CHOSEN)
    assert 'value="roles" checked' in again.text and 'value="asks" checked' not in again.text
    assert await Choice.count() == 0 and await Wishes.count() == 0


async def test_a_wecom_id_outlives_a_house_that_stops_asking_for_it(sign_in):
    ana = await a_person()
    await choose(ana, wecom="ana.lin")
    await (await sign_in(ana)).post(HERE, data=NIGHT | {"shows_words": "1"})
    wish = await notices.wishes(ana.id)
    assert wish.shows_words and wish.wecom == "ana.lin"


@pytest.mark.parametrize("state", [State.pending, State.suspended, State.leaving])
async def test_whoever_waits_chooses_too(sign_in, state):
    assert (await (await sign_in(await a_person(state=state))).get(HERE)).status_code == 200


async def test_in_wechat_the_page_shows_the_way_out_and_no_button(sign_in):
    browser = await sign_in(await a_person())
    text = (await browser.get(HERE, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"})).text
    assert "Inside WeChat no phone can ring" in text and "data-ring" not in text
