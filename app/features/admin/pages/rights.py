from datetime import date
from typing import Annotated

from litestar import post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.features.admin.pages.person import shown
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say


class RoleForm(Struct):
    kind: Kind
    area: int | None = None


class CapabilityForm(Struct):
    capability: Annotated[str, Words(40)]
    until_on: date | None = None


class RightsPages(Desk):
    path = "/admin"

    @post("/people/{person_id:int}/roles")
    async def give_role(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, RoleForm)
        if not form:
            return await shown(request, person_id, 422, role_form=form)
        try:
            meant = form.meant
            role = await rules.give_role(person_id, meant.kind, area=meant.area, by=request.user, now=now())
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, person_id, refusal.status, role_form=form)
        said = say("The role is theirs, and they have been told.")
        return to(f"/admin/people/{person_id}", said, undo=f"/admin/roles/{role}/end")

    @post("/roles/{role:int}/end")
    async def end_role(self, request: HTMXRequest, role: FromPath[int]) -> Redirect:
        """Whoever gives up the administrator's role is at the desk no longer, and cannot take it back alone."""
        person = await rules.end_role(role, by=request.user, now=now())
        still = (await people.neighbour(request.user.id)).is_a(Kind.administrator)
        if not still:
            return to("/account", say("You are no administrator any more."))
        return to(f"/admin/people/{person}", say("The role has ended."), undo=f"/admin/roles/{role}/return")

    @post("/roles/{role:int}/return")
    async def give_role_again(self, request: HTMXRequest, role: FromPath[int]) -> Redirect:
        person = await rules.give_role_again(role, by=request.user, now=now())
        return to(f"/admin/people/{person}", say("The role is theirs again."))

    @post("/people/{person_id:int}/capabilities")
    async def grant(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, CapabilityForm)
        if not form:
            return await shown(request, person_id, 422, capability_form=form)
        try:
            meant, by = form.meant, request.user.id
            made = await people.grant(person_id, meant.capability, until=meant.until_on, by=by, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, person_id, refusal.status, capability_form=form)
        return to(f"/admin/people/{person_id}", say("Granted."), undo=f"/admin/capabilities/{made}/end")

    @post("/capabilities/{capability:int}/end")
    async def revoke(self, request: HTMXRequest, capability: FromPath[int]) -> Redirect:
        ended = await people.revoke(capability, by=request.user.id, now=now())
        until = f"?until_on={ended.until_on}" if ended.until_on else ""
        undo = f"/admin/capabilities/{capability}/return{until}"
        return to(f"/admin/people/{ended.person}", say("It has ended."), undo=undo)

    @post("/capabilities/{capability:int}/return")
    async def grant_again(
        self, request: HTMXRequest, capability: FromPath[int], until_on: FromQuery[date | None] = None
    ) -> Redirect:
        person = await people.grant_again(capability, until=until_on, by=request.user.id, now=now())
        return to(f"/admin/people/{person}", say("It is theirs again."))
