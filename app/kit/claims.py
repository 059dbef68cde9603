"""A form's key, claimed inside its deed's own transaction: either both are kept or neither."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from app.db import Gathering, first_in_transaction, prepared_sql, writing
from app.kit.clock import now
from app.kit.refusals import Taken
from app.kit.tables import Deed
from app.kit.words import say

DOING = say("This was sent a moment ago and is still being done. Please look again.")


class Kept(Struct):
    """`status` and `location` are those of the first answer, once there is one."""

    person: int
    key: str
    form: str
    status: int | None
    location: str
    at: datetime


class _Whose(Struct):
    person: int
    key: str


# Every form that is sent asks these. Several are claimed in the order of their keys, so that nobody waits in a circle.
_kept = prepared_sql(
    "SELECT person, key, form, status, location, at FROM deeds WHERE person = {} AND key = {}", Kept, of_many=True
)
_CLAIM = (
    "INSERT INTO deeds (person, key, form, location, at) SELECT person, key, form, '', {at} FROM {claims} "
    "ORDER BY person, key ON CONFLICT (person, key) DO NOTHING RETURNING person, key"
)
_claim = prepared_sql(
    {
        "sqlite": _CLAIM.format(
            at="{1}",
            claims="(SELECT json_extract(value, '$.person') AS person, json_extract(value, '$.key') AS key, "
            "json_extract(value, '$.form') AS form FROM json_each({0})) WHERE true",
        ),
        "postgres": _CLAIM.format(
            at="CAST({1} AS timestamptz)",
            claims="json_to_recordset(CAST({0} AS json)) AS claims (person integer, key text, form text)",
        ),
    },
    _Whose,
)
_complete = prepared_sql(
    "UPDATE deeds SET status = {2}, location = {3} WHERE person = {0} AND key = {1} RETURNING person, key", _Whose
)


class Twin(Taken):
    """The same form is being done at this moment. A refusal, so that the house undoes what it began without alarm."""

    wait = 1


class Claim:
    """Makes a key ours inside the deed's transaction; a twin's claim waits there, and then meets the unique index."""

    def __init__(self, person: int, key: str, form: str) -> None:
        self.person, self.key, self.form, self.at = person, key, form, now()
        self.made = self.met_twin = False

    async def __call__(self) -> None:
        await claim_all([self], self.at)
        self.met_twin = not self.made
        if self.met_twin:
            raise Twin(DOING)

    async def completed(self, status: int, location: str) -> None:
        """Where the finished deed led; returns when it is written."""
        await _completed.bring((self.person, self.key, status, location))

    async def undone(self) -> None:
        """The deed was refused: the same key may try again with another form, and a twin may have done so already."""
        self.made = False
        await Deed.delete().where((Deed.person == self.person) & (Deed.key == self.key) & (Deed.at == self.at))


async def claim_all(claims: Sequence[Claim], at: datetime) -> None:
    """Those of different forms, inside one transaction; `made` says which became ours."""
    keys = [{"person": each.person, "key": each.key, "form": each.form} for each in claims]
    mine = await _claim(msgspec.json.encode(keys).decode(), at) if keys else []
    made = {(each.person, each.key) for each in mine}
    for claim in claims:
        claim.made, claim.at = (claim.person, claim.key) in made, at


def claim_here() -> Claim | None:
    """What the first transaction of this deed would claim."""
    first = first_in_transaction.get()
    return first if isinstance(first, Claim) else None


async def kept_deed(person: int, key: str) -> Kept | None:
    return await _kept.first(person, key)


async def _complete_all(led: list[tuple[int, str, int, str]]) -> list[None]:
    async with writing(deed=False):
        await _complete.for_each(led)
    return [None] * len(led)


_completed = Gathering(_complete_all)
