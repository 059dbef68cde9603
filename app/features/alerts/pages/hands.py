from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts.pages.looking import shown
from app.features.alerts.rules import LEADS, hands
from app.features.help.rules import STANDS
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import say, say_n


class AskForm(Struct):
    """`most` is how many of those who live nearest; without it all of them. `door` is a household."""

    kind: Annotated[str, Words(40)]
    most: int | None = None
    door: int | None = None
    words: Annotated[str, Words(300)] = ""


class HandPages(Controller):
    """Who can do what, is safe and is free: for those who lead."""

    path = "/alerts/{alert_id:int}/hands"
    opt = {"only": LEADS}

    @get()
    async def all_of_them(
        self, request: HTMXRequest, alert_id: FromPath[int], door: FromQuery[int | None] = None
    ) -> Page:
        by, at = request.user, now()
        known: dict[str, Any] = await shown(alert_id, request)
        known["home"] = await people.household(door) if door is not None else None
        known["hands"] = await hands.hands(known["alert"], door=door, by=by, now=at)
        known["asked"] = await hands.asked(known["alert"], by=by)
        return page(request, "alerts/hands.html", **known, nearest=hands.NEAREST, stands=STANDS, at=at)

    @post()
    async def ask(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        form = await filled(request, AskForm)
        if not form:
            raise Refusal(say("Please choose one of these."))
        meant = form.meant
        most = meant.most if meant.most and meant.most > 0 else None
        said: dict[str, Any] = {"most": most, "door": meant.door, "words": meant.words}
        asked = await hands.ask(alert_id, meant.kind, by=request.user, now=now(), **said)
        told = say_n("One person is asked.", "%(n)s people are asked.", asked)
        return to(f"/alerts/{alert_id}/hands" + (f"?door={meant.door}" if meant.door else ""), told)
