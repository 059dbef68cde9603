"""Posters: an invitation for an area, with an end. Whoever opens it asks to be let in, and learns nothing else."""

import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.accounts.rules.codes import LETTERS, plain
from app.features.community import rules as community
from app.features.joining.rules.reach import among, kept_by, must_keep
from app.features.joining.tables import Poster
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

LENGTH = 12  # 59 bits, and shorter than a slip's 17: both are typed in the same place
DAYS = (7, 30, 90, 180)


class Hung(Struct):
    """A poster; `came` is how many asked by it."""

    id: int
    area: int
    code: str
    made_at: datetime
    until_at: datetime
    closed_at: datetime | None
    area_kind: str
    area_name: str
    came: int

    @property
    def place(self) -> Sentence:
        return community.label(self.area_kind, self.area_name)

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and self.until_at > now


_POSTERS = (
    "SELECT posters.id, posters.area, posters.code, posters.made_at, posters.until_at, posters.closed_at, "
    "areas.kind AS area_kind, areas.name AS area_name, "
    "(SELECT count(*) FROM newcomers WHERE newcomers.poster = posters.id) AS came "
    "FROM posters JOIN areas ON areas.id = posters.area "
)
_all = prepared_sql(among(_POSTERS + "WHERE ({1} OR posters.area AMONG) ORDER BY posters.id DESC LIMIT 100"), Hung)
_one = prepared_sql(_POSTERS + "WHERE posters.id = {}", Hung)
_by_code = prepared_sql(_POSTERS + "WHERE posters.code = {}", Hung)


async def posters(by: Neighbour) -> list[Hung]:
    """Newest first, of the areas that are theirs."""
    kept = await kept_by(by)
    return list(await _all(list(kept.areas), kept.everything))


async def poster(poster_id: int, *, by: Neighbour) -> Hung:
    found = await _one.first(poster_id)
    if found is None:
        raise Missing
    await must_keep(by, found.area)
    return found


async def invitation(code: str, now: datetime) -> Hung | None:
    """The poster that says so, while it hangs."""
    found = await _by_code.first(plain(code))
    return found if found and found.is_open(now) else None


async def hang(area_id: int, *, days: int, by: Neighbour, now: datetime) -> int:
    if days not in DAYS:
        raise Refusal(say("Please choose one of these."), beside="days")
    await must_keep(by, area_id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    async with writing():
        row = Poster(area=area_id, code=code, made_by=by.id, made_at=now, until_at=now + timedelta(days=days))
        await row.save()
        await audit.note("poster hung", who=by.id, about=f"area:{area_id}", now=now)
        return int(row.id)


async def close(poster_id: int, *, by: Neighbour, now: datetime) -> None:
    """From now on it opens nothing. Those who asked by it go on waiting."""
    async with writing():
        hung = await poster(poster_id, by=by)
        await Poster.update({Poster.closed_at: now}).where((Poster.id == poster_id) & Poster.closed_at.is_null())
        await audit.note("poster closed", who=by.id, about=f"area:{hung.area}", now=now)


async def open_again(poster_id: int, *, by: Neighbour, now: datetime) -> None:
    """Closing it was a slip."""
    async with writing():
        hung = await poster(poster_id, by=by)
        await Poster.update({Poster.closed_at: None}).where(Poster.id == poster_id)
        await audit.note("poster hung", who=by.id, about=f"area:{hung.area}", now=now)


async def purge(now: datetime) -> None:
    """A year after its end; who came by it stays."""
    await Poster.delete().where(Poster.until_at < now - timedelta(days=365))
