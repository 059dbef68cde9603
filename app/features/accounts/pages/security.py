from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import ANYONE, Password
from app.features.accounts.pages.second import Signed, as_json
from app.features.community import rules as community
from app.kit.browsers import named
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.words import Sentence, say

HERE = "/account/security"


class PasswordForm(Struct):
    old: Password
    password: Password


class LoginForm(Struct):
    login: Annotated[str, Words(200)]


class PasskeyForm(Struct):
    name: Annotated[str, Words(60)]
    answer: Signed


class AppForm(Struct):
    sealed: Annotated[str, Words(400)]
    code: Annotated[str, Words(20)]


class SecurityPages(Controller):
    """What opens somebody's door. Adding and removing asks first, once more, who it is."""

    path = HERE

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest) -> Page:
        return await security(request)

    @post("/password", also=ANYONE)
    async def change_password(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, PasswordForm)
        if not form:
            return await security(request, 422, password_form=form)
        try:
            viewer, meant = request.user, form.meant
            await rules.change_password(viewer.id, meant.old, meant.password, besides=viewer.sign_in, now=now())
        except TooOften:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await security(request, refusal.status, password_form=form)
        return to(HERE, say("Your new password is set. All other browsers are signed out."))

    @get("/login", also=ANYONE)
    async def login_form(self, request: HTMXRequest) -> Page | Redirect:
        form = blank(login=await rules.signs_in_with(request.user.id))
        return _asked_again(request) or page(request, "accounts/change_login.html", form=form)

    @post("/login", also=ANYONE)
    async def change_login(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, LoginForm)
        if not form:
            return page(request, "accounts/change_login.html", status=422, form=form)
        try:
            await rules.change_login(request.user, form.meant.login, now=now())
        except Refusal as refusal:
            return refused_form(request, "accounts/change_login.html", form, refusal)
        return to(HERE, say("Saved. From now on, sign in with that."))

    @get("/passkeys", also=ANYONE)
    async def passkey_form(self, request: HTMXRequest) -> Page | Redirect:
        form = blank(name=named(request.headers.get("user-agent", "")))
        return _asked_again(request) or page(request, "accounts/new_passkey.html", form=form)

    @post("/passkeys/options", also=ANYONE)
    async def passkey_options(self, request: HTMXRequest) -> Response[str]:
        login, here = await rules.signs_in_with(request.user.id), request.state.here
        return as_json(await rules.options_to_add(request.user, login=login, place=here.name, now=now()))

    @post("/passkeys", also=ANYONE)
    async def add_passkey(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, PasskeyForm)
        if not form:
            return page(request, "accounts/new_passkey.html", status=422, form=form)
        try:
            await rules.add_passkey(request.user, form.meant.answer, name=form.meant.name, now=now())
        except Refusal as refusal:
            return refused_form(request, "accounts/new_passkey.html", form, refusal)
        return await _after_adding(request, say("Your passkey is added."))

    @post("/passkeys/{passkey:int}/removal", also=ANYONE)
    async def remove_passkey(self, request: HTMXRequest, passkey: FromPath[int]) -> Redirect:
        await rules.remove_passkey(passkey, by=request.user, now=now())
        return to(HERE, say("The passkey is removed. Delete it on your phone too."))

    @get("/authenticator", also=ANYONE)
    async def app_form(self, request: HTMXRequest) -> Page | Redirect:
        secret, sealed = rules.new_secret(request.user, now=now())
        return _asked_again(request) or await _app(request, secret, blank(sealed=sealed, code=""))

    @post("/authenticator", also=ANYONE)
    async def add_app(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, AppForm)
        secret = rules.offered(form.values["sealed"], request.user, now=now())
        if not form:
            return await _app(request, secret, form, 422)
        try:
            await rules.add_authenticator(request.user, form.meant.sealed, form.meant.code, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.values["code"] = ""
            form.refuse(refusal)
            return await _app(request, secret, form, refusal.status)
        return await _after_adding(request, say("Your authenticator app is added."))

    @post("/authenticator/removal", also=ANYONE)
    async def remove_app(self, request: HTMXRequest) -> Redirect:
        await rules.remove_authenticator(request.user, now=now())
        return to(HERE, say("The authenticator app is removed."))

    @get("/recovery", also=ANYONE)
    async def recovery(self, request: HTMXRequest) -> Page:
        factors = await rules.factors_of(request.user.id)
        return page(request, "accounts/recovery.html", codes=[], factors=factors)

    @post("/recovery", also=ANYONE)
    async def new_recovery_codes(self, request: HTMXRequest) -> Page:
        """Shown this once."""
        codes = await rules.new_recovery_codes(request.user, now=now())
        return page(request, "accounts/recovery.html", codes=[rules.grouped(code) for code in codes])


async def security(request: HTMXRequest, status: int = 200, **forms: Form) -> Page:
    """The page, with the form that was refused, if one was."""
    viewer, at = request.user, now()
    known: dict[str, Any] = {"password_form": blank()}
    return page(
        request,
        "accounts/security.html",
        status=status,
        login=await rules.signs_in_with(viewer.id),
        passkeys=await rules.passkeys_of(viewer.id),
        factors=await rules.factors_of(viewer.id),
        browsers=len(await rules.sign_ins(viewer.id, at)),
        passkeys_work=rules.passkeys_work(),
        **known | forms,
    )


async def _app(request: HTMXRequest, secret: str, form: Form, status: int = 200) -> Page:
    here = await community.here()
    address = rules.address(secret, name=request.user.name, place=here.name if here else "Kith")
    return page(request, "accounts/new_app.html", status=status, form=form, address=address, secret=secret)


async def _after_adding(request: HTMXRequest, said: Sentence) -> Redirect:
    """On to the paper, for whoever has none yet."""
    codes = (await rules.factors_of(request.user.id)).codes
    return to(HERE if codes else f"{HERE}/recovery", said)


def _asked_again(request: HTMXRequest) -> Redirect | None:
    """The way round by /account/proof, for a sign-in that is no longer fresh."""
    return None if rules.is_fresh(request.user, now()) else to(f"/account/proof?next={request.url.path}")
