"""What an item looks like, and who answers for it, on its page."""

from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.people import rules as people
from app.features.sharing import rules
from app.features.sharing.rules import Thing


async def values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    return {
        "photos": (await rules.photos_of([thing.id]))[thing.id],
        "keepers": await rules.keepers_named(thing.id) if thing.is_ours else [],
        "capabilities": people.CAPABILITIES,
        "is_author": request.user.id in (thing.person, None if thing.person else thing.by),
    }
