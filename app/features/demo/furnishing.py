"""An empty database becomes a place where people live: through the same doors as everybody else's deeds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.demo.alerts import declare, write_lifelines
from app.features.demo.asks import happenings_of
from app.features.demo.board import complaints, hang
from app.features.demo.events import gatherings
from app.features.demo.families import settle_families
from app.features.demo.homes import ask_for_keys, settle_homes
from app.features.demo.needs import Happening, happenings
from app.features.demo.newcomers import furnish_newcomers
from app.features.demo.places import Place, Who
from app.features.demo.roles import pass_on
from app.features.demo.rooms import open_rooms
from app.features.demo.signing_up import sign_up
from app.features.demo.things import sharings
from app.features.demo.waiting_list import send_a_list
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind, Membership
from app.features.roster.rules import import_residents
from app.features.skills import rules as skills

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
        boss = await people.neighbour(next(ids[who.name] for who in place.who if who.role == Kind.administrator))
        happened: list[Happening] = [(now - each.ago, partial(hang, each, place, ids, now)) for each in place.announced]
        for asked in place.asked:
            happened += happenings_of(asked, ids, now)
        happened += [*happenings(place.needs, ids, boss.id, now), *complaints(place, ids, now)]
        happened += [(now - each.ago, partial(declare, each, place, ids, now)) for each in place.alarmed]
        happened += await open_rooms(place.rooms, ids, now)
        happened += gatherings(place.events, place.rooms.manager, ids, now)
        happened += sharings(place.things, ids, now)
        for _, happen in sorted(happened, key=lambda each: each[0]):
            await happen()
        await write_lifelines(place, ids, then)
        await ask_for_keys(place.homes, ids, now)
        await sign_up(set(ids.values()), then)
        await pass_on(place.name, ids, now)
        await send_a_list(place, by=boss.id, now=now)
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


async def _sign_in(who: Who, ids: dict[str, int], password: str, now: datetime) -> dict[str, str]:
    login = f"{who.signs_in.replace('_', '.')}@example.org"
    await accounts.make_login(ids[who.name], login, password, now=now, demo=True)
    await people.consent(ids[who.name], "terms", by=ids[who.name], now=now)
    return {"login": login, "password": password}
