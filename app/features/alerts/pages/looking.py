from asyncio import gather
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts import rules
from app.features.alerts.pages.windows import windows
from app.features.alerts.rules import boards, knocks
from app.features.alerts.rules.words import ANSWERS, HOW
from app.features.alerts.tables import Answer
from app.features.help import rules as help
from app.features.people.tables import Kind as RoleKind
from app.kit.clock import now
from app.kit.forms import filled, sent
from app.kit.pages import Page, page, to
from app.kit.paging import which
from app.kit.words import say_n

PageNumber = Annotated[int | None, QueryParameter(name="page")]


class InArea(Struct):
    area: int | None = None


async def shown(alert_id: int, request: HTMXRequest) -> dict[str, Any]:
    """The alert of every page here, as far as it is theirs to see."""
    alert = await rules.seen(alert_id, by=request.user, now=now())
    return {"alert": alert, "headline": rules.headline_of(alert)}


def _doors(typed: Mapping[str, Any]) -> Iterator[tuple[int, Answer]]:
    """door-7=safe; what is left empty, or no answer of ours, is not said."""
    for name, answer in typed.items():
        household = name.removeprefix("door-")
        if household != name and household.isdecimal() and answer in set(Answer):
            yield int(household), Answer(answer)


class LookingPages(Controller):
    """The roll call: everything for coordinators and administrators, their own areas for stewards."""

    path = "/alerts/{alert_id:int}"
    opt = {"only": (RoleKind.coordinator, RoleKind.administrator, RoleKind.steward)}

    @get("/board")
    async def whole(self, request: HTMXRequest, alert_id: FromPath[int], number: PageNumber = None) -> Page:
        known = await shown(alert_id, request)
        board, sought = await gather(
            boards.board(known["alert"], by=request.user),
            boards.sought(known["alert"], which(number), area=None, by=request.user),
        )
        return page(request, "alerts/looking.html", **known, board=board, sought=sought, windows=windows, at=now())

    @get("/board/{area_id:int}")
    async def one_area(
        self, request: HTMXRequest, alert_id: FromPath[int], area_id: FromPath[int], number: PageNumber = None
    ) -> Page:
        known = await shown(alert_id, request)
        board, sought = await gather(
            boards.board_of(known["alert"], area_id, by=request.user),
            boards.sought(known["alert"], which(number), area=area_id, by=request.user),
        )
        return page(request, "alerts/looking.html", **known, board=board, sought=sought, windows=windows, at=now())

    @get("/doors/{household_id:int}")
    async def door(self, request: HTMXRequest, alert_id: FromPath[int], household_id: FromPath[int]) -> Page:
        known = await shown(alert_id, request)
        behind = await boards.behind(known["alert"], household_id, by=request.user)
        at = now()
        knock = await knocks.at_the_door(known["alert"], household_id, by=request.user, now=at)
        told = help.timeline(knock.whole, reader=request.user.id) if knock else []
        more: dict[str, Any] = {"knock": knock, "told": told, "words": ANSWERS, "how": HOW, "at": at}
        return page(request, "alerts/door.html", **known, behind=behind, **more)

    @get("/delivery")
    async def delivery(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page:
        known = await shown(alert_id, request)
        return page(request, "alerts/delivery.html", **known, panel=await boards.panel(known["alert"], by=request.user))

    @get("/paper/{area_id:int}")
    async def paper(self, request: HTMXRequest, alert_id: FromPath[int], area_id: FromPath[int]) -> Page:
        known = await shown(alert_id, request)
        listed = await boards.paper(known["alert"], area_id, by=request.user)
        return page(request, "alerts/paper.html", **known, paper=listed, at=now())

    @get("/walked/{area_id:int}")
    async def to_type_in(self, request: HTMXRequest, alert_id: FromPath[int], area_id: FromPath[int]) -> Page:
        known = await shown(alert_id, request)
        listed = await boards.paper(known["alert"], area_id, by=request.user)
        return page(request, "alerts/walked.html", **known, paper=listed)

    @post("/walked/{area_id:int}")
    async def typed_in(self, request: HTMXRequest, alert_id: FromPath[int], area_id: FromPath[int]) -> Redirect:
        known = await shown(alert_id, request)
        found = dict(_doors(await sent(request)))
        people = await boards.walked(known["alert"], area_id, found, by=request.user, now=now())
        said = say_n("Written down for one person.", "Written down for %(n)s people.", people)
        return to(f"/alerts/{alert_id}/board/{area_id}", said)

    @post("/reminder")
    async def remind(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        form = await filled(request, InArea)
        area = form.meant.area if form else None
        rung = await rules.remind(alert_id, area=area, by=request.user, now=now())
        said = say_n("One person is rung once more.", "%(n)s people are rung once more.", rung)
        return to(f"/alerts/{alert_id}/board" + (f"/{area}" if area else ""), said)
