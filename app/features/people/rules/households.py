"""Households: the doors of the community, and what neighbours call them."""

import unicodedata
from datetime import datetime

from msgspec import Struct

from app.db import Needed, held, prepared_sql, writing
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.people.tables import Household, Role
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class Home(Struct):
    id: int
    area: int
    door: str
    address: str


class Counted(Home):
    """With how many live there."""

    members: int


_home = prepared_sql("SELECT id, area, door, address FROM households WHERE id = {}", Home)
_at = prepared_sql("SELECT id, area, door, address FROM households WHERE lower(address) = lower({})", Home)
_in_area = prepared_sql(
    "SELECT households.id, households.area, households.door, households.address, (SELECT count(*) FROM memberships "
    "WHERE memberships.household = households.id AND memberships.until_on IS NULL) AS members "
    "FROM households WHERE households.area = {} ORDER BY length(households.door), households.door LIMIT {} OFFSET {}",
    Counted,
)


async def household(household_id: int) -> Home:
    found = await _home.first(household_id)
    if found is None:
        raise Missing
    return found


async def household_at(typed: str) -> int:
    """Found by what neighbours say, in whatever width and case it was typed."""
    found = await _at.first(_plain(typed, "address"))
    if found is None:
        raise Refusal(say("There is no household at %(address)s yet.", address=typed.strip()), beside="address")
    return found.id


async def households_in(area_id: int, *, limit: int, offset: int = 0) -> list[Counted]:
    """Those that stand in the area itself, not in areas inside it."""
    return list(await _in_area(area_id, limit, offset))


async def add_household(*, area: int, door: str, address: str, by: int | None, now: datetime) -> int:
    """`address` is what neighbours say; it names one household only."""
    door, address = _plain(door, "door"), _plain(address, "address")
    async with writing():
        if await held(Area.objects().where(Area.id == area)).first() is None:
            raise Missing
        await _address_is_free(address, besides=None)
        made = Household(area=area, door=door, address=address)
        await made.save()
        await audit.note("household made", who=by, about=f"household:{made.id}", now=now)
        return int(made.id)


async def change_household(household_id: int, *, door: str, address: str, by: int, now: datetime) -> None:
    door, address = _plain(door, "door"), _plain(address, "address")
    async with writing():
        await household(household_id)
        await _address_is_free(address, besides=household_id)
        await Household.update(door=door, address=address).where(Household.id == household_id)
        about = f"household:{household_id}"
        await audit.note("household changed", who=by, about=about, now=now, fields=["address"])


async def remove_household(household_id: int, *, by: int, now: datetime) -> Home:
    """One where nobody ever lived: a door that was typed wrongly."""
    try:
        async with writing():
            gone = await household(household_id)
            await Household.delete().where(Household.id == household_id)
            await audit.note("household removed", who=by, about=f"household:{household_id}", now=now)
            return gone
    except Needed:
        raise Refusal(say("People live here or lived here, so the household stays.")) from None


def _plain(typed: str, field: str) -> str:
    """Full-width digits, as a Chinese keyboard writes them, are the same door."""
    plain = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not plain:
        raise Refusal(say("Please fill this in."), beside=field)
    return plain


async def _address_is_free(address: str, *, besides: int | None) -> None:
    same = await Household.select(Household.id).where(Household.address == address).first()
    if same and same["id"] != besides:
        raise Refusal(say("There is a household at %(address)s already.", address=address), beside="address")


async def remove_area(area_id: int, *, by: int, now: datetime) -> community.AreaRow:
    """An empty one. Stewards of old days do not keep it; a steward of today does."""
    async with writing():
        if await Household.exists().where(Household.area == area_id):
            raise Refusal(say("There are households in it. Remove those first."))
        kept = Role.area == area_id
        if await Role.exists().where(kept & Role.ended_at.is_null() & Role.stands_in_for.is_null()):
            raise Refusal(say("It has a steward. End that role first."))
        await Role.update({Role.area: None}).where(kept)
        return await community.remove_area(area_id, by=by, now=now)
