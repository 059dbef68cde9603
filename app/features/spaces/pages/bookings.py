from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.spaces import rules
from app.features.spaces.pages.common import KNOWN, zone_of
from app.features.spaces.rules import Line, Reach, RepeatLine
from app.features.spaces.tables import Stage, WayIn
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import Sentence, say, say_n


class ReasonForm(Struct):
    reason: Annotated[str, Words(300)] = ""
    back: Annotated[str, Words(40)] = ""
    reach: Reach = Reach.this


class TalkForm(Struct):
    words: Annotated[str, Words(300)] = ""


class SeveralForm(Struct):
    chosen: list[int] = []


class CodeForm(Struct):
    code: Annotated[str, Words(40)] = ""


class MyBookingsPages(Controller):
    path = "/bookings"

    @get()
    async def mine(self, request: HTMXRequest) -> Page:
        ahead, behind = await rules.my_bookings(request.user, now=now())
        values: dict[str, Any] = {"ahead": ahead, "behind": behind, "at": now()}
        values["to_confirm"] = await rules.to_confirm(request.user, now=now())
        values["waiting"] = await rules.my_waiting(request.user)
        return page(request, "spaces/bookings.html", **values, **KNOWN)

    @post("/waiting/{waiting_id:int}/acceptance")
    async def accept(self, request: HTMXRequest, waiting_id: FromPath[int]) -> Redirect:
        booked = await rules.accept(waiting_id, by=request.user, now=now())
        return to(booked.path, say("It is yours, as you asked for it."))

    @post("/waiting/{waiting_id:int}/end")
    async def leave(self, request: HTMXRequest, waiting_id: FromPath[int]) -> Redirect:
        await rules.leave(waiting_id, by=request.user, now=now())
        return to("/bookings", say("You wait no longer. The next is asked."))

    @get("/{booking_id:int}")
    async def one(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page:
        return await _shown(request, booking_id, blank())

    @post("/{booking_id:int}/approval")
    async def approve(self, request: HTMXRequest, booking_id: FromPath[int]) -> Redirect:
        form = await filled(request, ReasonForm)
        booked = await rules.approve(booking_id, by=request.user, now=now())
        undo = f"/bookings/{booking_id}/decision/undo"
        return to(_back(form, booked.path), say("Approved. They hear it now."), undo=undo)

    @post("/{booking_id:int}/decision/undo")
    async def undo(self, request: HTMXRequest, booking_id: FromPath[int]) -> Redirect:
        await rules.undo_decision(booking_id, by=request.user, now=now())
        return to(f"/bookings/{booking_id}", say("It waits again. They know."))

    @post("/{booking_id:int}/question")
    async def question(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        return await _said(request, booking_id, rules.ask_booker, say("Asked. You hear the answer."))

    @post("/{booking_id:int}/answer")
    async def answer(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        return await _said(request, booking_id, rules.answer_manager, say("Thank you. They hear it now."))

    @post("/{booking_id:int}/refusal")
    async def refuse(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        undo = f"/bookings/{booking_id}/decision/undo"
        return await _with_reason(request, booking_id, rules.refuse, say("Refused. They read why."), undo=undo)

    @post("/{booking_id:int}/cancellation")
    async def cancel(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ReasonForm)
        booked = await rules.booking_of(booking_id)
        if form and booked.series is not None and form.meant.reach != Reach.this:
            since = booked.due_on if form.meant.reach == Reach.following else None
            deed = partial(_rest, booked.series, since)
            said, back = say("Given back. All of that time is free again."), f"/bookings/repeats/{booked.series}"
            return await _with_reason(request, booking_id, deed, said, back=back, undo=f"{back}/return")
        return await _with_reason(request, booking_id, rules.cancel, say("Given back. The time is free again."))

    @post("/{booking_id:int}/code")
    async def set_code(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, CodeForm)
        try:
            if form:
                await rules.set_code(booking_id, form.meant.code, by=request.user, now=now())
                return to(f"/bookings/{booking_id}", say("They see it from two hours before."))
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await _shown(request, booking_id, blank(), 422, code_form=form)

    @post("/{booking_id:int}/arrival")
    async def come(self, request: HTMXRequest, booking_id: FromPath[int]) -> Redirect:
        await rules.come(booking_id, by=request.user, now=now())
        return to(f"/bookings/{booking_id}", say("Noted. Have a good time."))


class QueuePages(Controller):
    path = "/manage/bookings"

    @get()
    async def queue(self, request: HTMXRequest) -> Page:
        """What waits for a yes, the oldest first."""
        if not rules.may_add(request.user):
            raise Missing
        rooms, at = await rules.spaces(), now()
        singly = await rules.to_decide(request.user, rooms, now=at)
        again = await rules.repeats_to_decide(request.user, rooms, now=at)
        waiting: list[Line | RepeatLine] = sorted([*singly, *again], key=lambda each: each.asked_at)
        values: dict[str, Any] = {
            "waiting": waiting,
            "singly": singly,
            "records": await rules.records_of([each.person for each in waiting], now=at),
            "zone": zone_of(request),
            "form": blank(),
        }
        return page(request, "spaces/queue.html", **values, **KNOWN)

    @post("/approval")
    async def approve(self, request: HTMXRequest) -> Redirect:
        """Several at once; what others decided meanwhile stays as they decided it."""
        if not rules.may_add(request.user):
            raise Missing
        form = await filled(request, SeveralForm)
        done, left = await rules.approve_all(form.meant.chosen if form else [], by=request.user, now=now())
        said = say_n("One approved. They hear it now.", "%(n)s approved. They hear it now.", done)
        if not done:
            said = say("Nothing was approved: tick what you mean.")
        elif left:
            said = say("%(done)s Some were decided already.", done=said)
        return to("/manage/bookings", said)


async def _said(request: HTMXRequest, booking_id: int, deed: Any, said: Sentence) -> Page | Redirect:
    form = await filled(request, TalkForm)
    try:
        if form:
            await deed(booking_id, form.meant.words, by=request.user, now=now())
            return to(f"/bookings/{booking_id}", said)
    except (Missing, NotYours, Taken):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
    return await _shown(request, booking_id, blank(), 422, talk_form=form)


async def _rest(series: int, since: date | None, _: int, reason: str, *, by: Neighbour, now: datetime) -> None:
    await rules.cancel_series(series, reason, since=since, by=by, now=now)


async def _with_reason(
    request: HTMXRequest, booking_id: int, deed: Any, said: Sentence, *, back: str = "", undo: str = ""
) -> Page | Redirect:
    form = await filled(request, ReasonForm)
    if not form:
        return await _shown(request, booking_id, form, 422)
    try:
        await deed(booking_id, form.meant.reason, by=request.user, now=now())
    except (Missing, NotYours, Taken):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return await _shown(request, booking_id, form, refusal.status)
    return to(_back(form, back or f"/bookings/{booking_id}"), said, undo=undo)


def _back(form: Form, otherwise: str) -> str:
    return "/manage/bookings" if form and form.meant.back == "queue" else otherwise


async def _shown(
    request: HTMXRequest,
    booking_id: int,
    form: Form,
    status: int = 200,
    *,
    code_form: Form | None = None,
    talk_form: Form | None = None,
) -> Page:
    booked = await rules.line_of(booking_id)
    room, by, at = await rules.space_of(booked.space), request.user, now()
    if not await rules.may_see(by, booked, room):
        raise Missing
    own = by.id in (booked.person, booked.acted_by)
    keeps = await rules.manages(by, room)
    values: dict[str, Any] = {
        "booked": booked,
        "room": room,
        "form": form,
        "own": own,
        "keeps": keeps,
        "from_to": rules.from_to(booked, zone_of(request)),
        "ahead": booked.begins_at > at,
        "may_come": own and booked.came_at is None and rules.is_at_the_door(booked, at),
        "equipment": await rules.equipment_with(booking_id) if own or keeps else [],
        "helps": await rules.helps_of(booking_id) if own else [],
        "help_stands": rules.HELP_STANDS,
        "steps": await rules.steps_of(booking_id) if own or keeps else [],
        "code": await rules.look_at_code(booked, by=by, now=at),
        "has_code": keeps and await rules.has_code(booking_id),
        "needs_code": room.way_in == WayIn.code and booked.stage == Stage.approved and booked.ends_at > at,
        "code_form": blank() if code_form is None else code_form,
        "instead": await rules.instead_of(booked, room, now=at) if own and booked.blocked_by else [],
        "series": await rules.series_of(booked.series) if booked.series and (own or keeps) else None,
        "key_holder": await people.neighbour(room.key_holder) if own and room.key_holder else None,
    }
    values["question"] = None
    if booked.stage == Stage.pending and (own or keeps):
        values["question"] = await rules.open_question(booking_id)
        values["talk_form"] = blank() if talk_form is None else talk_form
        values |= await _known_of(booked, room, at) if keeps else {}
    return page(request, "spaces/booking.html", status=status, **values, **KNOWN)


async def _known_of(booked: rules.Line, room: rules.Room, at: datetime) -> dict[str, Any]:
    """What helps a manager to decide."""
    return {
        "record": (await rules.records_of([booked.person], now=at))[booked.person],
        "beside": await rules.beside(booked),
        "others_waiting": await rules.others_waiting(booked, room),
    }
