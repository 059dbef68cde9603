from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts import rules as accounts
from app.features.accounts.entrance import ANYONE
from app.features.joining import rules
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class NumberForm(Struct):
    number: int = 0


class PhonePages(Controller):
    """The phone that is signed in: shows a code, then says which number the other one shows."""

    path = "/account/phones"

    @get("/new", also=ANYONE)
    async def explain(self, request: HTMXRequest) -> Page | Redirect:
        if not accounts.is_fresh(request.user, now()):
            return to(f"/account/proof?next={request.url.path}")
        return page(request, "joining/new_phone.html", code="")

    @post(also=ANYONE)
    async def show_code(self, request: HTMXRequest) -> Page:
        """Shown this once: only its print is kept."""
        id, code = await rules.show_code(request.user, now=now())
        other = await rules.other_phone(id, by=request.user)
        link = f"{settings().base_url}/phone/{code}"
        return page(request, "joining/new_phone.html", code=rules.grouped(code), link=link, other=other, at=now())

    @get("/{other:int}", also=ANYONE)
    async def look(self, request: HTMXRequest, other: FromPath[int]) -> Page:
        shown = await rules.other_phone(other, by=request.user)
        return page(request, "joining/other_phone.html", other=shown, at=now())

    @post("/{other:int}/confirmation", also=ANYONE)
    async def confirm(self, request: HTMXRequest, other: FromPath[int]) -> Redirect:
        form = await filled(request, NumberForm)
        await rules.confirm(other, form.meant.number if form else 0, by=request.user, now=now())
        return to(f"/account/phones/{other}")

    @post("/{other:int}/refusal", also=ANYONE)
    async def refuse(self, request: HTMXRequest, other: FromPath[int]) -> Redirect:
        await rules.refuse(other, by=request.user, now=now())
        return to("/account/sessions", say("Refused. That phone stays outside."))
