"""Who of a furnished place signs in already: in some buildings nearly all, in others hardly anybody."""

import secrets
from datetime import datetime
from random import Random

from msgspec import Struct

from app.db import prepared_sql
from app.features.accounts.rules.passwords import hashed
from app.features.accounts.tables import Login
from app.features.roster.rules.bulk import insert_all

SHARES = (0.85, 0.3, 0.6, 0.45, 0.15)


class _Somebody(Struct):
    id: int
    phone: str
    address: str
    top: int


_everybody = prepared_sql(
    "WITH RECURSIVE inside (area, top) AS (SELECT id, id FROM areas WHERE parent IS NULL UNION ALL "
    "SELECT areas.id, inside.top FROM areas JOIN inside ON areas.parent = inside.area) "
    "SELECT people.id, people.phone, households.address, inside.top FROM people "
    "JOIN memberships ON memberships.person = people.id JOIN households ON households.id = memberships.household "
    "JOIN inside ON inside.area = households.area WHERE people.phone <> '' ORDER BY households.address, people.id",
    _Somebody,
)


async def sign_up(story: set[int], now: datetime) -> None:
    """Everybody with a story, and a share of the others. All have one password, which nobody knows."""
    password = await hashed(secrets.token_urlsafe(32))
    dice = Random("who signs in")  # noqa: S311 (made up for show, the same each time)
    taken, met = dict[str, int](), set[int]()
    for each in await _everybody():
        keen = dice.random() < SHARES[each.top % len(SHARES)]
        if (keen or each.id in story) and each.id not in met and each.phone not in taken:
            met.add(each.id)
            taken[each.phone] = each.id
    rows = ((id, phone, password, True, now) for phone, id in taken.items())
    await insert_all(Login, (Login.person, Login.phone, Login.password, Login.demo, Login.made_at), rows)
