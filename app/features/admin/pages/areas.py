from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin.pages.desk import Desk, PageNumber
from app.features.community import rules as community
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.paging import paged, which, window
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class AreaForm(Struct):
    kind: Annotated[str, Words(40)]
    name: Annotated[str, Words(60)]
    parent: int | None = None


class NameForm(Struct):
    name: Annotated[str, Words(60)]


class PlaceForm(Struct):
    later: bool = False


class DoorForm(Struct):
    door: Annotated[str, Words(40)]
    address: Annotated[str, Words(120)]


class AreaPages(Desk):
    path = "/admin/areas"

    @get()
    async def tree(self, request: HTMXRequest) -> Page:
        return await _tree(request)

    @post()
    async def add(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, AreaForm)
        parent = form.meant.parent if form else _number(form.values["parent"])
        try:
            if form:
                meant = form.meant
                await community.add_area(parent=parent, kind=meant.kind, name=meant.name, by=request.user.id, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        if form:
            return to(f"/admin/areas/{parent}" if parent else "/admin/areas", say("Added."))
        return await (_area(request, parent, 422, add_form=form) if parent else _tree(request, 422, add_form=form))

    @post("/return")
    async def add_again(
        self, request: HTMXRequest, kind: FromQuery[str], name: FromQuery[str], parent: FromQuery[int | None] = None
    ) -> Redirect:
        """The way back from removing an empty area."""
        await community.add_area(parent=parent, kind=kind, name=name, by=request.user.id, now=now())
        return to(f"/admin/areas/{parent}" if parent else "/admin/areas", say("It is back."))

    @get("/{area_id:int}")
    async def area(self, request: HTMXRequest, area_id: FromPath[int], number: PageNumber = None) -> Page:
        return await _area(request, area_id, number=which(number))

    @post("/{area_id:int}/name")
    async def rename(self, request: HTMXRequest, area_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, NameForm)
        if not form:
            return await _area(request, area_id, 422, name_form=form)
        try:
            await community.rename_area(area_id, name=form.meant.name, by=request.user.id, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _area(request, area_id, refusal.status, name_form=form)
        return to(f"/admin/areas/{area_id}", say("Saved."))

    @post("/{area_id:int}/place")
    async def put(self, request: HTMXRequest, area_id: FromPath[int]) -> Redirect:
        form = await filled(request, PlaceForm)
        parent = await community.put_area(area_id, later=form.meant.later, by=request.user.id, now=now())
        return to(f"/admin/areas/{parent}" if parent else "/admin/areas")

    @post("/{area_id:int}/removal")
    async def remove(self, request: HTMXRequest, area_id: FromPath[int]) -> Redirect:
        gone = await people.remove_area(area_id, by=request.user.id, now=now())
        where = f"/admin/areas/{gone.parent}" if gone.parent else "/admin/areas"
        again = urlencode({"kind": gone.kind, "name": gone.name} | ({"parent": gone.parent} if gone.parent else {}))
        return to(where, say("Removed."), undo=f"/admin/areas/return?{again}")

    @post("/{area_id:int}/households")
    async def add_household(self, request: HTMXRequest, area_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, DoorForm)
        if not form:
            return await _area(request, area_id, 422, door_form=form)
        try:
            meant, by = form.meant, request.user.id
            made = await people.add_household(area=area_id, door=meant.door, address=meant.address, by=by, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _area(request, area_id, refusal.status, door_form=form)
        return to(f"/admin/households/{made}", say("Added."))


async def _tree(request: HTMXRequest, status: int = 200, **forms: Form) -> Page:
    here = await community.here()
    known: dict[str, Any] = {"add_form": blank(kind=here.area_kinds[0] if here else "")}
    branches, kinds = await community.tree(), _kinds(here)
    return page(request, "admin/areas.html", status=status, branches=branches, kinds=kinds, **known | forms)


async def _area(request: HTMXRequest, area_id: int, status: int = 200, number: int = 1, **forms: Form) -> Page:
    here, line = await community.here(), await community.line_to(area_id)
    if not line:
        raise Missing
    limit, offset = window(number)
    area, homes = line[-1], await people.households_in(area_id, limit=limit, offset=offset)
    known: dict[str, Any] = {
        "name_form": blank(name=area.name),
        "add_form": blank(kind=_next_kind(here, area.kind)),
        "door_form": blank(door="", address=_beginning(line)),
    }
    return page(
        request,
        "admin/area.html",
        status=status,
        line=line,
        area=area,
        inside=await community.areas_in(area_id),
        homes=paged(homes, number),
        kinds=_kinds(here),
        **known | forms,
    )


def _kinds(here: community.Here | None) -> list[tuple[str, Any]]:
    return [(kind, community.kind_name(kind)) for kind in (here.area_kinds if here else ())]


def _next_kind(here: community.Here | None, kind: str) -> str:
    """Inside a building one usually adds an entrance."""
    kinds = list(here.area_kinds) if here else []
    place = kinds.index(kind) + 1 if kind in kinds else 0
    return kinds[min(place, len(kinds) - 1)] if kinds else ""


def _beginning(line: list[community.AreaRow]) -> str:
    """ "3-2-" for a door on floor 5 of building 3, entrance 2: a door says its floor by itself."""
    return "".join(f"{area.name}-" for area in line if area.kind != "floor")


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 10 else None
