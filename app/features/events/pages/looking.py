from typing import Any

from litestar import Controller, get
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest

from app.features.events import rules
from app.features.events.pages.common import KNOWN
from app.features.events.rules import Gathering
from app.features.events.tables import Said
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, blank
from app.kit.pages import Page, page
from app.kit.refusals import Missing
from app.kit.words import say


class LookingPages(Controller):
    path = "/events"

    @get()
    async def whats_on(self, request: HTMXRequest, show: FromQuery[str] = "") -> Page:
        by, at = request.user, now()
        lists: dict[str, Any] = {"mine": rules.my_events, "past": rules.what_was}
        events = await lists.get(show, rules.whats_on)(by, now=at)
        return page(request, "events/events.html", events=events, show=show if show in lists else "", at=at, **KNOWN)

    @get("/{event_id:int}", public=True)
    async def one(self, request: HTMXRequest, event_id: FromPath[int]) -> Page:
        if request.user is not None and request.user.is_active:
            return await shown(request, event_id)
        try:
            event = await rules.public_event(event_id)
        except Missing:
            raise _nothing_to_see(request) from None
        return page(request, "events/public.html", event=event, at=now(), **KNOWN)


def _nothing_to_see(request: HTMXRequest) -> Exception:
    if request.user is None:
        return NotAuthorizedException(extra=say("Please sign in first."))  # type: ignore[arg-type]
    return Missing()


async def shown(
    request: HTMXRequest, event_id: int, status: int = 200, *, form: Form | None = None, **forms: Form
) -> Page:
    """The event as the reader sees it; the forms on it stay as they were typed."""
    by, at = request.user, now()
    event = await rules.event_for(event_id, by=by)
    mine = await rules.answer_of(event_id, by.id)
    waits = await rules.place_in_line(event, by.id) if event.mine != Said.yes else None
    await notices.read_about(event.path, by=by.id, now=at)
    values: dict[str, Any] = {
        "event": event,
        "mine": mine,
        "at": at,
        "waits": waits,
        "place": await rules.number_in_line(waits) if waits else 0,
        "offered": waits is not None and waits.offered(at),
        "parts": await rules.parts_of(event_id),
        "faces": await rules.who_comes(event, by=by, now=at),
        "hosts": await rules.hosting(event),
        "others": await rules.others_of(event, by=by, now=at),
        "for_whom": await people.acts_for(by),
        "door_open": rules.is_open(event, at),
        "may_say_how": await rules.may_say_how(event, mine, at) and not await rules.has_said_how(event_id, by=by),
        "heard": await rules.heard(event_id) if event.hosted and event.is_over(at) else None,
        "form": await _answer_form(event, mine, waits, request) if form is None else form,
        "languages_here": request.state.here.languages,
    }
    for name in ("how_form", "part_form", "cancel_form"):
        values[name] = forms[name] if name in forms else blank()
    return page(request, "events/event.html", status=status, **values, **KNOWN)


async def _answer_form(event: Gathering, mine: Any, waits: Any, request: HTMXRequest) -> Form:
    if mine is None:
        return blank(guests=rules.guests_wanted(waits) if waits else 0)
    needs: dict[str, Any] = dict(await rules.my_needs(event.id, by=request.user, now=now()))
    return blank(guests=mine.guests, shown=mine.shown, agrees=bool(needs), **needs)
