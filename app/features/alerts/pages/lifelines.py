from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts.pages.writing import tags
from app.features.alerts.rules import LEADS, lifelines
from app.features.alerts.rules.lifelines import Line, Typed
from app.features.alerts.rules.showing import lines as areas_by_line
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

Text = Annotated[str, Words(1000)]


class LineForm(Struct):
    title_0: Text = ""
    title_1: Text = ""
    words_0: Text = ""
    words_1: Text = ""
    phone: Text = ""
    area: int | None = None

    def meant(self, tongues: list[str]) -> Typed:
        titles = dict(zip(tongues, (self.title_0, self.title_1), strict=False))
        words = dict(zip(tongues, (self.words_0, self.words_1), strict=False))
        return Typed(titles, words, self.phone, self.area)


class LifelinePages(Controller):
    """Where one meets and whom one rings, written by those who lead."""

    path = "/alerts/lifelines"
    opt = {"only": LEADS}

    @get()
    async def all_of_them(self, request: HTMXRequest) -> Page:
        return page(request, "alerts/lifelines.html", lines=await lifelines.lines())

    @get("/new")
    async def new(self, request: HTMXRequest) -> Page:
        return await the_form(request, blank())

    @post("/new")
    async def add(self, request: HTMXRequest) -> Page | Redirect:
        return await _written(request, None)

    @get("/{line_id:int}")
    async def edit(self, request: HTMXRequest, line_id: FromPath[int]) -> Page:
        return await the_form(request, _form_of(await lifelines.line(line_id), tags(request)), line_id=line_id)

    @post("/{line_id:int}")
    async def change(self, request: HTMXRequest, line_id: FromPath[int]) -> Page | Redirect:
        await lifelines.line(line_id)
        return await _written(request, line_id)

    @post("/{line_id:int}/up")
    async def up(self, request: HTMXRequest, line_id: FromPath[int]) -> Redirect:
        await lifelines.move_line(line_id, up=True, by=request.user, now=now())
        return to("/alerts/lifelines")

    @post("/{line_id:int}/down")
    async def down(self, request: HTMXRequest, line_id: FromPath[int]) -> Redirect:
        await lifelines.move_line(line_id, up=False, by=request.user, now=now())
        return to("/alerts/lifelines")

    @post("/{line_id:int}/removal")
    async def remove(self, request: HTMXRequest, line_id: FromPath[int]) -> Redirect:
        await lifelines.remove_line(line_id, by=request.user, now=now())
        return to("/alerts/lifelines", say("Removed."), undo=f"/alerts/lifelines/{line_id}/return")

    @post("/{line_id:int}/return")
    async def put_back(self, request: HTMXRequest, line_id: FromPath[int]) -> Redirect:
        await lifelines.put_line_back(line_id, by=request.user, now=now())
        return to("/alerts/lifelines", say("It is back."))


async def _written(request: HTMXRequest, line_id: int | None) -> Page | Redirect:
    form = await filled(request, LineForm)
    if not form:
        return await the_form(request, form, line_id=line_id, status=422)
    try:
        await lifelines.write_line(form.meant.meant(tags(request)), id=line_id, by=request.user, now=now())
    except (Missing, NotYours):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return await the_form(request, form, line_id=line_id, status=refusal.status)
    return to("/alerts/lifelines", say("Saved. It stands on every phone of those whom it is for."))


async def the_form(request: HTMXRequest, form: Form, *, line_id: int | None = None, status: int = 200) -> Page:
    areas = [(id, words) for id, words in await areas_by_line()]
    known = {"tongues": tags(request), "areas": areas, "line_id": line_id}
    return page(request, "alerts/lifeline.html", status=status, form=form, **known)


def _form_of(line: Line, tongues: list[str]) -> Form:
    values: dict[str, Any] = {"phone": line.phone, "area": line.area}
    for place, tag in enumerate(tongues):
        values[f"title_{place}"], values[f"words_{place}"] = line.title.typed.get(tag), line.more.typed.get(tag)
    return blank(**values)
