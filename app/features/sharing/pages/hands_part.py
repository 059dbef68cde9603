"""What a loan's page shows of hands: what may be done next, until when it may be kept, and how it came back."""

from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.pages.common import today_of
from app.features.sharing.rules import Lent, Side
from app.kit.clock import now
from app.kit.forms import blank


async def hand_values(request: HTMXRequest, lent: Lent, side: Side) -> dict[str, Any]:
    seen = await rules.hands(lent, side, today=today_of(request), now=now())
    return {"hands": seen, "thanks_form": blank()}
