"""How to ask for a thing: a part of its page."""

from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.people import rules as people
from app.features.sharing import rules
from app.features.sharing.pages.common import today_of
from app.features.sharing.rules import Thing
from app.kit.clock import now
from app.kit.forms import blank


async def values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    """Whether the reader may ask, or has asked already; and the first days that would do."""
    by, today = request.user, today_of(request)
    may = thing.may_be_had(now()) and (not thing.kept or thing.is_ours)
    free = await rules.soonest(thing, 1, since=today, today=today) if may and not thing.is_gift else None
    return {
        "ask_form": blank(),
        "may_ask": may,
        "asked": await rules.my_open_loans(thing.id, by=by),
        "free_from": free,
        "today": today,
        "furthest": today + rules.AHEAD,
        "for_whom": await people.acts_for(by) if may else [],
    }
