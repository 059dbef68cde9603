"""The days of a loan: whose they are while it lasts, and which are nobody's again when it comes home early."""

from datetime import date, datetime, timedelta

from app.features.community import rules as community
from app.features.sharing.rules.stages import Lent
from app.kit import slots
from app.kit.refusals import Missing
from app.kit.slots import Claim, Faster

DAY = timedelta(days=1)


def due_day(found: Lent) -> date:
    """Raises Missing for a gift: nobody waits for it to come home."""
    if found.due_on is None:
        raise Missing
    return found.due_on


def length(found: Lent) -> int:
    """In days, as it was agreed, before any renewal."""
    if found.first_on is None or found.last_on is None:
        raise Missing
    return (found.last_on - found.first_on).days + 1


async def holds_until(found: Lent, last: date, *, handed_at: datetime | None = None) -> None:
    """From its first day, or the day on which it was handed over when that was before. Raises Faster."""
    first, at = found.first_on or last, handed_at or found.handed_at
    if at is not None:
        first = min(first, await community.today(at))
    wanted = [Claim(found.thing, tuple(slots.days(first, last)))] if first <= last else []
    await slots.have({found.owner: wanted})


async def holds_with_gap(found: Lent, last: date, *, handed_at: datetime | None = None) -> date:
    """Only until it is due where another has the days after it, as when the gap was made longer meanwhile; gives back
    until when. Raises Faster."""
    try:
        await holds_until(found, last, handed_at=handed_at)
    except Faster:
        last = min(last, due_day(found))
        await holds_until(found, last, handed_at=handed_at)
    return last


async def home_since(found: Lent, came: date, today: date) -> range:
    """It keeps the day on which it came, and the days after one that are nobody's; gives back which are free now."""
    last = due_day(found) + found.gap * DAY
    kept = await holds_with_gap(found, min(came + found.gap * DAY, last))
    return slots.days(max(kept + DAY, today), last)
