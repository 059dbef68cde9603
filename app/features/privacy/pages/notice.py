from datetime import date

from litestar import Controller, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.people.tables import State
from app.features.privacy import rules
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, ours, page, to
from app.kit.words import say

ANYONE = (State.pending, State.suspended, State.leaving)


class AgreeForm(Struct):
    next: str = "/"


class NoticePages(Controller):
    path = "/"

    @get("/privacy", public=True)
    async def privacy(self, request: HTMXRequest) -> Page:
        kept = rules.personal(request.app.state.kept)
        return page(request, "privacy/privacy.html", kept=kept, how_long=rules.how_long)

    @get("/about", public=True)
    async def about(self, request: HTMXRequest) -> Page:
        version = date.fromisoformat(people.PURPOSES["terms"].version)
        shown = await rules.about(request.user)
        return page(request, "privacy/about.html", about=shown, terms=rules.TERMS, version=version)

    @post("/about/terms/acceptance", also=ANYONE)
    async def agree(self, request: HTMXRequest) -> Redirect:
        """Back to where they were: what they had begun to type there is kept by the browser."""
        form = await filled(request, AgreeForm)
        await people.consent(request.user.id, "terms", by=request.user.id, now=now())
        return to(ours(form.values["next"]), say("Thank you."))
