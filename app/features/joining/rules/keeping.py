"""What this feature keeps about people: shown, forgotten, and let go when it has had its time."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.joining.rules import phones, posters
from app.features.joining.tables import Newcomer, OtherPhone, Vouch
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.keeping import Keeping
from app.kit.words import say

NEVER_IN, TURNED_AWAY = timedelta(days=90), timedelta(days=30)


async def mine(person_id: int) -> dict[str, Any]:
    """What neighbours wrote when they vouched for somebody is theirs, and stands in their own export."""
    asked = Newcomer.select(Newcomer.door, Newcomer.asked_at, Newcomer.vouched_at, Newcomer.welcomed_at)
    given = Vouch.select(Vouch.person, Vouch.words, Vouch.given_at, Vouch.ended_at)
    received = Vouch.select(Vouch.given_at, Vouch.ended_at)
    phones = OtherPhone.select(OtherPhone.device, OtherPhone.opened_at, OtherPhone.confirmed_at)
    return {
        "asked_to_be_let_in": await asked.where(Newcomer.person == person_id),
        "vouches_given": await given.where(Vouch.voucher == person_id).order_by(Vouch.id),
        "vouches_received": await received.where(Vouch.person == person_id).order_by(Vouch.id),
        "other_phones": await phones.where(OtherPhone.person == person_id).order_by(OtherPhone.id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Who vouched for whom stays as two numbers: a chain must be traceable for as long as others stand in it."""
    async with writing():
        await notices.withdraw(f"newcomer:{person_id}")
        await Newcomer.delete().where(Newcomer.person == person_id)
        await OtherPhone.delete().where(OtherPhone.person == person_id)
        either = (Vouch.voucher == person_id) | (Vouch.person == person_id)
        await Vouch.update({Vouch.words: ""}).where(either)


async def purge_newcomers(now: datetime) -> None:
    """Whoever was never let in, or had a no, is erased like those who leave, by every feature's `forget`."""
    never = (Newcomer.asked_at < now - NEVER_IN) & Newcomer.fell_at.is_null()
    over = never | (Newcomer.turned_away_at < now - TURNED_AWAY)
    for row in await Newcomer.select(Newcomer.person).where(over & (Newcomer.person.state == State.pending)):
        await people.erase_soon(row["person"], now=now)


async def purge(now: datetime) -> None:
    for each in (purge_newcomers, phones.purge, posters.purge):
        await each(now)


KEPT = (
    Keeping(
        what=say("That you asked to be let in: the door you named, when, and how it went"),
        why=say("So that neighbours can let you in. If nobody does, it goes after 90 days; after a no, 30 days later."),
        tables=("newcomers",),
        lasts=NEVER_IN,
        purge=purge_newcomers,
    ),
    Keeping(
        what=say("Who vouched for whom, and when"),
        why=say("So that wrong trust can be undone. When somebody leaves, their words go and two numbers stay."),
        tables=("vouches",),
    ),
    Keeping(
        what=say("That you let another phone of yours in"),
        why=say("So that the code works once, and only for you."),
        tables=("other_phones",),
        lasts=timedelta(days=1),
        purge=phones.purge,
    ),
    Keeping(
        what=say("Posters: for which area, until when"),
        why=say("So that an invitation that has ended opens nothing."),
        tables=("posters",),
        lasts=timedelta(days=365),
        purge=posters.purge,
        personal=False,
    ),
)
