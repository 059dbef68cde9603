"""Where the doorbell reaches somebody outside the app: what they sign in with, or else what is on file."""

from collections.abc import Iterable, Mapping

from app.db import prepared_sql
from app.features.notices.rules import Address

AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_some = prepared_sql(
    {
        engine: "SELECT people.id AS person, COALESCE(logins.email, people.email) AS email, "  # noqa: S608
        "COALESCE(logins.phone, people.phone) AS phone, logins.id IS NOT NULL AS signs_in "
        f"FROM people LEFT JOIN logins ON logins.person = people.id WHERE people.id {among}"
        for engine, among in AMONG.items()
    },
    Address,
)


async def addresses(person_ids: Iterable[int]) -> Mapping[int, Address]:
    """One for each of them."""
    return {each.person: each for each in await _some(list(person_ids))}
