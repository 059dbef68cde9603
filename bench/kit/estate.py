"""An estate for the day of an alert: `python -m bench.kit.estate furnish HOUSEHOLDS BOARDS GONE ORIGIN…` moves one
neighbour into each household, signed in on a phone that rings at one of the origins (every GONE-th phone is gone, 0 is
none), and prints them; `… send` sends the alert.

Areas are buildings of 250 doors in five entrances. Of those with a board open every fifth is a coordinator and looks at
the whole, the others are stewards and look at a building each. Sign-ins are written, not made: argon2 is no part of it.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.db import close_database, open_database, writing
from app.features.accounts.rules.signing_in import fingerprint
from app.features.accounts.tables import Passkey, SignIn
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.notices.tables import Device
from app.features.people.rules import neighbour
from app.features.people.tables import Household, Kind, Membership, Person, Role
from app.kit.clock import now
from app.migrating import migrate
from bench.kit.settling import PLACE
from tests.alerting import an_alert, looking
from tests.web_push_peers import Browser, b64

ENTRANCES, DOORS = 5, 50
BUILDING = ENTRANCES * DOORS
LEADS = 5
AT_ONCE = 500
LASTS = timedelta(hours=4)


async def furnish(households: int, boards: int, gone: int, origins: list[str]) -> list[dict[str, Any]]:
    """Who lives there: their number, key, the entrance's area, and which board of theirs stands open ("" is none)."""
    await migrate()
    await open_database()
    people = [{"id": n + 1, "key": secrets.token_urlsafe(32), "board": ""} for n in range(households)]
    async with writing():
        await community.found(**PLACE, area_kinds=["building", "entrance"], now=now())
        entrances = [entrance async for entrance in _areas(households)]
    for start in range(0, households, AT_ONCE):
        some = people[start : start + AT_ONCE]
        async with writing():
            await _move_in(some, entrances, gone, origins)
    async with writing():
        for number, person in enumerate(people[:: max(1, households // boards)][:boards]):
            person["board"] = await _gives_an_office(person["id"], number)
    await close_database()
    return people


async def _areas(households: int) -> Any:
    """The numbers of the entrances, in the order of their doors."""
    for number in range(-(-households // BUILDING)):
        building = Area(parent=None, kind="building", name=str(number + 1), sort=number)
        await building.save()
        for nth in range(ENTRANCES):
            entrance = Area(parent=building.id, kind="entrance", name=str(nth + 1), sort=nth)
            await entrance.save()
            yield entrance.id


async def _move_in(some: list[dict[str, Any]], entrances: list[int], gone: int, origins: list[str]) -> None:
    at, ids = now(), [person["id"] for person in some]
    await Household.insert(*_homes(ids, entrances))
    await Person.insert(*[Person(name=f"Neighbour {n}", language=("en", "zh-Hans")[n % 2], made_at=at) for n in ids])
    await Membership.insert(*[Membership(person=n, household=n, since_on=at.date()) for n in ids])
    seen = {"device": "bench", "began_at": at, "seen_at": at, "proved_at": at, "second_at": at}
    await SignIn.insert(*[SignIn(person=p["id"], fingerprint=fingerprint(p["key"]), **seen) for p in some])
    browser = Browser()
    keys = {"p256dh": b64(browser.p256dh), "auth": b64(browser.auth), "name": "A phone", "made_at": at, "seen_at": at}
    where = [origins[n % len(origins)] for n in ids]
    phones = [
        Device(
            person=n,
            sign_in=n,
            origin=origin,
            endpoint=f"{origin}/d/{'live' if not gone or n % gone else 'gone'}/{n}",
            **keys,
        )
        for n, origin in zip(ids, where, strict=True)
    ]
    await Device.insert(*phones)


def _homes(ids: list[int], entrances: list[int]) -> Iterator[Household]:
    for n in ids:
        entrance, door = divmod(n - 1, DOORS)
        building, nth = divmod(entrance, ENTRANCES)
        floor = f"{door // 4 + 1}0{door % 4 + 1}"
        yield Household(area=entrances[entrance], door=floor, address=f"{building + 1}-{nth + 1}-{floor}")


async def _gives_an_office(person: int, number: int) -> str:
    """The board that they look at, as the end of its address."""
    at = now()
    if number % LEADS == 0:
        await Passkey.insert(Passkey(person=person, credential=f"k{person}", public_key="k", name="A", made_at=at))
        await Role.insert(Role(person=person, kind=Kind.coordinator, given_at=at))
        return "whole"
    home = await Household.select(Household.area.parent.as_alias("building")).where(Household.id == person).first()
    await Role.insert(Role(person=person, kind=Kind.steward, area=home["building"], given_at=at))
    return str(home["building"])


async def send() -> int:
    """The alert's number: urgent, for everybody. Whom it is for is frozen; the worker tells them."""
    await open_database()
    first = await Role.select(Role.person).where(Role.kind == Kind.coordinator).order_by(Role.id).first()
    at = now()
    alert = await an_alert(by=looking(await neighbour(first["person"]), at), told=False, now=at)
    await close_database()
    return alert


if __name__ == "__main__":
    if sys.argv[1] == "send":
        print(asyncio.run(send()))
    else:
        many, boards, gone, *origins = sys.argv[2:]
        json.dump(asyncio.run(furnish(int(many), int(boards), int(gone), origins)), sys.stdout)
