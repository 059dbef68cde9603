from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.pages.signing_in import Password, inside, place_of
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal


class JoinForm(Struct):
    login: Annotated[str, Words(200)]
    password: Password


class JoinPages(Controller):
    path = "/join"

    @get(public=True)
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        """The code can also be typed."""
        return to(f"/join/{code.strip()}") if code.strip() else page(request, "accounts/enter_code.html")

    @get("/{code:str}", public=True)
    async def form(self, request: HTMXRequest, code: FromPath[str]) -> Page | Redirect:
        """A code for a new password is typed in the same place."""
        if await rules.is_reset_code(code, now()):
            return to(f"/reset/{code}")
        holder = await rules.holder(code, network=place_of(request).network, now=now())
        return page(request, "accounts/join.html", form=blank(login=""), holder=holder, code=code)

    @post("/{code:str}", public=True)
    async def redeem(self, request: HTMXRequest, code: FromPath[str]) -> Page | Redirect:
        holder = await rules.holder(code, network=place_of(request).network, now=now())
        form = await filled(request, JoinForm)
        if not form:
            return page(request, "accounts/join.html", status=422, form=form, holder=holder, code=code)
        try:
            await rules.redeem(code, login=form.meant.login, password=form.meant.password, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            return refused_form(request, "accounts/join.html", form, refusal, holder=holder, code=code)
        key = await rules.sign_in(form.meant.login, form.meant.password, place=place_of(request), now=now())
        return inside(key, "/")
