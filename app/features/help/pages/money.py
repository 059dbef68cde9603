from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.help import rules
from app.features.help.pages.asking import cents_of
from app.features.help.pages.need import need_page
from app.features.help.pages.talking import ENVELOPE, upload_of
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Form, Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say


class SumForm(Struct):
    sum: Annotated[str, Words(12)]


class ReceiptForm(Struct):
    spent: Annotated[str, Words(12)]


class MoneyPages(Controller):
    path = "/help/{need_id:int}"

    @post("/sum")
    async def change(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, SumForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        try:
            cents = cents_of(form.meant.sum, "sum") or 0
            await rules.change_sum(need_id, cents, by=request.user, now=now())
        except Refusal as refusal:
            return await _again(request, need_id, form, refusal)
        return to(f"/help/{need_id}", say("Saved."))

    @post("/receipt", request_max_body_size=MOST_BYTES + ENVELOPE)
    async def hand_in(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReceiptForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        try:
            cents, content = cents_of(form.meant.spent, "spent") or 0, await upload_of(request, "photo")
            await rules.hand_in(need_id, cents, content, by=request.user, now=now())
        except Refusal as refusal:
            return await _again(request, need_id, form, refusal)
        return to(f"/help/{need_id}", say("The receipt is there. They have been told."))

    @post("/payment")
    async def settle(self, request: HTMXRequest, need_id: FromPath[int]) -> Redirect:
        await rules.settle(need_id, by=request.user, now=now())
        return to(f"/help/{need_id}", say("They have been told."))


async def _again(request: HTMXRequest, need_id: int, form: Form, refusal: Refusal) -> Page:
    """What belongs beside a field stands there; what does not flies on."""
    if isinstance(refusal, (Missing, NotYours, Taken)) or not refusal.beside:
        raise refusal
    form.refuse(refusal)
    return await need_page(request, need_id, form, refusal.status)
