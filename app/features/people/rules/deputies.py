"""Deputies: who takes over when the holder of a role is away. No power by itself."""

from datetime import datetime

from app.db import held, prepared_sql, writing
from app.features.people.rules.acting import Named
from app.features.people.rules.neighbour import Neighbour, hold_all_roles
from app.features.people.rules.proposals import note
from app.features.people.rules.rights import may_arrange, own_role
from app.features.people.tables import Deputy, Role
from app.kit.refusals import Missing
from app.kit.words import say

_deputy = prepared_sql(
    "SELECT people.id, people.name FROM deputies JOIN roles ON roles.id = deputies.role AND roles.ended_at IS NULL "
    "JOIN people ON people.id = deputies.person AND people.state = 'active' "
    "WHERE deputies.role = {} AND deputies.ended_at IS NULL",
    Named,
)


async def deputy_of(role_id: int) -> Named | None:
    """Who is named, and here."""
    return await _deputy.first(role_id)


async def name_deputy(role: Role, person_id: int, *, by: int, now: datetime) -> None:
    """Inside the transaction of the yes. The one before is thanked and free."""
    await Deputy.update({Deputy.ended_at: now}).where((Deputy.role == role.id) & Deputy.ended_at.is_null())
    await Deputy.insert(Deputy(role=role.id, person=person_id, named_by=by, since_at=now))
    await note(say("named deputy"), role, person_id, by, now)


async def end_deputy(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """By the deputy, the holder or an administrator. Whoever stands in at the moment stands in no longer either.

    Gives back the person.
    """
    async with writing():
        await hold_all_roles()
        role = await own_role(role_id)
        row = await held(Deputy.objects().where((Deputy.role == role_id) & Deputy.ended_at.is_null())).first()
        if row is None or not (may_arrange(by, role.person) or may_arrange(by, row.person)):
            raise Missing
        await Deputy.update({Deputy.ended_at: now}).where(Deputy.id == row.id)
        standing = (Role.stands_in_for == role_id) & (Role.person == row.person) & Role.ended_at.is_null()
        await Role.update({Role.ended_at: now}).where(standing)
        await note(say("deputy ended"), role, row.person, by.id, now)
        return int(row.person)
