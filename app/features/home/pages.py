from typing import Any

from litestar import Controller, Response, get
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.home import rules
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.pages import HEADERS, Page, page, to
from app.kit.pocket import InPocket
from app.kit.templates import spoken

WHERE_THEY_STAND = {State.leaving: "/account/leaving", State.pending: "/waiting"}


class HomePages(Controller):
    path = "/"

    @get(public=True)
    async def home(self, request: HTMXRequest) -> Page | Redirect:
        viewer, here = request.user, request.state.here
        if viewer is None:
            return page(request, "home/welcome.html")
        if viewer.state != State.active:
            return to(WHERE_THEY_STAND.get(viewer.state, "/account"))
        at = now()
        shown = await rules.on_home(viewer, request.app.state.on_home, now=at)
        hello = rules.greeting(viewer.name, at.astimezone(here.clock))
        roles = [words for kind, words in people.KINDS.items() if viewer.is_a(kind)]
        joined = await rules.how_far_joined(viewer)
        return page(request, "home/home.html", hello=hello, shown=shown, roles=roles, joined=joined)

    @get("/pocket")
    async def pocket(self, request: HTMXRequest) -> Response[list[dict[str, Any]]]:
        """Whose it is stands beside it: a phone keeps it under that person, and shows it to nobody else."""
        viewer = request.user
        pages = await rules.in_pocket(viewer, request.app.state.in_pocket, now=now())
        return Response([_block(request, each) for each in pages], headers={**HEADERS, "Kith-Person": str(viewer.id)})


def _block(request: HTMXRequest, each: InPocket) -> dict[str, Any]:
    engine: Any = request.app.template_engine
    around = {"viewer": request.user, "here": request.state.here, "path": each.path}
    html = engine.get_template(each.template).render(**around | each.shows)
    return {"path": each.path, "title": spoken(each.title), "html": html, "until": each.until}


PAGES = (HomePages,)
