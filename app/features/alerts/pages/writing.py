from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.alerts import rules
from app.features.alerts.pages.board import KNOWN
from app.features.alerts.pages.forms import LIMITS, AlertForm, form_of, fresh_form, moment, plan_from
from app.features.alerts.pages.looks import looks_of
from app.features.alerts.rules import TEMPLATES, Act, Plan
from app.features.alerts.tables import Category, Kind, Level
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.features.skills.rules import LABELS as SKILLS
from app.kit.clock import now
from app.kit.forms import Form, filled
from app.kit.languages import NAMES
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

COORDINATORS = (RoleKind.coordinator,)


class WritingPages(Controller):
    """Kind first, on a page of its own; then a template or none; then the words."""

    path = "/alerts"
    opt = {"only": COORDINATORS}

    @get("/new")
    async def new(self, request: HTMXRequest, kind: FromQuery[str] = "", template: FromQuery[str] = "") -> Page:
        chosen = Category(template) if template in set(Category) else None
        if kind not in set(Kind):
            return page(request, "alerts/kind.html", template=chosen, **KNOWN)
        if chosen is None:
            return page(request, "alerts/template.html", kind=Kind(kind), templates=TEMPLATES, **KNOWN)
        form = fresh_form(Kind(kind), chosen, tags(request), request.state.here.clock, now())
        return await the_form(request, form)

    @post("/new")
    async def draft(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, AlertForm)
        if not form:
            return await the_form(request, form, status=422)
        try:
            id = await rules.draft(plan_of(form, request), by=request.user, now=now())
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_form(request, form, status=refusal.status)
        return to(f"/alerts/{id}")

    @post("/preview")
    async def look(self, request: HTMXRequest) -> Page:
        """While it is being written: how it will look, and what it does not say yet. Nothing is kept."""
        return page(request, "alerts/form.html#preview", **await preview(request, await filled(request, AlertForm)))


class EditingPages(Controller):
    path = "/alerts/{alert_id:int}/edit"
    opt = {"only": COORDINATORS}

    @get()
    async def change(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        shown = await editable(request, alert_id)
        return await the_form(request, form_of(shown.plan, tags(request), request.state.here.clock), alert_id=alert_id)

    @post()
    async def edit(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        await editable(request, alert_id)
        form = await filled(request, AlertForm)
        if not form:
            return await the_form(request, form, alert_id=alert_id, status=422)
        try:
            await rules.change(alert_id, plan_of(form, request), by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_form(request, form, alert_id=alert_id, status=refusal.status)
        return to(f"/alerts/{alert_id}", say("Saved."))


async def editable(request: HTMXRequest, alert_id: int) -> rules.Shown:
    roads = frozenset(request.app.state.bell.roads)
    shown = await rules.whole(alert_id, by=request.user, roads=roads, now=now())
    if Act.edit not in shown.may:
        raise Taken(say("It is no draft any more. An update or a correction says new words."))
    return shown


def tags(request: HTMXRequest) -> list[str]:
    return list(request.state.here.languages[:2])


def plan_of(form: Form, request: HTMXRequest) -> Plan:
    return plan_from(form.meant, tags(request), request.state.here.clock)


async def the_form(request: HTMXRequest, form: Form, *, alert_id: int | None = None, status: int = 200) -> Page:
    tree, chosen = await community.tree(), _chosen(form)
    known: dict[str, Any] = {
        "alert_id": alert_id,
        "tree": tree,
        "chosen": chosen,
        "opened": _opened(tree, chosen),
        "roles": people.KINDS,
        "skills": SKILLS,
        "spoken_here": NAMES,
        "most": LIMITS,
        **await preview(request, form),
    }
    return page(request, "alerts/form.html", status=status, form=form, **known)


async def preview(request: HTMXRequest, form: Form) -> dict[str, Any]:
    """From whatever was typed so far, fit or not."""
    written = _so_far(form, request)
    tongues = tags(request)
    return {
        "plan": written,
        "kind": written.kind,
        "tongues": tongues,
        "looks": looks_of(written, await rules.places_of(written.areas), tongues, request.state.here.name),
        "left_out": {tag: rules.left_out(written, tag) for tag in tongues},
        **KNOWN,
    }


def _so_far(form: Form, request: HTMXRequest) -> Plan:
    typed, clock = form.values, request.state.here.clock
    tongues = tags(request)
    try:
        until = moment(str(typed.get("until_at", "")), clock)
    except Refusal:
        until = now()
    return Plan(
        kind=_one_of(Kind, typed.get("kind"), Kind.real),
        level=_one_of(Level, typed.get("level"), Level.caution),
        category=_one_of(Category, typed.get("category"), Category.other),
        headlines={tag: typed.get(f"headline_{n}", "") for n, tag in enumerate(tongues)},
        bodies={tag: typed.get(f"body_{n}", "") for n, tag in enumerate(tongues)},
        until_at=until,
        areas=tuple(_chosen(form)),
        source=typed.get("source", ""),
    )


def _chosen(form: Form) -> frozenset[int]:
    return frozenset(int(each) for each in form.values.get("areas") or () if str(each).isdecimal())


def _opened(branches: list[community.Branch], chosen: frozenset[int]) -> frozenset[int]:
    """Those in which something is chosen, however deep."""
    found: set[int] = set()
    for branch in branches:
        within = _opened(branch.inside, chosen)
        found |= within
        if within or any(each.area.id in chosen for each in branch.inside):
            found.add(branch.area.id)
    return frozenset(found)


def _one_of(kind: Any, typed: Any, otherwise: Any) -> Any:
    return kind(typed) if typed in set(kind) else otherwise
