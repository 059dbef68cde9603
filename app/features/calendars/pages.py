from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.features.calendars import rules
from app.kit.calendars import calendar
from app.kit.clock import now
from app.kit.feeds import PRIVATE, fetched
from app.kit.languages import language
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing
from app.kit.words import say

ENDING = ".ics"


class CalendarPages(Controller):
    path = "/calendar"

    @get()
    async def how(self, request: HTMXRequest) -> Page:
        """How one's own calendar reads this one; the address itself is shown once, when it is made."""
        return page(request, "calendars/calendar.html", made_at=await rules.made_at(request.user), address="")

    @post()
    async def renew(self, request: HTMXRequest) -> Page:
        token = await rules.new_address(by=request.user, now=now())
        address = f"{settings().base_url}/calendar/{token}{ENDING}"
        return page(request, "calendars/calendar.html", made_at=now(), address=address)

    @post("/end")
    async def end(self, request: HTMXRequest) -> Redirect:
        await rules.end_address(by=request.user, now=now())
        return to("/calendar", say("That address is dead. No calendar reads yours any more."))

    @get("/{token:str}", public=True)
    async def feed(self, request: HTMXRequest, token: FromPath[str]) -> Response[bytes]:
        """Whoever has the address is let in: it is long, and only its digest is kept."""
        if not token.endswith(ENDING):
            raise Missing
        at, here = now(), request.state.here
        person = await rules.whose(token.removesuffix(ENDING))
        entries = await rules.entries_of(person, request.app.state.in_calendar, now=at)
        tag = person.language if person.language in here.languages else here.languages[0]
        name = say("%(community)s: mine", community=here.name)
        made = calendar(entries, name=name, zone=here.clock, tongue=language(tag), base_url=settings().base_url)
        return fetched(request, made, keep=PRIVATE)


PAGES = (CalendarPages,)
