"""Makers: the smallest true thing of each kind, and only what a test cares to say."""

import json
from datetime import UTC, datetime
from itertools import count

from app.features.accounts import rules as accounts
from app.features.accounts.rules import NEED_ONE
from app.features.accounts.tables import Passkey
from app.features.community.tables import Area, Community
from app.features.people.rules import Neighbour, neighbour
from app.features.people.tables import Household, Kind, Membership, Person, Role

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
nth = count(1)


async def a_community(**said) -> None:
    """百川里, unless it stands already."""
    if await Community.exists().where(Community.id == 1):
        return
    kinds = json.dumps(["building", "entrance", "floor"])
    known = {"name": "百川里", "zone": "Asia/Shanghai", "region": "CN", "languages": '["zh-Hans", "en"]'}
    await Community.insert(Community(**{"id": 1, "area_kinds": kinds, "made_at": NOON, **known, **said}))


async def an_area(**said) -> Area:
    n = next(nth)
    area = Area(**{"parent": None, "kind": "building", "name": str(n), "sort": n, **said})
    await area.save()
    return area


async def a_household(**said) -> Household:
    n = next(nth)
    area = said.pop("area", None) or await an_area()
    home = Household(**{"area": area.id, "door": str(n), "address": f"{area.name}-{n}", **said})
    await home.save()
    return home


async def a_person(*, role=None, area=None, home=None, second=None, **said) -> Neighbour:
    """An active neighbour; with `role` an officer (a steward of `area`), with `home` one who lives there.

    Officers who need a second factor have one, unless `second=False`.
    """
    await a_community()
    person = Person(**{"name": f"Neighbour {next(nth)}", "language": "en", "made_at": NOON, **said})
    await person.save()
    if role:
        await Role.insert(Role(person=person.id, kind=role, area=area.id if area else None, given_at=NOON))
    if role in NEED_ONE if second is None else second:
        key = f"{person.id:08x}"
        await Passkey.insert(Passkey(person=person.id, credential=key, public_key=key, name="A phone", made_at=NOON))
    if home:
        await Membership.insert(Membership(person=person.id, household=home.id, since_on=NOON.date()))
    return await neighbour(person.id)


async def a_login(person, typed: str = "", password: str = "three plain words", *, demo: bool = False) -> str:
    """The person can sign in with what comes back."""
    typed = typed or f"n{person.id}@example.org"
    await accounts.make_login(person.id, typed, password, now=NOON, demo=demo)
    return typed


async def an_administrator(**said) -> Neighbour:
    return await a_person(role=Kind.administrator, **said)
