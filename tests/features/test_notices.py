"""The doorbell rings once, for the right person, and in their own language."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.pages import reading as pages
from app.features.notices.rules import keeping, telling
from app.features.notices.tables import Notice, Urgency
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.languages import language
from app.kit.refusals import Missing
from app.kit.tables import Change
from app.kit.words import say
from tests.makers import a_person

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HELLO = say("%(name)s asks for your help", name="Ana")


class Stumbled(Exception):
    pass


async def told(person_id: int) -> list[notices.Told]:
    return list(await notices.page_of(person_id))


async def announced() -> set[str]:
    return {row["channel"] for row in await Change.select(Change.channel)}


async def test_a_person_is_told_and_reads_it_in_their_own_language():
    mei = await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)

    (notice,) = await told(mei.id)
    assert notice.sentence.spoken(language("en")) == "Ana asks for your help"
    assert (notice.path, notice.topic, notice.urgency) == ("/asks/5", "asks", Urgency.everyday)
    assert await announced() == {f"person:{mei.id}"}


async def test_the_same_key_tells_nobody_twice():
    mei = await a_person()
    for _ in range(2):
        await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON, key="ask:5")

    assert len(await told(mei.id)) == 1
    assert await Change.count() == 1


async def test_ten_at_once_under_one_key_ring_once():
    mei = await a_person()

    async def deed():
        async with writing():
            await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON, key="ask:5")

    await asyncio.gather(*[deed() for _ in range(10)])

    assert len(await told(mei.id)) == 1


async def test_no_deed_no_notice():
    mei = await a_person()

    async def stumble():
        async with writing():
            await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)
            raise Stumbled

    with pytest.raises(Stumbled):
        await stumble()

    assert await told(mei.id) == []
    assert await announced() == set()


async def test_many_are_told_at_once_and_each_only_once(monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    people = [await a_person() for n in range(7)]
    await notices.tell(people[0].id, HELLO, path="/", now=NOON, key="who can")

    await notices.tell_all([each.id for each in [*people, people[1]]], HELLO, path="/", now=NOON, key="who can")

    assert [len(await told(each.id)) for each in people] == [1] * 7
    assert await announced() == {f"person:{each.id}" for each in people}


async def test_reading_one_leads_to_its_page_and_lowers_the_count():
    mei = await a_person()
    for path in ("/asks/5", "/asks/6"):
        await notices.tell(mei.id, HELLO, path=path, now=NOON)
    newest = (await told(mei.id))[0]

    assert await notices.unread(mei.id, NOON) == 2
    assert await notices.read(newest.id, by=mei.id, now=NOON) == "/asks/6"
    assert await notices.read(newest.id, by=mei.id, now=NOON + DAY) == "/asks/6"
    assert await notices.unread(mei.id, NOON) == 1
    assert (await told(mei.id))[0].read_at == NOON


async def test_another_persons_notice_is_not_there():
    mei, ana = await a_person(), await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)
    (notice,) = await told(mei.id)

    with pytest.raises(Missing):
        await notices.read(notice.id, by=ana.id, now=NOON)
    await notices.read_all(ana.id, NOON)
    assert await notices.unread(mei.id, NOON) == 1


async def test_reading_all_leaves_nothing_unread():
    mei = await a_person()
    for n in range(3):
        await notices.tell(mei.id, HELLO, path=f"/asks/{n}", now=NOON)

    await notices.read_all(mei.id, NOON)

    assert await notices.unread(mei.id, NOON) == 0


async def test_what_is_over_no_longer_counts():
    mei = await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON, until=NOON + DAY)

    assert await notices.unread(mei.id, NOON) == 1
    assert await notices.unread(mei.id, NOON + DAY) == 0


async def test_what_is_no_longer_true_is_taken_back_and_may_be_said_anew():
    mei, ana = await a_person(), await a_person()
    await notices.tell_all([mei.id, ana.id], HELLO, path="/asks/5", now=NOON, key="ask:5")

    await notices.withdraw("ask:5", person_id=ana.id)
    assert [len(await told(each.id)) for each in (mei, ana)] == [1, 0]
    await notices.withdraw("ask:5")
    assert await told(mei.id) == []
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON, key="ask:5")
    assert len(await told(mei.id)) == 1


async def test_the_list_comes_in_pages_newest_first():
    mei = await a_person()
    for n in range(25):
        await notices.tell(mei.id, HELLO, path=f"/asks/{n}", now=NOON)

    first, second = await notices.page_of(mei.id, 1), await notices.page_of(mei.id, 2)

    assert (len(first.rows), first.more, first.rows[0].path) == (20, True, "/asks/24")
    assert (len(second.rows), second.more, second.rows[-1].path) == (5, False, "/asks/0")


async def test_a_person_takes_their_notices_along_and_is_forgotten():
    mei, ana = await a_person(), await a_person()
    await notices.tell_all([mei.id, ana.id], HELLO, path="/asks/5", now=NOON)

    assert len((await notices.mine(mei.id))["notices"]) == 1
    await notices.forget(mei.id, now=NOON)
    assert (await notices.mine(mei.id))["notices"] == []
    assert len(await told(ana.id)) == 1


async def test_what_was_read_goes_after_three_months_and_the_rest_after_a_year():
    mei = await a_person()
    for path in ("/read", "/unread"):
        await notices.tell(mei.id, HELLO, path=path, now=NOON)
    await notices.read((await told(mei.id))[1].id, by=mei.id, now=NOON)

    await keeping.purge(NOON + 90 * DAY)
    assert await Notice.count() == 2
    await keeping.purge(NOON + 91 * DAY)
    assert [notice.path for notice in await told(mei.id)] == ["/unread"]
    await keeping.purge(NOON + 366 * DAY)
    assert await told(mei.id) == []


async def test_the_list_shows_today_first_and_what_is_unread(browser, sign_in):
    mei = await a_person(name="Wu Mei")
    at = now()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=at - 3 * DAY)
    await notices.tell(mei.id, say("All is well"), path="/asks/6", now=at, urgency=Urgency.urgent)
    await notices.read((await told(mei.id))[1].id, by=mei.id, now=at)
    await sign_in(mei)

    shown = (await browser.get("/notices")).text

    assert shown.index("Today") < shown.index("All is well") < shown.index("Ana asks for your help")
    assert shown.count('class="unread"') == shown.count(">New<") == shown.count(">Urgent<") == 1
    assert '<a class="row" href="/asks/5">' in shown


async def test_following_a_notice_marks_it_read_and_leads_to_its_page(browser, sign_in):
    mei = await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)
    (notice,) = await told(mei.id)
    await sign_in(mei)

    await browser.get("/notices")
    assert (await told(mei.id))[0].read_at is None
    answer = await browser.post(f"/notices/{notice.id}/reading", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/asks/5")
    assert (await told(mei.id))[0].read_at is not None


async def test_a_notice_of_somebody_else_cannot_be_followed(browser, sign_in):
    mei, ana = await a_person(), await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)
    (notice,) = await told(mei.id)
    await sign_in(ana)

    assert (await browser.post(f"/notices/{notice.id}/reading")).status_code == 404
    assert (await told(mei.id))[0].read_at is None
    assert "Ana asks for your help" not in (await browser.get("/notices")).text


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
async def test_a_number_that_no_notice_can_have_is_not_there(browser, sign_in, number):
    await sign_in(await a_person())

    assert (await browser.post(f"/notices/{number}/reading")).status_code == 404


async def test_all_are_read_with_one_press(browser, sign_in):
    mei = await a_person()
    for n in range(3):
        await notices.tell(mei.id, HELLO, path=f"/asks/{n}", now=NOON)
    await sign_in(mei)

    shown = (await browser.post("/notices/reading")).text

    assert "All marked as read." in shown
    assert ">New<" not in shown
    assert "Mark all as read" not in shown


async def test_nothing_yet_says_what_will_be_here(browser, sign_in):
    await sign_in(await a_person())

    assert "Nothing yet" in (await browser.get("/notices")).text


async def test_older_notices_are_a_page_away(browser, sign_in):
    mei = await a_person()
    for n in range(21):
        await notices.tell(mei.id, say(f"Number {n} of many"), path="/", now=NOON)
    await sign_in(mei)

    first, second = (await browser.get("/notices")).text, (await browser.get("/notices?page=2")).text

    assert "Number 20 of many" in first
    assert "Number 0 of many" not in first
    assert "Number 0 of many" in second


async def test_the_bell_alone_for_htmx_and_a_page_for_everybody_else(browser, sign_in):
    mei = await a_person()
    await notices.tell(mei.id, HELLO, path="/asks/5", now=NOON)
    await sign_in(mei)

    bell = (await browser.get("/notices/count", headers={"HX-Request": "true", "HX-Target": "a#bell"})).text
    whole = (await browser.get("/notices/count")).text

    assert bell.strip().startswith('<a id="bell"')
    assert 'data-unread="1"' in bell
    assert "<h1>Notices</h1>" in whole


async def test_the_list_alone_for_htmx(browser, sign_in):
    await sign_in(await a_person())

    part = (await browser.get("/notices", headers={"HX-Request": "true", "HX-Target": "div#notices"})).text

    assert part.strip().startswith('<div id="notices"')


@pytest.mark.parametrize("state", [State.pending, State.suspended])
async def test_whoever_waits_reads_what_they_were_told_and_hears_no_community(browser, sign_in, state):
    mei = await a_person(state=state)
    await sign_in(mei)

    assert (await browser.get("/notices")).status_code == 200
    assert pages.channels_of(mei) == {f"person:{mei.id}"}


async def test_a_stranger_hears_and_reads_nothing(browser):
    assert [(await browser.get(path)).status_code for path in ("/notices", "/notices/count", "/changes")] == [401] * 3


async def test_the_list_takes_two_queries_however_long_it_is(browser, sign_in, queries):
    mei = await a_person()
    for n in range(30):
        await notices.tell(mei.id, HELLO, path=f"/asks/{n}", now=NOON)
    await sign_in(mei)
    await browser.get("/notices")

    queries.clear()
    await browser.get("/notices")

    assert len(queries) == 2, queries


async def test_a_stream_says_look_and_ends_with_the_sign_in(monkeypatch):
    async def looks():
        for channels in (set(), {"person:7"}, {"community"}, set()):
            yield channels

    async def out() -> bool:
        return False

    said = [words async for words in pages.events(looks(), out)]
    monkeypatch.setattr(pages, "ASKS_AGAIN", 0.0)
    ended = [words async for words in pages.events(looks(), out)]

    assert said == [
        ": here\n\n",
        ":\n\n",
        "event: look\ndata: person:7\n\n",
        "event: look\ndata: community\n\n",
        ":\n\n",
    ]
    assert ended == [": here\n\n"]


async def test_a_stream_is_not_kept_and_not_packed(browser, sign_in):
    await sign_in(await a_person())
    answer = await browser.get("/changes", headers={"Accept-Encoding": "br"})

    assert (answer.status_code, answer.text) == (200, ": here\n\n")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers


async def test_a_day_has_one_heading_though_its_notices_were_written_in_another_order():
    """What was told later may be written first: a list that is brought in, a house that is furnished."""
    mei = await a_person()
    day = timedelta(days=1)
    for at in (NOON, NOON - day, NOON + timedelta(hours=1), NOON - day):
        await notices.tell(mei.id, HELLO, path="/", now=at)

    days = pages.by_day((await notices.page_of(mei.id)).rows)

    assert [len(told) for _, told in days] == [2, 2]
