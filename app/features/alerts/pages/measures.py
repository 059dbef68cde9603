from datetime import datetime, timedelta
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts import rules
from app.features.alerts.rules import measures, objecting, rooms
from app.features.alerts.rules.measures import POWERS, Measured, Power
from app.features.alerts.rules.rooms import Falls
from app.features.alerts.tables import Alert
from app.features.community import rules as community
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import State
from app.features.spaces import rules as spaces
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

HOURS = (1, 2, 4, 8, 24)
Text = Annotated[str, Words(2000)]


class MeasureForm(Struct):
    power: Power
    words: Text = ""
    reason: Text = ""
    area: int | None = None
    hours: int | None = None
    spaces: list[int] = []
    known: Annotated[str, Words(4000)] = ""

    def meant(self, alert: Alert, at: datetime) -> Measured:
        """Without hours, and at the latest, until the alert ends."""
        until = min(at + timedelta(hours=self.hours), alert.until_at) if self.hours else alert.until_at
        return Measured(self.power, self.words, self.reason, until, self.area, tuple(self.spaces))


class WordsForm(Struct):
    words: Text = ""


class MeasurePages(Controller):
    """For everybody whom they bind, suspended or leaving too; coordinators take and end them."""

    path = "/alerts/{alert_id:int}/measures"
    opt = {"also": (State.suspended, State.leaving)}

    @get()
    async def all_of_them(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        at = now()
        alert = await rules.seen(alert_id, by=request.user, now=at)
        found = await measures.measures(alert_id, by=request.user, now=at)
        return page(request, "alerts/measures.html", alert=alert, measures=found, powers=POWERS, at=at)

    @get("/new", opt={"only": (RoleKind.coordinator,)})
    async def new(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        return await the_form(request, alert_id, blank(power=Power.gate))

    @post("/new", opt={"only": (RoleKind.coordinator,)})
    async def take(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        """What is booked in the rooms it takes is shown first; `known` says that it was."""
        at, form = now(), await filled(request, MeasureForm)
        if not form:
            return await the_form(request, alert_id, form, status=422)
        alert = await rules.seen(alert_id, by=request.user, now=at)
        said = form.meant.meant(alert, at)
        try:
            falls = await rooms.falling(said.spaces, said.until_at, now=at)
            if {str(each.id) for each in falls} - set(form.meant.known.split()):
                return await the_form(request, alert_id, form, falls=falls)
            made = await measures.take_measure(alert_id, said, by=request.user, now=at)
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_form(request, alert_id, form, status=refusal.status)
        return to(f"/alerts/{alert_id}/measures/{made}", say("Taken. Everybody whom it binds is told."))

    @get("/{measure_id:int}")
    async def one(self, request: HTMXRequest, alert_id: FromPath[int], measure_id: FromPath[int]) -> Page:
        return await shown(request, alert_id, measure_id, blank())

    @post("/{measure_id:int}/end", opt={"only": (RoleKind.coordinator,)})
    async def end(self, request: HTMXRequest, alert_id: FromPath[int], measure_id: FromPath[int]) -> Redirect:
        await measures.end_measure(measure_id, by=request.user, now=now())
        return to(f"/alerts/{alert_id}/measures/{measure_id}", say("Ended."))

    @post("/{measure_id:int}/objection")
    async def object_to(
        self, request: HTMXRequest, alert_id: FromPath[int], measure_id: FromPath[int]
    ) -> Page | Redirect:
        form = await filled(request, WordsForm)
        try:
            words = form.meant.words if form else ""
            await objecting.object_to(measure_id, words, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, alert_id, measure_id, form, status=refusal.status)
        return to(f"/alerts/{alert_id}/measures/{measure_id}", say("Thank you. Somebody who leads will answer you."))

    @post("/{measure_id:int}/objections/{objection_id:int}/answer")
    async def answer(
        self, request: HTMXRequest, alert_id: FromPath[int], measure_id: FromPath[int], objection_id: FromPath[int]
    ) -> Redirect:
        form = await filled(request, WordsForm)
        words = form.meant.words if form else ""
        await objecting.answer_objection(objection_id, words, by=request.user, now=now())
        return to(f"/alerts/{alert_id}/measures/{measure_id}", say("Answered. They are told."))


async def shown(request: HTMXRequest, alert_id: int, measure_id: int, form: Form, *, status: int = 200) -> Page:
    at, by = now(), request.user
    measure = await measures.measure(measure_id, by=by)
    if measure.alert != alert_id:
        raise Missing
    known = {"measure": measure, "powers": POWERS, "at": at, "form": form}
    objections = await objecting.objections(measure_id, by=by)
    binds = await measures.binds(measure_id, by.id)
    may = {"leads": measures.answers(by), "may_object": binds and not any(_open(each, by.id) for each in objections)}
    rooms_taken = await rooms.rooms_of(measure_id)
    return page(request, "alerts/measure.html", status=status, objections=objections, rooms=rooms_taken, **known, **may)


def _open(each: objecting.Objected, person: int) -> bool:
    return each.person == person and each.answered_at is None


async def the_form(
    request: HTMXRequest, alert_id: int, form: Form, *, status: int = 200, falls: list[Falls] | None = None
) -> Page:
    alert = await rules.seen(alert_id, by=request.user, now=now())
    areas = [(each.id, each.label) for each in await community.top_areas()]
    known = {"alert": alert, "powers": POWERS, "hours": HOURS, "areas": areas, "form": form, "falls": falls or []}
    return page(request, "alerts/new_measure.html", status=status, spaces=await spaces.spaces(), **known)
