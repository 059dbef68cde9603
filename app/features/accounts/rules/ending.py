"""Sign-ins end, and with each the ringing of its phone: no other file deletes one."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.accounts.tables import SignIn
from app.features.notices import rules as notices


async def end_those(which: Any, *, now: datetime) -> list[int]:
    """Gives back their numbers."""
    async with writing():
        ended = [int(row["id"]) for row in await SignIn.delete().where(which).returning(SignIn.id)]
        await notices.end_of_sign_ins(ended, now=now)
        return ended


async def end_all(person_id: int, *, besides: int = 0, now: datetime) -> None:
    """Those too whose sign-in had grown old and was no longer kept: their phones rang on."""
    async with writing():
        await SignIn.delete().where((SignIn.person == person_id) & (SignIn.id != besides))
        await notices.silence(person_id, besides=besides, now=now)
