from datetime import timedelta
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.community import rules as community
from app.features.events import rules
from app.features.events.pages.common import KNOWN, zone_of
from app.features.events.pages.looking import shown
from app.features.events.pages.typed import EventForm, as_typed, draft_of
from app.features.events.rules import DatesTaken, Gathering
from app.features.events.tables import Kind
from app.features.spaces import rules as spaces
from app.features.spaces.rules import TimeTaken
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.languages import NAMES
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say, say_n


class CancelForm(Struct):
    reason: Annotated[str, Words(300)] = ""
    rest: bool = False


class HostForm(Struct):
    host: int | None = None


class MakingPages(Controller):
    path = "/events"

    @get("/new")
    async def new(self, request: HTMXRequest, space: FromQuery[int | None] = None) -> Page:
        day = (now() + timedelta(days=7)).astimezone(zone_of(request)).date()
        usual = {"kind": Kind.reading, "day": day.isoformat(), "begins": "19:00", "ends": "21:00", "times": 1}
        more = {"capacity": 20, "guests_each": 1, "valid_days": 365, "space": space}
        return await _form(request, blank(EventForm, **usual, **more))

    @post("/new")
    async def make(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, EventForm)
        if not form:
            return await _form(request, form, 422)
        try:
            draft = draft_of(request, form)
            dates = rules.also_on(draft.day, form.meant.every, form.meant.times)
            ids = await rules.make(draft, dates, leave_out=form.meant.leave_out, by=request.user, now=now())
        except NotYours:
            raise
        except Refusal as refusal:
            return await _refused(request, form, refusal)
        if len(ids) > 1:
            return to(f"/events/{ids[0]}", say_n("One date is set.", "%(n)s dates are set.", len(ids)))
        return to(f"/events/{ids[0]}", say("It stands among what is on."))

    @get("/{event_id:int}/edit")
    async def edit(self, request: HTMXRequest, event_id: FromPath[int]) -> Page:
        event = await _hosted(request, event_id)
        return await _form(request, as_typed(request, event, zone_of(request)), event=event)

    @post("/{event_id:int}/edit")
    async def change(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        event, form = await _hosted(request, event_id), await filled(request, EventForm)
        if not form:
            return await _form(request, form, 422, event=event)
        try:
            await rules.change(event_id, draft_of(request, form), by=request.user, now=now())
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            return await _refused(request, form, refusal, event=event)
        return to(f"/events/{event_id}", say("Saved. Whoever comes is told of another time or place."))

    @post("/{event_id:int}/cancellation")
    async def cancel(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, CancelForm)
        try:
            if form:
                meant = form.meant
                many = await rules.cancel(event_id, meant.reason, rest=meant.rest, by=request.user, now=now())
                said = say_n("Called off. Everybody is told.", "%(n)s dates are called off. Everybody is told.", many)
                return to(f"/events/{event_id}", said)
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await shown(request, event_id, 422, cancel_form=form)

    @post("/{event_id:int}/hosts")
    async def add_host(self, request: HTMXRequest, event_id: FromPath[int]) -> Redirect:
        form = await filled(request, HostForm)
        await rules.add_host(event_id, (form and form.meant.host) or 0, by=request.user, now=now())
        return to(f"/events/{event_id}/door", say("They host it with you now, and are told."))

    @get("/{event_id:int}/needs")
    async def needs(self, request: HTMXRequest, event_id: FromPath[int]) -> Page:
        """Each look is noted."""
        needs = await rules.needs_of(event_id, by=request.user, now=now())
        event = await rules.event_for(event_id, by=request.user)
        return page(request, "events/needs.html", event=event, needs=needs, **KNOWN)


async def _hosted(request: HTMXRequest, event_id: int) -> Gathering:
    event = await rules.event_for(event_id, by=request.user)
    if not event.hosted:
        raise NotYours(say("Whoever hosts it does that."))
    return event


async def _refused(request: HTMXRequest, form: Form, refusal: Refusal, *, event: Gathering | None = None) -> Page:
    form.refuse(refusal)
    free = refusal.free if isinstance(refusal, TimeTaken) else []
    values: dict[str, Any] = {"free": free, "dates_taken": isinstance(refusal, DatesTaken)}
    return await _form(request, form, refusal.status, event=event, **values)


async def _form(
    request: HTMXRequest, form: Form, status: int = 200, *, event: Gathering | None = None, **values: Any
) -> Page:
    grants = rules.grants(request.user)
    if event is not None and event.capability and event.capability not in grants:
        grants.append(event.capability)
    rooms = await spaces.spaces()
    chosen = next((room for room in rooms if str(room.id) == str(form.values.get("space"))), None)
    known: dict[str, Any] = {
        "form": form,
        "event": event,
        "rooms": rooms,
        "house_rules": await spaces.house_rules(chosen.id) if chosen else None,
        "areas": await community.top_areas(),
        "grants": grants,
        "tongues": request.state.here.languages,
        "languages": NAMES,
        "today": now().astimezone(zone_of(request)).date(),
        "free": [],
        "dates_taken": False,
    }
    return page(request, "events/write.html", status=status, **known | values, **KNOWN)
