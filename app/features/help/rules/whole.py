"""One need as one reader may see it. What is private is fetched for whom it is for only, and each look is noted."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.help.rules.guests import Known, guest_of
from app.features.help.rules.kinds import KNOWN_BY
from app.features.help.rules.limits import why_not_i
from app.features.help.rules.reach import Hand, Link, may_do, need_of, own_place, side_of, took_of
from app.features.help.rules.stages import Act, Needed, Side, Took
from app.features.help.rules.talking import companions
from app.features.help.tables import Among, Did, Need, Stage, What
from app.features.people import rules as people
from app.features.people.rules import Contact, Neighbour
from app.features.people.rules.acting import Named
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.words import Sentence


class Happened(Struct):
    at: datetime
    by: int | None
    name: str | None
    did: Did
    words: str


class Said(Struct):
    id: int
    person: int | None
    name: str | None
    words: str
    lang: str
    private: bool
    at: datetime


class Whole(Struct):
    """`contacts` are those of the other side: of the asker for a helper, of each helper for the asker."""

    need: Needed
    side: Side
    acts: set[Act]
    asker: Neighbour | None
    actor: str
    place: Sentence | None
    took: list[Took]
    me: Took | None
    steps: list[Happened]
    said: list[Said]
    details: str
    contacts: list[Contact]
    contact_until: datetime | None
    guest: Known | None
    known_by: Sentence | None
    why_not: Refusal | None
    companions: list[Named]

    @property
    def is_party(self) -> bool:
        return self.side in (Side.asker, Side.helper)


_steps = prepared_sql(
    "SELECT need_steps.at, need_steps.by, people.name, need_steps.did, need_steps.words FROM need_steps "
    "LEFT JOIN people ON people.id = need_steps.by WHERE need_steps.need = {} ORDER BY need_steps.id",
    Happened,
)
_said = prepared_sql(
    "SELECT need_words.id, need_words.person, people.name, need_words.words, need_words.lang, need_words.private, "
    "need_words.at FROM need_words LEFT JOIN people ON people.id = need_words.person "
    "WHERE need_words.need = {} ORDER BY need_words.id",
    Said,
)


async def whole(need_id: int, *, by: Hand, now: datetime) -> Whole:
    need, took = await need_of(need_id), await took_of(need_id)
    side, me = await side_of(need, by, took), own_place(took, by.id)
    may = await may_do(need, side, took, me, by, now)
    party = side in (Side.asker, Side.helper)
    reads_all = party or need.among == Among.officers
    seen = await _seen(need, side, took, me, by, now)
    steps = await _steps(need_id)
    return Whole(
        need=need,
        side=side,
        acts=may,
        asker=await people.neighbour(need.person) if need.person else None,
        actor=await _actor(need),
        place=await _place(need),
        took=[each for each in took if each.stands or each.kept],
        me=me,
        steps=steps if reads_all else steps[:1],
        said=[each for each in await _said(need_id) if reads_all or not each.private],
        details=seen.details,
        contacts=seen.contacts,
        contact_until=seen.until,
        guest=seen.guest,
        known_by=KNOWN_BY[need.known_by % len(KNOWN_BY)] if seen.word and need.known_by is not None else None,
        why_not=await why_not_i(by, need, now) if Act.take in may and isinstance(by, Neighbour) else None,
        companions=await companions(need, by=by, now=now) if Act.invite in may and isinstance(by, Neighbour) else [],
    )


class Seen(Struct):
    """What is private, as far as this reader may see it."""

    details: str = ""
    contacts: list[Contact] = []
    until: datetime | None = None
    guest: Known | None = None
    word: bool = False


async def _seen(need: Needed, side: Side, took: list[Took], me: Took | None, by: Hand, now: datetime) -> Seen:
    if need.kind == What.knock:
        return Seen()
    if side == Side.asker:
        return await _of_asker(need, took, by, now)
    if side == Side.helper and me is not None and me.shows(need, now):
        return await _of_helper(need, me, by, now)
    if side == Side.officer:
        await _note(need, ["need_guest"], by, now)
        return Seen(guest=await guest_of(need.id), details=await details_of(need.id))
    return Seen()


async def _of_asker(need: Needed, took: list[Took], by: Hand, now: datetime) -> Seen:
    """Their own words whenever they like; how to reach the helpers as long as those see them. Whoever acts for them
    reads what they typed, and nobody's phone; whoever joined, neither."""
    wrote = isinstance(by, Link) or by.id in (need.person, need.acted_by)
    theirs = isinstance(by, Link) or by.id == need.person
    shown = [each for each in took if each.shows(need, now)]
    contacts = [await people.contact(each.helper) for each in shown] if theirs else []
    if contacts:
        for each in shown:
            await _note(need, ["need_contact"], by, now, of=each.helper)
    until = [each.contact_until for each in shown if each.contact_until]
    return Seen(
        details=await details_of(need.id) if wrote else "",
        contacts=contacts,
        until=max(until, default=None) if theirs else None,
        word=bool(shown) and need.stage in (Stage.taken, Stage.way),
    )


async def _of_helper(need: Needed, me: Took, by: Hand, now: datetime) -> Seen:
    details = await details_of(need.id)
    guest = await guest_of(need.id) if need.person is None else None
    await _note(need, ["need_contact", *(["need_details"] if details else [])], by, now)
    return Seen(
        details=details,
        contacts=[await people.contact(need.person)] if need.person else _as_contact(guest),
        until=me.contact_until,
        word=me.stands,
    )


def _as_contact(guest: Known | None) -> list[Contact]:
    return [Contact(guest.name, guest.phone, "", (guest.door,) if guest.door else ())] if guest else []


async def details_of(need_id: int) -> str:
    row = await Need.select(Need.details).where(Need.id == need_id).first()
    return str(row["details"]) if row else ""


async def _note(need: Needed, fields: list[str], by: Hand, now: datetime, *, of: int | None = None) -> None:
    """Each look, for whoever it concerns to read under Account."""
    concerns = of or need.person
    if concerns == by.id:
        return
    async with writing():
        await audit.note(
            "need looked at", who=by.id, about=f"need:{need.id}", now=now, concerns=concerns, fields=fields
        )


async def _actor(need: Needed) -> str:
    if need.acted_by is None or need.acted_by == need.person or need.person is None:
        return ""
    return (await people.neighbour(need.acted_by)).name


async def _place(need: Needed) -> Sentence | None:
    """Building-level words: never a door."""
    line = await community.line_to(need.area) if need.area is not None else []
    return line[0].label if line else None
