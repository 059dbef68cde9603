"""Roles and capabilities: given, ended, and what is held now."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.neighbour import officers
from app.features.people.tables import Capability, Kind, Person, Role
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


_roles = prepared_sql(
    "SELECT roles.id, roles.kind, roles.area, areas.kind AS area_kind, areas.name AS area_name FROM roles "
    "LEFT JOIN areas ON areas.id = roles.area WHERE roles.person = {} AND roles.ended_at IS NULL ORDER BY roles.id",
    Held,
)


async def roles_of(person_id: int) -> list[Held]:
    return list(await _roles(person_id))


async def give_role(person_id: int, kind: Kind, *, area: int | None, by: int | None, now: datetime) -> None:
    """A steward looks after an area; the other roles are for the whole community. An index keeps one of each."""
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None:
            raise Missing
        if person.state != "active":
            raise Refusal(say("Only somebody who has been let in can hold a role."), beside="kind")
        if kind == Kind.steward and area is None:
            raise Refusal(say("Which area does the steward look after?"), beside="area")
        area = area if kind == Kind.steward else None
        if any(each.kind == kind and each.area == area for each in await roles_of(person_id)):
            raise Refusal(say("They hold that role already."), beside="kind")
        if area is not None:
            await community.area(area)
        await Role.insert(Role(person=person_id, kind=kind, area=area, given_by=by, given_at=now))
        about = f"person:{person_id}"
        await audit.note(f"role given: {kind}", who=by, about=about, now=now, concerns=person_id, fields=["role"])


async def end_role(role_id: int, *, by: int, now: datetime) -> int:
    """Gives back the person. The last administrator keeps the role until somebody else has it."""
    async with writing():
        role = await held(Role.objects().where((Role.id == role_id) & Role.ended_at.is_null())).first()
        if role is None:
            raise Missing
        if role.kind == Kind.administrator and await officers(Kind.administrator) == [role.person]:
            raise Refusal(say("That is the only administrator. Give somebody else the role first."))
        await Role.update({Role.ended_at: now}).where(Role.id == role_id)
        about = f"person:{role.person}"
        did = f"role ended: {role.kind}"
        await audit.note(did, who=by, about=about, now=now, concerns=role.person, fields=["role"])
        return int(role.person)


async def grant(person_id: int, kind: str, *, until: date | None, by: int, now: datetime) -> None:
    async with writing():
        if not await Person.exists().where(Person.id == person_id):
            raise Missing
        if until is not None and until < now.date():
            raise Refusal(say("That day has passed."), beside="until_on")
        row = Capability(person=person_id, kind=kind, granted_by=by, granted_at=now, until_on=until)
        await Capability.insert(row)
        about = f"person:{person_id}"
        await audit.note(f"capability: {kind}", who=by, about=about, now=now, concerns=person_id)


async def revoke(capability_id: int, *, by: int, now: datetime) -> int:
    """Gives back the person."""
    async with writing():
        row = await Capability.objects().where(Capability.id == capability_id).first()
        if row is None:
            raise Missing
        await Capability.delete().where(Capability.id == capability_id)
        about = f"person:{row.person}"
        await audit.note(f"capability ended: {row.kind}", who=by, about=about, now=now, concerns=row.person)
        return int(row.person)


async def capabilities_of(person_id: int, on: date) -> list[dict[str, Any]]:
    """Those that have not run out."""
    valid = Capability.until_on.is_null() | (Capability.until_on >= on)
    return (
        await Capability.select(Capability.id, Capability.kind, Capability.until_on)
        .where((Capability.person == person_id) & valid)
        .order_by(Capability.id)
    )
