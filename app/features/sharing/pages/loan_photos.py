from typing import Annotated

from litestar import Controller, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.coming_back import return_page
from app.features.sharing.pages.handing import handover_page
from app.features.sharing.rules.lent import loan_for
from app.features.sharing.tables import Stage
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Form, Words, filled, sent
from app.kit.pages import Page, to
from app.kit.refusals import Refusal
from app.kit.words import say

ENVELOPE = 64 * 1024


class PhotoForm(Struct):
    photo_words: Annotated[str, Words(200)] = ""


class LoanPhotoPages(Controller):
    path = "/loans/{loan_id:int}/photos"

    @post(request_max_body_size=MOST_BYTES + ENVELOPE)
    async def add(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, PhotoForm)
        try:
            if form:
                upload = (await sent(request)).get("photo")
                content = await upload.read() if isinstance(upload, UploadFile) else b""
                await rules.add_loan_photo(loan_id, content, form.meant.photo_words, by=request.user, now=now())
                return to(await _there(request, loan_id), say("The photo is there."))
        except Refusal as refusal:
            if not refusal.beside:
                raise
            form.refuse(refusal)
        return await _again(request, loan_id, form)

    @post("/{token:str}/removal")
    async def remove(self, request: HTMXRequest, loan_id: FromPath[int], token: FromPath[str]) -> Redirect:
        await rules.remove_loan_photo(loan_id, token, by=request.user, now=now())
        return to(await _there(request, loan_id), say("The photo is gone."))


async def _there(request: HTMXRequest, loan_id: int) -> str:
    """Where it was added from: the handover, or the return."""
    found, _ = await loan_for(loan_id, by=request.user)
    page = "return" if found.stage in (Stage.out, Stage.back) else "handover"
    return f"/loans/{loan_id}/{page}#photos"


async def _again(request: HTMXRequest, loan_id: int, form: Form) -> Page:
    found, _ = await loan_for(loan_id, by=request.user)
    shown = return_page if found.stage in (Stage.out, Stage.back) else handover_page
    return await shown(request, loan_id, 422, photo_form=form)
