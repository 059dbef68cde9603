"""What is kept about skills, asks and thanks, what for, and how long."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.skills.tables import Acceptance, Ask, Called, Step
from app.kit.keeping import Keeping
from app.kit.words import say

ENDED_ASKS = timedelta(days=365)
AT_ONCE = 500


class _Over(Struct):
    id: int
    thanked: bool


_over = prepared_sql(
    "SELECT id, EXISTS (SELECT 1 FROM thanks WHERE thanks.ask = asks.id) AS thanked FROM asks "
    "WHERE settled_at < {} AND words <> '' ORDER BY id LIMIT {}",
    _Over,
)


async def purge(now: datetime) -> None:
    """What ended a year ago. Of what somebody said thank you for, the thanks stay, and nothing else."""
    while rows := await _over(now - ENDED_ASKS, AT_ONCE):
        async with writing():
            await _empty([row.id for row in rows if row.thanked])
            await Ask.delete().where(one_of(Ask.id, [row.id for row in rows if not row.thanked]))


async def _empty(ids: list[int]) -> None:
    for table, column in ((Step, Step.ask), (Called, Called.ask), (Acceptance, Acceptance.ask)):
        await table.delete().where(one_of(column, ids))
    blank: dict[Any, Any] = {Ask.words: "", Ask.times: "", Ask.taken_words: "", Ask.proposed: "", Ask.on_day: None}
    await Ask.update(blank).where(one_of(Ask.id, ids))


KEPT = (
    Keeping(
        say("What you offer to do, and the words neighbours find it by"),
        say("So that neighbours find help near them"),
        ("skills", "cards", "listings", "neighbour_words"),
        stays=say("That somebody offered something, without words, while another's ask belongs to it"),
    ),
    Keeping(
        say("What you asked for and answered, and what became of it"),
        say("So that both of you can look up what was agreed"),
        ("asks", "ask_steps", "called", "acceptances"),
        ENDED_ASKS,
        purge,
        stays=say("What others asked you for stays with them, without your words"),
        since=say("after it ended"),
    ),
    Keeping(
        say("Thanks you gave and got"),
        say("A public word between neighbours"),
        ("thanks",),
    ),
)
