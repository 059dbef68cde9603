"""A helper's own limits: how many needs at once, which kinds, which hours."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.help.rules.kinds import ASKED_FOR, CARE, VETTED
from app.features.help.rules.stages import Needed
from app.features.help.tables import Among, Helping, What
from app.features.people.rules import Neighbour
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say

USUAL, MOST = 3, 9
GROWN_UP_AFTER = 4  # years from 14, when a child's own page is theirs, to 18


class Limits(Struct):
    most: int = USUAL
    kinds: tuple[What, ...] = ()
    from_hour: int = 0
    to_hour: int = 0


class Able(Struct):
    """A neighbour as far as it matters for who is rung and who may take."""

    id: int
    vetted: bool
    of_age_on: str | None
    taken: int
    most: int
    kinds: str
    from_hour: int
    to_hour: int

    def is_minor(self, now: datetime) -> bool:
        """We know the age of those only who came here as children."""
        if self.of_age_on is None:
            return False
        year, rest = str(self.of_age_on)[:4], str(self.of_age_on)[4:10]
        return now.date().isoformat() < f"{int(year) + GROWN_UP_AFTER}{rest}"

    def does(self, kind: What) -> bool:
        return not self.kinds or str(kind) in self.kinds.split(",")

    def is_free(self, hour: int) -> bool:
        if self.from_hour == self.to_hour:
            return True
        if self.from_hour < self.to_hour:
            return self.from_hour <= hour < self.to_hour
        return hour >= self.from_hour or hour < self.to_hour


_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_TAKEN = (
    "(SELECT count(*) FROM takings JOIN needs ON needs.id = takings.need WHERE takings.helper = people.id "
    "AND takings.ended_at IS NULL AND needs.stage IN ('open', 'taken', 'way') AND needs.among = '') AS taken"
)
_able = prepared_sql(
    {
        engine: "SELECT people.id, EXISTS (SELECT 1 FROM capabilities WHERE capabilities.person = people.id "  # noqa: S608
        "AND capabilities.kind = {2} AND (capabilities.until_on IS NULL OR capabilities.until_on >= {1})) AS vetted, "
        f"CAST(people.of_age_on AS text) AS of_age_on, {_TAKEN}, COALESCE(helpings.most, 3) AS most, "
        "COALESCE(helpings.kinds, '') AS kinds, COALESCE(helpings.from_hour, 0) AS from_hour, "
        "COALESCE(helpings.to_hour, 0) AS to_hour FROM people LEFT JOIN helpings ON helpings.person = people.id "
        f"WHERE people.state = 'active' AND people.id {among} ORDER BY people.id"
        for engine, among in _AMONG.items()
    },
    Able,
    of_many=True,
)


async def able(ids: Iterable[int], now: datetime) -> list[Able]:
    return list(await _able(sorted(set(ids)), await community.today(now), VETTED))


async def hour_of(now: datetime) -> int:
    here = await community.here()
    return now.astimezone(here.clock).hour if here else now.hour


def may_be_rung(one: Able, need: Needed, now: datetime, hour: int) -> bool:
    """Everything that keeps somebody from taking it, and their own wishes about kinds and hours."""
    return why_not_they(one, need, now) is None and one.does(need.kind) and one.is_free(hour)


def why_not_they(one: Able, need: Needed, now: datetime) -> Refusal | None:
    """What keeps this neighbour from taking this need; None when nothing does. An officer's duty knows no limits."""
    return None if need.among == Among.officers else why_not_of_this_kind(one, need.kind, now)


def why_not_of_this_kind(one: Able, kind: What, now: datetime) -> Refusal | None:
    """What keeps them from taking any of this kind, whoever asks; None when nothing does."""
    care = CARE[kind]
    if one.of_age_on is not None and now.date().isoformat() < str(one.of_age_on)[:10]:
        return NotYours(say("From 14 on you can do this yourself. Until then, ask somebody grown up at home."))
    if care.at_home and one.is_minor(now):
        return NotYours(say("This is in somebody's home: it is for grown-ups."))
    if care.vetted and not one.vetted:
        return NotYours(say("This is for vetted helpers. Your steward can tell you how to become one."))
    if one.taken >= one.most:
        return Refusal(
            say("You have %(n)s needs in hand, as many as you wished to have at once.", n=one.taken),
            way=("/help/limits", say("My limits")),
        )
    return None


async def free_now(ids: Iterable[int], now: datetime) -> set[int]:
    """Those with nothing in hand, and within the number and the hours they gave."""
    hour = await hour_of(now)
    return {each.id for each in await able(ids, now) if each.taken == 0 and each.most > 0 and each.is_free(hour)}


async def hold_limits(person_id: int) -> None:
    """Whoever takes two at once takes them one after the other. The row is nobody else's, and no key points at it."""
    once = Helping.insert(Helping(person=person_id, most=USUAL, kinds=""))
    await once.on_conflict(target=Helping.person, action="DO NOTHING")
    await held(Helping.select(Helping.id).where(Helping.person == person_id))


async def limits_of(person_id: int) -> Limits:
    row = await Helping.objects().where(Helping.person == person_id).first()
    if row is None:
        return Limits()
    kinds = tuple(What(each) for each in row.kinds.split(",") if each)
    return Limits(row.most, kinds, row.from_hour, row.to_hour)


async def set_limits(limits: Limits, *, by: Neighbour, now: datetime) -> None:
    if not 0 <= limits.most <= MOST:
        raise Refusal(say("From none to nine, please."), beside="most")
    if not (0 <= limits.from_hour <= 23 and 0 <= limits.to_hour <= 23):
        raise Refusal(say("An hour of the day, please."), beside="from_hour")
    async with writing():
        await hold_limits(by.id)
        kinds = ",".join(limits.kinds) if set(limits.kinds) != set(ASKED_FOR) else ""
        said = {"most": limits.most, "kinds": kinds, "from_hour": limits.from_hour, "to_hour": limits.to_hour}
        await Helping.update({getattr(Helping, name): value for name, value in said.items()}).where(
            Helping.person == by.id
        )


async def why_not_i(by: Neighbour, need: Needed, now: datetime) -> Refusal | None:
    found: Sequence[Able] = await able([by.id], now)
    return why_not_they(found[0], need, now) if found else NotYours(say("This is not open to you."))
