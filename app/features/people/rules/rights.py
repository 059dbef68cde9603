"""Roles: given, ended, and what is held now."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, one_of, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.neighbour import Neighbour, administrators, counts, hold_all_roles
from app.features.people.tables import Absence, Answer, Deputy, Kind, Person, Proposal, Role, State
from app.kit import audit, clock
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import Sentence, say

KINDS: dict[Kind, Sentence] = {
    Kind.steward: say("Steward"),
    Kind.space_manager: say("Space manager"),
    Kind.coordinator: say("Coordinator"),
    Kind.administrator: say("Administrator"),
}


class Held(Struct):
    """`until_at` only where somebody stands in for another's role."""

    id: int
    person: int
    kind: str
    area: int | None
    stands_in_for: int | None
    until_at: datetime | None
    ended_at: datetime | None
    area_kind: str | None
    area_name: str | None

    @property
    def words(self) -> Sentence:
        return KINDS[Kind(self.kind)]

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def title(self) -> Sentence:
        """ "Steward, Building 3"."""
        return say("%(role)s, %(area)s", role=self.words, area=self.place) if self.place else self.words


SHOWN = (
    "SELECT roles.id, roles.person, roles.kind, roles.area, roles.stands_in_for, roles.until_at, roles.ended_at, "
    "areas.kind AS area_kind, areas.name AS area_name FROM roles LEFT JOIN areas ON areas.id = roles.area "
)
_roles = prepared_sql(SHOWN + f"WHERE roles.person = {{0}} AND {counts('{1}')} ORDER BY roles.id", Held)
_role = prepared_sql(SHOWN + "WHERE roles.id = {}", Held)


async def roles_of(person_id: int, *, now: datetime | None = None) -> list[Held]:
    """Those that count then (or now): their own, and those in which they stand in for somebody."""
    return list(await _roles(person_id, now or clock.now()))


async def role(role_id: int) -> Held:
    """One that is held or was."""
    found = await _role.first(role_id)
    if found is None:
        raise Missing
    return found


async def give_role(person_id: int, kind: Kind, *, area: int | None, by: int | None, now: datetime) -> int:
    """A steward looks after an area; the other roles are for the whole community. An index keeps one of each."""
    async with writing():
        await decides_about(kind, by, now)
        await may_hold_roles(person_id, beside="kind")
        area = await _area_of(kind, area)
        if await holds(person_id, kind, area):
            raise Refusal(say("They hold that role already."), beside="kind")
        return await add_row(person_id, kind, area, by=by, now=now)


async def add_row(person_id: int, kind: str, area: int | None, *, by: int | None, now: datetime) -> int:
    role = Role(person=person_id, kind=kind, area=area, given_by=by, given_at=now)
    await role.save()
    await _note(say("role given"), role, by, now)
    return int(role.id)


async def end_role(role_id: int, *, by: int, now: datetime) -> int:
    """Gives back the person. The last administrator keeps the role until somebody else has it.

    Whoever stands in for it does so no longer; nor does the role wait for an answer of a successor.
    """
    async with writing():
        officers = await administrators()
        role = await own_role(role_id)
        await decides_about(Kind(role.kind), by, now)
        if role.kind == Kind.administrator and officers == [role.person]:
            raise Refusal(say("That is the only administrator. Give somebody else the role first."))
        await end_rows(Role.id == role_id, now)
        await _note(say("role ended"), role, by, now)
        return int(role.person)


async def give_role_again(role_id: int, *, by: int, now: datetime) -> int:
    """Ending it was a mistake. Gives back the person; the index says no where they hold it again already."""
    async with writing():
        await hold_all_roles()
        ended = (Role.id == role_id) & Role.ended_at.is_not_null() & Role.stands_in_for.is_null()
        role = await held(Role.objects().where(ended)).first()
        if role is None:
            raise Missing
        await decides_about(Kind(role.kind), by, now)
        await may_hold_roles(role.person, beside="kind")
        await _area_of(Kind(role.kind), role.area)
        await Role.update({Role.ended_at: None}).where(Role.id == role_id)
        await _note(say("role given"), role, by, now)
        return int(role.person)


async def own_role(role_id: int) -> Role:
    """One that somebody holds themselves, and nobody changes until the transaction ends. Raises Missing."""
    mine = (Role.id == role_id) & Role.ended_at.is_null() & Role.stands_in_for.is_null()
    role = await held(Role.objects().where(mine)).first()
    if role is None:
        raise Missing
    return role


async def role_in_hand(role_id: int, *, by: Neighbour) -> Role:
    """Its holder and administrators say who takes it on, and when. Missing for everybody else."""
    role = await own_role(role_id)
    if not may_arrange(by, role.person):
        raise Missing
    return role


def may_arrange(by: Neighbour, holder: int) -> bool:
    return by.is_active and (by.id == holder or by.is_a(Kind.administrator))


async def decides_about(kind: Kind, by: int | None, now: datetime) -> None:
    """Power that is lent for a week makes no power that lasts: who only stands in makes and ends no administrators."""
    if kind != Kind.administrator or by is None:
        return
    theirs = [each for each in await roles_of(by, now=now) if each.kind == Kind.administrator]
    if theirs and all(each.stands_in_for for each in theirs):
        raise NotYours(say("You stand in for an administrator. Only administrators themselves pass that role on."))


async def holds(person_id: int, kind: str, area: int | None) -> bool:
    """As their own; standing in for another does not count."""
    where: Any = (Role.person == person_id) & (Role.kind == kind) & Role.ended_at.is_null()
    here = Role.area.is_null() if area is None else Role.area == area
    return bool(await Role.exists().where(where & here & Role.stands_in_for.is_null()))


async def end_rows(which: Any, now: datetime) -> None:
    """Roles, and with them what hangs on them. A deputy stays named: ending may have been a slip."""
    ended = await Role.update({Role.ended_at: now}).where(which & Role.ended_at.is_null()).returning(Role.id)
    ids = [row["id"] for row in ended]
    await Role.update({Role.ended_at: now}).where(one_of(Role.stands_in_for, ids) & Role.ended_at.is_null())
    await Absence.update({Absence.ended_at: now}).where(one_of(Absence.role, ids) & Absence.ended_at.is_null())
    await void(one_of(Proposal.role, ids), now)


async def end_all_of(person_id: int, now: datetime) -> None:
    """Whoever has gone holds nothing, stands in for nobody, and is asked nothing."""
    await end_rows(Role.person == person_id, now)
    await Deputy.update({Deputy.ended_at: now}).where((Deputy.person == person_id) & Deputy.ended_at.is_null())
    await void(Proposal.person == person_id, now)


async def void(which: Any, now: datetime) -> None:
    """Open questions to which nobody needs an answer any more."""
    over: dict[Any, Any] = {Proposal.answer: Answer.over, Proposal.answered_at: now}
    await Proposal.update(over).where(which & Proposal.answered_at.is_null())


async def may_hold_roles(person_id: int, *, beside: str = "") -> None:
    person = await held(Person.objects().where(Person.id == person_id)).first()
    if person is None:
        raise Missing
    if person.state != State.active:
        raise Refusal(say("Only somebody who has been let in can hold a role."), beside=beside)


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
