"""A word of thanks that every neighbour reads, and a little longer to keep in touch."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.sharing.rules.lent import borrowing, held_for, keepers, move, name_of
from app.features.sharing.rules.reach import tell
from app.features.sharing.rules.stages import CONTACT_PROLONGED, Act, Side
from app.features.sharing.tables import Did
from app.features.skills.rules.standing import only_active
from app.kit.languages import SOURCE, of_text
from app.kit.words import say

SHOWN = 6


class Thanked(Struct):
    loan: int
    words: str
    at: datetime
    giver: int
    name: str

    @property
    def lang(self) -> str:
        return of_text(self.words, SOURCE)


_thanks = prepared_sql(
    "SELECT loans.id AS loan, loans.thanks AS words, loans.thanked_at AS at, loans.borrower AS giver, people.name "
    "FROM loans JOIN people ON people.id = loans.borrower AND people.state <> 'leaving' "
    "WHERE loans.item = {1} AND loans.thanks <> '' AND loans.borrower "
    + NOT_BLOCKED.replace("{me}", "{0}")
    + " ORDER BY loans.thanked_at DESC LIMIT {2}",
    Thanked,
)


async def thanks_for(item_id: int, *, reader: int) -> list[Thanked]:
    """The newest first, without those whom the reader has blocked or who blocked them."""
    return list(await _thanks(reader, item_id, SHOWN))


async def thank(loan_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """Short, public, once."""
    only_active(by, now)
    async with writing():
        found, _ = await held_for(Act.thank, loan_id, by=by, now=now)
        await move(found, Did.thanked, by=by.id, now=now, words=words, thanks=words, thanked_at=now)
        who: dict[str, Any] = {"name": await name_of(by.id), "said": words}
        thank_you = say("%(name)s thanks you: “%(said)s”", **who)
        await tell(await keepers(found), thank_you, found.path, by=by.id, now=now)
        for_you = say("%(name)s said thank you for you: “%(said)s”", **who)
        await tell(borrowing(found), for_you, found.path, by=by.id, now=now)


async def prolong(loan_id: int, *, by: Neighbour, now: datetime) -> None:
    """Contact for seven days more, once, when both have said so."""
    only_active(by, now)
    async with writing():
        found, side = await held_for(Act.prolong, loan_id, by=by, now=now)
        both = found.prolongs(Side.keeper if side == Side.borrower else Side.borrower)
        mine = "borrower_prolongs" if side == Side.borrower else "owner_prolongs"
        changes: dict[str, Any] = {mine: True}
        if both and found.contact_until is not None:
            changes["contact_until"] = found.contact_until + CONTACT_PROLONGED
        await move(found, Did.prolonged, by=by.id, now=now, **changes)
        name = await name_of(by.id)
        if both:
            sentence = say("%(name)s agrees: you stay in touch for seven days more.", name=name)
        else:
            sentence = say("%(name)s would like to stay in touch for seven days more. Do you agree?", name=name)
        whom = await keepers(found) if side == Side.borrower else borrowing(found)
        await tell(whom, sentence, found.path, by=by.id, now=now)
        if side == Side.borrower:
            for_you = say("%(name)s asked for you to stay in touch for seven days more.", name=name)
            await tell(borrowing(found), for_you, found.path, by=by.id, now=now)
