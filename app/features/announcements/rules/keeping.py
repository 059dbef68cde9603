"""What this feature keeps about a person, what it puts on Home, and what of it can be reported."""

from datetime import datetime, timedelta
from typing import Any

from app.features.announcements.rules.board import Shown, announcement, in_each, path_of, pinned
from app.features.announcements.tables import Announcement, Reading
from app.features.people.rules import Neighbour
from app.kit.keeping import Keeping
from app.kit.lines import Line, OnHome
from app.kit.refusals import Missing
from app.kit.reporting import Reportable
from app.kit.words import say

ON_HOME = 3
READINGS_LAST = timedelta(days=365)


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """What is pinned, until it is no longer."""
    return OnHome(pinned=[_line(each) for each in await pinned(by, now=now, at_most=ON_HOME)])


def _line(shown: Shown) -> Line:
    new = None if shown.is_read else say("New")
    return Line("pin", shown.title, path_of(shown.id), shown.place, new, due=not shown.is_read)


async def reportable(id: int, *, kind: str = "announcement", by: Neighbour, now: datetime) -> Reportable:
    """Raises Missing for whom it is not, and for what was taken away already."""
    shown = await announcement(id, by=by)
    if shown.taken:
        raise Missing
    words = "\n\n".join(f"{title}\n{text}" for _, title, text in shown.in_each)
    return Reportable(shown.by, words, path_of(id))


async def mine(person_id: int) -> dict[str, Any]:
    """One row for each language of what they wrote."""
    wrote = Announcement.select().where(Announcement.by == person_id).order_by(Announcement.id)
    read = Reading.select(Reading.announcement, Reading.at)
    return {
        "announcements": [
            {"title": title, "words": text, "at": row["at"], "withdrawn_at": row["withdrawn_at"]}
            for row in await wrote
            for _, title, text in in_each(row["titles"], row["words"])
        ],
        "announcements_read": await read.where(Reading.person == person_id).order_by(Reading.id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """What they read is forgotten; what they put up for others belongs to the community, without their name."""
    await Reading.delete().where(Reading.person == person_id)


async def purge(now: datetime) -> None:
    await Reading.delete().where(Reading.at < now - READINGS_LAST)


KEPT: tuple[Keeping, ...] = (
    Keeping(
        say("Announcements of the committee and the stewards"),
        say("So that neighbours can look up what was said"),
        ("announcements",),
        personal=False,
    ),
    Keeping(
        say("That you opened an announcement"),
        say("So that whoever wrote it sees how many it reached: a number, never who"),
        ("announcement_readings",),
        READINGS_LAST,
        purge,
    ),
)
