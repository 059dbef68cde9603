"""Somebody new, and where they live: both or neither."""

from datetime import datetime

from app.db import writing
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour


async def add_neighbour(
    *, name: str, phone: str, email: str, language: str, address: str, by: Neighbour, now: datetime
) -> int:
    async with writing():
        person_id = await people.add_person(name=name, phone=phone, email=email, language=language, by=by.id, now=now)
        if address:
            home = await people.household_at(address)
            await people.join(person_id, home, on=await community.today(now), by=by.id, now=now)
        return person_id
