"""Several who lead act in the same second: there is one history, and nobody is told anything twice."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.tables import Alert, Level, Message, Recipient, Stage, Type
from app.features.notices.tables import Notice
from app.kit.refusals import Refusal, Taken
from tests.alerting import a_coordinator, a_plan, an_alert, looking, run, said, stage
from tests.makers import NOON, a_household, a_person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PEOPLE = 6


@pytest.fixture
async def neighbours(database):
    return [await a_person(home=await a_household()) for _ in range(PEOPLE)]


def words(of: str) -> tuple[dict[str, str], dict[str, str]]:
    return {"zh-Hans": f"新消息 {of}", "en": f"News {of}"}, {"zh-Hans": "请先接满饮用水。", "en": "Fill what you need."}


async def told(alert: int) -> Counter[tuple[int, str]]:
    """How often each was told each message of it."""
    rows = await Notice.select(Notice.person, Notice.key).where(
        (Notice.thread == f"alert:{alert}") & Notice.key.like("alert:message:%")
    )
    return Counter((row["person"], row["key"]) for row in rows)


@pytest.mark.parametrize("turn", range(3))
async def test_approved_refused_dropped_and_sent_alone_at_once_one_of_them_happens(neighbours, turn):
    author, *others = [await a_coordinator() for _ in range(6)]
    alert = await rules.draft(a_plan(level=Level.critical), by=author, now=NOON)
    await rules.send(alert, "real", by=author, now=NOON)
    again = looking(author, NOON + MINUTE)
    deeds = [
        *[rules.approve(alert, "real", by=each, now=NOON) for each in others[:3]],
        rules.drop(alert, by=author, now=NOON),
        rules.refuse(alert, by=others[3], now=NOON),
        rules.break_glass(alert, "real", by=again, now=NOON + MINUTE),
    ]
    deeds = deeds[turn * 2 :] + deeds[: turn * 2]

    answers = await asyncio.gather(*deeds, return_exceptions=True)
    await asyncio.gather(*[run(NOON + MINUTE) for _ in range(4)])

    assert sum(answer is None for answer in answers) >= 1
    assert all(isinstance(answer, Refusal) for answer in answers if answer is not None)
    if await stage(alert) == Stage.active:
        assert await said(alert) == [Type.alert]
        assert set((await told(alert)).values()) == {1}
        assert await Recipient.count().where(Recipient.alert == alert) == PEOPLE + 6
    else:
        assert await said(alert) == [] and not await told(alert)


@pytest.mark.parametrize("first", [0, 6, 7, 8])
async def test_corrected_updated_and_ended_by_many_at_once_while_four_workers_tell(neighbours, first):
    leaders = [await a_coordinator() for _ in range(9)]
    alert = await an_alert(by=leaders[0], told=False)
    deeds = [
        *[
            rules.update(alert, *words(str(n)), type=(Type.update, Type.correction)[n % 2], by=leaders[n], now=NOON)
            for n in range(6)
        ],
        rules.all_clear(alert, by=leaders[6], now=NOON),
        rules.false_alarm(alert, by=leaders[7], now=NOON),
        rules.expire(alert, now=NOON + 5 * HOUR),
    ]
    deeds = deeds[first:] + deeds[:first]

    answers, *_ = await asyncio.gather(asyncio.gather(*deeds, return_exceptions=True), *[run(NOON) for _ in range(4)])
    # Whose end was first is open, and the clock's is five hours later: so is what is told of it.
    await asyncio.gather(*[run(NOON + 5 * HOUR) for _ in range(4)])

    history = await Message.objects().where(Message.alert == alert).order_by(Message.id)
    ends = [each for each in history if each.type in (Type.all_clear, Type.false_alarm, Type.expired)]
    assert [each.id for each in ends] == [history[-1].id]
    assert all(answer is None or isinstance(answer, int | Taken) for answer in answers)
    spoken = [answer for answer in answers if isinstance(answer, int)]
    assert sorted(spoken) == [each.id for each in history[1:-1]]
    assert await stage(alert) == Stage.ended
    kept = await Alert.select(Alert.ended_how).where(Alert.id == alert).first()
    assert kept["ended_how"] == ends[0].type
    heard = await told(alert)
    assert set(heard.values()) == {1}
    assert {person for person, key in heard if key == f"alert:message:{ends[0].id}"} == {
        row["person"] for row in await Recipient.select(Recipient.person).where(Recipient.alert == alert)
    }


async def test_the_words_that_stand_are_those_that_were_said_last(neighbours):
    leaders = [await a_coordinator() for _ in range(8)]
    alert = await an_alert(by=leaders[0])

    await asyncio.gather(
        *[rules.update(alert, *words(str(n)), type=Type.correction, by=by, now=NOON) for n, by in enumerate(leaders)]
    )

    last = await Message.objects().where(Message.alert == alert).order_by(Message.id, ascending=False).first()
    kept = await Alert.objects().get(Alert.id == alert)
    assert kept.headlines == last.headlines
    assert len(await said(alert)) == 9
