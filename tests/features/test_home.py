"""Home: one greeting, what waits, what is new nearby, one first step."""

from datetime import datetime

import pytest

from app.features.home.rules import NEAR, WAITS, greeting, on_home
from app.kit.lines import Line, OnHome
from app.kit.words import say
from tests.makers import NOON, a_person


def line(words: str) -> Line:
    return Line("house", say(words), "/")


async def test_the_first_feature_that_knows_a_first_step_gives_it_and_lists_stay_short():
    async def quiet(by, *, now):
        return OnHome()

    async def busy(by, *, now):
        return OnHome(waits=[line("waits")] * 20, near=[line("near")] * 20, first_step=line("first"))

    async def later(by, *, now):
        return OnHome(first_step=line("another"))

    shown = await on_home(await a_person(), [quiet, busy, later], now=NOON)

    assert (len(shown.waits), len(shown.near), shown.first_step) == (WAITS, NEAR, line("first"))


@pytest.mark.parametrize(("hour", "words"), [(5, "morning"), (11, "afternoon"), (18, "evening"), (3, "evening")])
def test_the_greeting_goes_by_the_communitys_own_clock(hour, words):
    assert words in str(greeting("Lin", datetime(2026, 5, 1, hour)))


async def test_a_stranger_is_welcomed_and_a_suspended_person_reaches_the_account_only(browser, sign_in):
    assert "/sign-in" in (await browser.get("/")).text
    suspended = await sign_in(await a_person(state="suspended"))
    answer = await suspended.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
