from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts.pages.looking import shown
from app.features.alerts.rules import LEADS, things
from app.features.alerts.rules.things import Wanted
from app.features.sharing.rules import STAGES
from app.features.sharing.tables import Category
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import say, say_n


class AskForm(Struct):
    """One thing, or all that is shown: of a kind, with these words in their names."""

    item: int | None = None
    category: Category | None = None
    q: Annotated[str, Words(80)] = ""
    everywhere: bool = False


class ThingPages(Controller):
    """What is of use, at home and free: for those who lead."""

    path = "/alerts/{alert_id:int}/things"
    opt = {"only": LEADS}

    @get()
    async def all_of_them(
        self, request: HTMXRequest, alert_id: FromPath[int], q: FromQuery[str] = "", everywhere: FromQuery[str] = ""
    ) -> Page:
        wanted = Wanted(q.strip()[:80], everywhere=everywhere == "1")
        known: dict[str, Any] = await shown(alert_id, request)
        known["shelves"] = await things.look(known["alert"], wanted, by=request.user, now=now())
        known["asked"] = await things.asked_things(known["alert"], by=request.user)
        known["query"] = _query(wanted)
        return page(request, "alerts/things.html", **known, wanted=wanted, stages=STAGES, at=now())

    @post()
    async def ask(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        form = await filled(request, AskForm)
        if not form or (form.meant.item is None and form.meant.category is None):
            raise Refusal(say("Please choose one of these."))
        meant = form.meant
        wanted = Wanted(meant.q, meant.category, meant.item, meant.everywhere)
        asked = await things.ask_for_things(alert_id, wanted, by=request.user, now=now())
        told = say_n("Asked for one thing.", "Asked for %(n)s things.", asked)
        return to(f"/alerts/{alert_id}/things{_query(wanted)}", told)


def _query(wanted: Wanted) -> str:
    said = {"q": wanted.words, "everywhere": "1" if wanted.everywhere else ""}
    typed = urlencode({name: word for name, word in said.items() if word})
    return f"?{typed}" if typed else ""
