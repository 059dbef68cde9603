"""The board: what hangs there for one reader, and one notice of it."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.announcements.rules.reach import (
    AMONG,
    areas_around,
    areas_kept,
    is_for,
    may_write,
    readers,
)
from app.features.announcements.tables import Reading
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.paging import Paged, paged, window
from app.kit.refusals import Missing
from app.kit.words import Sentence, say, written

PINNED = 12


class Shown(Struct):
    """An announcement as its readers see it. `titles` and `words` are what was typed, by language."""

    id: int
    area: int | None
    area_kind: str | None
    area_name: str | None
    by: int
    by_name: str | None
    titles: str
    words: str
    pinned_until: date | None
    at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    taken: bool
    is_read: bool

    @property
    def title(self) -> Sentence:
        return written(json.loads(self.titles))

    @property
    def text(self) -> Sentence:
        return written(json.loads(self.words))

    @property
    def languages(self) -> list[str]:
        return list(json.loads(self.words))

    @property
    def in_each(self) -> list[tuple[str, str, str]]:
        """(language, title, words) for the door notice: all that was written, under each other."""
        return in_each(self.titles, self.words)

    @property
    def place(self) -> Sentence:
        whole = say("The whole community")
        return community.label(self.area_kind or "", self.area_name) if self.area_name else whole

    @property
    def is_down(self) -> bool:
        """Only those who may put it up again see it."""
        return self.withdrawn_at is not None or self.taken

    def is_pinned(self, on: date) -> bool:
        """The last day counts; it ends by itself."""
        return self.pinned_until is not None and on <= self.pinned_until


def in_each(titles: str, words: str) -> list[tuple[str, str, str]]:
    """(language, title, words) for every language in which something was written."""
    title_in, words_in = json.loads(titles), json.loads(words)
    return [(tag, title_in.get(tag, ""), words_in[tag]) for tag in words_in]


SHOWN = (
    "SELECT announcements.id, announcements.area, areas.kind AS area_kind, areas.name AS area_name, "
    "announcements.by, people.name AS by_name, announcements.titles, announcements.words, "
    "announcements.pinned_until, announcements.at, announcements.changed_at, announcements.withdrawn_at, "
    "announcements.taken, EXISTS (SELECT 1 FROM announcement_readings WHERE "
    "announcement_readings.announcement = announcements.id AND announcement_readings.person = {0}) AS is_read "
    "FROM announcements LEFT JOIN areas ON areas.id = announcements.area "
    "LEFT JOIN people ON people.id = announcements.by "
)
HANGS = (
    "WHERE announcements.withdrawn_at IS NULL AND NOT announcements.taken AND ({1} = 1 OR announcements.area IS NULL "
    "OR announcements.area {among}) "
)
PIN = "announcements.pinned_until >= {3}"


def _of(where: str) -> dict[str, str]:
    return {engine: (SHOWN + HANGS + where).replace("{among}", AMONG[engine].replace("{}", "{2}")) for engine in AMONG}


_one = prepared_sql(SHOWN + "WHERE announcements.id = {1}", Shown)
_pinned = prepared_sql(_of(f"AND {PIN} ORDER BY announcements.id DESC LIMIT {{4}}"), Shown)
_others = prepared_sql(
    _of(f"AND NOT COALESCE({PIN}, false) ORDER BY announcements.id DESC LIMIT {{4}} OFFSET {{5}}"), Shown
)


async def pinned(by: Neighbour, *, now: datetime, at_most: int = PINNED) -> Sequence[Shown]:
    """Also for those who moved in after it was put up."""
    everything, areas = await _reach(by)
    return await _pinned(by.id, everything, areas, await community.today(now), at_most)


async def board(by: Neighbour, *, now: datetime, number: int = 1) -> Paged[Shown]:
    """What is not pinned, or no longer: the newest first."""
    everything, areas = await _reach(by)
    return paged(await _others(by.id, everything, areas, await community.today(now), *window(number)), number)


async def _reach(by: Neighbour) -> tuple[int, list[int]]:
    """(1 for those who read everything, otherwise the areas whose announcements are theirs)."""
    if by.is_a(Kind.administrator):
        return 1, []
    return 0, sorted(await areas_around(by.id) | await areas_kept(by))


async def announcement(id: int, *, by: Neighbour) -> Shown:
    """Raises Missing for whom it is not; what was withdrawn is there for those who may put it up again."""
    found = await _one.first(by.id, id)
    if found is None or not await is_for(by, found.area):
        raise Missing
    if found.is_down and not await may_write(by, found.area):
        raise Missing
    return found


async def note_reading(id: int, *, by: Neighbour, now: datetime) -> None:
    """Once for each person, when they open it, as long as it hangs there."""
    async with writing():
        row = Reading(announcement=id, person=by.id, at=now)
        once = (Reading.announcement, Reading.person)
        await Reading.insert(row).on_conflict(target=once, action="DO NOTHING")
        await notices.read_about(path_of(id), by=by.id, now=now)


class ReadBy(Struct):
    """How far it went: numbers, never names."""

    read: int
    of: int


async def read_by(shown: Shown) -> ReadBy:
    """Of those who live there now. Who has moved away since is in neither number."""
    there = await readers(shown.area)
    read = await Reading.select(Reading.person).where(Reading.announcement == shown.id)
    return ReadBy(sum(row["person"] in there for row in read), len(there))


def path_of(id: int) -> str:
    return f"/announcements/{id}"
