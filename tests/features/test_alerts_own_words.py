"""On the day of an alert many say in the same moment that they are safe: it is written at once for all of them, and for
each as if they had been alone.
"""

import asyncio
from datetime import timedelta

import pytest

from app.db import first_in_transaction, writing
from app.features.alerts import rules
from app.features.alerts.rules import own_words
from app.features.alerts.tables import Answer, How, Recipient, Said
from app.features.help.tables import Need, Stage
from app.features.notices.tables import Notice
from app.kit.claims import Claim, Twin, kept_deed
from app.kit.refusals import Missing, Taken
from app.kit.tables import Change, Deed
from tests.alerting import a_coordinator, an_alert
from tests.makers import NOON, a_household, a_person

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SAFE, HELP, AWAY = Answer.safe, Answer.help, Answer.away
MANY = 30


@pytest.fixture
async def neighbours(database):
    return [await a_person(home=await a_household()) for _ in range(MANY)]


@pytest.fixture
async def together(monkeypatch):
    """How many were written down in each go."""
    goes, whole = [], own_words._write_down

    async def note(alert, words):
        written = await whole(alert, words)
        goes.append(len(written))
        return written

    monkeypatch.setattr(own_words, "_write_down", note)
    return goes


async def says(alert, person, answer, *, form="", now=NOON + MINUTE):
    """With the key of a form, as a browser sends it."""
    claim = Claim(person.id, form, "") if form else None
    reset = first_in_transaction.set(claim)
    try:
        await rules.answer(alert, person.id, answer, by=person, now=now)
    finally:
        first_in_transaction.reset(reset)


async def stand(alert):
    rows = await Recipient.select(Recipient.person, Recipient.answer, Recipient.how, Recipient.answered_by).where(
        (Recipient.alert == alert) & (Recipient.answer != "")
    )
    return {row["person"]: (row["answer"], row["how"], row["answered_by"]) for row in rows}


async def test_many_at_once_are_written_in_one_go_each_with_their_own_word_and_form(neighbours, together):
    alert = await an_alert()
    words = [AWAY if nth % 3 == 0 else SAFE for nth in range(MANY)]

    await asyncio.gather(
        *[says(alert, each, word, form=f"form {each.id}") for each, word in zip(neighbours, words, strict=True)]
    )

    assert together == [MANY]
    assert await stand(alert) == {
        each.id: (word, How.self, each.id) for each, word in zip(neighbours, words, strict=True)
    }
    assert await Said.count() == MANY
    assert [(await kept_deed(each.id, f"form {each.id}")).form for each in neighbours] == [""] * MANY
    assert not await Notice.exists().where(
        Notice.read_at.is_null() & Notice.person.is_in([each.id for each in neighbours])
    )
    channels = {row["channel"] for row in await Change.select(Change.channel)}
    assert {f"person:{each.id}" for each in neighbours} <= channels


async def test_the_same_form_twice_among_many_is_done_once_and_the_twin_hears_it(neighbours):
    alert = await an_alert()

    answers = await asyncio.gather(
        *[says(alert, each, SAFE, form="form") for each in neighbours],
        *[says(alert, each, SAFE, form="form") for each in neighbours[:5]],
        return_exceptions=True,
    )

    assert [answer for answer in answers[:MANY] if answer is not None] == []
    assert [type(answer) for answer in answers[MANY:]] == [Twin] * 5
    assert await Said.count() == await Deed.count() == MANY


