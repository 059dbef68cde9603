"""What a space looks like. Its photos are the house's and nobody's: they stay when whoever took them leaves."""

import re
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import managed, manages
from app.features.spaces.rules.reach import space_of
from app.kit import audit, pictures
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

MOST = 6
NOBODYS = 0
PAGE = re.compile(r"/spaces/(\d{1,9})")


class Photo(Struct):
    """`words` say what it shows to those who do not see it."""

    token: str
    page: str
    words: str
    width: int
    height: int


_PHOTOS = "SELECT token, page, words, width, height FROM pictures WHERE owner = 0 AND page among ORDER BY id"
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS text[]))"}
_photos = prepared_sql({engine: _PHOTOS.replace("among", among) for engine, among in _AMONG.items()}, Photo)


async def photos_of(space_ids: Collection[int]) -> dict[int, list[Photo]]:
    """In the order in which they were added. One query, however many spaces there are."""
    found: dict[int, list[Photo]] = {id: [] for id in space_ids}
    for each in await _photos([_page(id) for id in space_ids]) if space_ids else []:
        found[int(each.page.rpartition("/")[2])].append(each)
    return found


async def add_photo(space_id: int, upload: bytes, words: str, *, by: Neighbour, now: datetime) -> str:
    """Drawn anew, without what a camera writes into it. Raises Refusal beside `photo` or `photo_words`."""
    async with writing(deed=False):
        await managed(space_id, by=by)
    if not words.strip():
        raise Refusal(say("Please say what it shows: some hear it only."), beside="photo_words")
    if len((await photos_of([space_id]))[space_id]) >= MOST:
        raise Refusal(say("%(most)s photos are enough. Take one away first.", most=MOST), beside="photo")
    token = await pictures.keep(upload, owner=NOBODYS, page=_page(space_id), words=words.strip(), now=now)
    async with writing():
        await audit.note("photo of a space added", who=by.id, about=f"space:{space_id}", now=now)
    return token


async def remove_photo(space_id: int, token: str, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        await managed(space_id, by=by)
        if token not in {each.token for each in (await photos_of([space_id]))[space_id]}:
            raise Missing
        await audit.note("photo of a space removed", who=by.id, about=f"space:{space_id}", now=now)
    await pictures.drop(token)


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """Every neighbour, of a space that is in use; of one that is closed, whoever manages it."""
    found = PAGE.fullmatch(page)
    if not found or not by.is_active:
        return False
    try:
        room = await space_of(int(found[1]))
    except Missing:
        return False
    return room.closed_at is None or await manages(by, room)


def _page(space_id: int) -> str:
    return f"/spaces/{space_id}"
