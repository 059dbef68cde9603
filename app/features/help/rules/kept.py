"""How long needs are kept, and what of them goes first."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.help.tables import Guest, Need
from app.kit import pictures
from app.kit.keeping import Keeping
from app.kit.words import say

ENDED, GUESTS = timedelta(days=365), timedelta(days=7)
AT_ONCE = 500


class _Over(Struct):
    id: int
    photo: str
    receipt: str


_over = prepared_sql("SELECT id, photo, receipt FROM needs WHERE settled_at < {} ORDER BY id LIMIT {}", _Over)


async def purge(now: datetime) -> None:
    """What ended a year ago, with its steps, words and pictures."""
    while rows := await _over(now - ENDED, AT_ONCE):
        async with writing():
            await Need.delete().where(one_of(Need.id, [row.id for row in rows]))
        for row in rows:
            for token in filter(None, (row.photo, row.receipt)):
                await pictures.drop(token)


async def purge_guests(now: datetime) -> None:
    """Name, phone and door of whoever asked without an account, a week after the end; their link opens nothing then."""
    await Guest.delete().where(Guest.ended_at < now - GUESTS)


KEPT = (
    Keeping(
        say("What you needed and took on, and what became of it"),
        say("So that both of you can look up what was agreed"),
        ("needs", "takings", "need_steps", "need_words", "need_voices"),
        ENDED,
        purge,
        stays=say("What others asked you for stays with them, without your words"),
        since=say("after it ended"),
    ),
    Keeping(
        say("Name, phone and door of guests who asked without an account"),
        say("So that whoever helps them finds them"),
        ("need_guests",),
        GUESTS,
        purge_guests,
        since=say("after it ended"),
    ),
    Keeping(
        say("How many needs you take at once, which, and when"),
        say("So that nobody is rung for more than they wish to do"),
        ("helpings",),
    ),
)
