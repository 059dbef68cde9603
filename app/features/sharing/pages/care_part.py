"""What an item's page shows of its care: broken or whole, what its keeper can do about it, and who was thankful."""

from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.rules import Thing
from app.kit.clock import now
from app.kit.forms import blank


async def care_values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    care = await rules.care_of(thing, now=now()) if thing.kept else None
    thanks = await rules.thanks_for(thing.id, reader=request.user.id)
    return {"care": care, "thanked": thanks, "damage_form": blank(), "let_go_form": blank()}
