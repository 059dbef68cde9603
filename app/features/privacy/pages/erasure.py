from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.privacy import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class ErasureForm(Struct):
    reason: Annotated[str, Words(400)]


class ErasurePages(Controller):
    """For those who ask in person: the same thirty days, and the same way back."""

    path = "/admin/people/{person_id:int}/erasure"
    opt = {"only": (Kind.administrator,), "strong": True}

    @get()
    async def show(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        return await _shown(request, person_id, blank(reason=""))

    @post()
    async def ask(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ErasureForm)
        if not form:
            return await _shown(request, person_id, form, 422)
        try:
            ends = request.app.state.step_back
            await rules.ask_for(person_id, by=request.user, reason=form.meant.reason, step_back=ends, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, person_id, form, refusal.status)
        here = f"/admin/people/{person_id}/erasure"
        return to(here, say("Out of sight from now on, erased in thirty days."), undo=f"{here}/return")

    @post("/return")
    async def stay(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.stay(person_id, by=request.user.id, now=now())
        return to(f"/admin/people/{person_id}", say("They are back."))


async def _shown(request: HTMXRequest, person_id: int, form: Form, status: int = 200) -> Page:
    person, going = await people.neighbour(person_id), await people.going(person_id)
    if not person.name:
        raise Missing
    return page(request, "privacy/erasure.html", status=status, form=form, person=person, going=going)
