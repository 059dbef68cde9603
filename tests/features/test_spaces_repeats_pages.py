"""A repeat as people type it, look it over, send it, change it and give it back."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.features.spaces import rules
from app.features.spaces.rules import Every, Repeat
from app.features.spaces.series import Series
from app.features.spaces.tables import Booking, Policy, Stage
from app.kit.clock import now
from tests.spacing import a_manager, a_neighbour, a_space, a_wish

SHANGHAI = ZoneInfo("Asia/Shanghai")


def in_days(days: int):
    return (datetime.now(SHANGHAI) + timedelta(days=days)).date()


def typed(**said) -> dict[str, str]:
    usual = {
        "day": in_days(3).isoformat(), "begins": "14:00", "ends": "16:00", "purpose": "Reading club", "people": "6",
        "every": "week", "interval": "1", "times": "4",
    }  # fmt: skip
    return usual | said


async def a_repeat(space, by, times=4, **said):
    wish = a_wish(**{"day": in_days(3), **said})
    return await rules.repeat(space.id, wish, Repeat(Every.week, times=times), {}, by=by, now=now())


def hidden(html: str) -> dict[str, str]:
    """What the review sends: what was typed, and for each conflict what is chosen at first."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html.partition('class="form"')[2]))
    fields.pop("_deed", None)
    chosen = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', html)
    return fields | dict(chosen)


async def test_all_dates_are_seen_before_anything_is_sent_and_then_it_is_one_thing(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    browser = await sign_in(ana)
    assert 'name="every"' in (await browser.get(f"/spaces/{space.slug}/book")).text
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed())
    assert answer.status_code == 200 and "4 dates, and all are free" in answer.text
    assert await Booking.count() == 0

    answer = await browser.post(f"/spaces/{space.slug}/book", data=hidden(answer.text))
    [series] = await Series.objects()
    assert answer.url.path == f"/bookings/repeats/{series.id}" and "All of these dates are yours" in answer.text
    assert "4 dates to come" in answer.text and "Every week:" in answer.text
    own = await browser.get("/bookings")
    assert len(set(re.findall(r'href="(/bookings/\d+)"', own.text))) == 1
    one = await browser.get(re.findall(r'href="(/bookings/\d+)"', own.text)[0])
    assert f"/bookings/repeats/{series.id}" in one.text and "This and those that follow" in one.text


async def test_a_conflict_is_shown_with_another_time_and_what_is_chosen_is_sent(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    await rules.book(space.id, a_wish(day=in_days(10)), by=await a_neighbour(), now=now())
    browser = await sign_in(ana)
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed())
    assert "One date cannot be had" in answer.text and "Leave that day out" in answer.text
    chosen = hidden(answer.text)
    assert chosen[f"date-{in_days(10)}"] == f"{in_days(10)} 720 840"
    answer = await browser.post(f"/spaces/{space.slug}/book", data=chosen | {f"date-{in_days(10)}": "out"})
    assert answer.url.path.startswith("/bookings/repeats/") and "Left out:" in answer.text
    assert await Booking.count().where(Booking.series.is_not_null()) == 3


async def test_what_was_taken_meanwhile_comes_back_with_what_had_been_chosen(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    await rules.book(space.id, a_wish(day=in_days(10)), by=await a_neighbour(), now=now())
    browser = await sign_in(ana)
    chosen = hidden((await browser.post(f"/spaces/{space.slug}/book", data=typed())).text)
    await rules.book(space.id, a_wish(day=in_days(24)), by=await a_neighbour(), now=now())
    answer = await browser.post(f"/spaces/{space.slug}/book", data=chosen)
    assert answer.status_code == 409 and "Please choose for each" in answer.text
    again = hidden(answer.text)
    assert again[f"date-{in_days(10)}"] == chosen[f"date-{in_days(10)}"]
    assert again[f"date-{in_days(24)}"] == f"{in_days(24)} 720 840"
    answer = await browser.post(f"/spaces/{space.slug}/book", data=again)
    assert answer.url.path.startswith("/bookings/repeats/") and "4 dates to come" in answer.text


async def test_what_is_wrong_with_a_repeat_is_said_beside_its_field(sign_in):
    space = await a_space(policy=Policy.at_once)
    browser = await sign_in(await a_neighbour())
    for said, words in (
        ({"times": ""}, "Until which day, or how many times?"),
        ({"times": "99"}, "From 2 to 60 times, please."),
        ({"interval": "0"}, "From 1 to 12, please."),
        ({"every": "never"}, "Please choose one of these."),
        ({"weekdays": "9"}, "Please choose one of these."),
        ({"date-nonsense": "out"}, "Please choose one of these."),
        ({f"date-{in_days(3)}": "nonsense"}, "Please choose one of these."),
        ({f"date-{in_days(3)}": f"{in_days(3)} 900 99999999"}, "Please choose one of these."),
        ({"until": "2026-02-31"}, "Its last is"),
    ):
        answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(**said))
        assert answer.status_code == 422 and words in answer.text, (said, words)
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(reviewed="1", edit="1", purpose="Chess"))
    assert answer.status_code == 200 and 'value="Chess"' in answer.text and await Booking.count() == 0
    nothing = {f"date-{in_days(3 + 7 * nth)}": "out" for nth in range(4)}
    answer = await browser.post(f"/spaces/{space.slug}/book", data=typed(reviewed="1") | nothing)
    assert answer.status_code == 422 and "Every day is left out." in answer.text


