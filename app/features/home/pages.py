from asyncio import gather
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.alerts import rules as alerts
from app.features.alerts.rules.words import ANSWERS, HOW, ICONS, LEVELS, MARKS
from app.features.help import rules as needs
from app.features.home import rules
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.forms import blank
from app.kit.lines import OnHome
from app.kit.pages import HEADERS, Page, page, to
from app.kit.pocket import InPocket
from app.kit.templates import spoken

WORDS: dict[str, Any] = {"levels": LEVELS, "marks": MARKS, "answers": ANSWERS, "hows": HOW, "categories": ICONS}
WHERE_THEY_STAND = {State.leaving: "/account/leaving", State.pending: "/waiting"}


class HomePages(Controller):
    path = "/"

    @get(public=True)
    async def home(self, request: HTMXRequest, everyday: FromQuery[bool] = False) -> Page | Redirect:
        viewer, here = request.user, request.state.here
        if viewer is None:
            return page(request, "home/welcome.html")
        at = now()
        going_on = await alerts.concerning(viewer, now=at)
        if going_on and not (everyday and viewer.state == State.active):
            return await _in_an_emergency(request, going_on, at)
        if viewer.state != State.active:
            return to(WHERE_THEY_STAND.get(viewer.state, "/account"))
        shown = await rules.on_home(viewer, request.app.state.on_home, now=at)
        hello = rules.greeting(viewer.name, at.astimezone(here.clock))
        roles = [words for kind, words in people.KINDS.items() if viewer.is_a(kind)]
        joined = await rules.how_far_joined(viewer)
        values: dict[str, Any] = {"shown": shown, "roles": roles, "joined": joined, "going_on": going_on, **WORDS}
        return page(request, "home/home.html", hello=hello, **values)

    @get("/pocket", also=(State.suspended, State.leaving))
    async def pocket(self, request: HTMXRequest) -> Response[list[dict[str, Any]]]:
        """Whose it is stands beside it: a phone keeps it under that person, and shows it to nobody else."""
        viewer = request.user
        bring = request.app.state.in_pocket if viewer.state == State.active else [alerts.in_pocket]
        pages = await rules.in_pocket(viewer, bring, now=now())
        return Response([_block(request, each) for each in pages], headers={**HEADERS, "Kith-Person": str(viewer.id)})


async def _in_an_emergency(request: HTMXRequest, going_on: list[alerts.News], at: datetime) -> Page:
    """The first of them whole; the others are one tap away, and so is everything else."""
    first, viewer, active = going_on[0], request.user, request.user.state == State.active
    places, roll, lifelines, doors_waiting, shown = await gather(
        alerts.where(first.id),
        alerts.roll_call_of(first, viewer, now=at),
        alerts.lifelines_of(viewer),
        alerts.doors_waiting(first.id, by=viewer),
        needs.on_home(viewer, now=at) if active else _nothing(),
    )
    found: dict[str, Any] = {"places": places, "roll": roll, "lifelines": lifelines, "doors_waiting": doors_waiting}
    about: dict[str, Any] = {"others": going_on[1:], "leads": alerts.leads(viewer), "active": active, "at": at}
    return page(request, "home/emergency.html", first=first, shown=shown, **found, **about, **WORDS)


async def _nothing() -> OnHome:
    return OnHome()


def _block(request: HTMXRequest, each: InPocket) -> dict[str, Any]:
    engine: Any = request.app.template_engine
    around = {"viewer": request.user, "here": request.state.here, "path": each.path, "form": blank()}
    html = engine.get_template(each.template).render(**around | each.shows)
    return {"path": each.path, "title": spoken(each.title), "html": html, "until": each.until}


PAGES = (HomePages,)
