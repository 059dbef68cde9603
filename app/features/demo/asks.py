"""Asks of the demo as happenings: from the day they were asked to where they stand today."""

from collections.abc import Mapping
from datetime import datetime

from app.features.demo.needs import Happening
from app.features.demo.places import Asked
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.skills import rules as skills
from app.features.skills.tables import Skill


def happenings_of(asked: Asked, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    """A question to everybody is asked and waits; an ask to one neighbour goes on."""
    began, left = now - asked.ago, asked.ago
    request = skills.Request(asked.words, asked.times, category=asked.category if not asked.of else None)
    ask: list[int] = []

    async def question() -> None:
        await skills.ask_anybody(request, by=await people.neighbour(ids[asked.by]), now=began)

    async def begin() -> None:
        mine = (Skill.person == ids[asked.of]) & (Skill.words == asked.skill)
        offered = await Skill.select(Skill.id).where(mine).first()
        by = await people.neighbour(ids[asked.by])
        ask.append(await skills.ask(offered["id"] if offered else 0, request, by=by, now=began))

    async def propose() -> None:
        helper = await people.neighbour(ids[asked.of])
        await skills.propose(ask[0], asked.proposed, by=helper, now=began + left / 2)

    async def decline() -> None:
        helper = await people.neighbour(ids[asked.of])
        await skills.decline(ask[0], reason=asked.declined, by=helper, now=began + left / 4)

    async def accept() -> None:
        await skills.accept(ask[0], by=await people.neighbour(ids[asked.of]), now=began + left / 8)

    async def complete() -> None:
        await skills.complete(ask[0], by=await people.neighbour(ids[asked.by]), now=began + left / 4)

    async def thank() -> None:
        await skills.thank(ask[0], asked.thanks, by=await people.neighbour(ids[asked.by]), now=began + left / 3)

    async def both_have_read() -> None:
        for each in (asked.by, asked.of):
            await notices.read_all(ids[each], began + left / 2)

    if not asked.of:
        return [(began, question)]
    steps = (
        (asked.proposed, left / 2, propose),
        (asked.declined, left / 4, decline),
        (asked.accepted, left / 8, accept),
        (asked.done, left / 4, complete),
        (asked.thanks, left / 3, thank),
        (asked.done or asked.declined, left / 2, both_have_read),
    )
    return [(began, begin), *((began + after, step) for so, after, step in steps if so)]
