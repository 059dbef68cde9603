from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter
from litestar.plugins.htmx import HTMXRequest

from app.config import settings
from app.features.admin.pages.desk import Desk
from app.features.notices import rules as notices
from app.kit.pages import Page, page
from app.kit.ways import set_up, ways
from app.kit.words import say

Look = Annotated[bool | None, QueryParameter(name="look")]
# Each road, what it takes, and its setting; push needs none.
ROADS = (
    ("push", say("On their phones"), ""),
    ("email", say("E-mail"), "KITH_SMTP_URL"),
    ("sms", say("Text messages"), "KITH_SMS_WEBHOOK"),
    ("wecom", say("WeCom"), "KITH_WECOM_URL"),
    ("groups", say("Robots in groups"), "KITH_NOTIFY_URLS"),
)
WHY = {
    "no such host": say("there is no such address, seen from here"),
    "no connection": say("nobody opens there"),
    "timeout": say("nobody answered in five seconds"),
    "tls": say("its certificate cannot be trusted"),
    "no proxy": say("the proxy does not answer"),
}


class RoadPages(Desk):
    path = "/admin/roads"

    @get()
    async def roads(self, request: HTMXRequest, look: Look = None) -> Page:
        """Nobody is asked before the button is pressed: it takes up to five seconds."""
        found = await ways(settings()) if look else set_up(settings())
        rings = any(way.trouble == "" for way in found if way.road == "push")
        refusing = [each for each in await notices.services() if each.alarm_at]
        seen: dict[str, Any] = {
            "roads": ROADS,
            "why": WHY,
            "found": found,
            "looked": bool(look),
            "rings": rings,
            "refusing": refusing,
        }
        return page(request, "admin/roads.html", **seen)
