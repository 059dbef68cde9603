from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import ANYONE, Password, place_of
from app.features.accounts.pages.second import CodeForm, SignedForm, as_json, signed_wrong
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.pages import Page, ours, page, to
from app.kit.refusals import Refusal, TooOften
from app.kit.words import say

THANKS = say("Thank you.")


class ProofForm(Struct):
    password: Password
    next: str = "/account/security"


class ProofPages(Controller):
    """Once more: the password before what opens the door is changed, the second factor for what needs it."""

    path = "/account/proof"

    @get(also=ANYONE)
    async def form(self, request: HTMXRequest, next: FromQuery[str] = "/account/security") -> Page:
        return await _proof(request, ours(next))

    @post(also=ANYONE)
    async def by_password(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, ProofForm)
        if not form:
            return await _proof(request, _next(form), 422, password_form=form)
        try:
            await rules.prove(request.user, form.meant.password, now=now())
        except TooOften:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _proof(request, _next(form), refusal.status, password_form=form)
        return to(_next(form), THANKS)

    @post("/code", also=ANYONE)
    async def by_code(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, CodeForm)
        if not form:
            return await _proof(request, _next(form), 422, code_form=form)
        try:
            await rules.show_code(request.user, form.meant.code, place=place_of(request), now=now())
        except TooOften:
            raise
        except Refusal as refusal:
            form.values["code"] = ""
            form.refuse(refusal)
            return await _proof(request, _next(form), refusal.status, code_form=form)
        return to(_next(form), THANKS)

    @post("/options", also=ANYONE)
    async def options(self, request: HTMXRequest) -> Response[str]:
        return as_json(await rules.options_to_show(request.user.id, now=now()))

    @post("/passkey", also=ANYONE)
    async def by_passkey(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SignedForm)
        try:
            await rules.show_passkey(request.user, form.meant.answer if form else "", now=now())
        except Refusal as refusal:
            again = signed_wrong(form, refusal)
            return await _proof(request, _next(again), refusal.status, passkey_form=again)
        return to(_next(form), THANKS)


async def _proof(request: HTMXRequest, next: str, status: int = 200, **forms: Form) -> Page:
    known: dict[str, Any] = {
        "password_form": blank(),
        "code_form": blank(code=""),
        "passkey_form": blank(),
        "factors": await rules.factors_of(request.user.id),
        "not_enough": rules.NOT_ENOUGH if rules.owes_second(request.user) else None,
        "next": next,
    }
    return page(request, "accounts/proof.html", status=status, **known | forms)


def _next(form: Form) -> str:
    return ours(str(form.values.get("next") or "/account/security"))
