"""Sign-ins end, and with each the ringing of its phone: no other file deletes one."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.accounts.tables import HalfOpen, ResetCode, SignIn
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


async def shut_all(person_id: int, *, besides: int = 0, now: datetime) -> None:
    """Every door that stands open or half open, and the keys to it that are on their way: a new password is the only
    one. `besides` is the sign-in in which it was chosen.
    """
    async with writing():
        await end_all(person_id, besides=besides, now=now)
        await HalfOpen.delete().where(HalfOpen.person == person_id)
        await ResetCode.delete().where((ResetCode.person == person_id) & ResetCode.spent_at.is_null())
