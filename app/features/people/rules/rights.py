"""Roles and capabilities: given, ended, and what is held now."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.neighbour import administrators
from app.features.people.tables import Capability, Kind, Person, Role, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

KINDS: dict[Kind, Sentence] = {
    Kind.steward: say("Steward"),
    Kind.space_manager: say("Space manager"),
    Kind.coordinator: say("Coordinator"),
    Kind.administrator: say("Administrator"),
}
CAPABILITIES: dict[str, Sentence] = {
    "first aid": say("First aid"),
    "vetted helper": say("Vetted helper"),
    "key training": say("Key training"),
    "orientation": say("Orientation"),
}


class Held(Struct):
    id: int
    kind: str
    area: int | None
    area_kind: str | None
    area_name: str | None

    @property
    def words(self) -> Sentence:
        return KINDS[Kind(self.kind)]

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None


class Able(Struct):
    id: int
    kind: str
    until_on: date | None

    @property
    def words(self) -> Sentence:
        return CAPABILITIES.get(self.kind) or say("%(name)s", name=self.kind)


_roles = prepared_sql(
    "SELECT roles.id, roles.kind, roles.area, areas.kind AS area_kind, areas.name AS area_name FROM roles "
    "LEFT JOIN areas ON areas.id = roles.area WHERE roles.person = {} AND roles.ended_at IS NULL ORDER BY roles.id",
    Held,
)
_role = prepared_sql(
    "SELECT roles.id, roles.kind, roles.area, areas.kind AS area_kind, areas.name AS area_name FROM roles "
    "LEFT JOIN areas ON areas.id = roles.area WHERE roles.id = {}",
    Held,
)
_capabilities = prepared_sql(
    "SELECT id, kind, until_on FROM capabilities WHERE person = {} AND (until_on IS NULL OR until_on >= {}) "
    "ORDER BY id",
    Able,
)


async def roles_of(person_id: int) -> list[Held]:
    return list(await _roles(person_id))


async def role(role_id: int) -> Held:
    """One that is held or was."""
    found = await _role.first(role_id)
    if found is None:
        raise Missing
    return found


async def give_role(person_id: int, kind: Kind, *, area: int | None, by: int | None, now: datetime) -> int:
    """A steward looks after an area; the other roles are for the whole community. An index keeps one of each."""
    async with writing():
        await _may_hold_roles(person_id)
        area = await _area_of(kind, area)
        if any(each.kind == kind and each.area == area for each in await roles_of(person_id)):
            raise Refusal(say("They hold that role already."), beside="kind")
        role = Role(person=person_id, kind=kind, area=area, given_by=by, given_at=now)
        await role.save()
        await _note(say("role given"), role, by, now)
        return int(role.id)


async def end_role(role_id: int, *, by: int, now: datetime) -> int:
    """Gives back the person. The last administrator keeps the role until somebody else has it."""
    async with writing():
        officers = await administrators()
        role = await held(Role.objects().where((Role.id == role_id) & Role.ended_at.is_null())).first()
        if role is None:
            raise Missing
        if role.kind == Kind.administrator and officers == [role.person]:
            raise Refusal(say("That is the only administrator. Give somebody else the role first."))
        await Role.update({Role.ended_at: now}).where(Role.id == role_id)
        await _note(say("role ended"), role, by, now)
        return int(role.person)


async def give_role_again(role_id: int, *, by: int, now: datetime) -> int:
    """Ending it was a mistake. Gives back the person; the index says no where they hold it again already."""
    async with writing():
        role = await held(Role.objects().where((Role.id == role_id) & Role.ended_at.is_not_null())).first()
        if role is None:
            raise Missing
        await _may_hold_roles(role.person)
        await _area_of(Kind(role.kind), role.area)
        await Role.update({Role.ended_at: None}).where(Role.id == role_id)
        await _note(say("role given"), role, by, now)
        return int(role.person)


async def _may_hold_roles(person_id: int) -> None:
    person = await held(Person.objects().where(Person.id == person_id)).first()
    if person is None:
        raise Missing
    if person.state != State.active:
        raise Refusal(say("Only somebody who has been let in can hold a role."), beside="kind")


async def _area_of(kind: Kind, area: int | None) -> int | None:
    if kind != Kind.steward:
        return None
    if area is None:
        raise Refusal(say("Which area does the steward look after?"), beside="area")
    await community.area(area)
    return area


async def _note(did: Sentence, role: Role, by: int | None, now: datetime) -> None:
    about = f"person:{role.person}"
    await audit.note(did.words, who=by, about=about, now=now, concerns=role.person, fields=[role.kind])


async def capabilities_of(person_id: int, on: date) -> list[Able]:
    """Those that have not run out on that day; the last day counts."""
    return list(await _capabilities(person_id, on))


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