async def test_a_form_that_was_done_before_is_not_done_again_with_many(neighbours):
    alert = await an_alert()
    await says(alert, neighbours[0], SAFE, form="form")

    answers = await asyncio.gather(
        *[says(alert, each, AWAY, form="form") for each in neighbours], return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [Twin, *[type(None)] * (MANY - 1)]
    assert (await stand(alert))[neighbours[0].id][0] == SAFE
    assert await Said.count() == MANY


async def test_who_was_not_called_hears_it_and_the_others_are_written(neighbours):
    alert = await an_alert(areas=[])
    newcomer = await a_person()

    answers = await asyncio.gather(
        says(alert, newcomer, SAFE, form="new"),
        *[says(alert, each, SAFE, form="form") for each in neighbours],
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [Missing, *[type(None)] * MANY]
    assert newcomer.id not in await stand(alert)
    assert await kept_deed(newcomer.id, "new") is None


async def test_who_needed_help_and_is_safe_now_ends_their_need_beside_the_many(neighbours, together):
    alert = await an_alert()
    await says(alert, neighbours[0], HELP)

    await asyncio.gather(*[says(alert, each, SAFE, form="form") for each in neighbours])

    assert together == [MANY - 1]
    assert [row["stage"] for row in await Need.select(Need.stage)] == [Stage.withdrawn]
    assert {word for word, _, _ in (await stand(alert)).values()} == {SAFE}
    assert await Deed.count() == MANY


async def test_of_two_phones_of_one_person_in_the_same_moment_both_words_are_kept(neighbours):
    alert, one = await an_alert(), neighbours[0]

    await asyncio.gather(says(alert, one, SAFE, form="a"), says(alert, one, AWAY, form="b"))

    said = [row["answer"] for row in await Said.select(Said.answer).order_by(Said.id)]
    assert sorted(said) == sorted([SAFE, AWAY])
    assert (await stand(alert))[one.id][0] == said[-1]


async def test_of_two_alerts_at_once_each_has_its_own_words(neighbours):
    water, power = await an_alert(), await an_alert()

    await asyncio.gather(
        *[says(water, each, SAFE) for each in neighbours], *[says(power, each, AWAY) for each in neighbours]
    )

    assert {word for word, _, _ in (await stand(water)).values()} == {SAFE}
    assert {word for word, _, _ in (await stand(power)).values()} == {AWAY}


async def test_after_the_end_all_of_them_hear_that_it_is_over_and_nothing_is_kept(neighbours):
    by = await a_coordinator()
    alert = await an_alert(by=by)
    await rules.all_clear(alert, by=by, now=NOON + MINUTE)

    answers = await asyncio.gather(
        *[says(alert, each, SAFE, form="form", now=NOON + HOUR) for each in neighbours], return_exceptions=True
    )

    assert {type(answer) for answer in answers} == {Taken}
    assert await Said.count() == await Deed.count() == 0


async def test_where_it_breaks_for_all_of_them_each_is_written_alone(neighbours, monkeypatch):
    """The claims of the go that broke are gone with it, or each would be told that it was done already."""
    alert, whole = await an_alert(), own_words.say_themselves

    async def breaks(words, at):
        await whole(words, at)
        raise RuntimeError("the server went away")

    monkeypatch.setattr(own_words, "say_themselves", breaks)
    await asyncio.gather(*[says(alert, each, SAFE, form="form") for each in neighbours])

    assert len(await stand(alert)) == await Said.count() == await Deed.count() == MANY


async def test_inside_a_transaction_it_is_said_alone_and_undone_with_it(neighbours, together):
    alert = await an_alert()

    async def says_so_in_vain():
        async with writing():
            await says(alert, neighbours[0], SAFE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await says_so_in_vain()

    assert together == [] and await stand(alert) == {}


async def test_answers_and_the_end_of_it_at_once_leave_one_history(neighbours):
    """Whoever answers holds recipients and then notices, whoever ends it only notices: nobody waits in a circle."""
    by = await a_coordinator()
    alert = await an_alert(by=by)

    *answers, ended = await asyncio.gather(
        *[says(alert, each, SAFE, form="form") for each in neighbours],
        *[says(alert, each, AWAY, form="again") for each in neighbours],
        rules.all_clear(alert, by=by, now=NOON + MINUTE),
        return_exceptions=True,
    )

    assert ended is None
    assert all(answer is None or isinstance(answer, Taken) for answer in answers)
    assert await Said.count() == await Deed.count() == answers.count(None)
