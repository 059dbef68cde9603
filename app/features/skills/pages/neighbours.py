from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest

from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.skills import rules
from app.features.skills.rules import ICONS, LABELS, Wanted
from app.features.skills.tables import Category
from app.kit.clock import now
from app.kit.pages import Page, page
from app.kit.paging import which

LONGEST_QUESTION = 200


class NeighbourPages(Controller):
    path = "/neighbours"

    @get()
    async def find(
        self,
        request: HTMXRequest,
        q: FromQuery[str] = "",
        category: FromQuery[str] = "",
        area: FromQuery[str] = "",
        emergency: FromQuery[str] = "",
        number: Annotated[str, QueryParameter(name="page")] = "",
    ) -> Page:
        wanted = as_wanted(q, category, area, emergency)
        found = await rules.neighbours(wanted, by=request.user, number=which(as_number(number)))
        query = {
            "q": wanted.words,
            "category": wanted.category,
            "area": wanted.area,
            "emergency": wanted.emergency and 1,
        }
        areas = await community.top_areas()
        answer = page(
            request,
            "skills/neighbours.html",
            found=found,
            wanted=wanted,
            query=query,
            areas=areas,
            labels=LABELS,
            icons=ICONS,
        )
        answer.headers["HX-Push-Url"] = "/neighbours" + (found.link(found.number, **query).rstrip("?"))
        return answer

    @get("/{person_id:int}")
    async def show(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        person = await rules.person(person_id, by=request.user, now=now())
        may_reset = await accounts.may_reset(request.user, person.who)
        return page(
            request,
            "skills/person.html",
            person=person,
            may_reset=may_reset,
            labels=LABELS,
            icons=ICONS,
            reaches=rules.REACHES,
        )


def as_wanted(q: str, category: str, area: str, emergency: str) -> Wanted:
    """A form sends its empty fields too, and people edit addresses: what we do not know is not asked for."""
    known = Category(category) if category in set(Category) else None
    return Wanted(q.strip()[:LONGEST_QUESTION], known, as_number(area), emergency == "1")


def as_number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
