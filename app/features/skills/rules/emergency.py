"""Who said that they help in an emergency, and with what: they, and nobody else, are looked up in one."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.moderation.rules import NOT_BLOCKED
from app.features.skills.tables import Category


class Helps(Struct):
    """Somebody under one kind of skill; `building` is the largest area around their door."""

    person: int
    name: str
    category: Category
    building: int | None


_helps = prepared_sql(
    "SELECT listings.person, people.name, substr(listings.under, 2) AS category, listings.building "
    "FROM listings JOIN people ON people.id = listings.person AND people.state = 'active' "
    "WHERE listings.under LIKE '!_%' AND listings.person "
    + NOT_BLOCKED.replace("{me}", "{0}")
    + " ORDER BY listings.person, listings.under",
    Helps,
)


async def help_in_an_emergency(*, reader: int) -> list[Helps]:
    """As the directory shows them to that reader."""
    return list(await _helps(reader))
