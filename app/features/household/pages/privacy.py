from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.household import rules
from app.features.household.pages.needs import ANYONE
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, blank, sent
from app.kit.pages import Page, page, to
from app.kit.paging import which
from app.kit.refusals import Refusal
from app.kit.words import say


class PrivacyPages(Controller):
    path = "/account/privacy"

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest, number: Annotated[str, QueryParameter(name="page")] = "") -> Page:
        turn = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        return await _privacy(request, number=which(turn))

    @post(also=ANYONE)
    async def settle(self, request: HTMXRequest) -> Page | Redirect:
        said = {name: word for name, word in (await sent(request)).items() if isinstance(word, str)}
        try:
            await rules.settle(said, by=request.user, now=now())
        except Refusal as refusal:
            form = Form(values=said)
            form.refuse(refusal)
            return await _privacy(request, refusal.status, form)
        return to("/account/privacy", say("Saved."))

    @post("/consents/{purpose:str}/withdrawal", also=ANYONE)
    async def withdraw(self, request: HTMXRequest, purpose: FromPath[str]) -> Redirect:
        await rules.take_back(purpose, by=request.user, now=now())
        return to("/account/privacy", say("Your consent has ended. What was kept by it is erased."))


async def _privacy(request: HTMXRequest, status: int = 200, form: Form | None = None, number: int = 1) -> Page:
    """The chooser shows what was chosen, or, in a form that was refused, what was sent."""
    by = request.user
    choices = await rules.choices(by)
    known: Any = {choice.name: choice.audience for whose in choices for choice in whose.choices}
    return page(
        request,
        "household/privacy.html",
        status=status,
        form=blank(**known) if form is None else form,
        choices=choices,
        fixed=people.FIXED,
        audiences=people.AUDIENCES,
        agreements=await rules.agreements(by),
        looks=await rules.looks(by.id, number),
    )
