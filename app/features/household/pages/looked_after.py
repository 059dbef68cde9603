from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest

from app.features.household import rules
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.pages import Page, page
from app.kit.paging import which

LONGEST_ADDRESS = 60


class LookedAfterPages(Controller):
    path = "/households"

    @get(only=(Kind.steward, Kind.administrator))
    async def find(
        self,
        request: HTMXRequest,
        q: FromQuery[str] = "",
        number: Annotated[str, QueryParameter(name="page")] = "",
    ) -> Page:
        wanted = q.strip()[:LONGEST_ADDRESS]
        turn = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        found = await rules.households(request.user, wanted, number=which(turn))
        return page(request, "household/households.html", found=found, q=wanted)

    @get("/{household_id:int}")
    async def show(self, request: HTMXRequest, household_id: FromPath[int]) -> Page:
        seen = await rules.household(household_id, by=request.user, now=now())
        return page(request, "household/looked_at.html", seen=seen)
