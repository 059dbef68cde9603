"""Somebody to help, asked along with a room: an ask of its own, tied to the booking. Their no does not lose the room,
and when the room is gone nobody need come."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills import rules as skills
from app.features.skills.rules import Request, Wanted
from app.features.spaces.rules.reach import Booked, booking_of
from app.features.spaces.tables import BookedHelp
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

MOST = 40  # offers in the form; for others there are words


class Offered(Struct, frozen=True):
    id: int
    words: str
    name: str


class Help(Struct):
    """What became of the ask."""

    ask: int
    stage: str
    what: str
    helper: str | None


STANDS: dict[str, Sentence] = {
    "open": say("Asked"),
    "proposed": say("They propose another time"),
    "accepted": say("They help you"),
    "declined": say("They cannot: the room stays yours"),
    "withdrawn": say("Called off"),
    "expired": say("Nobody answered: the room stays yours"),
    "done": say("Done"),
}
_helps = prepared_sql(
    "SELECT asks.id AS ask, asks.stage, COALESCE(skills.words, asks.words) AS what, people.name AS helper "
    "FROM booked_help JOIN asks ON asks.id = booked_help.ask LEFT JOIN skills ON skills.id = asks.skill "
    "LEFT JOIN people ON people.id = asks.helper WHERE booked_help.booking = {} ORDER BY asks.id",
    Help,
)


async def offers(by: Neighbour) -> list[Offered]:
    """What others offer, those of one's own building first."""
    found = await skills.neighbours(Wanted(), by=by)
    listed = [
        Offered(chip.id, chip.words, each.name) for each in found.rows if each.id != by.id for chip in each.skills
    ]
    return listed[:MOST]


async def helps_of(booking_id: int) -> list[Help]:
    return list(await _helps(booking_id))


async def ask_to_help(
    booked: Booked, skill: int | None, words: str, times: str, *, by: Neighbour, now: datetime
) -> int | None:
    """Whoever offers that skill, or (words alone) whoever can. None where neither was said.

    Its own deed, after the room's: whatever is refused here, the room stays.
    """
    if skill is None and not words.strip():
        return None
    said = words.strip()[:600] or booked.purpose
    on_day = booked.begins_at.date()
    request = Request(said, times=times, on_day=on_day, for_whom=booked.person if booked.person != by.id else None)
    async with writing():
        if skill:
            ask = await skills.ask(skill, request, by=by, now=now)
        else:
            ask, _ = await skills.ask_anybody(request, by=by, now=now)
        await BookedHelp(booking=booked.id, ask=ask).save()
        return ask


async def call_off(booking_id: int, *, now: datetime) -> None:
    """Of a room that is gone: whoever was asked is told, unless it is over already."""
    rows = [each for each in await _helps(booking_id) if each.stage in ("open", "proposed", "accepted")]
    if rows:
        asker = await people.neighbour((await booking_of(booking_id)).person)
        for each in rows:
            if asker.is_active:
                await skills.withdraw(each.ask, by=asker, now=now)


def why_not(refusal: Refusal) -> Sentence:
    """The room is theirs all the same."""
    if isinstance(refusal, Missing):
        return say("The room is kept; that helper could not be asked.")
    return say("The room is kept; the helper was not asked. %(why)s", why=refusal.sentence)
