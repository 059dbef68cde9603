"""Slips: a code for each who is on the list and does not sign in yet. Shown once, on paper; only prints are kept."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.joining.rules.reach import among, must_keep
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.words import say

LASTS = timedelta(days=30)
MOST = 400


class Unclaimed(Struct):
    """Somebody without a sign-in. `has_contact`: a phone or e-mail on file will be asked for; `has_code`: an older slip
    is about, and ends when a new one is made."""

    id: int
    name: str
    address: str
    has_contact: bool
    has_code: bool


class Slip(Struct):
    name: str
    address: str
    has_contact: bool
    code: str


# Officers are left out: they are let in again by two administrators or the command line, never by a slip.
_unclaimed = prepared_sql(
    among(
        "SELECT people.id, people.name, min(households.address) AS address, "
        "(people.phone <> '' OR people.email <> '') AS has_contact, EXISTS (SELECT 1 FROM first_codes "
        "WHERE first_codes.person = people.id AND first_codes.spent_at IS NULL AND first_codes.until_at > {1}) "
        "AS has_code FROM people JOIN memberships ON memberships.person = people.id AND memberships.until_on IS NULL "
        "JOIN households ON households.id = memberships.household "
        "WHERE households.area AMONG AND people.state = 'active' AND people.name <> '' "
        "AND NOT EXISTS (SELECT 1 FROM logins WHERE logins.person = people.id) "
        "AND NOT EXISTS (SELECT 1 FROM roles WHERE roles.person = people.id AND roles.ended_at IS NULL) "
        "GROUP BY people.id, people.name, people.phone, people.email "
        "ORDER BY length(min(households.address)), min(households.address), people.name, people.id"
    ),
    Unclaimed,
)


async def unclaimed(area_id: int, *, by: Neighbour, now: datetime) -> list[Unclaimed]:
    """Everybody in the area, and in those inside it, who has yet to come in."""
    await must_keep(by, area_id)
    return list(await _unclaimed(await community.below(area_id), now))


async def print_slips(area_id: int, *, by: Neighbour, now: datetime) -> list[Slip]:
    """A new code for each, good for 30 days; older ones that were not used end with it."""
    async with writing():
        people = await unclaimed(area_id, by=by, now=now)
        if not people:
            raise Refusal(say("Everybody here signs in already."))
        if len(people) > MOST:
            raise Refusal(say("That is more than %(most)s slips. Take a smaller area, please.", most=MOST))
        codes = await accounts.codes_for([each.id for each in people], by=by.id, lasts=LASTS, now=now)
        await audit.note("slips printed", who=by.id, about=f"area:{area_id}", now=now)
    return [Slip(each.name, each.address, each.has_contact, codes[each.id]) for each in people]
