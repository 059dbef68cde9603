"""An item's month on its page: a strip for the eye, and the same in words for the ear and for paper."""

from datetime import date, timedelta
from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.pages.common import today_of
from app.features.sharing.rules import LOOKS, Thing
from app.kit.languages import speaking

YEARS = 2  # one may look back and ahead
MONDAY = date(2024, 1, 1)


async def values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    """A gift has no days."""
    if thing.is_gift:
        return {"month": None}
    today = today_of(request)
    first = first_of(request.query_params.get("month", ""), today)
    return {
        "month": await rules.month_of(thing, first, by=request.user, today=today),
        "today": today,
        "looks": LOOKS,
        "spans": speaking.get().days,
        "weekdays": [MONDAY + timedelta(days=nth) for nth in range(7)],
        "nearby": [beside(first, -1, today), beside(first, 1, today)],
    }


def first_of(typed: str, today: date) -> date:
    """`2026-05`, as in the address; this month for everything else."""
    this = today.replace(day=1)
    try:
        first = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return this
    return first if abs(first.year - this.year) <= YEARS else this


def beside(first: date, step: int, today: date) -> date | None:
    """The month before (-1) or after it (1), as far as one may look."""
    year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
    return date(year, month + 1, 1) if abs(year - today.year) <= YEARS else None
