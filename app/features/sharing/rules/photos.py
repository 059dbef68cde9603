"""What an item looks like: up to six photos, the main one first. They are its owner's; of what is ours, nobody's.

One that is taken away waits for a day on a page of its own, so that it can be taken back. One that was chosen while
an item is written waits on another, so that it is not lost when something else has to be put right first.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import Thing, held_item, item_for, kept_item, path_of
from app.features.skills.rules.standing import only_active
from app.kit import pictures
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.tables import Picture
from app.kit.words import say

MOST = 6
NOBODYS = 0
NEW = "/share/new"
AWAY = "/removed"
WAITS = timedelta(days=1)
PAGE = re.compile(r"/share/(\d{1,9})(/removed)?")


class Photo(Struct):
    """`words` say what it shows to those who do not see it."""

    token: str
    page: str
    words: str
    width: int
    height: int


class _Id(Struct):
    id: int
    token: str


_PHOTOS = "SELECT token, page, words, width, height FROM pictures WHERE page among ORDER BY id"
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS text[]))"}
_photos = prepared_sql({engine: _PHOTOS.replace("among", among) for engine, among in _AMONG.items()}, Photo)
_aside = prepared_sql(
    "SELECT token, page, words, width, height FROM pictures WHERE page = '/share/new' AND owner = {} AND token = {}",
    Photo,
)
_left = prepared_sql(
    "SELECT id, token FROM pictures WHERE (page = '/share/new' OR page LIKE '/share/%/removed') AND at < {}", _Id
)


async def photos_of(item_ids: Collection[int]) -> dict[int, list[Photo]]:
    """The main one first. One query, however many items there are."""
    found: dict[int, list[Photo]] = {id: [] for id in item_ids}
    for each in await _photos([path_of(id) for id in item_ids]) if item_ids else []:
        found[int(each.page.rpartition("/")[2])].append(each)
    return found


async def add_photo(item_id: int, upload: bytes, words: str, *, by: Neighbour, now: datetime) -> str:
    """Drawn anew, without what a camera writes into it. Raises Refusal beside `photo` or `photo_words`."""
    only_active(by, now)
    async with writing(deed=False):
        found = await kept_item(item_id, by=by)
        if len((await photos_of([item_id]))[item_id]) >= MOST:
            raise _enough()
    must_say_what(words)
    token = await pictures.keep(upload, owner=_owner(found, by), page=found.path, words=words.strip(), now=now)
    if not await _stays(token, item_id):
        await pictures.drop(token)
        raise _enough()
    return token


async def _stays(token: str, item_id: int) -> bool:
    """One after the other: of those who come at once, as many stay as there is room for."""
    async with writing():
        await held_item(item_id)
        if len((await photos_of([item_id]))[item_id]) <= MOST:
            return True
        await Picture.delete().where(Picture.token == token)
        return False


def must_say_what(words: str) -> None:
    if not words.strip():
        raise Refusal(say("Please say what it shows: some hear it only."), beside="photo_words")


def _enough() -> Refusal:
    return Refusal(say("%(most)s photos are enough. Take one away first.", most=MOST), beside="photo")


def _owner(found: Thing, by: Neighbour) -> int:
    """Of a household's thing, whoever adds it: it leaves with them."""
    return NOBODYS if found.is_ours else found.person or by.id


async def lay_aside(upload: bytes, words: str, *, by: Neighbour, now: datetime) -> str:
    """Of something that is not offered yet. One each: a new one takes the place of the one before."""
    only_active(by, now)
    token = await pictures.keep(upload, owner=by.id, page=NEW, words=words.strip(), now=now)
    before = (Picture.owner == by.id) & (Picture.page == NEW) & (Picture.token != token)
    for row in await Picture.select(Picture.token).where(before):
        await pictures.drop(row["token"])
    return token


async def laid_aside(token: str, *, by: Neighbour) -> Photo | None:
    return await _aside.first(by.id, token) if pictures.TOKEN.fullmatch(token) else None


async def attach(token: str, found: Thing, *, words: str = "", by: Neighbour) -> None:
    """What was laid aside is the item's from now on; joins the transaction in which it is offered."""
    theirs = (Picture.token == token) & (Picture.page == NEW) & (Picture.owner == by.id)
    values: dict[Any, Any] = {Picture.page: found.path, Picture.owner: _owner(found, by)}
    await Picture.update(values | ({Picture.words: words.strip()[:200]} if words.strip() else {})).where(theirs)


async def put_first(item_id: int, token: str, *, by: Neighbour, now: datetime) -> None:
    """The main one, which lists show. Pictures stand in the order of their rows, so the rows are written anew."""
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        rows = await Picture.select().where(Picture.page == found.path).order_by(Picture.id)
        if token not in {row["token"] for row in rows}:
            raise Missing
        await Picture.delete().where(one_of(Picture.id, [row["id"] for row in rows]))
        ordered = sorted(rows, key=lambda row: row["token"] != token)
        await Picture.insert(*[Picture(**{k: v for k, v in row.items() if k != "id"}) for row in ordered])


async def remove_photo(item_id: int, token: str, *, by: Neighbour, now: datetime) -> None:
    """Out of sight; its keepers can take that back for a day."""
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        await _turn(token, found.path, found.path + AWAY, now)


async def return_photo(item_id: int, token: str, *, by: Neighbour, now: datetime) -> None:
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        if len((await photos_of([item_id]))[item_id]) >= MOST:
            raise Taken(say("%(most)s photos are enough. Take one away first.", most=MOST))
        await _turn(token, found.path + AWAY, found.path, now)


async def _turn(token: str, page: str, to: str, now: datetime) -> None:
    there: Any = (Picture.token == token) & (Picture.page == page)
    if not await Picture.update({Picture.page: to, Picture.at: now}).where(there).returning(Picture.id):
        raise Missing


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """Whoever may see the item; of one that was taken away, those who answer for it."""
    found = PAGE.fullmatch(page)
    if not found:
        return False
    try:
        seen = await item_for(int(found[1]), by=by)
    except Missing:
        return False
    return seen.kept or not found[2]


async def drop_photos(item_ids: Collection[int], loan_ids: Collection[int] = ()) -> list[str]:
    """Inside the transaction in which these go; the files go after it, or with the next sweep."""
    pages = [path_of(id) + more for id in item_ids for more in ("", AWAY)]
    pages += [f"/loans/{id}" for id in loan_ids]
    tokens = [each.token for each in await _photos(pages)] if pages else []
    if tokens:
        await Picture.delete().where(Picture.token.is_in(tokens))
    return tokens


async def sweep(now: datetime) -> None:
    """What was laid aside or taken away a day ago."""
    rows = await _left(now - WAITS)
    async with writing():
        await Picture.delete().where(one_of(Picture.id, [row.id for row in rows]))
    await pictures.remove_files(row.token for row in rows)
