from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts import rules
from app.features.alerts.pages.looking import shown
from app.features.alerts.rules import knocking, knocks
from app.features.alerts.rules.knocks import Found
from app.features.alerts.tables import Alert, Answer
from app.features.people.tables import Kind as RoleKind
from app.kit.clock import now
from app.kit.forms import filled, sent
from app.kit.pages import Page, ours, page, to
from app.kit.paging import which
from app.kit.refusals import Refusal
from app.kit.words import say

PageNumber = Annotated[int | None, QueryParameter(name="page")]


class FoundForm(Struct):
    """`person` is whoever of them needs help."""

    found: Found
    person: int | None = None


class KnockPages(Controller):
    """Doors at which nobody has answered: taken by two, knocked at, and what they found."""

    path = "/alerts/{alert_id:int}"
    opt = {"only": (RoleKind.coordinator, RoleKind.administrator, RoleKind.steward)}

    @get("/knocks")
    async def everywhere(self, request: HTMXRequest, alert_id: FromPath[int], number: PageNumber = None) -> Page:
        known = await shown(alert_id, request)
        listed = await knocks.knocks(known["alert"], which(number), by=request.user)
        known |= {"knocks": listed, "sections": knocks.sections(listed), "due": knocking.due(known["alert"])}
        return page(request, "alerts/knocks.html", **known, at=now())

    @post("/doors/{household_id:int}/taking")
    async def take(self, request: HTMXRequest, alert_id: FromPath[int], household_id: FromPath[int]) -> Redirect:
        alert, here = await _door(request, alert_id, household_id)
        await knocks.take(alert, household_id, by=request.user, now=now())
        said = say("Yours. Go together, and do not go in alone.")
        return to(await _back(request, here), said, undo=f"{here}/return")

    @post("/doors/{household_id:int}/return")
    async def give_back(self, request: HTMXRequest, alert_id: FromPath[int], household_id: FromPath[int]) -> Redirect:
        alert, _ = await _door(request, alert_id, household_id)
        await knocks.give_back(alert, household_id, by=request.user, now=now())
        return to(await _back(request, f"/alerts/{alert_id}/knocks"), say("Given back. Others see it again."))

    @post("/doors/{household_id:int}/found")
    async def found(self, request: HTMXRequest, alert_id: FromPath[int], household_id: FromPath[int]) -> Redirect:
        alert, here = await _door(request, alert_id, household_id)
        form = await filled(request, FoundForm)
        if not form:
            raise Refusal(say("What did you find? Please choose one of these."))
        if form.meant.found == Found.nobody:
            await knocks.nobody_there(alert, household_id, by=request.user, now=now())
            return to(await _back(request, here), say("Noted: nobody there. It stays on the list."))
        answer = Answer(form.meant.found)
        said: dict[str, Any] = {"person": form.meant.person, "by": request.user, "now": now()}
        await knocks.opened(alert, household_id, answer, **said)
        return to(await _back(request, here), rules.SAID[answer], undo=f"/alerts/{alert_id}/roll-call/undo")


async def _door(request: HTMXRequest, alert_id: int, household_id: int) -> tuple[Alert, str]:
    alert = await rules.seen(alert_id, by=request.user, now=now())
    return alert, f"/alerts/{alert_id}/doors/{household_id}"


async def _back(request: HTMXRequest, usual: str) -> str:
    """Where the reader stands: the list, or the door."""
    return ours((await sent(request)).get("back") or usual)