async def test_a_manager_says_yes_to_all_of_it_from_the_queue_in_one_press(sign_in):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour(name="Ana")
    series = await a_repeat(space, ana)
    browser = await sign_in(manager)
    queue = await browser.get("/manage/bookings")
    assert "a repeat with 4 dates" in queue.text and queue.text.count("Reading club") == 1
    assert (
        "1 booking" in (await browser.get("/")).text or "A booking waits for your yes" in (await browser.get("/")).text
    )
    answer = await browser.post(f"/bookings/repeats/{series.id}/approval", data={"back": "queue"})
    assert answer.url.path == "/manage/bookings" and "Nothing waits for you" in answer.text
    assert {each.stage for each in await rules.dates_of(series.id)} == {Stage.approved}

    other = await a_repeat(space, ana, opens=17 * 60, closes=18 * 60)
    answer = await browser.post(f"/bookings/repeats/{other.id}/refusal", data={"reason": ""})
    assert answer.status_code == 422 and "Please say why" in answer.text
    await browser.post(f"/bookings/repeats/{other.id}/refusal", data={"reason": "The choir sings"})
    browser = await sign_in(ana)
    assert "The choir sings" in (await browser.get(f"/bookings/repeats/{other.id}")).text


async def test_the_rest_is_given_back_from_one_of_its_dates_and_undone_at_a_press(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, ana)
    third = (await rules.dates_of(series.id))[2]
    browser = await sign_in(ana)
    answer = await browser.post(f"/bookings/{third.id}/cancellation", data={"reach": "following"})
    undo = f"/bookings/repeats/{series.id}/return"
    assert answer.url.path == f"/bookings/repeats/{series.id}" and undo in answer.text
    assert "2 dates to come" in answer.text
    answer = await browser.post(undo)
    assert "2 dates are yours again." in answer.text and "4 dates to come" in answer.text
    answer = await browser.post(f"/bookings/repeats/{series.id}/cancellation", data={})
    assert "Cancelled" in answer.text
    assert {each.stage for each in await rules.dates_of(series.id)} == {Stage.cancelled}


async def test_one_is_moved_all_are_moved_and_a_conflict_is_chosen_about(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, ana)
    await rules.book(space.id, a_wish(day=in_days(10), opens=960, closes=1080), by=await a_neighbour(), now=now())
    first, second, *_ = await rules.dates_of(series.id)
    browser = await sign_in(ana)
    form = await browser.get(f"/bookings/{second.id}/change")
    assert 'value="14:00"' in form.text and 'value="Reading club"' in form.text
    said = {"begins": "16:00", "ends": "18:00", "purpose": "Reading club", "people": "6"}
    answer = await browser.post(f"/bookings/{second.id}/change", data={**said, "reach": "this"})
    assert answer.status_code == 409 and 'name="instead"' in answer.text

    answer = await browser.post(f"/bookings/{first.id}/change", data={**said, "reach": "all"})
    assert answer.status_code == 409 and "One date cannot be had" in answer.text
    answer = await browser.post(f"/bookings/{first.id}/change", data=hidden(answer.text))
    assert answer.url.path == f"/bookings/repeats/{series.id}" and "16:00–18:00" in answer.text
    assert {each.stage for each in await rules.dates_of(series.id)} == {Stage.approved}
    answer = await browser.post(f"/bookings/{first.id}/change", data={**said, "ends": "15:00"})
    assert answer.status_code == 422 and "It has to end after it begins." in answer.text


async def test_whoever_is_asked_whether_it_is_still_needed_sees_it_on_home_and_says_yes(sign_in):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, ana, times=20)
    await rules.tick_series(series.id, now=now() + timedelta(weeks=7, hours=1))
    browser = await sign_in(ana)
    assert "do you still need it?" in (await browser.get("/")).text
    assert "Do you still need it?" in (await browser.get("/bookings")).text
    assert "Yes, we still need it" in (await browser.get(f"/bookings/repeats/{series.id}")).text
    answer = await browser.post(f"/bookings/repeats/{series.id}/confirmation")
    assert "We ask again in eight weeks" in answer.text and "Yes, we still need it" not in answer.text


async def test_others_do_not_see_a_repeat(sign_in):
    space, ana = await a_space(), await a_neighbour()
    series = await a_repeat(space, ana)
    [first, *_] = await rules.dates_of(series.id)
    browser = await sign_in(await a_neighbour())
    assert (await browser.get(f"/bookings/repeats/{series.id}")).status_code == 404
    assert (await browser.get(f"/bookings/{first.id}/change")).status_code == 404


async def test_the_pages_ask_as_often_for_forty_dates_as_for_two(sign_in, queries):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    browser = await sign_in(ana)
    counts = []
    for nth, times in enumerate(("2", "40")):
        queries.clear()
        looked = await browser.post(f"/spaces/{space.slug}/book", data=typed(times=times, day=str(in_days(3 + nth))))
        counts.append(len(queries))
        sent = await browser.post(f"/spaces/{space.slug}/book", data=hidden(looked.text))
        queries.clear()
        assert (await browser.get(sent.url.path)).status_code == 200
        counts.append(len(queries))
    assert counts[:2] == counts[2:]
