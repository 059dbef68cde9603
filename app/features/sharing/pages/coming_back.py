"""The page on which a thing comes home, and what follows: renewal before it, thanks and keeping in touch after it."""

from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN, list_choices, today_of
from app.features.sharing.pages.loan import loan_page
from app.features.sharing.rules import Back
from app.features.sharing.tables import Condition
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class BackForm(Struct):
    condition: Condition
    parts: list[str] = []
    damage: Annotated[str, Words(300)] = ""


class ThanksForm(Struct):
    thanks: Annotated[str, Words(200)]


class ReturnPages(Controller):
    path = "/loans/{loan_id:int}/return"

    @get()
    async def show(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page:
        return await return_page(request, loan_id)

    @post()
    async def give_back(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, BackForm)
        if not form:
            return await return_page(request, loan_id, 422, form=form)
        back = Back(tuple(form.meant.parts), form.meant.condition, form.meant.damage)
        if await rules.bring_back(loan_id, back, by=request.user, now=now()):
            return to(f"/loans/{loan_id}", say("It is back. They have been told."))
        return to(f"/loans/{loan_id}", say("Thank you. They have been asked to look; you are not reminded any more."))

    @post("/confirmation")
    async def confirm(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        await rules.confirm_back(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("It is back. They have been told."))

    @post("/denial")
    async def deny(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        await rules.deny_back(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("They have been told."))


class KeepingPages(Controller):
    path = "/loans/{loan_id:int}"

    @post("/renewal")
    async def renew(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        until = await rules.renew(loan_id, by=request.user, now=now())
        said = say("It is yours until %(day)s.", day=until)
        return to(f"/loans/{loan_id}", said, undo=f"/loans/{loan_id}/renewal/undo")

    @post("/renewal/undo")
    async def undo(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        until = await rules.undo_renewal(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("As before: it is due on %(day)s.", day=until))

    @post("/thanks")
    async def thank(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ThanksForm)
        if not form:
            return await loan_page(request, loan_id, 422, thanks_form=form)
        await rules.thank(loan_id, form.meant.thanks, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("Your thanks are on its page now."))

    @post("/prolongation")
    async def prolong(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        await rules.prolong(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("They have been told."))


async def return_page(request: HTMXRequest, loan_id: int, status: int = 200, **forms: Any) -> Page:
    at = now()
    seen = await rules.coming_back(loan_id, by=request.user, today=today_of(request), now=at)
    known: dict[str, Any] = {
        "hands": seen,
        **list_choices(seen.lent),
        "form": _as_said(seen),
        "photo_form": blank(),
        "at": at,
    }
    return page(request, "sharing/return.html", status=status, **{**known, **KNOWN, **forms})


def _as_said(seen: rules.Hands) -> Form:
    """As it went, or as the borrower says that it is."""
    lent = seen.lent
    if lent.condition_back:
        return Form({"parts": seen.parts_back, "condition": lent.condition_back, "damage": lent.damage})
    return Form({"parts": seen.parts_out, "condition": lent.condition_out, "damage": ""})
