"""Whoever asks for what cannot be is told what would work instead, and types nothing twice; by htmx and without."""

import html
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.spaces import rules
from app.features.spaces.rules import Stretch
from app.features.spaces.tables import Booking, Policy
from app.kit.clock import now
from tests.makers import a_community
from tests.spacing import a_neighbour, a_space, a_wish

HELSINKI = ZoneInfo("Europe/Helsinki")
WAYS = pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])


def soon(days: int = 3) -> date:
    return datetime.now(HELSINKI).date() + timedelta(days=days)


def change_of_clocks(*, forward: bool) -> date:
    """The next Sunday on which the clocks of Helsinki change."""
    day, hours = soon(), 23 if forward else 25
    while datetime.combine(day + timedelta(days=1), datetime.min.time(), HELSINKI).astimezone(UTC) - datetime.combine(
        day, datetime.min.time(), HELSINKI
    ).astimezone(UTC) != timedelta(hours=hours):
        day += timedelta(days=1)
    return day


USUAL = {"begins": "14:00", "ends": "16:00", "purpose": "Chess & tea", "people": "6"}
FORWARD, BACK = change_of_clocks(forward=True), change_of_clocks(forward=False)
CANNOT_BE = {
    "outside its hours": ({"begins": "06:00", "ends": "08:00"}, 422, "It is open 09:00–21:00 that day."),
    "over the quota": ({}, 409, "Your household has its one booking of that week already. Another week, or give"),
    "over the capacity": ({"people": "13"}, 422, "There is room for 12."),
    "the past": ({"day": soon(-2).isoformat()}, 422, "That is over already. From today on, please."),
    "an hour ago": ({"begins": "00:00", "ends": "01:00"}, 422, "That hour is over already. Later today, or"),
    "31 February": ({"day": "2027-02-31"}, 422, "That month has no such day. Its last is"),
    "an hour that is skipped": (
        {"day": FORWARD.isoformat(), "begins": "03:30", "ends": "05:00"}, 422,
        "the clocks go forward. 04:30 does.",
    ),
    "an hour that comes twice": (
        {"day": BACK.isoformat(), "begins": "03:30", "ends": "05:00"}, 422,
        "the clocks go back. Before 03:00 and from 04:00 on all is clear.",
    ),
    "an end that is skipped": (
        {"day": FORWARD.isoformat(), "begins": "02:00", "ends": "03:30"}, 422,
        "the clocks go forward. 04:30 does.",
    ),
}  # fmt: skip


@WAYS
@pytest.mark.parametrize("case", CANNOT_BE)
async def test_what_cannot_be_says_what_would_work_and_keeps_what_was_typed(sign_in, case, headers):
    await a_community(zone="Europe/Helsinki")
    said, status, words = CANNOT_BE[case]
    night = "clocks" in words
    space = await a_space(
        weekly=1, ahead=900, policy=Policy.at_once, hours=Stretch(0, 24 * 60) if night else Stretch(540, 1260)
    )
    ana = await a_neighbour()
    typed = {"day": soon(3).isoformat()} | USUAL | said
    if case == "over the quota":
        await rules.book(space.id, a_wish(day=soon(3), opens=600, closes=660), by=ana, now=now())
    if case == "an hour ago":
        typed |= {"day": soon(0).isoformat()}
    before = await Booking.count()

    answer = await (await sign_in(ana)).post(f"/spaces/{space.slug}/book", data=typed, headers=headers)

    text = html.unescape(answer.text)
    assert answer.status_code == status and words in text, (case, text)
    for name, kept in typed.items():
        assert f'value="{kept}"' in text, name
    assert await Booking.count() == before


@WAYS
async def test_the_last_day_of_february_is_named(sign_in, headers):
    space, ana = await a_space(), await a_neighbour()
    browser = await sign_in(ana)
    for day, last in (("2027-02-31", "28 Feb"), ("2028-02-30", "29 Feb"), ("2027-04-31", "30 Apr")):
        answer = await browser.post(f"/spaces/{space.slug}/book", data={**USUAL, "day": day}, headers=headers)
        assert answer.status_code == 422 and last in answer.text and f'value="{day}"' in answer.text


@WAYS
async def test_a_change_is_told_the_same_and_keeps_what_was_typed(sign_in, headers):
    await a_community(zone="Europe/Helsinki")
    space, ana = await a_space(policy=Policy.at_once, ahead=900), await a_neighbour()
    booked = await rules.book(space.id, a_wish(day=soon(3)), by=ana, now=now())
    browser = await sign_in(ana)
    for case in ("outside its hours", "over the capacity", "the past", "31 February", "an hour that is skipped"):
        said, _, words = CANNOT_BE[case]
        typed = {"day": soon(3).isoformat(), "reach": "this"} | USUAL | said
        answer = await browser.post(f"/bookings/{booked.id}/change", data=typed, headers=headers)
        text = html.unescape(answer.text)
        assert answer.status_code in (409, 422) and words in text, (case, text)
        assert f'value="{typed["day"]}"' in text and 'value="Chess & tea"' in text, case
    assert (await rules.booking_of(booked.id)).begins_at == booked.begins_at
