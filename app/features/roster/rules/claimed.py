"""What a list says somebody needs: theirs to confirm or delete, and until then for whoever looks after their door."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.db import held, one_of, prepared, prepared_sql, writing
from app.features.household import rules as household
from app.features.people import rules as people
from app.features.people.rules import Home, Neighbour
from app.features.roster.rules.keeping import CLAIMED_FOR
from app.features.roster.tables import ClaimedNeed, PhoneNote
from app.kit import audit
from app.kit.lines import Line, OnHome
from app.kit.refusals import Missing
from app.kit.words import Sentence, say


class Claimed(Struct):
    """`until` is when it is erased unless its owner says that it is right. `basis` is why the list was brought in."""

    id: int
    words: str
    claimed_at: datetime
    basis: str

    @property
    def until(self) -> datetime:
        return self.claimed_at + CLAIMED_FOR


class Note(Struct):
    id: int
    person: int
    words: str


class _Of(Struct):
    person: int
    words: str


class Told(Struct):
    """What lists said of one who lives there."""

    id: int
    name: str
    needs: list[str]
    phones: list[Note]


class Behind(Struct):
    """Behind one door; only those of whom a list said something."""

    home: Home
    told: list[Told]


class _Found(Struct):
    found: bool


_mine = prepared_sql(
    "SELECT claimed_needs.id, claimed_needs.words, claimed_needs.claimed_at, roster_imports.basis FROM claimed_needs "
    "JOIN roster_imports ON roster_imports.id = claimed_needs.roster_import "
    "WHERE claimed_needs.person = {} AND claimed_needs.confirmed_at IS NULL ORDER BY claimed_needs.id",
    Claimed,
)
_any = prepared_sql(
    "SELECT EXISTS (SELECT 1 FROM claimed_needs WHERE person = {} AND confirmed_at IS NULL) AS found", _Found
)
_needs = prepared(
    lambda ids: (
        ClaimedNeed.select(ClaimedNeed.person, ClaimedNeed.words)
        .where(one_of(ClaimedNeed.person, ids) & ClaimedNeed.confirmed_at.is_null())
        .order_by(ClaimedNeed.id)
    ),
    _Of,
)
_notes = prepared(
    lambda ids: (
        PhoneNote.select(PhoneNote.id, PhoneNote.person, PhoneNote.words)
        .where(one_of(PhoneNote.person, ids))
        .order_by(PhoneNote.id)
    ),
    Note,
)


async def claimed_of(by: Neighbour) -> list[Claimed]:
    return list(await _mine(by.id))


async def confirm(claimed_id: int, *, agrees: bool, by: Neighbour, now: datetime) -> None:
    """It becomes their own words, kept by their own consent; the list's claim is gone."""
    async with writing():
        claimed = await _held(claimed_id, by)
        await household.add_needs(claimed.words, agrees=agrees, by=by, now=now)
        await _gone(claimed, say("claimed need confirmed"), by=by, now=now)


async def erase(claimed_id: int, *, by: Neighbour, now: datetime) -> None:
    """It is not so, or nobody's business. The same list does not bring it back."""
    async with writing():
        await _gone(await _held(claimed_id, by), say("claimed need erased"), by=by, now=now)


async def behind_the_door(household_id: int, *, by: Neighbour, now: datetime) -> Behind:
    """For whoever looks after that door. Each whom something was shown of finds this look in their list."""
    home = await household.looked_after(household_id, by=by)
    members = await household.living_there(home.id)
    ids = [each.id for each in members]
    needs, notes = await _needs(ids), await _notes(ids)
    everybody = [
        Told(
            each.id,
            each.name,
            [row.words for row in needs if row.person == each.id],
            [row for row in notes if row.person == each.id],
        )
        for each in members
    ]
    told = [each for each in everybody if each.needs or each.phones]
    await household.note_looks({each.id: _fields(each) for each in told}, household=home.id, by=by, now=now)
    return Behind(home, told)


async def put_right(note_id: int, *, by: Neighbour, now: datetime) -> int:
    """The steward has asked, and the note has served. Gives back a household of its person."""
    async with writing():
        note = await held(PhoneNote.objects().where(PhoneNote.id == note_id)).first()
        if note is None:
            raise Missing
        home = await _home_looked_after(note.person, by)
        await PhoneNote.delete().where(PhoneNote.id == note_id)
        about = f"person:{note.person}"
        await audit.note("phone note settled", who=by.id, about=about, now=now, concerns=note.person)
        return home.id


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    [claimed] = await _any(by.id)
    return OnHome(first_step=FIRST_STEP if claimed.found else None)


FIRST_STEP = Line(
    icon="file-text",
    title=say("A list says something about you"),
    below=say("Whoever made the list of residents wrote down a need. Say whether it is right, or have it erased."),
    path="/account/needs/claimed",
    chip=say("Look at it"),
)


def _fields(told: Told) -> Iterable[str]:
    if told.needs:
        yield "claimed_needs"
    if told.phones:
        yield "phone_notes"


async def _held(claimed_id: int, by: Neighbour) -> ClaimedNeed:
    theirs = (ClaimedNeed.id == claimed_id) & (ClaimedNeed.person == by.id) & ClaimedNeed.confirmed_at.is_null()
    claimed = await held(ClaimedNeed.objects().where(theirs)).first()
    if claimed is None:
        raise Missing
    return claimed


async def _gone(claimed: ClaimedNeed, did: Sentence, *, by: Neighbour, now: datetime) -> None:
    await ClaimedNeed.delete().where(ClaimedNeed.id == claimed.id)
    await audit.note(did.words, who=by.id, about=f"person:{by.id}", now=now, concerns=by.id)


async def _home_looked_after(person_id: int, by: Neighbour) -> Home:
    """Raises Missing where this neighbour looks after none of their homes."""
    for stay in await people.stays_of(person_id):
        home = await people.household(stay.household)
        if await people.looks_after(by, home):
            return home
    raise Missing
