"""Those whom the whole list no longer has: their homes end, and whoever never signed in is noted as gone."""

from collections.abc import Iterable
from datetime import datetime

from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import State
from app.features.roster.rules.report import Gone
from app.kit.words import say


async def let_go(missing: Iterable[Gone], *, by: int | None, now: datetime) -> None:
    """Inside the import's transaction. A list throws nobody out who signs in: they are told, and stay."""
    for gone in missing:
        if gone.signs_in:
            await _end_homes(gone, by=by, now=now)
        else:
            await people.settle(gone.person, State.gone, by=by, now=now)


async def _end_homes(gone: Gone, *, by: int | None, now: datetime) -> None:
    today = await community.today(now)
    for stay in await people.stays_of(gone.person):
        if stay.address in gone.doors:
            await people.leave(stay.membership, on=today, by=by, now=now)
    told = say(
        "The committee's new list no longer has you at %(address)s. If that is wrong, tell your steward.",
        address=", ".join(gone.doors),
    )
    await notices.tell(gone.person, told, path="/account", now=now, topic="people")
