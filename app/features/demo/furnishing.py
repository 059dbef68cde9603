"""An empty database becomes a place where people live: through the same doors as everybody else's deeds."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.demo.board import complain, hang
from app.features.demo.families import settle_families
from app.features.demo.homes import ask_for_keys, settle_homes
from app.features.demo.needs import furnish_needs
from app.features.demo.newcomers import furnish_newcomers
from app.features.demo.places import Announced, Asked, Place, Who
from app.features.demo.roles import pass_on
from app.features.demo.signing_up import sign_up
from app.features.demo.waiting_list import send_a_list
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind, Membership
from app.features.roster.rules import import_residents
from app.features.skills import rules as skills
from app.features.skills.tables import Skill

MOVED_IN = timedelta(days=30)
LONG_AGO, LATELY = timedelta(days=25), timedelta(days=2)
SignIns = dict[str, dict[str, str]]


async def furnish(place: Place, *, more: int, password: Callable[[], str], now: datetime) -> SignIns | None:
    """{role: {login, password}}; None, and nothing touched, where somebody lives already. All of it or nothing."""
    async with writing():
        if await community.here() is not None:
            return None
        then = now - MOVED_IN
        await community.found(
            name=place.name,
            languages=list(place.languages),
            zone=place.zone,
            region=place.region,
            area_kinds=list(place.area_kinds),
            now=then,
        )
        await import_residents(place.roster(place, more), basis=place.basis, by=None, now=then)
        ids = await _ids(place.who)
        for who in place.who:
            await _settle(who, ids[who.name], then)
        if place.family:
            await settle_families(place.family, ids, now=now)
        for who in place.who:
            await _offer(who, await people.neighbour(ids[who.name]), now - _said(who, place))
        await settle_homes(place.homes, ids, now)
        stories: list[Asked | Announced] = [*place.asked, *place.announced]
        for each in sorted(stories, key=lambda each: -each.days):
            await (_tell(each, ids, now) if isinstance(each, Asked) else hang(each, place, ids, now))
        await complain(place, ids, now)
        await ask_for_keys(place.homes, ids, now)
        await sign_up(set(ids.values()), then)
        await pass_on(place.name, ids, now)
        boss = await people.neighbour(next(ids[who.name] for who in place.who if who.role == Kind.administrator))
        await send_a_list(place, by=boss.id, now=now)
        await furnish_needs(place.needs, ids, boss.id, now)
        await furnish_newcomers(place.came, ids, boss, password=password, now=now)
        return {who.signs_in: await _sign_in(who, ids, password(), now) for who in place.who if who.signs_in}


async def _ids(everybody: tuple[Who, ...]) -> dict[str, int]:
    """By name and door: other neighbours may bear the same name."""
    homes = await Membership.select(
        Membership.person.id.as_alias("id"),
        Membership.person.name.as_alias("name"),
        Membership.household.address.as_alias("address"),
    )
    known = {(home["name"], home["address"]): home["id"] for home in homes}
    return {who.name: known[who.name, who.address] for who in everybody}


async def _settle(who: Who, id: int, now: datetime) -> None:
    await people.edit_person(id, by=id, now=now, language=who.language)
    if who.role:
        await people.give_role(id, who.role, area=None, by=None, now=now)
    if who.steward_of:
        area = await Area.select(Area.id).where((Area.name == who.steward_of) & Area.parent.is_null()).first()
        await people.give_role(id, Kind.steward, area=area["id"] if area else None, by=None, now=now)


def _said(who: Who, place: Place) -> timedelta:
    """Whoever was asked for a skill offered it before; the others are new on Home."""
    return LONG_AGO if any(asked.of == who.name for asked in place.asked) else LATELY


async def _offer(who: Who, by: Neighbour, now: datetime) -> None:
    for can in who.can:
        offered = skills.Offer(can.words, can.category, can.details, can.times, can.reach, can.emergency)
        await skills.offer(offered, by=by, now=now)


async def _tell(asked: Asked, ids: dict[str, int], now: datetime) -> None:
    """One ask, from the day it was asked to where it stands today."""
    asker, began, left = await people.neighbour(ids[asked.by]), now - asked.ago, asked.ago
    request = skills.Request(asked.words, asked.times, category=asked.category if not asked.of else None)
    if not asked.of:
        await skills.ask_anybody(request, by=asker, now=began)
        return
    helper = await people.neighbour(ids[asked.of])
    offered = await Skill.select(Skill.id).where((Skill.person == helper.id) & (Skill.words == asked.skill)).first()
    ask = await skills.ask(offered["id"] if offered else 0, request, by=asker, now=began)
    if asked.proposed:
        await skills.propose(ask, asked.proposed, by=helper, now=began + left / 2)
    if asked.declined:
        await skills.decline(ask, reason=asked.declined, by=helper, now=began + left / 4)
    if asked.accepted:
        await skills.accept(ask, by=helper, now=began + left / 8)
    if asked.done:
        await skills.complete(ask, by=asker, now=began + left / 4)
    if asked.thanks:
        await skills.thank(ask, asked.thanks, by=asker, now=began + left / 3)
    if asked.done or asked.declined:
        for each in (asker, helper):
            await notices.read_all(each.id, began + left / 2)


async def _sign_in(who: Who, ids: dict[str, int], password: str, now: datetime) -> dict[str, str]:
    login = f"{who.signs_in.replace('_', '.')}@example.org"
    await accounts.make_login(ids[who.name], login, password, now=now, demo=True)
    await people.consent(ids[who.name], "terms", by=ids[who.name], now=now)
    return {"login": login, "password": password}
