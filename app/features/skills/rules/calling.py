"""Who can…? rings those whose skills match: a dozen at first, another dozen a day later, nobody twice."""

from datetime import datetime

from app.features.notices import rules as notices
from app.features.skills.rules.directory import building_of
from app.features.skills.rules.matching import CALLED_AT_ONCE, who_can
from app.features.skills.rules.reach import asking, call_key, name_of, shortened
from app.features.skills.rules.stages import Asked
from app.features.skills.tables import Called, Category
from app.kit.words import say


async def call_neighbours(ask: Asked, *, now: datetime) -> int:
    """How many were rung. Those already called are left alone."""
    called = {row["person"] for row in await Called.select(Called.person).where(Called.ask == ask.id)}
    found = await who_can(
        ask.words,
        category=Category(ask.category),
        near=await building_of(ask.asker),
        but={*called, *asking(ask)},
        at_most=CALLED_AT_ONCE,
        reader=ask.asker,
    )
    if not found:
        return 0
    await Called.insert(*[Called(ask=ask.id, person=each.id, at=now) for each in found])
    await _ring(ask, [each.id for each in found], now)
    return len(found)


async def ring_again(ask: Asked, *, now: datetime) -> None:
    """The helper cannot after all: those who did not say no hear that it is open again."""
    waiting = (Called.ask == ask.id) & Called.declined_at.is_null()
    await _ring(ask, [row["person"] for row in await Called.select(Called.person).where(waiting)], now)


async def _ring(ask: Asked, people: list[int], now: datetime) -> None:
    name, path = await name_of(ask.asker), f"/asks/{ask.id}"
    question = say("%(name)s asks: who can help? “%(what)s”", name=name, what=shortened(ask.words))
    key, until = call_key(ask.id), ask.until_at
    await notices.tell_all(people, question, path=path, now=now, topic="asks", key=key, until=until)


async def hush(ask: Asked) -> None:
    """It is settled: the question is taken back from everybody who was rung."""
    if ask.is_for_anybody:
        await notices.withdraw(call_key(ask.id))
