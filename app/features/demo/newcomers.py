"""Posters that hang in the furnished place, and those who asked by them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.features.accounts.tables import Login
from app.features.community.tables import Area
from app.features.demo.places import Came
from app.features.joining import rules as joining
from app.features.joining.tables import Newcomer
from app.features.people.rules import Neighbour, neighbour

HUNG = timedelta(days=20)


async def furnish_newcomers(
    came: tuple[Came, ...], ids: dict[str, int], boss: Neighbour, *, password: Callable[[], str], now: datetime
) -> None:
    posters: dict[str, joining.Hung] = {}
    for each in came:
        if each.area not in posters:
            area = await Area.select(Area.id).where((Area.name == each.area) & Area.parent.is_null()).first()
            hung = await joining.hang(area["id"] if area else 0, days=90, by=boss, now=now - HUNG)
            posters[each.area] = await joining.poster(hung, by=boss)
        await _come(each, posters[each.area], ids, password(), now)


async def _come(came: Came, poster: joining.Hung, ids: dict[str, int], password: str, now: datetime) -> None:
    """Whoever vouches has been here for 30 days today, as long as the place stands."""
    asked = joining.Knock(came.name, came.door, came.login, password, terms=True, old_enough=True)
    at = now - timedelta(days=came.days)
    person = await joining.knock(poster.code, asked, network="", language=came.language, now=at)
    await Login.update({Login.demo: True}).where(Login.person == person)
    if came.vouched_by:
        shown = await Newcomer.select(Newcomer.token).where(Newcomer.person == person).first()
        by = await neighbour(ids[came.vouched_by])
        await joining.vouch(shown["token"] if shown else "", words=came.words, by=by, now=now)
