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
        return page(request, "admin/desk.html", counts=await rules.overview(), waits=waits, shares=shares)

    @get("/roles")
    async def roles(self, request: HTMXRequest) -> Page:
        return page(request, "admin/roles.html", holders=await rules.holders(now=now()))
