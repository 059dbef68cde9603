from datetime import timedelta

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.alerts.rules import LEADS, after
from app.features.community import rules as community
from app.features.people.tables import Kind as RoleKind
from app.kit.clock import now
from app.kit.pages import Page, page, to
from app.kit.words import say

LATELY = timedelta(days=30)


class MendPages(Controller):
    """What is to be mended over all alerts: everything for those who lead, their own for other officers."""

    path = "/alerts/mends"
    opt = {"only": tuple(RoleKind)}

    @get()
    async def all_of_them(self, request: HTMXRequest) -> Page:
        at = now()
        mends = await after.mends_for(request.user, at - LATELY)
        return page(request, "alerts/mends.html", mends=mends, today=await community.today(at))

    @post("/{mend_id:int}/done")
    async def done(self, request: HTMXRequest, mend_id: FromPath[int]) -> Redirect:
        await after.set_mended(mend_id, True, by=request.user, now=now())
        return to("/alerts/mends", say("Mended. Thank you!"), undo=f"/alerts/mends/{mend_id}/undone")

    @post("/{mend_id:int}/undone")
    async def undone(self, request: HTMXRequest, mend_id: FromPath[int]) -> Redirect:
        await after.set_mended(mend_id, False, by=request.user, now=now())
        return to("/alerts/mends", say("It is to be mended again."))

    @post("/{mend_id:int}/removal", only=LEADS)
    async def remove(self, request: HTMXRequest, mend_id: FromPath[int]) -> Redirect:
        alert = await after.remove_mend(mend_id, by=request.user, now=now())
        return to(f"/alerts/{alert}/report", say("Taken off the list."))
