"""Whoever tries thousands of passwords at somebody's account shuts out nobody but themselves."""

import asyncio
from datetime import timedelta

import pytest

from app.features.accounts import rules
from app.features.accounts.rules.signing_in import PER_ACCOUNT, Place, open_door
from app.kit.refusals import Refusal, TooOften
from app.kit.tables import Tally
from tests.makers import NOON, a_login, a_person

TRIES, AT_ONCE = 1_000, 100  # all ten thousand: make chaos NAME=passwords
PASSWORD = "three plain words"
ESTATE = "192.0.2.0/24"


async def guesses(typed: str, *, at=NOON) -> list[type]:
    """From two hundred networks, among them the estate's own; some hashes, since most are refused before one."""

    async def guess(n: int) -> type:
        network = ESTATE if n % 200 == 0 else f"203.0.{n % 200}.0/24"
        with pytest.raises(Refusal) as no:
            await rules.sign_in(typed, f"guess {n}", place=Place(network), now=at)
        return type(no.value)

    answers: list[type] = []
    for start in range(0, TRIES, AT_ONCE):
        answers += await asyncio.gather(*[guess(n) for n in range(start, start + AT_ONCE)])
    return answers


async def test_a_thousand_wrong_passwords_lock_neither_the_owners_phone_nor_the_estate():
    ana, neighbours = await a_person(), [await a_person() for _ in range(20)]
    typed, theirs = await a_login(ana), [await a_login(each) for each in neighbours]
    mark = (await open_door(ana.id, place=Place(ESTATE), now=NOON)).mark

    answers = await guesses(typed)
    assert answers.count(Refusal) == PER_ACCOUNT.times  # each with a hash; the others cost a look at a counter
    assert answers.count(TooOften) == TRIES - PER_ACCOUNT.times

    hers = Place("198.51.100.0/24", mark=mark)
    assert (await rules.sign_in(typed, PASSWORD, place=hers, now=NOON)).person == ana.id
    for login in theirs:
        assert await rules.sign_in(login, PASSWORD, place=Place(ESTATE), now=NOON)
    assert await rules.sign_in(typed, PASSWORD, place=Place("198.51.100.0/24"), now=NOON + timedelta(hours=1))
    assert await Tally.count() < 500  # a counter for each network and account, not for each try
