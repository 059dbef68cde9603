"""How a thing looked when it went and when it came: photos that the two sides of a loan see, and nobody else."""

import re
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.sharing.rules.lent import lent, loan_for, side_of
from app.features.sharing.rules.stages import OVER, Lent
from app.features.sharing.tables import Stage
from app.features.skills.rules.standing import only_active
from app.kit import pictures
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

MOST = 8  # of one loan
PAGE = re.compile(r"/loans/(\d{1,9})")


class Photo(Struct):
    """`words` say what it shows to those who do not see it."""

    token: str
    words: str
    width: int
    height: int
    at: datetime


_photos = prepared_sql(
    "SELECT token, words, width, height, at FROM pictures WHERE owner > 0 AND page = {} ORDER BY id", Photo
)


async def photos_of(found: Lent) -> list[Photo]:
    return list(await _photos(found.path))


async def add_photo(loan_id: int, upload: bytes, words: str, *, by: Neighbour, now: datetime) -> str:
    """From the yes until it is back. Raises Refusal beside `photo` or `photo_words`, and then nothing was stored."""
    only_active(by, now)
    found, _ = await loan_for(loan_id, by=by)
    if found.stage not in (Stage.accepted, Stage.out, *OVER) or (found.stage in OVER and not found.shows_contact(now)):
        raise Taken(say("This loan is over. Please look again."), beside="photo")
    if not words.strip():
        raise Refusal(say("Please say what it shows: some hear it only."), beside="photo_words")
    if len(await photos_of(found)) >= MOST:
        raise Refusal(say("%(most)s photos of a loan are enough.", most=MOST), beside="photo")
    return await pictures.keep(upload, owner=by.id, page=found.path, words=words.strip(), now=now)


async def remove_photo(loan_id: int, token: str, *, by: Neighbour, now: datetime) -> None:
    """By whoever took it, while it has not changed hands since: afterwards it is what both go by."""
    only_active(by, now)
    async with writing():
        found, _ = await loan_for(loan_id, by=by)
        own = token in await pictures.tokens_of(by.id)
        shown = next((each for each in await photos_of(found) if each.token == token), None)
        if shown is None or not own:
            raise Missing
        if found.stage in OVER or (found.handed_at is not None and shown.at < found.handed_at):
            raise Taken(say("It stays: both of you go by it."))
    await pictures.drop(token)


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """The two sides, and whoever typed it for one of them."""
    name = PAGE.fullmatch(page)
    if not name or not by.is_active:
        return False
    try:
        await side_of(await lent(int(name[1])), by)
    except Missing:
        return False
    return True
