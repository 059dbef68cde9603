"""The page on which a thing changes hands: the check list, photos, a code for a minute, or both sides' word."""

from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN, list_choices, today_of
from app.features.sharing.rules import Goes
from app.features.sharing.tables import Condition
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import say


class GoesForm(Struct):
    condition: Condition = Condition.good
    parts: list[str] = []


class CodeForm(Struct):
    code: Annotated[str, Words(40)]


class HandoverPages(Controller):
    path = "/loans/{loan_id:int}/handover"

    @get()
    async def show(self, request: HTMXRequest, loan_id: FromPath[int], code: FromQuery[str] = "") -> Page:
        return await handover_page(request, loan_id, form=blank(code=code.strip()[:40]))

    @post()
    async def type_code(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, CodeForm)
        try:
            if form:
                await rules.type_code(loan_id, form.meant.code, by=request.user, now=now())
                return to(f"/loans/{loan_id}", say("It has changed hands."))
        except Refusal as refusal:
            if refusal.beside != "code":
                raise
            form.refuse(refusal)
        return await handover_page(request, loan_id, 422, form=form)

    @post("/code")
    async def show_code(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        await rules.show_code(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}/handover")

    @post("/list")
    async def tick_off(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, GoesForm)
        if not form:
            return await handover_page(request, loan_id, 422, list_form=form)
        goes = Goes(tuple(form.meant.parts), form.meant.condition)
        await rules.tick_off(loan_id, goes, by=request.user, now=now())
        return to(f"/loans/{loan_id}/handover", say("Kept: what goes along, and how it is."))

    @post("/word")
    async def confirm(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        if await rules.confirm(loan_id, by=request.user, now=now()):
            return to(f"/loans/{loan_id}", say("It has changed hands."))
        return to(f"/loans/{loan_id}/handover", say("Noted. It counts as soon as the other side says so too."))


async def handover_page(request: HTMXRequest, loan_id: int, status: int = 200, **forms: Any) -> Page:
    at = now()
    seen = await rules.handover(loan_id, by=request.user, today=today_of(request), now=at)
    link = f"{settings().base_url}/loans/{loan_id}/handover?code={seen.shown.code}" if seen.shown else ""
    known: dict[str, Any] = {
        "hands": seen,
        **list_choices(seen.lent),
        "form": blank(),
        "list_form": _as_ticked(seen),
        "photo_form": blank(),
        "link": link,
        "seconds": max(1, int((seen.shown.until_at - at).total_seconds())) if seen.shown else 0,
        "at": at,
    }
    return page(request, "sharing/handover.html", status=status, **{**known, **KNOWN, **forms})


def _as_ticked(seen: rules.Hands) -> Form:
    """All of it goes along, in good order, until somebody says otherwise."""
    said = bool(seen.lent.condition_out)
    parts = seen.parts_out if said else seen.lent.part_names
    return Form({"parts": parts, "condition": seen.lent.condition_out or Condition.good})
