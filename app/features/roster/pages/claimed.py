"""What a list said: the person it is about says what is right; whoever looks after their door reads it until then."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.people.tables import State
from app.features.roster import rules
from app.kit.clock import now
from app.kit.forms import Form, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

ANYONE = (State.pending, State.suspended, State.leaving)


class AgreesForm(Struct):
    agrees: bool = False


class ClaimedPages(Controller):
    path = "/account/needs/claimed"

    @get(also=ANYONE)
    async def mine(self, request: HTMXRequest) -> Page:
        return await _claimed(request)

    @post("/{claimed:int}/confirmation", also=ANYONE)
    async def confirm(self, request: HTMXRequest, claimed: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AgreesForm)
        try:
            await rules.confirm(claimed, agrees=form.meant.agrees, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _claimed(request, refusal.status, form, claimed)
        return to("/account/needs/claimed", say("It is among your special needs now."))

    @post("/{claimed:int}/removal", also=ANYONE)
    async def erase(self, request: HTMXRequest, claimed: FromPath[int]) -> Redirect:
        await rules.erase(claimed, by=request.user, now=now())
        return to("/account/needs/claimed", say("It is erased."))


class ToldPages(Controller):
    path = "/households"

    @get("/{household_id:int}/told")
    async def told(self, request: HTMXRequest, household_id: FromPath[int]) -> Page:
        seen = await rules.behind_the_door(household_id, by=request.user, now=now())
        return page(request, "roster/told.html", seen=seen)

    @post("/told/{note:int}/removal")
    async def put_right(self, request: HTMXRequest, note: FromPath[int]) -> Redirect:
        home = await rules.put_right(note, by=request.user, now=now())
        return to(f"/households/{home}/told", say("The note is gone."))


async def _claimed(request: HTMXRequest, status: int = 200, form: Form | None = None, wrong: int = 0) -> Page:
    """`wrong` is the claim whose form was refused."""
    claimed = await rules.claimed_of(request.user)
    return page(
        request,
        "roster/claimed.html",
        status=status,
        claimed=claimed,
        forms={each.id: form if form is not None and each.id == wrong else Form() for each in claimed},
        purpose=people.PURPOSES["needs"],
        agreed=await people.has_consented(request.user.id, "needs"),
    )
