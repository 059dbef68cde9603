from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.spaces import rules
from app.features.spaces.pages.common import KNOWN, Hour, today_of, zone_of
from app.features.spaces.pages.reviewing import choices_of, free_of, review
from app.features.spaces.rules import Change, DatesTaken, Free, Reach, Repeated
from app.features.spaces.rules.times import hour_of
from app.features.spaces.tables import Stage
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled, sent
from app.kit.hours import minute_of
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import say, say_n


class WhyForm(Struct):
    reason: Annotated[str, Words(300)] = ""
    back: Annotated[str, Words(40)] = ""


class ChangeForm(Struct):
    begins: Hour
    ends: Hour
    purpose: Annotated[str, Words(200)]
    reach: Reach = Reach.this
    day: date | None = None
    last: date | None = None
    people: int = 1
    open_to_all: bool = False
    instead: Annotated[str, Words(40)] = ""
    reviewed: bool = False
    edit: bool = False


class RepeatPages(Controller):
    path = "/bookings/repeats/{series_id:int}"

    @get()
    async def one(self, request: HTMXRequest, series_id: FromPath[int]) -> Page:
        return await _shown(request, series_id, blank())

    @post("/approval")
    async def approve(self, request: HTMXRequest, series_id: FromPath[int]) -> Redirect:
        form = await filled(request, WhyForm)
        series = await rules.approve_series(series_id, by=request.user, now=now())
        return to(_back(form, series), say("Approved, all of its dates. They hear it now."))

    @post("/refusal")
    async def refuse(self, request: HTMXRequest, series_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WhyForm)
        try:
            if form:
                series = await rules.refuse_series(series_id, form.meant.reason, by=request.user, now=now())
                return to(_back(form, series), say("Refused. They read why."))
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await _shown(request, series_id, form, 422)

    @post("/cancellation")
    async def cancel(self, request: HTMXRequest, series_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WhyForm)
        try:
            if form:
                series = await rules.cancel_series(series_id, form.meant.reason, by=request.user, now=now())
                said = say("Given back. All of that time is free again.")
                return to(series.path, said, undo=f"{series.path}/return")
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await _shown(request, series_id, form, 422)

    @post("/return")
    async def undo(self, request: HTMXRequest, series_id: FromPath[int]) -> Redirect:
        back, gone = await rules.return_series(series_id, by=request.user, now=now())
        said = say_n("One date is yours again.", "%(n)s dates are yours again.", back)
        if gone:
            said = say("%(back)s The others somebody else has by now.", back=said)
        return to(f"/bookings/repeats/{series_id}", said)

    @post("/confirmation")
    async def confirm(self, request: HTMXRequest, series_id: FromPath[int]) -> Redirect:
        await rules.confirm(series_id, by=request.user, now=now())
        return to(f"/bookings/repeats/{series_id}", say("Noted. We ask again in eight weeks."))


class ChangingPages(Controller):
    path = "/bookings/{booking_id:int}/change"

    @get()
    async def look(self, request: HTMXRequest, booking_id: FromPath[int], reach: FromQuery[str] = "this") -> Page:
        booked = await rules.booking_of(booking_id)
        wish = await rules.wish_like(booked, zone_of(request))
        typed: dict[str, Any] = {
            "day": wish.day.isoformat(), "begins": hour_of(wish.opens), "ends": hour_of(wish.closes % 1440),
            "last": wish.last.isoformat() if wish.last else "", "people": wish.people, "purpose": wish.purpose,
            "open_to_all": wish.open_to_all, "reach": reach,
        }  # fmt: skip
        return await _changing(request, booking_id, blank(**typed))

    @post()
    async def change(self, request: HTMXRequest, booking_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, ChangeForm)
        if not form or form.meant.edit:
            return await _changing(request, booking_id, form, 200 if form else 422)
        meant = form.meant
        try:
            choices, change = choices_of(await sent(request)), await _meant(booking_id, form, request)
            path = await rules.change(booking_id, meant.reach, change, choices, by=request.user, now=now())
        except DatesTaken as taken:
            form.refuse(taken)
            return await _not_free(request, booking_id, form, taken)
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _changing(request, booking_id, form, refusal.status)
        return to(path, say("Changed. It stands as you see it."))


