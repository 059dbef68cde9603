from typing import Annotated
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts.entrance import ANYONE
from app.features.joining import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class VouchForm(Struct):
    words: Annotated[str, Words(200)] = ""


class WaitingPages(Controller):
    path = "/waiting"

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest) -> Page | Redirect:
        """Where somebody stands who is not in yet, and what they show to a neighbour."""
        if request.user.is_active:
            return to("/")
        stand = await rules.where_i_stand(request.user.id)
        link = f"{settings().base_url}/vouch/{stand.token}" if stand and stand.waits else ""
        token = rules.grouped(stand.token) if stand else ""
        return page(request, "joining/waiting.html", stand=stand, link=link, token=token)


class VouchPages(Controller):
    path = "/vouch"

    @get()
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        """The code can also be typed."""
        return to(f"/vouch/{quote(code.strip())}") if code.strip() else page(request, "joining/enter_vouch.html")

    @get("/{shown:str}")
    async def show(self, request: HTMXRequest, shown: FromPath[str]) -> Page:
        return await _asking(request, shown, blank(words=""))

    @post("/{shown:str}")
    async def vouch(self, request: HTMXRequest, shown: FromPath[str]) -> Page | Redirect:
        form = await filled(request, VouchForm)
        if not form:
            return await _asking(request, shown, form, 422)
        if await rules.vouch(shown, words=form.meant.words, by=request.user, now=now()):
            return to("/", say("Thank you. They are in now."))
        return to(f"/vouch/{shown}", say("Thank you. One more neighbour is needed."), undo=f"/vouch/{shown}/removal")

    @post("/{shown:str}/removal")
    async def take_back(self, request: HTMXRequest, shown: FromPath[str]) -> Redirect:
        await rules.take_back(shown, by=request.user, now=now())
        return to(f"/vouch/{shown}", say("Taken back."))


async def _asking(request: HTMXRequest, token: str, form: Form, status: int = 200) -> Page:
    asking = await rules.asking(token, by=request.user, now=now())
    return page(request, "joining/vouch.html", status=status, asking=asking, form=form)
