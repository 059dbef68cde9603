from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.events import rules
from app.features.events.pages.common import KNOWN
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say


class NameForm(Struct):
    name: Annotated[str, Words(80)] = ""


class DoorPages(Controller):
    """For the hosts, with one hand: who is expected, one press for each."""

    path = "/events/{event_id:int}/door"

    @get()
    async def door(self, request: HTMXRequest, event_id: FromPath[int]) -> Page:
        return await _door(request, event_id, blank())

    @post("/{answer_id:int}/arrival")
    async def check_in(self, request: HTMXRequest, event_id: FromPath[int], answer_id: FromPath[int]) -> Redirect:
        came = await rules.check_in(event_id, answer_id, by=request.user, now=now())
        undo = f"/events/{event_id}/door/{answer_id}/departure"
        return to(f"/events/{event_id}/door", say("%(name)s is in.", name=came.name or ""), undo=undo)

    @post("/{answer_id:int}/departure")
    async def check_out(self, request: HTMXRequest, event_id: FromPath[int], answer_id: FromPath[int]) -> Redirect:
        await rules.check_out(event_id, answer_id, by=request.user, now=now())
        return to(f"/events/{event_id}/door", say("Taken back."))

    @post("/arrivals")
    async def walk_in(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, NameForm)
        try:
            if form:
                await rules.walk_in(event_id, form.meant.name, by=request.user, now=now())
                return to(f"/events/{event_id}/door", say("One more is in."))
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _door(request, event_id, form, refusal.status)
        return await _door(request, event_id, form, 422)


async def _door(request: HTMXRequest, event_id: int, form: Form, status: int = 200) -> Page:
    event, answers = await rules.at_the_door(event_id, by=request.user)
    values = {
        "event": event,
        "inside": [each for each in answers if each.came_at],
        "expected": [each for each in answers if not each.came_at],
        "is_open": rules.is_open(event, now()),
        "hosts": {each.id for each in await rules.hosting(event)},
    }
    return page(request, "events/door.html", status=status, form=form, **values, **KNOWN)
