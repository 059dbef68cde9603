from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.features.accounts.entrance import cookie, inside, place_of, set_cookie
from app.features.joining import rules
from app.kit.clock import now
from app.kit.pages import Page, page, to

TEN_MINUTES = 600


class OtherPhonePages(Controller):
    """The phone that is not signed in yet: says that it is here, shows a number, and goes in when that was chosen."""

    path = "/phone"

    @get(public=True)
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        return to(f"/phone/{quote(code.strip())}") if code.strip() else page(request, "joining/enter_phone.html")

    @get("/{code:str}", public=True)
    async def look(self, request: HTMXRequest, code: FromPath[str]) -> Page:
        other = await rules.knocked(code, network=place_of(request).network, now=now())
        theirs = rules.is_theirs(other, _ticket(request))
        return page(request, "joining/this_phone.html", other=other, theirs=theirs, code=code, at=now())

    @post("/{code:str}", public=True)
    async def knock(self, request: HTMXRequest, code: FromPath[str]) -> Redirect:
        ticket = await rules.knock_with(code, place=place_of(request), now=now())
        answer = to(f"/phone/{code}")
        set_cookie(answer, "ticket", ticket, TEN_MINUTES)
        return answer

    @post("/{code:str}/entry", public=True)
    async def come_in(self, request: HTMXRequest, code: FromPath[str]) -> Redirect:
        return inside(await rules.come_in(code, _ticket(request), place=place_of(request), now=now()), "/")


def _ticket(request: HTMXRequest) -> str:
    return request.cookies.get(cookie("ticket", settings().https), "")
