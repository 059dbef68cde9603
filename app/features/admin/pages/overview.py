from litestar import get
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.kit.pages import Page, page


class OverviewPages(Desk):
    path = "/admin"

    @get()
    async def desk(self, request: HTMXRequest) -> Page:
        return page(request, "admin/desk.html", counts=await rules.overview())

    @get("/roles")
    async def roles(self, request: HTMXRequest) -> Page:
        return page(request, "admin/roles.html", holders=await rules.holders())
