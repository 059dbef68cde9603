from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest

from app.config import settings
from app.features.spaces import rules
from app.features.spaces.pages.common import zone_of
from app.kit.calendars import calendar
from app.kit.clock import now
from app.kit.feeds import PRIVATE, PUBLIC, fetched
from app.kit.languages import language, speaking
from app.kit.refusals import Missing


class CalendarPages(Controller):
    """For other programs (RFC 5545)."""

    @get("/spaces/{slug:str}/calendar.ics", public=True)
    async def of_space(self, request: HTMXRequest, slug: FromPath[str], lang: FromQuery[str] = "") -> Response[bytes]:
        """Of a space that was ticked public, in one of the community's languages: programs have none of their own."""
        room, entries = await rules.of_space(slug, now=now())
        tags = request.state.here.languages
        tongue = language(lang if lang in tags else tags[0])
        url = settings().base_url
        made = calendar(entries, name=room.name, zone=zone_of(request), tongue=tongue, base_url=url)
        return fetched(request, made, keep=PUBLIC, name=f"{room.slug}.ics")

    @get("/bookings/{booking_id:int}/ics")
    async def one(self, request: HTMXRequest, booking_id: FromPath[int]) -> Response[bytes]:
        """A booking by itself; its address ends in .ics (app/kit/endings.py)."""
        booked, by = await rules.booking_of(booking_id), request.user
        room = await rules.space_of(booked.space)
        if not await rules.may_see(by, booked, room):
            raise Missing
        own = by.id in (booked.person, booked.acted_by)
        entry, zone, url = await rules.entry_of(booking_id, own=own), zone_of(request), settings().base_url
        made = calendar([entry], name=room.name, zone=zone, tongue=speaking.get(), base_url=url)
        return fetched(request, made, keep=PRIVATE, name=f"booking-{booking_id}.ics")

    @get("/bookings/repeats/{series_id:int}/ics")
    async def repeat(self, request: HTMXRequest, series_id: FromPath[int]) -> Response[bytes]:
        """All of a repeat, as one thing with its exceptions."""
        series, by = await rules.series_of(series_id), request.user
        room = await rules.space_of(series.space)
        if not await rules.sees_series(by, series, room):
            raise Missing
        own = by.id in (series.person, series.acted_by)
        entries, zone, url = await rules.entries_of_series(series_id, own=own), zone_of(request), settings().base_url
        made = calendar(entries, name=room.name, zone=zone, tongue=speaking.get(), base_url=url)
        return fetched(request, made, keep=PRIVATE, name=f"repeat-{series_id}.ics")
