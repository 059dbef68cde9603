from litestar import Controller, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.pages import Page, page


class ReachedPages(Controller):
    """Which households the doorbell reaches: all of them for administrators and coordinators, else one's own areas."""

    path = "/reached"
    opt = {"only": (Kind.administrator, Kind.coordinator, Kind.steward)}

    @get()
    async def all_areas(self, request: HTMXRequest) -> Page:
        roads = request.app.state.bell.roads
        areas = await rules.reached(request.user, roads, now())
        return page(request, "admin/reached.html", areas=areas, whole=rules.all_of(areas), roads=sorted(roads))

    @get("/{area_id:int}")
    async def one_area(self, request: HTMXRequest, area_id: FromPath[int]) -> Page:
        roads = request.app.state.bell.roads
        reach = await rules.reach(area_id, by=request.user, roads=roads, now=now())
        return page(request, "admin/reached_area.html", reach=reach, roads=sorted(roads))
