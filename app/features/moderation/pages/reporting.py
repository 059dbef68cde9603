from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.moderation import rules
from app.features.moderation.rules import RULES
from app.features.moderation.tables import Rule
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class ReportForm(Struct):
    rule: Rule
    words: Annotated[str, Words(600)] = ""


class NewReportPages(Controller):
    path = "/reports/new"

    @get()
    async def new(self, request: HTMXRequest, about: FromQuery[str] = "") -> Page:
        return await the_form(request, about, blank())

    @post()
    async def report(self, request: HTMXRequest, about: FromQuery[str] = "") -> Page | Redirect:
        matters = request.app.state.matters
        kind, thing = rules.which(about, matters)
        form = await filled(request, ReportForm)
        if not form:
            return await the_form(request, about, form, status=422)
        said = {"rule": form.meant.rule, "words": form.meant.words}
        await rules.report(kind, thing, matters, **said, by=request.user, now=now())
        return to("/account/decisions", say("Thank you. An officer looks at it, and you hear how it ended."))


async def the_form(request: HTMXRequest, about: str, form: Form, *, status: int = 200) -> Page:
    matters = request.app.state.matters
    kind, thing = rules.which(about, matters)
    found = await rules.reported(kind, thing, matters, by=request.user, now=now())
    known = {"found": found, "what": matters[kind].what, "about": f"{kind}:{thing}", "community_rules": RULES}
    return page(request, "moderation/report_something.html", status=status, form=form, **known)
