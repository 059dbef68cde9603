"""Telling somebody something, and their reading of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, unseen, writing
from app.features.notices.rules.losing import drop_notices
from app.features.notices.tables import Notice, Urgency
from app.kit import changes
from app.kit.paging import Paged, paged, window
from app.kit.refusals import Missing
from app.kit.words import Sentence, kept

AT_ONCE = 500


class Told(Struct):
    """A notice as its reader sees it."""

    id: int
    sentence: Any
    path: str
    topic: str
    urgency: Urgency
    until_at: datetime | None
    made_at: datetime
    read_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.until_at is not None and self.until_at <= now

    def waits(self, now: datetime) -> bool:
        """To be read, and still of use."""
        return self.read_at is None and not self.is_over(now)


_newest = prepared_sql(
    "SELECT id, sentence, path, topic, urgency, until_at, made_at, read_at FROM notices "
    "WHERE person = {} ORDER BY id DESC LIMIT {} OFFSET {}",
    Told,
)


class _Whom(Struct):
    person: int


# One statement for hundreds of people: as rows of Piccolo's they cost ten times as much, while nobody else can write.
_TELL = (
    "INSERT INTO notices (person, sentence, path, topic, urgency, key, until_at, made_at, thread, "
    "phones_first, frugal) "
    "SELECT {} ON CONFLICT (person, key) DO NOTHING RETURNING person"
)
_tell = prepared_sql(
    {
        "sqlite": _TELL.replace(
            "{}", "value, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10} FROM json_each({0}) WHERE true"
        ),
        "postgres": _TELL.replace(
            "{}",
            "unnest(CAST({0} AS integer[])), CAST({1} AS json), CAST({2} AS text), CAST({3} AS text), "
            "CAST({4} AS text), CAST({5} AS text), CAST({6} AS timestamptz), CAST({7} AS timestamptz), "
            "CAST({8} AS text), CAST({9} AS boolean), CAST({10} AS boolean)",
        ),
    },
    _Whom,
)


class _Id(Struct):
    id: int


# `id + 0`: by the order of ids alone PostgreSQL would read all notices wherever it takes the table for an empty one.
_READ = (
    "UPDATE notices SET read_at = {0} WHERE id IN (SELECT id FROM notices WHERE person among AND thread = {2} "
    "AND read_at IS NULL AND (person by OR key NOT LIKE {4}) ORDER BY id + 0 held) RETURNING id"
)
_AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each({1}))", "IN (SELECT value FROM json_each({3}))", ""),
    "postgres": (f"= ANY({unseen('{1}')})", f"= ANY({unseen('{3}')})", "FOR UPDATE"),
}
_read_thread = prepared_sql(
    {
        engine: _READ.replace("among", among).replace("by", by, 1).replace("held", held)
        for engine, (among, by, held) in _AMONG.items()
    },
    _Id,
)


async def tell(
    person_id: int,
    sentence: Sentence,
    *,
    path: str,
    now: datetime,
    topic: str = "asks",
    urgency: Urgency = Urgency.everyday,
    until: datetime | None = None,
    key: str | None = None,
    thread: str | None = None,
    phones_first: bool = False,
    frugal: bool = False,
) -> None:
    """Call it inside the deed's own transaction: no deed, no notice. The same key again tells nobody twice."""
    same: dict[str, Any] = {"topic": topic, "urgency": urgency, "until": until, "key": key, "thread": thread}
    await tell_all([person_id], sentence, path=path, now=now, phones_first=phones_first, frugal=frugal, **same)


async def tell_all(
    person_ids: Iterable[int],
    sentence: Sentence,
    *,
    path: str,
    now: datetime,
    topic: str = "asks",
    urgency: Urgency = Urgency.everyday,
    until: datetime | None = None,
    key: str | None = None,
    thread: str | None = None,
    phones_first: bool = False,
    frugal: bool = False,
) -> None:
    """The same sentence to many, each of whom reads it in their own language.

    On a phone, one of a `thread` takes the place of the one before, and it goes wherever that was taken. What
    is urgent goes on every road; with `phones_first`, on the others to those only who have no phone that rings;
    `frugal` leaves out what costs money.
    """
    words, people = sentence.as_json(), sorted(set(person_ids))
    for some in (people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE)):
        told = await _tell(some, words, path, topic, urgency, key, until, now, thread, phones_first, frugal)
        await look_again(each.person for each in told)


async def page_of(person_id: int, number: int = 1) -> Paged[Told]:
    """Newest first."""
    rows = await _newest(person_id, *window(number))
    for row in rows:
        row.sentence = kept(row.sentence)
    return paged(rows, number)


async def unread(person_id: int, now: datetime) -> int:
    """How many wait to be read and are still of use."""
    return int(await Notice.count().where(_waiting(person_id, now)))


async def read(notice_id: int, *, by: int, now: datetime) -> str:
    """The path it leads to. Reading again changes nothing."""
    async with writing():
        theirs = (Notice.id == notice_id) & (Notice.person == by)
        notice = await Notice.select(Notice.path, Notice.read_at).where(theirs).first()
        if notice is None:
            raise Missing
        if notice["read_at"] is None:
            await Notice.update({Notice.read_at: now}).where(theirs)
            await look_again([by])
        return str(notice["path"])


async def read_about(path: str, *, by: int, now: datetime) -> None:
    """Who does something about it has seen what was told about it."""
    theirs = (Notice.person == by) & (Notice.path == path) & Notice.read_at.is_null()
    if await Notice.update({Notice.read_at: now}).where(theirs).returning(Notice.id):
        await look_again([by])


async def read_thread(thread: str, people: Iterable[int], *, by: Iterable[int], but: str, now: datetime) -> None:
    """The same for a thread and for all these people, except that what stands under a key that begins with `but` is
    read by `by` alone. The caller announces. In the order in which they were told, as whoever ends the thread goes.
    """
    await _read_thread(now, sorted(people), thread, sorted(by), f"{but}%")


async def read_all(person_id: int, now: datetime) -> None:
    async with writing():
        unread_ones = (Notice.person == person_id) & Notice.read_at.is_null()
        if await Notice.update({Notice.read_at: now}).where(unread_ones).returning(Notice.id):
            await look_again([person_id])


async def end_thread(thread: str, now: datetime) -> None:
    """What was told in it is over: it stays to be read, and whatever has not gone out yet stays unsent."""
    still: Any = (Notice.thread == thread) & (Notice.until_at.is_null() | (Notice.until_at > now))
    async with writing():
        ended = await Notice.update({Notice.until_at: now}).where(still).returning(Notice.person)
        await look_again(row["person"] for row in ended)


async def withdraw(key: str, *, person_id: int | None = None) -> None:
    """What is no longer true is taken back, from one person or from all who were told; the key may be used again."""
    where: Any = Notice.key == key
    if person_id is not None:
        where = where & (Notice.person == person_id)
    async with writing():
        await look_again(await drop_notices(where))


def _waiting(person_id: int, now: datetime) -> Any:
    of_use = Notice.until_at.is_null() | (Notice.until_at > now)
    return (Notice.person == person_id) & Notice.read_at.is_null() & of_use


async def look_again(person_ids: Iterable[int]) -> None:
    await changes.announce(*(f"person:{each}" for each in person_ids))
