from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.notices import rules
from app.features.notices.tables import By
from app.kit.clock import now
from app.kit.forms import sent
from app.kit.pages import Page, page, to
from app.kit.words import say

ROADS = {
    By.push: say("on your phone"),
    By.email: say("by e-mail"),
    By.sms: say("by text message"),
    By.wecom: say("by WeCom"),
}
Done = Annotated[str | None, QueryParameter(name="done")]


class StopPages(Controller):
    """A GET only looks: mail scanners open links. `from_anywhere`: the link itself is the proof, no cookie is."""

    path = "/stop/{token:str}"
    opt = {"public": True, "from_anywhere": True}

    @get()
    async def look(self, request: HTMXRequest, token: FromPath[str], done: Done = None) -> Page:
        return await _shown(request, token, (done or "").split("."))

    @post()
    async def stop(self, request: HTMXRequest, token: FromPath[str]) -> Page | Redirect:
        """A mail program presses without looking and follows no redirect (RFC 8058, 3.1); our own form says `what`."""
        what = (await sent(request)).get("what")
        everything = what == "everything"
        stopped = await rules.stop(token, request.app.state.topics, everything=everything, now=now())
        if what:
            return to(f"/stop/{token}?done={'.'.join(stopped)}" if stopped else f"/stop/{token}")
        return await _shown(request, token, stopped)

    @post("/return")
    async def bring_back(self, request: HTMXRequest, token: FromPath[str]) -> Redirect:
        names = str((await sent(request)).get("done", "")).split(".")
        await rules.bring_back(token, request.app.state.topics, names, now=now())
        return to(f"/stop/{token}", say("You get them again."))


async def _shown(request: HTMXRequest, token: str, done: list[str]) -> Page:
    what = await rules.stop_of(token, request.app.state.topics)
    undo = sorted(what.stopped & set(done)) or sorted(what.stopped & {what.name})
    at = f"/stop/{token}"
    return page(request, "notices/stop.html", what=what, undo=undo, at=at, road=ROADS[what.by], roads=ROADS)
