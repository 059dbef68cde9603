"""Who is rung: those who fit, then the building, then everybody; nobody twice, nobody against their limits."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.announcements.rules.reach import readers
from app.features.community import rules as community
from app.features.help.rules.agenda import STALE
from app.features.help.rules.among_officers import officers_of
from app.features.help.rules.kinds import CATEGORIES
from app.features.help.rules.limits import able, hour_of, may_be_rung
from app.features.help.rules.reach import askers, call_key, subject, wind
from app.features.help.rules.stages import Needed
from app.features.help.tables import Among, Need, What
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.skills import rules as skills
from app.features.skills.rules.matching import CALLED_AT_ONCE
from app.kit.words import Sentence, say

FITTING, BUILDING, EVERYBODY = range(3)


class _Id(Struct):
    id: int


_blocked = prepared_sql(
    "SELECT blocked AS id FROM blocks WHERE person = {0} UNION SELECT person AS id FROM blocks WHERE blocked = {0}", _Id
)


async def ring(need: Needed, *, now: datetime, whom: Collection[int] = ()) -> int:
    """The next circle of this round; how many it holds. Within the caller's transaction.

    Where somebody chose `whom`, these are the only circle, until one of them gives it back.
    """
    chosen = sorted(set(whom) - await not_these(need)) if whom else []
    whom = chosen or await _circle(need, need.rung, now)
    await Need.update({Need.rung: EVERYBODY + 1 if chosen else need.rung + 1}).where(Need.id == need.id)
    until = need.until_at or need.fresh_at + STALE
    said = await _question(need)
    await notices.tell_all(
        whom, said, path=need.path, now=now, topic="needs", urgency=need.urgency, key=call_key(need), until=until
    )
    await wind(need.id)
    return len(whom)


async def _circle(need: Needed, circle: int, now: datetime) -> list[int]:
    if need.kind == What.knock:  # whoever opened it tells how many there are, once
        return []
    if need.among == Among.officers:
        return sorted(await officers_of(need.area, now=now) - await askers(need))
    if need.person is not None and not (await people.neighbour(need.person)).is_active:
        return []
    hour, near = await hour_of(now), await _building(need)
    out = await not_these(need)
    if circle == FITTING:
        found = await _fitting(need, near, out)
    elif circle == BUILDING and near is not None:
        found = await readers(near)
    else:
        found = await readers(None)
    return [each.id for each in await able(found - out, now) if may_be_rung(each, need, now, hour)]


async def _fitting(need: Needed, near: int | None, out: set[int]) -> set[int]:
    category = CATEGORIES[need.kind]
    found = await skills.who_can(
        need.words, category=category, near=near, but=out, at_most=CALLED_AT_ONCE, reader=need.person or 0
    )
    return {each.id for each in found}


async def _building(need: Needed) -> int | None:
    line = await community.line_to(need.area) if need.area is not None else []
    return line[0].id if line else None


async def not_these(need: Needed) -> set[int]:
    """Those who asked, and those between whom and the asker there is a block."""
    blocked = {row.id for row in await _blocked(need.person)} if need.person is not None else set()
    return blocked | await askers(need)


async def _question(need: Needed) -> Sentence:
    if need.person is None:
        return say("A guest of the house needs help: %(what)s", what=subject(need))
    return say("%(name)s needs help: %(what)s", name=(await people.neighbour(need.person)).name, what=subject(need))
