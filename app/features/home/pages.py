from litestar import Controller, get
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.home import rules
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.pages import Page, page, to

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


PAGES = (HomePages,)
