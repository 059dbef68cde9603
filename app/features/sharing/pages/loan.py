"""One loan's page: where it stands, and what each side may do next. What others built about it comes in parts, with a
template each."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.asking import said_of
from app.features.sharing.pages.common import KNOWN, today_of
from app.features.sharing.pages.hands_part import hand_values
from app.features.sharing.rules import Act, Lent, Side
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import say

Part = Callable[[HTMXRequest, Lent, Side], Awaitable[dict[str, Any]]]
# Each gives what its template on the loan's page is shown.
PARTS: tuple[Part, ...] = (hand_values,)


class ReasonForm(Struct):
    reason: Annotated[str, Words(300)] = ""


class WordsForm(Struct):
    words: Annotated[str, Words(300)] = ""


class DaysForm(Struct):
    first: date | None = None
    last: date | None = None


class LoanPages(Controller):
    path = "/loans/{loan_id:int}"

    @get()
    async def one(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page:
        return await loan_page(request, loan_id)

    @post("/acceptance")
    async def accept(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        found = await rules.accept(loan_id, by=request.user, now=now())
        return to(found.path, say("Agreed. Here is how to reach each other."), undo=f"{found.path}/answer/undo")

    @post("/refusal")
    async def decline(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReasonForm)
        try:
            if form:
                found = await rules.decline(loan_id, form.meant.reason, by=request.user, now=now())
                return to(found.path, say("Declined. They read why."), undo=f"{found.path}/answer/undo")
        except (Missing, NotYours, Taken, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await loan_page(request, loan_id, 422, decline_form=form)

    @post("/answer/undo")
    async def undo(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        await rules.undo_answer(loan_id, by=request.user, now=now())
        return to(f"/loans/{loan_id}", say("It waits for your answer again. They know."))

    @post("/proposal")
    async def propose(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form, status = await filled(request, DaysForm), 422
        try:
            if form:
                found = await rules.propose(loan_id, form.meant.first, form.meant.last, by=request.user, now=now())
                return to(found.path, say("Proposed. You hear the answer."))
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            if not refusal.beside:
                raise
            form.refuse(refusal)
            status = refusal.status
        return await loan_page(request, loan_id, status, days_form=form)

    @post("/agreement")
    async def agree(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        found = await rules.agree_to(loan_id, by=request.user, now=now())
        return to(found.path, say("Agreed. Here is how to reach each other."))

    @post("/offer")
    async def take(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        found = await rules.take_offer(loan_id, by=request.user, now=now())
        return to(found.path, said_of(found))

    @post("/days")
    async def other_days(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, DaysForm)
        if not form:
            return await loan_page(request, loan_id, 422, days_form=form)
        meant = form.meant
        found = await rules.ask_for_other_days(loan_id, meant.first, meant.last, by=request.user, now=now())
        return to(found.path, said_of(found))

    @post("/withdrawal")
    async def withdraw(self, request: HTMXRequest, loan_id: FromPath[int]) -> Redirect:
        found = await rules.withdraw(loan_id, by=request.user, now=now())
        return to(
            "/loans",
            say("You wait no longer. The next in line is asked.")
            if found.in_line
            else say("They know that you need it no longer."),
        )

    @post("/calling-off")
    async def call_off(self, request: HTMXRequest, loan_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WordsForm)
        if not form:
            return await loan_page(request, loan_id, 422, off_form=form)
        found = await rules.call_off(loan_id, form.meant.words, by=request.user, now=now())
        return to(found.path, say("Called off. They have been told."))


async def loan_page(request: HTMXRequest, loan_id: int, status: int = 200, **forms: Any) -> Page:
    """`forms` go over what the parts give: what was typed and refused."""
    by, at, today = request.user, now(), today_of(request)
    found, side = await rules.loan_for(loan_id, by=by)
    turn = (await rules.turns_of([found], today=today)).get(found.id)
    values: dict[str, Any] = {
        "lent": found,
        "side": side,
        "sides": Side,
        "may": {act.value: act in rules.acts(found, side, at) for act in Act},
        "turn": turn,
        "offered": turn is not None and turn.offered(at),
        "told": rules.timeline(found, await rules.steps_of(loan_id), side, turn=turn, reader=by.id, now=at),
        "contact": await rules.contact_in(found, by=by, now=at),
        "actor": await rules.actor_of(found),
        "what": rules.what(found),
        "days": rules.days_said(found.first_on, found.due_on),
        "proposed": rules.days_said(found.proposed_first, found.proposed_last) if found.proposed_first else None,
        "instead": await rules.instead_of(found, today=today) if found.in_line and side == Side.borrower else None,
        "today": today,
        "furthest": today + rules.AHEAD,
        "at": at,
        **_blanks(found),
    }
    for part in PARTS:
        values |= await part(request, found, side)
    return page(request, "sharing/loan.html", status=status, **{**KNOWN, **values, **forms})


def _blanks(found: Lent) -> dict[str, Form]:
    days = blank(first=found.first_on and found.first_on.isoformat(), last=found.due_on and found.due_on.isoformat())
    return {"decline_form": blank(), "days_form": days, "off_form": blank()}
