from typing import Annotated

import msgspec
from litestar import post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.features.admin.pages.person import shown
from app.features.moderation.tables import Rule
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class SuspensionForm(Struct):
    reason: Annotated[str, Words(300)]
    rule: Rule = Rule.other
    days: int = 7


class StandingPages(Desk):
    path = "/admin/people/{person_id:int}"

    @post("/welcome")
    async def let_in(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.let_in(person_id, by=request.user, now=now())
        here = f"/admin/people/{person_id}"
        return to(here, say("They are in, and have been told."), undo=f"{here}/wait")

    @post("/wait")
    async def make_wait(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.make_wait(person_id, by=request.user, now=now())
        return to(f"/admin/people/{person_id}", say("They wait again."))

    @post("/suspension")
    async def suspend(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, SuspensionForm)
        if not form:
            return await shown(request, person_id, 422, suspension_form=form)
        try:
            said = msgspec.structs.asdict(form.meant)
            await rules.suspend(person_id, **said, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, person_id, refusal.status, suspension_form=form)
        here = f"/admin/people/{person_id}"
        return to(here, say("Suspended. They have been told why."), undo=f"{here}/suspension/end")

    @post("/suspension/end")
    async def lift(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.lift(person_id, by=request.user, now=now())
        return to(f"/admin/people/{person_id}", say("Their account is open again."))

    @post("/departure")
    async def depart(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.depart(person_id, by=request.user, now=now())
        return to(f"/admin/people/{person_id}", say("They are noted as gone. Roles and households have ended."))

    @post("/return")
    async def bring_back(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.bring_back(person_id, by=request.user, now=now())
        return to(f"/admin/people/{person_id}", say("They are back."))
