"""One person among twenty thousand, by any piece of name, phone, e-mail or address."""

import unicodedata
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from app.db import prepared_sql
from app.features.people.rules import KINDS, counts
from app.features.people.tables import Kind
from app.kit import clock
from app.kit.paging import Paged, paged, window
from app.kit.words import Sentence

AS_A_PHONE = str.maketrans("", "", " -()+.")


class _Row(Struct):
    id: int
    name: str
    state: str
    photo: str
    address: str | None


class Found(_Row):
    roles: tuple[Sentence, ...]


# A piece may stand anywhere in the word, as the last digits of a phone do: no index helps, and reading all is quick.
_found = prepared_sql(
    "SELECT chosen.id, chosen.name, chosen.state, chosen.photo, (SELECT households.address FROM memberships "  # noqa: S608
    "JOIN households ON households.id = memberships.household WHERE memberships.person = chosen.id "
    "AND memberships.until_on IS NULL ORDER BY memberships.id LIMIT 1) AS address FROM ("
    "SELECT id, name, state, photo FROM people WHERE name <> '' "
    "AND (state = {0} OR ({0} = '' AND state <> 'gone')) "
    "AND ({1} = '' OR id IN (SELECT person FROM roles WHERE kind = {1} AND " + counts("{6}") + ")) "
    "AND ({2} = '' OR lower(name) LIKE {2} ESCAPE '!' OR lower(email) LIKE {2} ESCAPE '!' "
    "OR ({3} <> '' AND phone LIKE {3}) OR id IN (SELECT memberships.person FROM memberships "
    "JOIN households ON households.id = memberships.household WHERE memberships.until_on IS NULL "
    "AND lower(households.address) LIKE {2} ESCAPE '!')) "
    "ORDER BY name, id LIMIT {4} OFFSET {5}) AS chosen ORDER BY chosen.name, chosen.id",
    _Row,
)


class _Kind(Struct):
    person: int
    kind: str


_HELD = f"SELECT person, kind FROM roles WHERE person {{among}} AND {counts('{1}')} ORDER BY id"  # noqa: S608
_held = prepared_sql(
    {
        "sqlite": _HELD.replace("{among}", "IN (SELECT value FROM json_each({0}))"),
        "postgres": _HELD.replace("{among}", "= ANY(CAST({0} AS integer[]))"),
    },
    _Kind,
)


async def find(
    q: str = "", *, state: str = "", role: str = "", number: int = 1, now: datetime | None = None
) -> Paged[Found]:
    """Those who are gone only when they are asked for."""
    (limit, offset), at = window(number), now or clock.now()
    rows = list(await _found(state, role, piece(q), _digits(q), limit, offset, at))
    held = await _held([row.id for row in rows], at)
    return paged([Found(**asdict(row), roles=_roles(row.id, held)) for row in rows], number)


def _roles(person_id: int, held: list[_Kind]) -> tuple[Sentence, ...]:
    """A steward of two entrances is shown as a steward once."""
    kinds = dict.fromkeys(each.kind for each in held if each.person == person_id)
    return tuple(KINDS[Kind(kind)] for kind in kinds)


def piece(q: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", q).lower().split())
    for sign in "!%_":
        plain = plain.replace(sign, "!" + sign)
    return f"%{plain}%" if plain else ""


def _digits(q: str) -> str:
    """However the number was written: no blanks, and no zeros of a prefix that we keep as +86."""
    digits = unicodedata.normalize("NFKC", q).translate(AS_A_PHONE).lstrip("0")
    return f"%{digits}%" if digits.isdecimal() and len(digits) >= 3 else ""
