from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.joining import rules
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say_n


class UndoForm(Struct):
    reason: Annotated[str, Words(300)]


class ChainPages(Controller):
    path = "/vouches/{person_id:int}"
    opt = {"only": (Kind.administrator,)}

    @get()
    async def show(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        return await _shown(request, person_id, blank(reason=""))

    @post("/undoing")
    async def undo(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, UndoForm)
        if not form:
            return await _shown(request, person_id, form, 422)
        n = await rules.undo_chain(person_id, reason=form.meant.reason, by=request.user, now=now())
        told = say_n("Undone. One person waits again.", "Undone. %(n)s people wait again.", n)
        return to(f"/vouches/{person_id}", told)


async def _shown(request: HTMXRequest, person_id: int, form: Form, status: int = 200) -> Page:
    who, tree = await people.neighbour(person_id), await rules.chain(person_id)
    return page(request, "joining/chain.html", status=status, who=who, tree=tree, form=form)
