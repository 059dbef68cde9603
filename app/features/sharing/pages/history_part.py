"""What an item has been through, on its page, for those who answer for it."""

from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.rules import Thing


async def values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    return {"history": await rules.history_of(thing, by=request.user)}
