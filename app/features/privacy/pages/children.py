from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.people import rules as people
from app.features.privacy import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class ChildForm(Struct):
    name: Annotated[str, Words(80)]
    month: Annotated[str, Words(10)]
    household: int | None = None
    agreed: bool = False


class ChildPages(Controller):
    path = "/household/children"

    @get()
    async def show(self, request: HTMXRequest) -> Page:
        return await _shown(request, blank(name="", month=""))

    @post()
    async def add(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, ChildForm)
        if form and not form.meant.agreed:
            form.errors["agreed"] = say("Please agree to it for the child.")
        if not form:
            return await _shown(request, form, 422)
        said = form.meant
        try:
            asked = {"month": said.month, "household": said.household}
            await rules.add_child(said.name, **asked, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, form, refusal.status)
        return to("/household/children", say("Added."))

    @post("/{child:int}/code")
    async def code(self, request: HTMXRequest, child: FromPath[int]) -> Page:
        """Shown this once: only its fingerprint is kept."""
        found, code = await rules.code_for_child(child, by=request.user, now=now())
        link = f"{settings().base_url}/join/{code}"
        return page(request, "privacy/child_code.html", child=found, code=code, link=link)

    @post("/{child:int}/leaving")
    async def leave(self, request: HTMXRequest, child: FromPath[int]) -> Redirect:
        step_back = request.app.state.step_back
        await rules.leave_child(child, by=request.user, step_back=step_back, now=now())
        undo = f"/household/children/{child}/return"
        return to("/household/children", say("In thirty days all that is kept about them is erased."), undo=undo)

    @post("/{child:int}/return")
    async def stay(self, request: HTMXRequest, child: FromPath[int]) -> Redirect:
        await rules.stay_child(child, by=request.user, now=now())
        return to("/household/children", say("They are back."))


async def _shown(request: HTMXRequest, form: Form, status: int = 200) -> Page:
    children = await rules.children(request.user, now=now())
    homes = await people.stays_of(request.user.id)
    return page(request, "privacy/children.html", status=status, form=form, children=children, homes=homes)
