"""What became of something that was told to many: counted by area and road, for whoever answers for it."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.db import one_of, prepared, prepared_sql, writing
from app.features.notices.rules.telling import look_again
from app.features.notices.tables import By, Fate, Notice


class Went(Struct, frozen=True):
    """How far so many people of an area were reached on a road: with several phones, by the one that did best.

    `by` is empty while their roads are yet to be found (`waiting`), and where there is none (`failed`). `area` is that
    of their household; of two, one counts; None where they have none.
    """

    area: int | None
    by: By | None
    fate: Fate
    people: int


class Seen(Struct, frozen=True):
    """How many of an area were told, and how many of them opened it in the app."""

    area: int | None
    people: int
    seen: int


class _Told(Struct):
    person: int


AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS text[]))"}
MOMENT = {"sqlite": "{1}", "postgres": "CAST({1} AS timestamptz)"}
_LIVES = (
    "LEFT JOIN (SELECT memberships.person, MIN(households.area) AS area FROM memberships "
    "JOIN households ON households.id = memberships.household WHERE memberships.until_on IS NULL "
    "GROUP BY memberships.person) AS lives ON lives.person = told.person"
)
# A delivery that went along with the digest came as far as the one that led it.
_BEST = ("accepted", "waiting", "failed", "gone", "over")
_RANK = (
    "CASE WHEN notices.spread_at IS NULL THEN 1 WHEN deliveries.id IS NULL THEN 2 "
    "WHEN COALESCE(leads.fate, deliveries.fate) = 'accepted' THEN 0 WHEN notices.until_at <= {moment} "
    "AND COALESCE(leads.fate, deliveries.fate) = 'waiting' THEN 4 "
    "WHEN COALESCE(leads.fate, deliveries.fate) = 'waiting' THEN 1 "
    "WHEN COALESCE(leads.fate, deliveries.fate) = 'failed' THEN 2 "
    "WHEN COALESCE(leads.fate, deliveries.fate) = 'gone' THEN 3 ELSE 4 END"
)
_FATE = " ".join(f"WHEN {rank} THEN '{fate}'" for rank, fate in enumerate(_BEST))
_went = prepared_sql(
    {
        engine: f"SELECT lives.area, told.road AS by, CASE told.rank {_FATE} END AS fate, COUNT(*) AS people FROM "  # noqa: S608
        f"(SELECT notices.person, deliveries.by AS road, MIN({_RANK.replace('{moment}', MOMENT[engine])}) AS rank "
        "FROM notices LEFT JOIN deliveries ON deliveries.notice = notices.id "
        "LEFT JOIN deliveries AS leads ON leads.id = deliveries.lead "
        f"WHERE notices.key {among} GROUP BY notices.person, deliveries.by) AS told {_LIVES} "
        "GROUP BY lives.area, told.road, told.rank ORDER BY lives.area, told.road, told.rank"
        for engine, among in AMONG.items()
    },
    Went,
)
_seen = prepared_sql(
    {
        engine: "SELECT lives.area, COUNT(*) AS people, SUM(told.seen) AS seen FROM "  # noqa: S608
        "(SELECT notices.person, MAX(CASE WHEN notices.read_at IS NULL THEN 0 ELSE 1 END) AS seen FROM notices "
        f"WHERE notices.key {among} GROUP BY notices.person) AS told {_LIVES} "
        "GROUP BY lives.area ORDER BY lives.area"
        for engine, among in AMONG.items()
    },
    Seen,
)
_told = prepared(
    lambda keys: Notice.select(Notice.person).where(one_of(Notice.key, keys)).order_by(Notice.person).distinct(), _Told
)


async def went(keys: Iterable[str], now: datetime) -> list[Went]:
    """Of all that was told under these keys."""
    return list(await _went(list(keys), now))


async def seen(keys: Iterable[str]) -> list[Seen]:
    return list(await _seen(list(keys)))


async def told(keys: Iterable[str]) -> list[int]:
    """The people, so that what follows reaches the same."""
    return [each.person for each in await _told(list(keys))]


async def end(key: str, now: datetime) -> None:
    """It is over from now on: what has not gone out yet never does, and what did stays written down. Within the
    caller's transaction.
    """
    async with writing():
        on = (Notice.key == key) & (Notice.until_at.is_null() | (Notice.until_at > now))
        ended = await Notice.update({Notice.until_at: now}).where(on).returning(Notice.person)
        await look_again(row["person"] for row in ended)
