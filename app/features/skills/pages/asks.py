from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.skills import rules
from app.features.skills.pages.asking import QuestionForm, asked_of, form_values
from app.features.skills.rules import ICONS, LABELS, Act, Side
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from app.kit.words import say, say_n


class ReasonForm(Struct):
    reason: Annotated[str, Words(200)] = ""


class TimeForm(Struct):
    when: Annotated[str, Words(200)]


class ThanksForm(Struct):
    thanks: Annotated[str, Words(200)]


class AskPages(Controller):
    path = "/asks"

    @get()
    async def mine(self, request: HTMXRequest) -> Page:
        at = now()
        return page(request, "skills/asks.html", asks=await rules.asks(request.user, now=at), at=at)

    @get("/new")
    async def question(self, request: HTMXRequest, q: FromQuery[str] = "") -> Page:
        return await question_page(request, blank(words=q.strip()[:200]))

    @post("/new")
    async def ask(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, QuestionForm)
        if not form:
            return await question_page(request, form, status=422)
        try:
            id, rung = await rules.ask_anybody(asked_of(form.meant), by=request.user, now=now())
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await question_page(request, form, status=refusal.status)
        return to(
            f"/asks/{id}", say_n("One neighbour was asked.", "%(n)s neighbours were asked.", rung) if rung else NOBODY
        )

    @get("/{ask_id:int}")
    async def show(self, request: HTMXRequest, ask_id: FromPath[int]) -> Page:
        return await ask_page(request, ask_id)

    @post("/{ask_id:int}/acceptance")
    async def accept(self, request: HTMXRequest, ask_id: FromPath[int]) -> Redirect:
        await rules.accept(ask_id, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("Agreed. Here is how to reach each other."))

    @post("/{ask_id:int}/refusal")
    async def decline(self, request: HTMXRequest, ask_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReasonForm)
        if not form:
            return await ask_page(request, ask_id, form, status=422)
        await rules.decline(ask_id, reason=form.meant.reason, by=request.user, now=now())
        return to("/asks", say("They have been told. Thank you for the answer."))

    @post("/{ask_id:int}/proposal")
    async def propose(self, request: HTMXRequest, ask_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, TimeForm)
        if not form:
            return await ask_page(request, ask_id, form, status=422)
        await rules.propose(ask_id, form.meant.when, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("They have been told."))

    @post("/{ask_id:int}/withdrawal")
    async def withdraw(self, request: HTMXRequest, ask_id: FromPath[int]) -> Redirect:
        await rules.withdraw(ask_id, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("Withdrawn."))

    @post("/{ask_id:int}/completion")
    async def complete(self, request: HTMXRequest, ask_id: FromPath[int]) -> Redirect:
        await rules.complete(ask_id, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("Good. They have been told."))

    @post("/{ask_id:int}/thanks")
    async def thank(self, request: HTMXRequest, ask_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ThanksForm)
        if not form:
            return await ask_page(request, ask_id, form, status=422)
        await rules.thank(ask_id, form.meant.thanks, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("Your thanks are on their page now."))

    @post("/{ask_id:int}/prolongation")
    async def prolong(self, request: HTMXRequest, ask_id: FromPath[int]) -> Redirect:
        await rules.prolong(ask_id, by=request.user, now=now())
        return to(f"/asks/{ask_id}", say("They have been told."))


NOBODY = say("Nobody's skills match yet. It stands on everybody's list now.")


async def question_page(request: HTMXRequest, form: Form, *, status: int = 200) -> Page:
    values = {"form": form, "labels": LABELS, **await form_values(request)}
    return page(request, "skills/who_can.html", status=status, **values)


async def ask_page(request: HTMXRequest, ask_id: int, form: Form | None = None, *, status: int = 200) -> Page:
    at = now()
    whole = await rules.whole(ask_id, by=request.user, now=at)
    values: dict[str, Any] = {
        "whole": whole,
        "ask": whole.ask,
        "may": {act.value: act in whole.acts for act in Act},
        "told": rules.timeline(whole, reader=request.user.id, now=at),
        "form": blank() if form is None else form,
        "icons": ICONS,
        "labels": LABELS,
        "sides": Side,
        "at": at,
    }
    return page(request, "skills/ask.html", status=status, **values)
