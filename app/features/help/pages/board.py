from typing import Any

from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.help import rules
from app.features.help.rules import ASKED_FOR, ICONS, LABELS, STANDS, URGENCIES, Limits
from app.features.help.tables import What
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Refusal
from app.kit.words import say

SHOWN = {"all": say("All"), "can": say("I can help"), "mine": say("Mine")}
KNOWN: dict[str, Any] = {
    "icons": ICONS,
    "labels": LABELS,
    "asked_for": ASKED_FOR,
    "stands": STANDS,
    "urgencies": URGENCIES,
    "shown": SHOWN,
}


class LimitsForm(Struct):
    most: int
    from_hour: int = 0
    to_hour: int = 0
    kinds: list[What] = []


class BoardPages(Controller):
    path = "/help"

    @get()
    async def board(self, request: HTMXRequest, show: FromQuery[str] = "all") -> Page:
        at = now()
        seen = await rules.board(request.user, now=at)
        show = show if show in SHOWN else "all"
        return page(request, "help/board.html", board=seen, show=show, at=at, **KNOWN)

    @get("/print")
    async def on_paper(self, request: HTMXRequest) -> Page:
        at = now()
        return page(request, "help/on_paper.html", board=await rules.board(request.user, now=at), at=at, **KNOWN)

    @get("/limits")
    async def limits(self, request: HTMXRequest) -> Page:
        mine = await rules.limits_of(request.user.id)
        kinds = [str(each) for each in (mine.kinds or What)]
        form = blank(most=mine.most, from_hour=mine.from_hour, to_hour=mine.to_hour, kinds=kinds)
        return _limits(request, form)

    @post("/limits")
    async def set_limits(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, LimitsForm)
        if not form:
            return _limits(request, form, 422)
        meant = form.meant
        wish = Limits(meant.most, tuple(meant.kinds), meant.from_hour, meant.to_hour)
        try:
            await rules.set_limits(wish, by=request.user, now=now())
        except Refusal as refusal:
            return refused_form(request, "help/limits.html", form, refusal, most=rules.MOST, **KNOWN)
        return to("/help", say("Saved."))


def _limits(request: HTMXRequest, form: Form, status: int = 200) -> Page:
    return page(request, "help/limits.html", status=status, form=form, most=rules.MOST, **KNOWN)
