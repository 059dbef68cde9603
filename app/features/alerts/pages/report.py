from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts import rules
from app.features.alerts.pages.board import KNOWN
from app.features.alerts.pages.curves import by_minute, over_time, shares
from app.features.alerts.rules import LEADS, after
from app.features.community import rules as community
from app.features.help.rules import ICONS as HELP_ICONS
from app.features.help.rules import LABELS as HELP
from app.features.people.tables import Kind as RoleKind
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

LOOKING = (*LEADS, RoleKind.steward)
MARKS = (1, 5, 10, 15, 20, 30, 60, 120, 240)  # minutes for which the table says what the picture shows
Text = Annotated[str, Words(2000)]


class MendForm(Struct):
    words: Text = ""
    owner: int | None = None
    due_on: date | None = None


class HoldForm(Struct):
    reason: Text = ""
    until_on: date | None = None


class ReportPages(Controller):
    """Of an alert that is over: the whole for those who lead, their own areas for stewards."""

    path = "/alerts/{alert_id:int}/report"

    @get(only=LOOKING)
    async def show(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        return await the_report(request, alert_id)

    @post("/mends", only=LEADS)
    async def mend(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, MendForm)
        if not form:
            return await the_report(request, alert_id, status=422, mending=form)
        meant, by = form.meant, request.user
        try:
            await after.add_mend(alert_id, meant.words, owner=meant.owner, due_on=meant.due_on, by=by, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_report(request, alert_id, status=refusal.status, mending=form)
        return to(f"/alerts/{alert_id}/report#mends", say("Written down. Its owner is told, and reminded on the day."))

    @post("/hold", only=(RoleKind.administrator,))
    async def hold(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, HoldForm)
        if not form:
            return await the_report(request, alert_id, status=422, holding=form)
        try:
            await after.hold(alert_id, form.meant.reason, form.meant.until_on, by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_report(request, alert_id, status=refusal.status, holding=form)
        return to(f"/alerts/{alert_id}/report#kept", say("Kept until then. Everybody whom it concerns reads why."))

    @post("/hold/end", only=(RoleKind.administrator,))
    async def lift(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await after.lift(alert_id, by=request.user, now=now())
        return to(f"/alerts/{alert_id}/report#kept", say("Lifted: from now on the usual time holds."))

    @get("/outside", only=LEADS)
    async def preview(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        """Before it is public: exactly what would be read."""
        alert = await after.ended(alert_id, by=request.user, now=now())
        return outside_page(request, await after.as_outside(alert), preview=True)

    @post("/publication", only=LEADS)
    async def publish(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await after.publish(alert_id, True, by=request.user, now=now())
        return to(
            f"/alerts/{alert_id}/report#outside",
            say("Public: whoever has the address reads it."),
            undo=f"/alerts/{alert_id}/report/publication/end",
        )

    @post("/publication/end", only=LEADS)
    async def end_publication(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await after.publish(alert_id, False, by=request.user, now=now())
        return to(f"/alerts/{alert_id}/report#outside", say("No longer public."))


class OutsidePages(Controller):
    """What everybody may read: public reports, without a sign-in; and what exercises show, for those who lead."""

    @get("/alerts/{alert_id:int}/report/public", public=True)
    async def public(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        return outside_page(request, await after.outside(alert_id), preview=False)

    @get("/alerts/exercises", only=LEADS)
    async def exercises(self, request: HTMXRequest) -> Page:
        found = await after.exercises(request.user)
        known: dict[str, Any] = {"times": over_time(found), "shares": shares(found)} if found else {}
        return page(request, "alerts/exercises.html", exercises=found, **known)


def outside_page(request: HTMXRequest, outside: after.Outside, *, preview: bool) -> Page:
    picture = by_minute(outside.figures)
    known: dict[str, Any] = {"figures": outside.figures, "picture": picture, "marks_at": _marks(outside.figures)}
    return page(request, "alerts/outside.html", outside=outside, preview=preview, **known, **KNOWN)


async def the_report(request: HTMXRequest, alert_id: int, *, status: int = 200, **forms: Form) -> Page:
    at, by = now(), request.user
    report = await after.report(alert_id, by=by, now=at)
    today = await community.today(at)
    known: dict[str, Any] = {"mending": blank(due_on=""), "holding": blank(), **forms}
    return page(
        request,
        "alerts/report.html",
        status=status,
        report=report,
        alert=report.alert,
        figures=report.figures,
        headline=rules.headline_of(report.alert),
        picture=by_minute(report.figures),
        marks_at=_marks(report.figures),
        owners=await after.officers(at) if rules.leads(by) else [],
        leads=rules.leads(by),
        may_hold=after.may_hold(by),
        kept_until=after.goes_on(report.alert),
        today=today,
        what=HELP,
        what_icons=HELP_ICONS,
        **known,
        **KNOWN,
    )


def _marks(figures: after.Figures) -> list[int]:
    """Minutes of the table, and the last one."""
    return [*(each for each in MARKS if each < figures.minutes), figures.minutes]
