from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.help import rules
from app.features.help.pages.board import KNOWN
from app.features.help.rules import CARE, Act, Side
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class TakingForm(Struct):
    hours: int = 24


class ReasonForm(Struct):
    reason: Annotated[str, Words(200)] = ""


class WhyForm(Struct):
    reason: Annotated[str, Words(200)]


class NeedPages(Controller):
    path = "/help/{need_id:int}"

    @get()
    async def show(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        """What something above us opened is dealt with on its own page."""
        return await _elsewhere(request, need_id) or await need_page(request, need_id)

    @post("/taking")
    async def take(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, TakingForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        await rules.take(need_id, hours=form.meant.hours, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Yours. Thank you!"), undo=f"/help/{need_id}/return")

    @post("/return")
    async def give_back(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReasonForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        await rules.give_back(need_id, reason=form.meant.reason, by=request.user, now=now())
        return to("/help", say("Given back. They have been told."))

    @post("/way")
    async def set_out(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.set_out(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("They have been told."))

    @post("/completion")
    async def complete(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.complete(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Good. They have been told."))

    @post("/confirmation")
    async def confirm(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.confirm(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Good. They have been told."))

    @post("/reopening")
    async def reopen(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.reopen(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("It is open again. We ask the others."))

    @post("/freshness")
    async def freshen(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.freshen(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Good to know. It stays on the board."))

    @post("/withdrawal")
    async def withdraw(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.withdraw(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Withdrawn."))

    @post("/prolongation")
    async def prolong(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.prolong(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("They have been told."))

    @post("/admission")
    async def admit(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.admit(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("It stands on the board now."))

    @post("/refusal")
    async def turn_away(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WhyForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        await rules.turn_away(need_id, form.meant.reason, by=request.user, now=now())
        return to("/help", say("Not let in. They read your reason."))


async def _elsewhere(request: HTMXRequest, need_id: int) -> Redirect | None:
    path = await rules.where(need_id, by=request.user)
    return to(path) if path != f"/help/{need_id}" else None


async def need_page(request: HTMXRequest, need_id: int, form: Form | None = None, status: int = 200) -> Page:
    whole = await rules.whole(need_id, by=request.user, now=now())
    return page(request, "help/need.html", status=status, **values_of(whole, request.user.id, form))


def values_of(whole: rules.Whole, reader: int | None, form: Form | None) -> dict[str, Any]:
    return {
        "whole": whole,
        "need": whole.need,
        "may": {act.value: act in whole.acts for act in Act},
        "told": rules.timeline(whole, reader=reader),
        "form": blank() if form is None else form,
        "sides": Side,
        "care": CARE[whole.need.kind],
        "hours": HOURS,
        "at": now(),
        **KNOWN,
    }


HOURS = {
    1: say("Within the hour"),
    3: say("Within three hours"),
    24: say("Within a day"),
    48: say("Within two days"),
}
