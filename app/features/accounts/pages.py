from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Controller, Response, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts import rules
from app.features.accounts.viewer import cookie
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.languages import NAMES, speaking
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

YEAR = 365 * 24 * 3600
HALF_YEAR = 180 * 24 * 3600
ANYONE = (State.pending, State.suspended)
Password = Annotated[str, Words(200)]


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
        return page(request, "accounts/sign_in.html", form=blank(login="", next="/"))

    @post("/sign-in", public=True)
    async def sign_in(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SignInForm)
        if not form:
            return page(request, "accounts/sign_in.html", status=422, form=form)
        try:
            key = await rules.sign_in(form.meant.login, form.meant.password, place=place_of(request), now=now())
        except Refusal as refusal:
            form.values["password"] = ""
            return refused_form(request, "accounts/sign_in.html", form, refusal)
        return _inside(key, _ours(form.meant.next))

    @post("/sign-out", also=ANYONE)
    async def sign_out(self, request: HTMXRequest) -> Redirect:
        await rules.sign_out(request.user.sign_in)
        answer = to("/")
        answer.delete_cookie(cookie("key", settings().https))
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


def asked_to_sign_in(request: HTMXRequest, _: NotAuthorizedException) -> Page:
    """401 is the sign-in form at the address somebody wanted: no redirect, and after signing in they are there."""
    wanted = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    answer = page(request, "accounts/sign_in.html", status=401, form=blank(login="", next=wanted + query), asked=True)
    answer.headers["WWW-Authenticate"] = 'Form realm="Kith"'
    return answer


def place_of(request: HTMXRequest) -> rules.Place:
    """The network is a /24 or /64: a phone that changes its last digits is the same place."""
    host = request.client.host if request.client else ""
    return rules.Place(
        network=network_of(host),
        device=device_of(request.headers.get("user-agent", "")),
        mark=request.cookies.get(cookie("known", settings().https), ""),
        loopback=host in ("127.0.0.1", "::1", "testclient", ""),
    )


def network_of(host: str) -> str:
    return ":".join(host.split(":")[:4]) if ":" in host else ".".join(host.split(".")[:3])


