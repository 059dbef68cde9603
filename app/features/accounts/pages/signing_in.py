from typing import Annotated

from litestar import Controller, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import ANYONE, Password, inside, place_of, set_cookie
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.pages import Page, ours, page, refused_form, to
from app.kit.refusals import Refusal


class SignInForm(Struct):
    login: Annotated[str, Words(200)]
    password: Password
    next: str = "/"


class SignInPages(Controller):
    path = "/"

    @get("/sign-in", public=True)
    async def form(self, request: HTMXRequest) -> Page | Redirect:
        if request.user:
            return to("/")
        return page(request, "accounts/sign_in.html", form=blank(login="", next="/"), passkeys=rules.passkeys_work())

    @post("/sign-in", public=True)
    async def sign_in(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SignInForm)
        if not form:
            return page(request, "accounts/sign_in.html", status=422, form=form, passkeys=rules.passkeys_work())
        try:
            key = await rules.sign_in(form.meant.login, form.meant.password, place=place_of(request), now=now())
        except Refusal as refusal:
            form.values["password"] = ""
            return refused_form(request, "accounts/sign_in.html", form, refusal, passkeys=rules.passkeys_work())
        return inside(key, ours(form.meant.next))

    @post("/sign-out", also=ANYONE)
    async def sign_out(self, request: HTMXRequest) -> Redirect:
        await rules.sign_out(request.user.sign_in, now=now())
        answer = to("/")
        set_cookie(answer, "key", "", 0)
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


def asked_to_sign_in(request: HTMXRequest, _: NotAuthorizedException) -> Page:
    """401 is the sign-in form at the address somebody wanted: no redirect, and after signing in they are there."""
    wanted = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    form, passkeys = blank(login="", next=wanted + query), rules.passkeys_work()
    answer = page(request, "accounts/sign_in.html", status=401, form=form, passkeys=passkeys, asked=True)
    answer.headers["WWW-Authenticate"] = 'Form realm="Kith"'
    return answer
