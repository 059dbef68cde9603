"""Capabilities: what somebody was shown or tested in. Granted, renewed, ended."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.tables import Capability, Person, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

CAPABILITIES: dict[str, Sentence] = {
    "first aid": say("First aid"),
    "vetted helper": say("Vetted helper"),
    "key training": say("Key training"),
    "orientation": say("Orientation"),
}


class Able(Struct):
    id: int
    kind: str
    until_on: date | None

    @property
    def words(self) -> Sentence:
        return CAPABILITIES.get(self.kind) or say("%(name)s", name=self.kind)


_capabilities = prepared_sql(
    "SELECT id, kind, until_on FROM capabilities WHERE person = {} AND (until_on IS NULL OR until_on >= {}) "
    "ORDER BY id",
    Able,
)


async def capabilities_of(person_id: int, on: date) -> list[Able]:
    """Those that have not run out on that day; the last day counts."""
    return list(await _capabilities(person_id, on))


class Holds(Struct):
    person: int
    kind: str


_held = prepared_sql(
    "SELECT DISTINCT person, kind FROM capabilities WHERE until_on IS NULL OR until_on >= {} ORDER BY person, kind",
    Holds,
)


async def who_holds(on: date) -> list[Holds]:
    """Everybody with everything that has not run out on that day."""
    return list(await _held(on))


async def grant(person_id: int, kind: str, *, until: date | None, by: int, now: datetime) -> int:
    """Granting again what somebody has renews it: the new last day counts."""
    async with writing():
        if await held(Person.objects().where((Person.id == person_id) & (Person.state != State.gone))).first() is None:
            raise Missing
        today = await community.today(now)
        if kind not in CAPABILITIES:
            raise Refusal(say("Please choose one of these."), beside="capability")
        if until is not None and until < today:
            raise Refusal(say("That day has passed."), beside="until_on")
        for old in await capabilities_of(person_id, today):
            if old.kind == kind:
                await Capability.update({Capability.until_on: today - timedelta(days=1)}).where(Capability.id == old.id)
        row = Capability(person=person_id, kind=kind, granted_by=by, granted_at=now, until_on=until)
        await row.save()
        about = f"person:{person_id}"
        await audit.note("capability granted", who=by, about=about, now=now, concerns=person_id, fields=[kind])
        return int(row.id)


async def revoke(capability_id: int, *, by: int, now: datetime) -> Capability:
    """Yesterday was its last day. Gives it back as it was."""
    async with writing():
        row = await held(Capability.objects().where(Capability.id == capability_id)).first()
        today = await community.today(now)
        if row is None or (row.until_on is not None and row.until_on < today):
            raise Missing
        await Capability.update({Capability.until_on: today - timedelta(days=1)}).where(Capability.id == capability_id)
        about = f"person:{row.person}"
        await audit.note("capability ended", who=by, about=about, now=now, concerns=row.person, fields=[row.kind])
        return row


async def grant_again(capability_id: int, *, until: date | None, by: int, now: datetime) -> int:
    """Ending it was a mistake. Gives back the person."""
    async with writing():
        row = await Capability.objects().where(Capability.id == capability_id).first()
        if row is None:
            raise Missing
        await grant(row.person, row.kind, until=until, by=by, now=now)
        return int(row.person)
