"""What stands beside a loan on its page: who typed it, and which days would do instead."""

from datetime import date

from app.features.people import rules as people
from app.features.sharing.rules.days import DAY, soonest
from app.features.sharing.rules.reach import thing
from app.features.sharing.rules.stages import Lent
from app.kit.words import Sentence, say


async def actor_of(found: Lent) -> Sentence | None:
    """Who typed it for the borrower."""
    if found.acted_by is None or found.acted_by == found.borrower:
        return None
    name = (await people.neighbour(found.acted_by)).name
    return say("%(name)s", name=name) if name else say("A former neighbour")


async def instead_of(found: Lent, *, today: date) -> tuple[date, date] | None:
    """The next days that are free, as many as were asked for: they need not be waited for."""
    if found.first_on is None or found.due_on is None:
        return None
    many = (found.due_on - found.first_on).days + 1
    first = await soonest(await thing(found.item), many, since=found.first_on, today=today)
    return (first, first + (many - 1) * DAY) if first else None
