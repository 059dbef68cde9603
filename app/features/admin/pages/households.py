from typing import Annotated, Any

from litestar import get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.features.admin.pages.areas import DoorForm
from app.features.admin.pages.desk import Desk
from app.features.community import rules as community
from app.features.household import rules as household
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class MemberForm(Struct):
    person: int
    may_answer_for: bool = False


class AnswerForm(Struct):
    yes: bool = False


class SearchForm(Struct):
    q: Annotated[str, Words(80)] = ""


class HouseholdPages(Desk):
    path = "/admin"

    @get("/households/{household_id:int}")
    async def household(self, request: HTMXRequest, household_id: FromPath[int]) -> Page:
        return await _household(request, household_id)

    @post("/households/{household_id:int}/address")
    async def change(self, request: HTMXRequest, household_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, DoorForm)
        if not form:
            return await _household(request, household_id, 422, door_form=form)
        try:
            meant, by = form.meant, request.user.id
            await people.change_household(household_id, door=meant.door, address=meant.address, by=by, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _household(request, household_id, refusal.status, door_form=form)
        return to(f"/admin/households/{household_id}", say("Saved."))

    @post("/households/{household_id:int}/removal")
    async def remove(self, request: HTMXRequest, household_id: FromPath[int]) -> Redirect:
        gone = await people.remove_household(household_id, by=request.user.id, now=now())
        return to(f"/admin/areas/{gone.area}", say("Removed."))

    @post("/households/{household_id:int}/members")
    async def join(self, request: HTMXRequest, household_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, MemberForm)
        if not form:
            return await _household(request, household_id, 422)
        at = now()
        await people.join(
            form.meant.person,
            household_id,
            on=await community.today(at),
            by=request.user.id,
            now=at,
            may_answer_for=form.meant.may_answer_for,
        )
        return to(f"/admin/households/{household_id}", say("Added."))

    @post("/memberships/{membership:int}/end")
    async def leave(self, request: HTMXRequest, membership: FromPath[int]) -> Redirect:
        at = now()
        left = await people.leave(membership, on=await community.today(at), by=request.user.id, now=at)
        undo = f"/admin/memberships/{membership}/return"
        return to(f"/admin/households/{left}", say("Their membership has ended."), undo=undo)

    @post("/memberships/{membership:int}/return")
    async def rejoin(self, request: HTMXRequest, membership: FromPath[int]) -> Redirect:
        home = await people.rejoin(membership, by=request.user.id, now=now())
        return to(f"/admin/households/{home}", say("They are members again."))

    @post("/memberships/{membership:int}/answering")
    async def answering(self, request: HTMXRequest, membership: FromPath[int]) -> Redirect:
        form = await filled(request, AnswerForm)
        changed = await household.let_answer(membership, yes=form.meant.yes, by=request.user, now=now())
        return to(f"/admin/households/{changed.household}", say("Saved. Those whom it concerns have been told."))


async def _household(request: HTMXRequest, household_id: int, status: int = 200, **forms: Form) -> Page:
    home, members = await people.household(household_id), await people.members_of(household_id)
    q = request.query_params.get("q", "")[:80].strip()
    here_already = {member.id for member in members}
    found = [person for person in await rules.find(q) if person.id not in here_already] if q else []
    known: dict[str, Any] = {"door_form": blank(door=home.door, address=home.address)}
    return page(
        request,
        "admin/household.html",
        status=status,
        home=home,
        members=members,
        line=await community.line_to(home.area),
        q=q,
        found=found,
        **known | forms,
    )
