"""What a passkey signs: made by us, good once and for five minutes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from app.db import writing
from app.features.accounts.tables import Challenge

LASTS = timedelta(minutes=5)


async def challenge(person_id: int | None, *, now: datetime) -> bytes:
    """For that person only, or (None) for whoever answers. Those that ran out go meanwhile."""
    made = secrets.token_bytes(32)
    async with writing():
        await purge(now)
        await Challenge.insert(Challenge(person=person_id, fingerprint=_print(made), until_at=now + LASTS))
    return made


async def spend(signed: bytes, person_id: int | None, *, now: datetime) -> bool:
    """Of many who answer the same one at once, one; and never again, whatever comes of it."""
    async with writing():
        gone = Challenge.delete().where(Challenge.fingerprint == _print(signed))
        rows = await gone.returning(Challenge.person, Challenge.until_at)
    return bool(rows) and rows[0]["person"] == person_id and rows[0]["until_at"] > now


async def purge(now: datetime) -> None:
    await Challenge.delete().where(Challenge.until_at < now)


def _print(signed: bytes) -> str:
    return hashlib.sha256(signed).hexdigest()
