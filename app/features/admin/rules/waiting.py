"""What waits for somebody because of a role; and, for the desk, what waits because of anything."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from app.features.admin.rules.arranging import Question, my_roles
from app.features.admin.rules.telling import proposal_path, role_path
from app.features.people import rules as people
from app.features.people.rules import Held, Neighbour
from app.features.people.tables import Task
from app.kit.lines import Line, OnHome
from app.kit.words import Sentence, say

Bring = Callable[..., Awaitable[OnHome]]


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    mine = await my_roles(by, now=now)
    return OnHome(
        waits=[
            *(_asked(each) for each in mine.questions),
            *(
                Line(
                    "shield-check",
                    say("You stand in for %(name)s", name=each.holder_name),
                    "/account/roles",
                    each.title,
                    say("Until %(when)s", when=each.until_at) if each.until_at else None,
                )
                for each in mine.standing
                if each.since_at <= now
            ),
            *[line for each in mine.own if (line := await _uncovered(each, now))],
        ]
    )


TITLES: dict[Task, Sentence] = {
    Task.handover: say("%(name)s hands a role over to you"),
    Task.deputy: say("%(name)s asks you to be deputy"),
    Task.cover: say("%(name)s asks you to stand in"),
}


def _asked(question: Question) -> Line:
    title = say(TITLES[question.asked.task].words, name=question.by_name)
    return Line("handshake", title, proposal_path(question.asked.id), question.role.title, say("Answer"), due=True)


async def _uncovered(role: Held, now: datetime) -> Line | None:
    """Away, or soon, and nobody who stands in."""
    away = await people.absence_of(role.id, now=now)
    if away is None or away.stand_in is not None:
        return None
    path, chip = role_path(role.id), say("Ask somebody")
    return Line("calendar", say("Nobody stands in for you yet"), path, role.title, chip, due=True)


async def what_waits(by: Neighbour, bringers: Sequence[Bring], *, now: datetime) -> list[Line]:
    """All of it, as every feature tells it for Home; the desk knows none of them."""
    return [line for bring in bringers for line in (await bring(by, now=now)).waits]
