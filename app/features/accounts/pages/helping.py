from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.accounts import rules
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.pages import Page, page, to
from app.kit.words import say

ADMINISTRATORS = (Kind.administrator,)


class HelpPages(Controller):
    """A new password for a neighbour, who stands beside the steward; for officers it takes two administrators."""

    path = "/neighbours/{person_id:int}/reset"

    @get()
    async def show(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        known = await rules.standing(person_id, by=request.user, now=now())
        return page(request, "accounts/help.html", known=known, handed=None)

    @post()
    async def make(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        handed = await rules.reset_for(person_id, by=request.user, now=now())
        return await _handed(request, person_id, handed)

    @post("/ask", only=ADMINISTRATORS, strong=True)
    async def ask(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.ask_for_two(person_id, by=request.user, now=now())
        return to(f"/neighbours/{person_id}/reset", say("The other administrators have been told."))

    @post("/confirmation", only=ADMINISTRATORS, strong=True)
    async def confirm(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        return await _handed(request, person_id, await rules.confirm(person_id, by=request.user, now=now()))

    @post("/removal", only=ADMINISTRATORS, strong=True)
    async def take_back(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.take_back(person_id, by=request.user, now=now())
        return to(f"/neighbours/{person_id}/reset", say("Taken back."))


async def _handed(request: HTMXRequest, person_id: int, handed: rules.Handed) -> Page:
    """Shown this once: only prints are kept."""
    known = await rules.standing(person_id, by=request.user, now=now())
    code, link = rules.grouped(handed.code), rules.link(handed.code)
    return page(request, "accounts/help.html", known=known, handed=handed, code=code, link=link)
