from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts import rules
from app.features.accounts.viewer import cookie
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Refusal

YEAR = 365 * 24 * 3600
HALF_YEAR = 180 * 24 * 3600
FIVE_MINUTES = 300
IGNORED = dict.fromkeys(range(33))
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
        await rules.sign_out(request.user.sign_in)
        answer = to("/")
        _set(answer, "key", "", 0)
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


def place_of(request: HTMXRequest) -> rules.Place:
    """The network is a /24 or /64: a phone that changes its last digits is the same place."""
    host = request.client.host if request.client else ""
    return rules.Place(
        network=network_of(host),
        device=device_of(request.headers.get("user-agent", "")),
        mark=request.cookies.get(cookie("known", settings().https), ""),
        loopback=is_loopback(request),
    )


def is_loopback(request: HTMXRequest) -> bool:
    """Somebody at this machine; a proxy on it that speaks for others is not."""
    host = request.client.host if request.client else ""
    return host in ("127.0.0.1", "::1") and not {"x-forwarded-for", "forwarded"} & set(request.headers)


def network_of(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64 if address.version == 6 else 24), strict=False))


def device_of(agent: str) -> str:
    """ "Chrome, Android": what a person recognises in a list of their phones; nothing finer is kept."""
    browsers = ("MicroMessenger", "Firefox", "Edg", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    names = {"MicroMessenger": "WeChat", "Edg": "Edge", "Mac OS": "Mac"}
    found = [next((names.get(word, word) for word in words if word in agent), "") for words in (browsers, systems)]
    return ", ".join(filter(None, found))


def ours(path: str) -> str:
    """A path of this house; browsers read "/\\" as "//" and take no notice of a tab in between."""
    plain = path.replace("\\", "/").translate(IGNORED)
    return path if plain.startswith("/") and not plain.startswith("//") else "/"


def inside(came: rules.Key | rules.Half, path: str) -> Redirect:
    """In; or on to the second step, and then in."""
    if isinstance(came, rules.Half):
        answer = to(f"/sign-in/second?{urlencode({'next': path})}")
        _set(answer, "half", came.token, FIVE_MINUTES)
        return answer
    answer = to(path)
    _set(answer, "key", came.token, HALF_YEAR)
    _set(answer, "known", came.mark, YEAR)
    return answer


def _set(answer: Redirect, name: str, value: str, lasts: int) -> None:
    """Also to take it away: a browser drops a __Host- cookie only at the word of one that is secure too."""
    https = settings().https
    answer.set_cookie(key=cookie(name, https), value=value, max_age=lasts, httponly=True, samesite="lax", secure=https)
