"""Who is meant by a keeper's name, phone or e-mail in a list."""

from collections.abc import Collection
from datetime import date

from msgspec import Struct

from app.db import prepared_sql
from app.features.accounts import rules as accounts
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit.words import Sentence, say


class _Id(Struct):
    id: int


_named = prepared_sql(
    "SELECT people.id FROM people JOIN logins ON logins.person = people.id WHERE people.state = 'active' "
    "AND people.name = {} AND (people.of_age_on IS NULL OR people.of_age_on <= {}) ORDER BY people.id LIMIT 2",
    _Id,
)


async def meant(words: Collection[str], *, by: Neighbour | None, today: date) -> dict[str, int | Sentence]:
    """The person, or why that is nobody. Whose phone a number is may be asked by administrators and the command line
    alone."""
    by_login = by is None or by.is_a(RoleKind.administrator)
    return {word: await _one(word, by_login, today) for word in words}


async def _one(word: str, by_login: bool, today: date) -> int | Sentence:
    """Those who can answer here: they sign in, and are of age."""
    found = [each.id for each in await _named(word, today)]
    if not found and by_login and (login := await accounts.login_of(word)):
        whose = await people.neighbour(login.person)
        found = [whose.id] if whose.is_active and not whose.is_child(today) else []
    if len(found) == 1:
        return int(found[0])
    if found:
        return say("More than one neighbour is called %(name)s. Write the phone or e-mail.", name=word[:40])
    return say("No neighbour here is called %(name)s, or signs in with that.", name=word[:40])
