from litestar import Controller, Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from app.config import settings
from app.features.alerts.pages.cap import cap, of_feed
from app.features.alerts.rules.outside import newest, outside
from app.kit.clock import now

MINUTE = {"Cache-Control": "public, max-age=60"}


class FeedPages(Controller):
    """For other systems: alerts that were ticked public. The address ends in .cap and .atom (app/kit/endings.py)."""

    @get("/alerts/{alert_id:int}/cap", public=True)
    async def cap(self, request: HTMXRequest, alert_id: FromPath[int]) -> Response[bytes]:
        xml = cap(await outside(alert_id), request.state.here, settings().base_url)
        return Response(xml, media_type="application/cap+xml", headers=MINUTE)

    @get("/alerts.atom", public=True)
    async def feed(self, request: HTMXRequest) -> Response[bytes]:
        xml = of_feed(await newest(), request.state.here, settings().base_url, now())
        return Response(xml, media_type="application/atom+xml", headers=MINUTE)
