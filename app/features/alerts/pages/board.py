from typing import Any

from litestar import Controller, get
from litestar.plugins.htmx import HTMXRequest

from app.features.alerts import rules
from app.features.alerts.rules import CATEGORIES, ICONS, KINDS, LEVELS, MARKS, TYPES
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.pages import Page, page

STILL_HERE = (State.suspended, State.leaving)  # who may not write is still warned of a fire
KNOWN: dict[str, Any] = {
    "kinds": KINDS,
    "marks": MARKS,
    "levels": LEVELS,
    "categories": CATEGORIES,
    "icons": ICONS,
    "types": TYPES,
}


class BoardPages(Controller):
    path = "/alerts"
    opt = {"also": STILL_HERE}

    @get()
    async def board(self, request: HTMXRequest) -> Page:
        at = now()
        alerts = await rules.alerts_for(request.user, now=at)
        declares = request.user.is_active and request.user.is_a(RoleKind.coordinator)
        officer = request.user.is_active and request.user.is_a(*RoleKind)
        known = {"declares": declares, "officer": officer, "leads": rules.leads(request.user)}
        return page(request, "alerts/board.html", alerts=alerts, **known, **KNOWN)
