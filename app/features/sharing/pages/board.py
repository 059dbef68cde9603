"""The sharing board: what there is, as pictures, and how to find something in it."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.community import rules as community
from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN, today_of
from app.features.sharing.rules import Wanted
from app.features.sharing.tables import Category, Kind
from app.kit.clock import now
from app.kit.forms import Form, read
from app.kit.pages import Page, page
from app.kit.paging import which
from app.kit.refusals import Refusal
from app.kit.words import say

LONGEST_QUESTION = 200
LONGEST_LOAN = 366  # days
NEWEST = "newest"


class Days(Struct):
    first: date | None = None
    last: date | None = None


class BoardPages(Controller):
    path = "/share"

    @get()
    async def find(
        self,
        request: HTMXRequest,
        q: FromQuery[str] = "",
        category: FromQuery[str] = "",
        kind: FromQuery[str] = "",
        area: FromQuery[str] = "",
        emergency: FromQuery[str] = "",
        free: FromQuery[str] = "",
        first: FromQuery[str] = "",
        last: FromQuery[str] = "",
        order: FromQuery[str] = "",
        number: Annotated[str, QueryParameter(name="page")] = "",
    ) -> Page:
        today = today_of(request)
        form = days_of(first, last, today)
        wanted = Wanted(
            q.strip()[:LONGEST_QUESTION],
            Category(category) if category in set(Category) else None,
            Kind(kind) if kind in set(Kind) else None,
            as_number(area),
            emergency == "1",
            free == "1",
            form.meant.first if form else None,
            form.meant.last if form else None,
            order == NEWEST,
        )
        found = await rules.board(wanted, by=request.user, now=now(), today=today, number=which(as_number(number)))
        query, areas = as_query(wanted), await community.top_areas()
        values: dict[str, Any] = {"found": found, "wanted": wanted, "query": query, "form": form, "areas": areas}
        answer = page(request, "sharing/board.html", status=200 if form else 422, today=today, **values, **KNOWN)
        answer.headers["HX-Push-Url"] = "/share" + found.link(found.number, **query).rstrip("?")
        return answer


def days_of(first: str, last: str, today: date) -> Form:
    """From one day to another; the first alone is that one day, the last alone is meant from today on."""
    form = read({"first": [first], "last": [last]}, Days)
    if form:
        try:
            form.meant = as_days(form.meant, today)
        except Refusal as refusal:
            form.refuse(refusal)
    return form


def as_days(days: Days, today: date) -> Days:
    if days.first is None and days.last is None:
        return days
    first = days.first or today
    last = days.last or first
    if first < today:
        raise Refusal(say("That day is over."), beside="first")
    if last < first:
        raise Refusal(say("The last day comes after the first."), beside="last")
    if (last - first).days >= LONGEST_LOAN or (first - today).days >= LONGEST_LOAN:
        raise Refusal(say("A year ahead is as far as one can look."), beside="last")
    return Days(first, last)


def as_query(wanted: Wanted) -> dict[str, Any]:
    """As its address says it; what is not asked for is left out."""
    return {
        "q": wanted.words,
        "category": wanted.category,
        "kind": wanted.kind,
        "area": wanted.area,
        "emergency": wanted.emergency and 1,
        "free": wanted.free and 1,
        "first": wanted.first and wanted.first.isoformat(),
        "last": wanted.last and wanted.last.isoformat(),
        "order": NEWEST if wanted.newest else "",
    }


def as_number(typed: str) -> int | None:
    """A form sends its empty fields too, and people edit addresses."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
