"""How many may ask by one poster: a whole hall at one meeting, and no one loop in everybody's place."""

import asyncio

import pytest

from app.features.joining import rules
from app.features.joining.rules.knocking import A_POSTER, AT_POSTER
from app.features.joining.tables import Newcomer
from app.kit.limits import Limit
from app.kit.refusals import Taken, TooOften
from app.kit.tables import Tally
from tests.joining import a_newcomer, a_poster
from tests.makers import NOON, a_login, a_person

HALL, ELSEWHERE = "192.0.2", "198.51.100"


async def used_but_for(left: int, limit: Limit, *of: object) -> None:
    await Tally.insert(Tally(key=limit.key(*of), since=limit.began(NOON), times=limit.times - left))


async def all_at_once(poster: rules.Hung, *networks: str) -> tuple[int, int]:
    """(how many asked, how many were told to wait), each from one of these networks and with a phone of their own."""
    each = [a_newcomer(poster, network=network) for network in networks]
    answers = [type(answer) for answer in await asyncio.gather(*each, return_exceptions=True)]
    return answers.count(int), answers.count(TooOften)


async def test_forty_households_who_meet_in_the_hall_ask_through_one_wifi_and_some_press_twice():
    poster = await a_poster()
    for n in range(40 * 3):
        await a_newcomer(poster, network=HALL, login=f"n{n}@building.example")
        if n % 4 == 0:
            with pytest.raises(Taken):
                await a_newcomer(poster, network=HALL, login=f"n{n}@building.example")
    assert await Newcomer.count() == 120


async def test_one_network_that_has_tried_all_day_shuts_out_itself_and_from_this_poster_only():
    poster, other = await a_poster(), await a_poster()
    await used_but_for(0, AT_POSTER, HALL, poster.id)
    with pytest.raises(TooOften):
        await a_newcomer(poster, network=HALL)
    assert await a_newcomer(poster, network=ELSEWHERE)
    assert await a_newcomer(other, network=HALL)
    assert AT_POSTER.times < A_POSTER.times


async def test_tries_that_fail_use_up_nobodys_place_at_the_poster_and_all_the_same_the_own_networks():
    poster = await a_poster()
    await used_but_for(1, A_POSTER, poster.id)
    await used_but_for(3, AT_POSTER, HALL, poster.id)
    for n in range(3):
        await a_login(await a_person(), f"known{n}@example.org")
        with pytest.raises(Taken):
            await a_newcomer(poster, network=HALL, login=f"known{n}@example.org")
    with pytest.raises(TooOften):
        await a_newcomer(poster, network=HALL)
    assert await a_newcomer(poster, network=ELSEWHERE)


async def test_of_ten_who_ask_at_once_through_one_network_as_many_get_through_as_were_left():
    poster = await a_poster()
    await used_but_for(3, AT_POSTER, HALL, poster.id)
    assert await all_at_once(poster, *[HALL] * 10) == (3, 7)


async def test_of_ten_who_ask_at_once_from_everywhere_as_many_get_through_as_the_poster_has_left():
    poster = await a_poster()
    await used_but_for(3, A_POSTER, poster.id)
    assert await all_at_once(poster, *[f"203.0.{n}" for n in range(10)]) == (3, 7)
    with pytest.raises(TooOften):
        await a_newcomer(poster)
