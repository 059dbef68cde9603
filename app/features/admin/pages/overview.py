from typing import Any

from litestar import get
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.kit.clock import now
from app.kit.pages import Page, page


class OverviewPages(Desk):
    path = "/admin"

    @get()
    async def desk(self, request: HTMXRequest) -> Page:
        waits = await rules.what_waits(request.user, request.app.state.on_home, now=now())
        shares = await rules.joined(request.user)
        roads = request.app.state.bell.roads
        areas = await rules.reached(request.user, roads, now())
        seen: dict[str, Any] = {
            "roads": sorted(roads),
            "waits": waits,
            "shares": shares,
            "areas": areas,
            "whole": rules.all_of(areas),
            "goal": rules.GOAL,
        }
        return page(request, "admin/desk.html", counts=await rules.overview(), **seen)

    @get("/roles")
    async def roles(self, request: HTMXRequest) -> Page:
        return page(request, "admin/roles.html", holders=await rules.holders(now=now()))
