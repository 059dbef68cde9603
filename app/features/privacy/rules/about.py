"""Who runs this."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import Neighbour


class About(Struct):
    """`administrators` are names, for those who are signed in."""

    contact: str
    administrators: list[str]


class _Name(Struct):
    name: str


_administrators = prepared_sql(
    "SELECT DISTINCT people.name FROM people JOIN roles ON roles.person = people.id AND roles.ended_at IS NULL "
    "WHERE roles.kind = 'administrator' AND people.state = 'active' ORDER BY people.name",
    _Name,
)


async def about(reader: Neighbour | None) -> About:
    """Strangers read how to reach the community, not who its administrators are."""
    names = [row.name for row in await _administrators()] if reader else []
    return About(await community.contact_words(), names)