async def _meant(booking_id: int, form: Form, request: HTMXRequest) -> Change:
    meant = form.meant
    booked = await rules.booking_of(booking_id)
    wish = await rules.wish_like(booked, zone_of(request))
    day, opens = meant.day or wish.day, minute_of(meant.begins, beside="begins")
    closes, last = minute_of(meant.ends, beside="ends", ends=True), meant.last
    if meant.instead:
        try:
            there = free_of(meant.instead)
        except ValueError:
            raise Refusal(say("Please choose one of these."), beside="day") from None
        day, opens, closes, last = there.day, there.opens, there.closes, None
        form.values |= {"day": day.isoformat(), "begins": hour_of(opens), "ends": hour_of(closes % 1440)}
    return Change(day, opens, closes, meant.people, meant.purpose, meant.open_to_all, last)


async def _not_free(request: HTMXRequest, booking_id: int, form: Form, taken: DatesTaken) -> Page:
    """One date: other times at a press. Several: each is chosen about."""
    [first, *_] = taken.plan.unsettled
    if form.meant.reach == Reach.this:
        form.errors = {"day": first.why or taken.sentence}
        return await _changing(request, booking_id, form, taken.status, free=first.instead)
    booked = await rules.booking_of(booking_id)
    room, back = await rules.space_of(booked.space), f"/bookings/{booking_id}/change?reach={form.meant.reach}"
    if not form.meant.reviewed:
        form.errors = {}
    if first.wish is None:
        raise taken
    return review(request, room, first.wish, form, taken.plan, back=back, said=None, status=taken.status)


async def _changing(
    request: HTMXRequest, booking_id: int, form: Form, status: int = 200, *, free: list[Free] | None = None
) -> Page:
    booked = await rules.line_of(booking_id)
    room, by = await rules.space_of(booked.space), request.user
    if by.id not in (booked.person, booked.acted_by):
        raise Missing
    values: dict[str, Any] = {
        "booked": booked, "room": room, "form": form, "free": free or [], "today": today_of(request),
        "series": await rules.series_of(booked.series) if booked.series and not booked.apart else None,
    }  # fmt: skip
    return page(request, "spaces/change.html", status=status, **values, **KNOWN)


async def _shown(request: HTMXRequest, series_id: int, form: Form, status: int = 200) -> Page:
    at, by, zone = now(), request.user, zone_of(request)
    series = await rules.repeat_line(series_id, now=at)
    room, dates = await rules.space_of(series.space), await rules.dates_of(series_id)
    if not await rules.sees_series(by, series, room):
        raise Missing
    ahead = [each for each in dates if each.ends_at > at]
    values: dict[str, Any] = {
        "series": series,
        "room": room,
        "form": form,
        "own": by.id in (series.person, series.acted_by),
        "keeps": await rules.manages(by, room),
        "rule": rules.rule_said(series.rule, series.first),
        "ahead": [(each, rules.from_to(each, zone)) for each in ahead],
        "behind": [(each, rules.from_to(each, zone)) for each in dates if each.ends_at <= at],
        "left_out": [day for day in rules.left_out(series, dates) if day >= today_of(request)],
        "holds": any(each.holds and each.begins_at > at for each in dates),
        "next": next((each for each in ahead if each.holds and each.begins_at > at and not each.apart), None),
        "to_confirm": series.stage == Stage.approved and series.asked_again_at is not None,
        "released_at": rules.released_at(series),
        "steps": await rules.series_steps(series_id),
        "equipment": await rules.equipment_with(dates[0].id) if dates else [],
    }
    return page(request, "spaces/repeat.html", status=status, **values, **KNOWN)


def _back(form: Form, series: Repeated) -> str:
    return "/manage/bookings" if form and form.meant.back == "queue" else series.path
