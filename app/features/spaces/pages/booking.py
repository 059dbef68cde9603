from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.spaces import rules
from app.features.spaces.pages.common import KNOWN, Hour, day_of, days_of, today_of, window
from app.features.spaces.pages.reviewing import choices_of, repeat_of, review
from app.features.spaces.rules import WEEKDAYS, DatesTaken, Free, Repeat, Room, TimeTaken, Wish
from app.features.spaces.tables import Stage
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled, sent
from app.kit.hours import minute_of
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from app.kit.words import Sentence, say

SAID = {
    Stage.approved: say("Booked. It is yours."),
    Stage.pending: say("Asked. The time is kept for you until somebody answers."),
}

SAID_AGAIN = {
    Stage.approved: say("Booked. All of these dates are yours."),
    Stage.pending: say("Asked. All of these dates are kept for you until somebody answers."),
}
WAITS = say("You are on the waiting list. When it comes free, we ask you.")


class BookingForm(Struct):
    day: date
    begins: Hour
    ends: Hour
    purpose: Annotated[str, Words(200)]
    people: int = 1
    last: date | None = None
    open_to_all: bool = False
    for_whom: int | None = None
    version: int = 0
    agreed: bool = False
    instead: Annotated[str, Words(40)] = ""
    wait: bool = False
    helper: int | None = None
    helper_words: Annotated[str, Words(600)] = ""
    every: Annotated[str, Words(8, 0)] = ""
    interval: int = 1
    weekdays: list[int] = []
    until: date | None = None
    times: int | None = None
    reviewed: bool = False
    edit: bool = False


class BookingPages(Controller):
    path = "/spaces/{slug:str}/book"

    @get()
    async def new(
        self,
        request: HTMXRequest,
        slug: FromPath[str],
        day: FromQuery[str] = "",
        begins: FromQuery[str] = "",
        ends: FromQuery[str] = "",
        people: FromQuery[str] = "1",
    ) -> Page:
        chosen = day_of(day, today_of(request))
        typed: dict[str, Any] = {"day": chosen.isoformat(), "begins": begins, "ends": ends, "people": people}
        return await _form(request, slug, blank(**typed, **_with(request.query_params)))

    @post()
    async def book(self, request: HTMXRequest, slug: FromPath[str]) -> Page | Redirect:
        room = await rules.space_at(slug)
        form = await filled(request, BookingForm)
        data = await sent(request)
        wanted = _with(data)
        form.values |= wanted
        if not form:
            return await _form(request, slug, form, 422)
        try:
            wish = _wish(form, wanted)
            if wish.version and not form.meant.agreed:
                raise Refusal(say("Please read the house rules and tick that you keep them."), beside="agreed")
            repeat = repeat_of(form.meant)
            if form.meant.edit:
                return await _form(request, slug, form)
            if repeat is not None:
                return await _again(request, room, form, wish, repeat, choices_of(data))
            if form.meant.wait:
                await rules.wait_for(room.id, wish, by=request.user, now=now())
                return to("/bookings", WAITS)
            booked = await rules.book(room.id, wish, for_whom=form.meant.for_whom, by=request.user, now=now())
        except TimeTaken as taken:
            form.refuse(taken)
            return await _form(request, slug, form, taken.status, free=taken.free, taken=taken.beside == "begins")
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _form(request, slug, form, refusal.status)
        return to(booked.path, await _with_help(request, booked, form))


async def _with_help(request: HTMXRequest, booked: rules.Booked, form: Form) -> Sentence:
    """Asked after the room is theirs: no refusal takes it away again."""
    meant = form.meant
    hours = f"{form.values['begins']}–{form.values['ends']}"
    try:
        await rules.ask_to_help(booked, meant.helper, meant.helper_words, hours, by=request.user, now=now())
    except Refusal as refusal:
        return rules.why_not(refusal)
    return SAID[booked.stage]


async def _again(
    request: HTMXRequest, room: Room, form: Form, wish: Wish, repeat: Repeat, choices: dict[date, Free | None]
) -> Page | Redirect:
    """Looked over first; then all that was chosen is sent, or what was taken meanwhile is shown."""
    who: dict[str, Any] = {"for_whom": form.meant.for_whom, "by": request.user, "now": now()}
    back = f"/spaces/{room.slug}"
    try:
        if form.meant.reviewed:
            series = await rules.repeat(room.id, wish, repeat, choices, **who)
            return to(series.path, SAID_AGAIN[series.stage])
        planned = await rules.look_over(room.id, wish, repeat, choices, **who)
        return review(request, room, wish, form, planned, back=back, said=rules.rule_said(planned.rule, wish.day))
    except DatesTaken as taken:
        form.refuse(taken)
        said = rules.rule_said(taken.plan.rule, wish.day)
        return review(request, room, wish, form, taken.plan, back=back, said=said, status=taken.status)


def _wish(form: Form, wanted: dict[str, str]) -> Wish:
    """`instead` is one of the free times that were offered: "2026-05-09 990 1110"."""
    meant = form.meant
    day, opens, closes = (
        meant.day,
        minute_of(meant.begins, beside="begins"),
        minute_of(meant.ends, beside="ends", ends=True),
    )
    if meant.instead:
        day, opens, closes = _offered(meant.instead)
        form.values |= {"day": day.isoformat(), "begins": _hour(opens), "ends": _hour(closes)}
    return Wish(
        day,
        opens,
        closes,
        last=meant.last,
        people=meant.people,
        purpose=meant.purpose,
        open_to_all=meant.open_to_all,
        version=meant.version,
        equipment=_equipment(wanted),
    )


def _with(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed about equipment, as it was."""
    return {name: str(typed.get(name, "")) for name in typed if name.startswith("equipment-")}


def _equipment(wanted: dict[str, str]) -> dict[int, int]:
    """How many of which; nothing where none was asked for."""
    read = [_units(name, typed) for name, typed in wanted.items()]
    return {id: units for id, units in read if units}


def _units(name: str, typed: str) -> tuple[int, int]:
    """Which piece of equipment, and how many of it."""
    id, plain = name.partition("-")[2], typed.strip() or "0"
    if not all(each.isascii() and each.isdigit() and len(each) < 9 for each in (id, plain)):
        raise Refusal(say("A whole number, please."), beside=name)
    return int(id), int(plain)


def _offered(typed: str) -> tuple[date, int, int]:
    try:
        day, opens, closes = typed.split()
        return date.fromisoformat(day), int(opens), int(closes)
    except ValueError:
        raise Refusal(say("Please choose one of these."), beside="begins") from None


def _hour(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


async def _form(
    request: HTMXRequest,
    slug: str,
    form: Form,
    status: int = 200,
    *,
    free: list[Free] | None = None,
    taken: bool = False,
) -> Page:
    room = await rules.space_at(slug)
    chosen = day_of(str(form.values.get("day", "")), today_of(request))
    [day] = (await days_of(request, [room], chosen, 1))[room.id]
    values: dict[str, Any] = {
        "room": room,
        "form": form,
        "day": day,
        "window": window([day]),
        "free": free or [],
        "taken": taken,
        "equipment": await rules.equipment_of(room.id),
        "house_rules": await rules.house_rules(room.id),
        "helpers": await rules.offers(request.user),
        "for_whom": await people.acts_for(request.user),
        "today": today_of(request),
        "weekdays": WEEKDAYS,
    }
    return page(request, "spaces/book.html", status=status, **values, **KNOWN)
