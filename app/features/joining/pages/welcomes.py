from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.joining import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.paging import which
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

PageNumber = Annotated[int | None, QueryParameter(name="page")]
IN = say("They are in, and have been told.")


class HomeForm(Struct):
    address: Annotated[str, Words(120)]


class ReasonForm(Struct):
    reason: Annotated[str, Words(300)]


class ListedForm(Struct):
    listed: int
    checked: bool = False


class WelcomePages(Controller):
    """Those who wait, for the officers of the area in which they asked."""

    path = "/welcomes"
    opt = {"only": rules.OFFICERS}

    @get()
    async def all(self, request: HTMXRequest, number: PageNumber = None) -> Page:
        return page(request, "joining/welcomes.html", waiting=await rules.welcomes(request.user, which(number)))

    @get("/{newcomer:int}")
    async def show(self, request: HTMXRequest, newcomer: FromPath[int]) -> Page:
        return await _shown(request, newcomer)

    @post("/{newcomer:int}/entry")
    async def let_in(self, request: HTMXRequest, newcomer: FromPath[int]) -> Page | Redirect:
        form = await filled(request, HomeForm)
        if not form:
            return await _shown(request, newcomer, 422, home_form=form)
        try:
            await rules.let_in(newcomer, address=form.meant.address, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, newcomer, refusal.status, home_form=form)
        return to("/welcomes", IN, undo=f"/welcomes/{newcomer}/wait")

    @post("/{newcomer:int}/wait")
    async def make_wait(self, request: HTMXRequest, newcomer: FromPath[int]) -> Redirect:
        await rules.make_wait(newcomer, by=request.user, now=now())
        return to(f"/welcomes/{newcomer}", say("They wait again."))

    @post("/{newcomer:int}/refusal")
    async def turn_away(self, request: HTMXRequest, newcomer: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReasonForm)
        if not form:
            return await _shown(request, newcomer, 422, reason_form=form)
        try:
            await rules.turn_away(newcomer, reason=form.meant.reason, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, newcomer, refusal.status, reason_form=form)
        again = f"/welcomes/{newcomer}/second-look"
        return to("/welcomes", say("They have been told why."), undo=again)

    @post("/{newcomer:int}/second-look")
    async def look_again(self, request: HTMXRequest, newcomer: FromPath[int]) -> Redirect:
        await rules.look_again(newcomer, by=request.user, now=now())
        return to(f"/welcomes/{newcomer}", say("They wait again."))

    @post("/{newcomer:int}/union")
    async def unite(self, request: HTMXRequest, newcomer: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ListedForm)
        if not form:
            return await _shown(request, newcomer, 422, listed_form=form)
        try:
            meant = form.meant
            await rules.unite(newcomer, meant.listed, checked=meant.checked, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, newcomer, refusal.status, listed_form=form)
        return to("/welcomes", IN)


async def _shown(request: HTMXRequest, newcomer: int, status: int = 200, **forms: Form) -> Page:
    who = await rules.waiter(newcomer, by=request.user)
    known: dict[str, Any] = {
        "home_form": blank(address=who.door),
        "reason_form": blank(reason=""),
        "listed_form": blank(listed="", checked=""),
        "listed": await rules.on_the_list(newcomer, by=request.user) if who.waits else [],
    }
    return page(request, "joining/welcome.html", status=status, who=who, **known | forms)
