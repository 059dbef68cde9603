from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from datetime import date, timedelta
from itertools import groupby
from time import monotonic
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect, Stream

from app.features.notices import rules
from app.features.people.tables import State
from app.kit.changes import Watcher
from app.kit.clock import now
from app.kit.languages import zone
from app.kit.pages import Page, page, to
from app.kit.paging import which
from app.kit.words import say

WAITING = (State.pending, State.suspended, State.leaving)
PageNumber = Annotated[int | None, QueryParameter(name="page")]
ON_ITS_WAY = timedelta(seconds=10)
ASKS_AGAIN = 180.0  # seconds between two looks whether the sign-in still holds


class NoticePages(Controller):
    """Everybody reads what they were told, those too who wait to be let in."""

    path = "/notices"
    opt = {"also": WAITING}

    @get()
    async def notices(self, request: HTMXRequest, number: PageNumber = None) -> Page:
        told = await rules.page_of(request.user.id, which(number))
        today = now().astimezone(zone.get()).date()
        return page(request, "notices/notices.html", told=told, days=by_day(told.rows), today=today, now=now())

    @get("/count")
    async def count(self, request: HTMXRequest) -> Page:
        return page(request, "notices/count.html")

    @post("/{notice_id:int}/reading")
    async def read(self, request: HTMXRequest, notice_id: FromPath[int]) -> Redirect:
        return to(await rules.read(notice_id, by=request.user.id, now=now()))

    @post("/reading")
    async def read_all(self, request: HTMXRequest) -> Redirect:
        await rules.read_all(request.user.id, now())
        return to("/notices", say("All marked as read."))


def by_day(rows: Iterable[rules.Told]) -> list[tuple[date, list[rules.Told]]]:
    """The days of the community's clock, newest first, each with what was told on it."""
    newest_first = sorted(rows, key=lambda told: told.made_at, reverse=True)
    days = groupby(newest_first, lambda told: told.made_at.astimezone(zone.get()).date())
    return [(day, list(told)) for day, told in days]


@get("/changes", opt={"also": WAITING})
async def changes(request: HTMXRequest) -> Stream:
    """Says which channels to look at again, as long as the page is open and the sign-in holds."""
    watcher: Watcher = request.app.state.watcher
    looks = watcher.looks(channels_of(request.user), since=now() - ON_ITS_WAY)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    still_in = request.app.state.still_in
    return Stream(events(looks, lambda: still_in(request)), media_type="text/event-stream", headers=headers)


def channels_of(viewer: Any) -> set[str]:
    """What concerns this person; what concerns everybody, or whoever holds a role, is for those who were let in."""
    let_in = {"community"} | ({"officers"} if viewer.roles else set())
    return {f"person:{viewer.id}"} | (let_in if viewer.state == State.active else set())


async def events(looks: Any, still_in: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
    """WHATWG HTML, 9.2.6: a comment keeps the line open, an event `look` carries a channel."""
    yield ": here\n\n"
    asked = monotonic()
    async with aclosing(looks):
        async for channels in looks:
            if monotonic() - asked > ASKS_AGAIN:
                if not await still_in():
                    return
                asked = monotonic()
            yield "".join([f"event: look\ndata: {channel}\n\n" for channel in channels]) or ":\n\n"
