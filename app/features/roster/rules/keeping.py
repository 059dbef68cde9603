"""What lists said about a person: theirs to read, and gone when they go or when nobody confirmed it."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterRow

CLAIMED_FOR = timedelta(days=90)


async def mine(person_id: int) -> dict[str, Any]:
    needs = ClaimedNeed.select(
        ClaimedNeed.words,
        ClaimedNeed.claimed_at,
        ClaimedNeed.confirmed_at,
        ClaimedNeed.roster_import.basis.as_alias("basis"),
    )
    return {
        "claimed_needs": await needs.where(ClaimedNeed.person == person_id).order_by(ClaimedNeed.id),
        "phone_notes": await PhoneNote.select(PhoneNote.words, PhoneNote.noted_at).where(PhoneNote.person == person_id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """The seals stay, nobody's: the old list does not bring them back."""
    async with writing():
        await ClaimedNeed.delete().where(ClaimedNeed.person == person_id)
        await PhoneNote.delete().where(PhoneNote.person == person_id)
        await RosterRow.update({RosterRow.person: None}).where(RosterRow.person == person_id)


async def purge(now: datetime) -> None:
    """Claimed needs that nobody confirmed within 90 days are erased, and the same list does not bring them back."""
    await ClaimedNeed.delete().where((ClaimedNeed.claimed_at < now - CLAIMED_FOR) & ClaimedNeed.confirmed_at.is_null())
