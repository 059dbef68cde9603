from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.spaces import rules
from app.features.spaces.pages.common import (
    KNOWN,
    Hour,
    day_of,
    days_of,
    today_of,
    weeks_around,
    window,
    zone_of,
)
from app.features.spaces.rules import Found, Room, Wish
from app.kit.clock import now
from app.kit.forms import Form, Words, read
from app.kit.hours import minute_of
from app.kit.pages import Page, page
from app.kit.refusals import Refusal
from app.kit.words import say

WEEK, MONTH = 7, 42


class SearchForm(Struct):
    day: Annotated[str, Words(10)] = ""
    begins: Hour = ""
    ends: Hour = ""
    people: int = 1
    having: Annotated[str, Words(500)] = ""


class FindingPages(Controller):
    path = "/spaces"

    @get()
    async def all_spaces(
        self,
        request: HTMXRequest,
        day: FromQuery[str] = "",
        begins: FromQuery[str] = "",
        ends: FromQuery[str] = "",
        people: FromQuery[str] = "",
        having: FromQuery[str] = "",
    ) -> Page:
        """A day of all spaces; with hours, which are free then and what else there is."""
        rooms, chosen = await rules.spaces(), day_of(day, today_of(request))
        typed = {
            "day": [chosen.isoformat()],
            "begins": [begins],
            "ends": [ends],
            "people": [people],
            "having": [having],
        }
        form, found, status = read(typed, SearchForm), None, 200
        if form and begins and ends:
            try:
                found = await _found(form, rooms, zone_of(request))
            except Refusal as refusal:
                form.refuse(refusal)
        if not form:
            status = 422
        days = {} if found is not None else await days_of(request, rooms, chosen, 1)
        values: dict[str, Any] = {
            "form": form,
            "rooms": rooms,
            "things": await rules.things(),
            "photos": await rules.photos_of([room.id for room in rooms]),
            "days": {id: each[0] for id, each in days.items()},
            "day": chosen,
            "today": today_of(request),
            "found": found,
            "window": window([each for several in days.values() for each in several]),
            "waiting": await rules.to_decide(request.user, rooms, now=now()),
            "may_add": rules.may_add(request.user),
        }
        return page(request, "spaces/spaces.html", status=status, **values, **KNOWN)

    @get("/{slug:str}")
    async def one(self, request: HTMXRequest, slug: FromPath[str], day: FromQuery[str] = "") -> Page:
        """A space: what it is, seven days of it, a month as heat."""
        room, chosen = await rules.space_at(slug), day_of(day, today_of(request))
        month = weeks_around(chosen)
        week = (await days_of(request, [room], chosen, WEEK))[room.id]
        values: dict[str, Any] = {
            "room": room,
            "photos": (await rules.photos_of([room.id]))[room.id],
            "day": chosen,
            "today": today_of(request),
            "week": week,
            "window": window(week),
            "month": (await days_of(request, [room], month[0], MONTH))[room.id],
            "equipment": await rules.equipment_of(room.id),
            "house_rules": await rules.house_rules(room.id),
            "manages": await rules.manages(request.user, room),
            "soon": [
                line for bring in request.app.state.soon_in for line in await bring(room.id, by=request.user, now=now())
            ],
        }
        return page(request, "spaces/space.html", **values, **KNOWN)


async def _found(form: Form, rooms: list[Room], zone: ZoneInfo) -> list[Found]:
    wish, having = _wish(form), form.meant.having
    if having:
        return await rules.find_with(having, wish, rooms, zone=zone, now=now())
    return await rules.find(wish, rooms, zone=zone, now=now())


def _wish(form: Form) -> Wish:
    meant = form.meant
    opens, closes = minute_of(meant.begins, beside="begins"), minute_of(meant.ends, beside="ends", ends=True)
    if closes <= opens:
        raise Refusal(say("It has to end after it begins."), beside="ends")
    return Wish(date.fromisoformat(meant.day), opens, closes, people=max(1, meant.people))
