"""Home: what waits for me, what is new near me, and one first step for a newcomer. Each feature brings its own."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from app.features.admin import rules as admin
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.lines import OnHome
from app.kit.pocket import InPocket
from app.kit.words import Sentence, say

Bring = Callable[..., Awaitable[OnHome]]
BringPages = Callable[..., Awaitable[list[InPocket]]]
PINNED, WAITS, NEAR, QUOTES = 3, 8, 6, 3


async def on_home(by: Neighbour, bringers: Sequence[Bring], *, now: datetime) -> OnHome:
    """All features together; the first feature with a first step for this person gives it.

    They are asked at once: none waits for another, and one after the other they wait twenty times on a busy day.
    """
    brought = await gather(*[bring(by, now=now) for bring in bringers])
    return OnHome(
        pinned=[line for each in brought for line in each.pinned][:PINNED],
        waits=[line for each in brought for line in each.waits][:WAITS],
        near=[line for each in brought for line in each.near][:NEAR],
        quotes=[quote for each in brought for quote in each.quotes][:QUOTES],
        first_step=next((each.first_step for each in brought if each.first_step), None),
    )


async def in_pocket(by: Neighbour, bringers: Sequence[BringPages], *, now: datetime) -> list[InPocket]:
    """All features' pages in the order in which the house lists them; the first to bring a path has it."""
    pages = [page for bring in bringers for page in await bring(by, now=now) if page.until is None or page.until > now]
    return list({page.path: page for page in reversed(pages)}.values())[::-1]


async def how_far_joined(by: Neighbour) -> admin.Share | None:
    """All that an administrator or a steward looks after, as one; None for everybody else."""
    if not by.is_a(Kind.administrator, Kind.steward):
        return None
    return admin.together(await admin.joined(by))


def greeting(name: str, at: datetime) -> Sentence:
    """`at` is the community's own clock."""
    if 5 <= at.hour < 11:
        return say("Good morning, %(name)s", name=name)
    if 11 <= at.hour < 18:
        return say("Good afternoon, %(name)s", name=name)
    return say("Good evening, %(name)s", name=name)
