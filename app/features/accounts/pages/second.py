from typing import Annotated

from litestar import Controller, MediaType, Response, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts import rules
from app.features.accounts.entrance import cookie, inside, place_of
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, ours, page, refused_form, to
from app.kit.refusals import Missing, Refusal

Signed = Annotated[str, Words(8000)]
JSON_HEADERS = {"Cache-Control": "no-store"}


class CodeForm(Struct):
    code: Annotated[str, Words(40)]
    next: str = "/"


class SignedForm(Struct):
    """What the browser signed, as JSON in a field: the page's script puts it there and sends the form."""

    answer: Signed
    next: str = "/"


class SecondPages(Controller):
    path = "/sign-in"

    @get("/second", public=True)
    async def form(self, request: HTMXRequest, next: FromQuery[str] = "/") -> Page | Redirect:
        if request.user:
            return to("/")
        return await _second(request, blank(code="", next=ours(next)))

    @post("/second", public=True)
    async def by_code(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, CodeForm)
        if not form:
            return await _second(request, form, 422)
        try:
            code, place = form.meant.code, place_of(request)
            key = await rules.come_in_by_code(half_of(request), code, place=place, now=now())
        except Missing as late:
            return to("/sign-in", late.sentence)
        except Refusal as refusal:
            form.values["code"] = ""
            form.refuse(refusal)
            return await _second(request, form, refusal.status)
        return inside(key, ours(form.meant.next))

    @post("/second/options", public=True)
    async def options_for_half(self, request: HTMXRequest) -> Response[str]:
        return as_json(await rules.options_for_half(half_of(request), now=now()))

    @post("/second/passkey", public=True)
    async def by_passkey_too(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SignedForm)
        try:
            answer = form.meant.answer if form else ""
            key = await rules.come_in_by_passkey(half_of(request), answer, place=place_of(request), now=now())
        except Missing as late:
            return to("/sign-in", late.sentence)
        except Refusal as refusal:
            return await _second(request, signed_wrong(form, refusal), refusal.status)
        return inside(key, ours(form.meant.next))

    @post("/passkey/options", public=True)
    async def options(self, request: HTMXRequest) -> Response[str]:
        return as_json(await rules.options_to_show(None, now=now()))

    @post("/passkey", public=True)
    async def by_passkey(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SignedForm)
        try:
            answer = form.meant.answer if form else ""
            key = await rules.come_in_by_passkey("", answer, place=place_of(request), now=now())
        except Refusal as refusal:
            again = signed_wrong(form, refusal)
            return refused_form(request, "accounts/sign_in.html", again, refusal, passkeys=rules.passkeys_work())
        return inside(key, ours(form.meant.next))


async def _second(request: HTMXRequest, form: Form, status: int = 200) -> Page | Redirect:
    try:
        _, factors = await rules.waits_for(half_of(request), now=now())
    except Missing as late:
        return to("/sign-in", late.sentence)
    return page(request, "accounts/second.html", status=status, form=form, factors=factors)


def signed_wrong(form: Form, refusal: Refusal) -> Form:
    """The page again, without what was signed: it is good for nothing any more."""
    again = blank(login="", code="", next=ours(str(form.values.get("next") or "/")))
    again.refuse(refusal)
    return again


def half_of(request: HTMXRequest) -> str:
    return request.cookies.get(cookie("half", settings().https), "")


def as_json(options: str) -> Response[str]:
    return Response(options, status_code=200, media_type=MediaType.JSON, headers=JSON_HEADERS)
