"""A person's page as an administrator sees it. Every look is noted, and the person can read that it was."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Able, Held, Neighbour, Stay
from app.kit import audit
from app.kit.refusals import Missing


class _Row(Struct):
    id: int
    name: str
    phone: str
    email: str
    language: str
    state: str
    reason: str
    photo: str
    made_at: datetime
    signs_in: bool


class Dossier(_Row):
    stays: list[Stay]
    roles: list[Held]
    capabilities: list[Able]


_person = prepared_sql(
    "SELECT id, name, phone, email, language, state, reason, photo, made_at, "
    "EXISTS (SELECT 1 FROM logins WHERE logins.person = people.id) AS signs_in FROM people WHERE id = {}",
    _Row,
)


async def dossier(person_id: int, *, by: Neighbour, now: datetime) -> Dossier:
    found = await _person.first(person_id)
    if found is None or not found.name:
        raise Missing
    async with writing():
        await audit.note("person looked at", who=by.id, about=f"person:{person_id}", now=now, concerns=person_id)
    return Dossier(
        **asdict(found),
        stays=await people.stays_of(person_id),
        roles=await people.roles_of(person_id, now=now),
        capabilities=await people.capabilities_of(person_id, await community.today(now)),
    )