def device_of(agent: str) -> str:
    """ "Chrome, Android": what a person recognises in a list of their phones; nothing finer is kept."""
    browsers = ("MicroMessenger", "Firefox", "Edg", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    names = {"MicroMessenger": "WeChat", "Edg": "Edge", "Mac OS": "Mac"}
    found = [next((names.get(word, word) for word in words if word in agent), "") for words in (browsers, systems)]
    return ", ".join(filter(None, found))


def _ours(path: str) -> str:
    parts = urlsplit(path)
    return path if path.startswith("/") and not parts.netloc and not path.startswith(("//", "/\\")) else "/"


def _inside(key: rules.Key, path: str) -> Redirect:
    answer = to(path)
    https = settings().https
    for name, value, lasts in (("key", key.token, HALF_YEAR), ("known", key.mark, YEAR)):
        answer.set_cookie(
            key=cookie(name, https), value=value, max_age=lasts, httponly=True, samesite="lax", secure=https
        )
    return answer


class SetUpForm(Struct):
    token: Annotated[str, Words(100)]
    name: Annotated[str, Words(80)]
    zone: Annotated[str, Words(60)]
    region: Annotated[str, Words(2)]
    area_kinds: Annotated[str, Words(300)]
    administrator: Annotated[str, Words(80)]
    login: Annotated[str, Words(200)]
    password: Password
    languages: list[str] = msgspec.field(default_factory=list)


class SetUpPages(Controller):
    path = "/setup"

    @get(public=True)
    async def form(self, request: HTMXRequest, token: FromQuery[str] = "") -> Page:
        if await community.here() or not await community.is_set_up_link(token):
            raise Missing(say("This set-up link is not valid any more. The newest one is printed at every start."))
        words = say("building\nentrance\nfloor").spoken(speaking.get())
        chinese = speaking.get().tag == "zh-Hans"
        form = blank(
            token=token,
            languages=list(NAMES),
            zone="Asia/Shanghai" if chinese else "Europe/London",
            region="CN" if chinese else "GB",
            area_kinds=words,
        )
        return page(request, "accounts/set_up.html", form=form, regions=community.REGIONS)

    @post(public=True)
    async def found(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SetUpForm)
        if not form:
            return page(request, "accounts/set_up.html", status=422, form=form, regions=community.REGIONS)
        said = msgspec.structs.asdict(form.meant) | {"area_kinds": form.meant.area_kinds.splitlines()}
        try:
            await rules.found(**said, language=speaking.get().tag, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            return refused_form(request, "accounts/set_up.html", form, refusal, regions=community.REGIONS)
        key = await rules.sign_in(form.meant.login, form.meant.password, place=place_of(request), now=now())
        return _inside(key, "/")


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
    async def form(self, request: HTMXRequest, code: FromPath[str]) -> Page:
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
        return _inside(key, "/")


class SettingsForm(Struct):
    name: Annotated[str, Words(80)]
    phone: Annotated[str, Words(30)] = ""
    email: Annotated[str, Words(200)] = ""
    language: str = ""
    look: str = "auto"
    large_text: bool = False


class PasswordForm(Struct):
    old: Password
    password: Password


class AccountPages(Controller):
    path = "/account"

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest) -> Page:
        return await self._account(request)

    @post("/settings", also=ANYONE)
    async def settle(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SettingsForm)
        if not form:
            return await self._account(request, 422, settings_form=form)
        try:
            said = msgspec.structs.asdict(form.meant)
            phone, _ = await rules.normal(said["phone"]) if said["phone"] else ("", None)
            _, email = await rules.normal(said["email"]) if said["email"] else (None, "")
            said |= {"phone": phone or "", "email": email or ""}
            await people.edit_person(request.user.id, by=request.user.id, now=now(), **said)
        except Refusal as refusal:
            form.refuse(refusal)
            return await self._account(request, refusal.status, settings_form=form)
        return to("/account", say("Saved."))

    @post("/password", also=ANYONE)
    async def change_password(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, PasswordForm)
        if not form:
            return await self._account(request, 422, password_form=form)
        try:
            await rules.change_password(request.user.id, form.meant.old, form.meant.password, now=now())
        except Refusal as refusal:
            form.refuse(refusal)
            return await self._account(request, refusal.status, password_form=form)
        return to("/account", say("Your new password is set."))

    @get("/sessions", also=ANYONE)
    async def sessions(self, request: HTMXRequest) -> Page:
        rows = await rules.sign_ins(request.user.id, now())
        return page(request, "accounts/sessions.html", sign_ins=rows)

    @post("/sessions/{sign_in:int}/end", also=ANYONE)
    async def end(self, request: HTMXRequest, sign_in: FromPath[int]) -> Redirect:
        await rules.end(request.user.id, sign_in, now=now())
        return to("/account/sessions", say("That browser is signed out."))

    @post("/sessions/end-others", also=ANYONE)
    async def end_others(self, request: HTMXRequest) -> Redirect:
        viewer = request.user
        await rules.end_others(viewer.id, besides=viewer.sign_in, by=viewer.id, now=now())
        return to("/account/sessions", say("All other browsers are signed out."))

    @get("/export", also=ANYONE)
    async def export(self, request: HTMXRequest) -> Response[bytes]:
        """Everything that the house keeps about the person, as every feature's `mine` tells it."""
        everything = {name: await mine(request.user.id) for name, mine in request.app.state.mine.items()}
        body = msgspec.json.format(msgspec.json.encode(everything, enc_hook=_plain), indent=2)
        headers = {"Content-Disposition": 'attachment; filename="kith.json"', "Cache-Control": "no-store"}
        return Response(body, media_type="application/json", headers=headers)

    async def _account(self, request: HTMXRequest, status: int = 200, **forms: Any) -> Page:
        person = await people.contact(request.user.id)
        viewer = request.user
        shown = blank(
            name=person.name,
            phone=person.phone,
            email=person.email,
            language=viewer.language,
            look=viewer.look,
            large_text=viewer.large_text,
        )
        known = {"settings_form": shown, "password_form": blank(), "homes": person.addresses}
        return page(request, "accounts/account.html", status=status, **known | forms)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


PAGES = (SignInPages, SetUpPages, JoinPages, AccountPages)
