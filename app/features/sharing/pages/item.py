"""One item's page. What others built about it (its month, how to ask for it) comes in parts, with a template each."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Controller, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from app.features.sharing import rules
from app.features.sharing.pages import asking_part, gift_part, history_part, month_part, photos_part
from app.features.sharing.pages.care_part import care_values
from app.features.sharing.pages.common import KNOWN
from app.features.sharing.rules import Thing
from app.kit.clock import now
from app.kit.pages import Page, page

Part = Callable[[HTMXRequest, Thing], Awaitable[dict[str, Any]]]
# Each gives what its template on the item's page is shown.
PARTS: tuple[Part, ...] = (
    photos_part.values,
    history_part.values,
    gift_part.values,
    month_part.values,
    asking_part.values,
    care_values,
)


class ItemPages(Controller):
    path = "/share/{item_id:int}"

    @get()
    async def one(self, request: HTMXRequest, item_id: FromPath[int]) -> Page:
        return await item_page(request, item_id)


async def item_page(request: HTMXRequest, item_id: int, status: int = 200, **forms: Any) -> Page:
    """`forms` go over what the parts give: what was typed and refused."""
    thing = await rules.item_for(item_id, by=request.user)
    values: dict[str, Any] = {}
    for part in PARTS:
        values |= await part(request, thing)
    known = {"thing": thing, "at": now(), **KNOWN, **values, **forms}
    return page(request, "sharing/item.html", status=status, **known)
