from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import asdict

from app.features.accounts import rules as accounts
from app.features.accounts.entrance import Password, inside, place_of
from app.features.joining import rules
from app.kit.browsers import is_wechat
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.languages import speaking
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal, TooOften


class ClaimForm(Struct, kw_only=True):
    login: Annotated[str, Words(200)]
    password: Password
    terms: bool = False
    old_enough: bool = False


class KnockForm(ClaimForm, kw_only=True):
    name: Annotated[str, Words(80)]
    door: Annotated[str, Words(120)]


class JoinPages(Controller):
    """One place for every code: a slip's, a poster's, and one for a new password."""

    path = "/join"

    @get(public=True)
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        """The code can also be typed."""
        return to(f"/join/{quote(code.strip())}") if code.strip() else page(request, "joining/enter_code.html")

    @get("/{code:str}", public=True)
    async def look(self, request: HTMXRequest, code: FromPath[str], here: FromQuery[str] = "") -> Page | Redirect:
        """Looking spends nothing. WeChat forgets who signed in, so the phone's own browser is offered first."""
        if await accounts.is_reset_code(code, now()):
            return to(f"/reset/{code}")
        if is_wechat(request.headers.get("user-agent", "")) and not here:
            return page(request, "joining/wechat.html", code=code)
        return await _form(request, code, blank(name="", door="", login=""))

    @post("/{code:str}", public=True)
    async def join(self, request: HTMXRequest, code: FromPath[str]) -> Page | Redirect:
        by_poster = await rules.invitation(code, now()) is not None
        form = await filled(request, KnockForm if by_poster else ClaimForm)
        if not form:
            return await _form(request, code, form, 422)
        try:
            return await (_knock if by_poster else _claim)(request, code, form.meant)
        except (Missing, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _form(request, code, form, refusal.status)


async def _knock(request: HTMXRequest, code: str, meant: KnockForm) -> Redirect:
    place, tag = place_of(request), speaking.get().tag
    await rules.knock(code, rules.Knock(**asdict(meant)), network=place.network, language=tag, now=now())
    return inside(await accounts.sign_in(meant.login, meant.password, place=place, now=now()), "/waiting")


async def _claim(request: HTMXRequest, code: str, meant: ClaimForm) -> Redirect:
    await rules.claim(code, **asdict(meant), now=now())
    return inside(await accounts.sign_in(meant.login, meant.password, place=place_of(request), now=now()), "/")


async def _form(request: HTMXRequest, code: str, form: Form, status: int = 200) -> Page:
    known: dict[str, Any] = {"form": form, "code": code, "status": status}
    poster = await rules.invitation(code, now())
    if poster:
        return page(request, "joining/knock.html", poster=poster, **known)
    holder = await accounts.holder(code, network=place_of(request).network, now=now())
    return page(request, "joining/claim.html", holder=holder, **known)
