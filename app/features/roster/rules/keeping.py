"""What lists said about a person: theirs to read, and gone when they go or when nobody confirmed it."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.roster.rules import uploads
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterRow
from app.kit.keeping import Keeping
from app.kit.words import say

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


KEPT = (
    Keeping(
        say("A remark on a list of residents that may be about your health"),
        say("So that in an emergency somebody looks after you; until you confirm it or delete it"),
        ("claimed_needs",),
        CLAIMED_FOR,
        purge,
        since=say("when nobody confirmed it"),
    ),
    Keeping(
        say("A phone number as a list had it, where it cannot be right"),
        say("So that your steward can ask you for the right one"),
        ("phone_notes",),
    ),
    Keeping(
        say("That a list named you, as a seal that nobody can read back"),
        say("So that the same list does not bring back what you changed or erased"),
        ("roster_rows",),
        stays=say("The seal stays, and belongs to nobody"),
    ),
    Keeping(
        say("Which lists came in, by whom, and on which legal basis"),
        say("So that the committee can answer for them"),
        ("roster_imports",),
        personal=False,
    ),
    uploads.KEPT,
)
