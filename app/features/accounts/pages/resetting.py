from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import Password, place_of
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class WhoForm(Struct):
    login: Annotated[str, Words(200)]


class ResetForm(Struct):
    password: Password
    piece: Annotated[str, Words(20)] = ""


class ResetPages(Controller):
    path = "/reset"

    @get(public=True)
    async def form(self, request: HTMXRequest) -> Page:
        return page(request, "accounts/reset.html", form=blank(login=""), by_mail=rules.by_mail())

    @post(public=True)
    async def ask(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, WhoForm)
        if not form:
            return page(request, "accounts/reset.html", status=422, form=form, by_mail=rules.by_mail())
        try:
            await rules.ask_letter(form.meant.login, network=place_of(request).network, now=now())
        except Refusal as refusal:
            return refused_form(request, "accounts/reset.html", form, refusal, by_mail=rules.by_mail())
        return to("/reset/asked")

    @get("/asked", public=True)
    async def asked(self, request: HTMXRequest) -> Page:
        """The same for everybody, whoever they are."""
        return page(request, "accounts/reset_asked.html", by_mail=rules.by_mail())

    @get("/{code:str}", public=True)
    async def look(self, request: HTMXRequest, code: FromPath[str]) -> Page:
        """Looking spends nothing: mail scanners open links too."""
        return await _reset(request, code, blank(piece=""))

    @post("/{code:str}", public=True)
    async def reset(self, request: HTMXRequest, code: FromPath[str]) -> Page | Redirect:
        form = await filled(request, ResetForm)
        if not form:
            return await _reset(request, code, form, 422)
        try:
            await rules.reset(code, password=form.meant.password, piece=form.meant.piece, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _reset(request, code, form, refusal.status)
        return to("/sign-in", say("Your new password is set. Sign in with it."))


async def _reset(request: HTMXRequest, code: str, form: Form, status: int = 200) -> Page:
    person, row = await rules.reset_holder(code, network=place_of(request).network, now=now())
    needs = "" if row.road == rules.Road.letter else "slip" if row.slip else "phone"
    return page(request, "accounts/reset_code.html", status=status, form=form, person=person, needs=needs, code=code)
