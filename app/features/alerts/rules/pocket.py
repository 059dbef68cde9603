"""The alerts that concern somebody, and the numbers to ring, for when there is no network."""

from datetime import datetime, timedelta
from typing import Any

from app.features.alerts.rules.at_hand import Lifeline, News, concerning, lifelines_of, roll_call_of, where
from app.features.alerts.rules.words import ANSWERS, HOW, LEVELS, MARKS, WHATS, marked, path_of
from app.features.people.rules import Neighbour
from app.kit.pocket import InPocket
from app.kit.words import say

HOME = "/"
# Past its end it says that it is over, and that this phone does not know what came after.
STAYS = timedelta(days=1)
WORDS: dict[str, Any] = {"levels": LEVELS, "marks": MARKS, "answers": ANSWERS, "hows": HOW, "whats": WHATS}


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    """The first of them is Home, as it is with a network."""
    going_on, lines = await concerning(by, now=now), await lifelines_of(by)
    if going_on:
        return [await _page(news, lines, not n, by, now) for n, news in enumerate(going_on)]
    title = say("Where to meet, whom to ring")
    return [InPocket(HOME, title, "alerts/lifelines_in_pocket.html", {"lifelines": lines})] if lines else []


async def _page(news: News, lines: list[Lifeline], is_home: bool, by: Neighbour, now: datetime) -> InPocket:
    shows = {
        "news": news,
        "places": await where(news.id),
        "roll": await roll_call_of(news, by, now=now),
        "lifelines": lines if is_home else [],
        "at": now,
        **WORDS,
    }
    path = HOME if is_home else path_of(news.id)
    return InPocket(path, marked(news.kind, news.headline), "alerts/in_pocket.html", shows, news.until_at + STAYS)
