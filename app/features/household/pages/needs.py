from typing import Annotated

from litestar import Controller, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.household import rules
from app.features.people import rules as people
from app.features.people.tables import Audience, State
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import say

ANYONE = (State.pending, State.suspended, State.leaving)


class NeedsForm(Struct):
    needs: Annotated[str, Words(600)]
    audience: Audience = Audience.stewards
    agrees: bool = False


class NeedsPages(Controller):
    path = "/account/needs"

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest) -> Page:
        return await _needs(request)

    @post(also=ANYONE)
    async def say(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, NeedsForm)
        if not form:
            return await _needs(request, 422, form)
        try:
            said = {"audience": form.meant.audience, "agrees": form.meant.agrees}
            await rules.say_needs(form.meant.needs, **said, by=request.user, now=now())
        except Refusal as refusal:
            form.refuse(refusal)
            return await _needs(request, refusal.status, form)
        return to("/account/needs", say("Saved."))

    @post("/withdrawal", also=ANYONE)
    async def withdraw(self, request: HTMXRequest) -> Redirect:
        await rules.withdraw_needs(by=request.user, now=now())
        return to("/account/needs", say("Your consent has ended, and your special needs are erased."))


async def _needs(request: HTMXRequest, status: int = 200, form: Form | None = None) -> Page:
    by = request.user
    known, audience = await rules.own_needs(by), (await people.audiences_of(by.id))["needs"]
    given = next((each for each in await people.consents_of(by.id) if _stands(each)), None)
    shown = blank(needs=known.words if known else "", audience=audience, agrees="") if form is None else form
    return page(
        request,
        "household/needs.html",
        status=status,
        form=shown,
        known=known,
        given=given,
        purpose=people.PURPOSES["needs"],
        field=people.OF_A_PERSON["needs"],
        audiences=people.AUDIENCES,
    )


def _stands(given: people.Given) -> bool:
    """To the words as they are today."""
    today = people.PURPOSES["needs"].version
    return given.purpose == "needs" and given.withdrawn_at is None and given.version == today
