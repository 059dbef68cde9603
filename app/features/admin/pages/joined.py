from litestar import Controller, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.people.tables import Kind
from app.kit.pages import Page, page


class JoinedPages(Controller):
    """How far the estate has joined: all of it for administrators, their own areas for stewards."""

    path = "/joined"
    opt = {"only": (Kind.administrator, Kind.steward)}

    @get()
    async def all_areas(self, request: HTMXRequest) -> Page:
        return page(request, "admin/joined.html", shares=await rules.joined(request.user))

    @get("/{area_id:int}")
    async def one_area(self, request: HTMXRequest, area_id: FromPath[int]) -> Page:
        return page(request, "admin/joined_area.html", picture=await rules.picture(area_id, by=request.user))
