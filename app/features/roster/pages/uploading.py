from typing import Annotated

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people.tables import Kind
from app.features.roster import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled, sent
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal

ENVELOPE = 64 * 1024


class ListForm(Struct):
    basis: Annotated[str, Words(400)]
    whole: bool = False


class RosterPages(Controller):
    """Lists of residents come in here; a second factor stands before everything that changes something."""

    path = "/admin/roster"
    opt = {"only": (Kind.administrator,)}

    @get()
    async def lists(self, request: HTMXRequest) -> Page:
        return await _lists(request, blank(basis=""))

    @post(strong=True, request_max_body_size=rules.MOST_BYTES + ENVELOPE)
    async def upload(self, request: HTMXRequest) -> Page | Redirect:
        form, file = await filled(request, ListForm), (await sent(request)).get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        name = file.filename if isinstance(file, UploadFile) else ""
        if not form:
            return await _lists(request, form, 422)
        try:
            meant, by = form.meant, request.user.id
            made = await rules.upload(content, name=name, basis=meant.basis, whole=meant.whole, by=by, now=now())
        except Refusal as refusal:
            form.refuse(refusal)
            return await _lists(request, form, refusal.status)
        return to(f"/admin/roster/{made}")


async def _lists(request: HTMXRequest, form: Form, status: int = 200) -> Page:
    return page(
        request,
        "roster/lists.html",
        status=status,
        form=form,
        uploads=await rules.uploads(),
        imports=await rules.imports(),
        stages=rules.STAGE_WORDS,
    )
