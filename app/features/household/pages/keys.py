from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.household import rules
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing
from app.kit.words import say

LONGEST_NAME = 80


class HolderForm(Struct):
    holder: int


class KeyPages(Controller):
    path = "/household"

    @get("/keys")
    async def mine(self, request: HTMXRequest) -> Page:
        return page(request, "household/keys.html", holdings=await rules.holdings_of(request.user))

    @get("/{household_id:int}/key-holder")
    async def choose(self, request: HTMXRequest, household_id: FromPath[int], q: FromQuery[str] = "") -> Page:
        wanted = q.strip()[:LONGEST_NAME]
        found, places = await rules.candidates(household_id, wanted, by=request.user, today=now().date())
        home = await people.household(household_id)
        return page(request, "household/key_holder.html", home=home, q=wanted, found=found, places=places)

    @post("/{household_id:int}/key-holder")
    async def ask(self, request: HTMXRequest, household_id: FromPath[int]) -> Redirect:
        form = await filled(request, HolderForm)
        if not form:
            raise Missing
        await rules.ask_to_hold(household_id, form.meant.holder, by=request.user, now=now())
        return to(f"/household?home={household_id}", say("They have been asked, and decide for themselves."))

    @get("/keys/{holding_id:int}")
    async def show(self, request: HTMXRequest, holding_id: FromPath[int]) -> Page:
        return page(request, "household/key.html", key=await rules.holding(holding_id, by=request.user))

    @post("/keys/{holding_id:int}/acceptance")
    async def agree(self, request: HTMXRequest, holding_id: FromPath[int]) -> Redirect:
        await rules.agree(holding_id, by=request.user, now=now())
        return to(f"/household/keys/{holding_id}", say("Thank you. They have been told."))

    @post("/keys/{holding_id:int}/refusal")
    async def decline(self, request: HTMXRequest, holding_id: FromPath[int]) -> Redirect:
        await rules.decline(holding_id, by=request.user, now=now())
        return to("/household/keys", say("That is all right. They have been told."))

    @post("/keys/{holding_id:int}/end")
    async def end(self, request: HTMXRequest, holding_id: FromPath[int]) -> Redirect:
        by_household = await rules.end(holding_id, by=request.user, now=now())
        return to("/household" if by_household else "/household/keys", say("That has ended, and they have been told."))
