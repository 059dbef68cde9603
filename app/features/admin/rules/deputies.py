"""A deputy is free again, and hears of it, or lets the holder hear."""

from datetime import datetime

from app.db import writing
from app.features.admin.rules.telling import name_of, role_path, tell, title
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit.words import say


async def end_deputy(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """Gives back the person."""
    async with writing():
        person_id = await people.end_deputy(role_id, by=by, now=now)
        holder, words = (await people.role(role_id)).person, await title(role_id)
        if person_id != by.id:
            told = say("You are deputy no longer: %(role)s", role=words)
            await tell(person_id, told, path="/account/roles", now=now)
        if holder != by.id:
            told = say("%(name)s is deputy no longer: %(role)s", name=await name_of(person_id, by), role=words)
            await tell(holder, told, path=role_path(role_id), now=now)
        return person_id
