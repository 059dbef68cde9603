from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.joining import rules
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.languages import language
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class PosterForm(Struct):
    area: int
    days: int = 30


class PosterPages(Controller):
    path = "/posters"
    opt = {"only": rules.OFFICERS}

    @get()
    async def all(self, request: HTMXRequest) -> Page:
        return await _all(request, blank(area="", days=30))

    @post()
    async def hang(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, PosterForm)
        if not form:
            return await _all(request, form, 422)
        try:
            made = await rules.hang(form.meant.area, days=form.meant.days, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _all(request, form, refusal.status)
        return to(f"/posters/{made}")

    @get("/{poster_id:int}")
    async def show(self, request: HTMXRequest, poster_id: FromPath[int]) -> Page:
        poster = await rules.poster(poster_id, by=request.user)
        tongues = [language(tag) for tag in request.state.here.languages]
        line, link = await rules.line_of(poster.area), f"{settings().base_url}/join/{poster.code}"
        known: dict[str, Any] = {"line": line, "is_open": poster.is_open(now()), "tongues": tongues, "link": link}
        words, code = rules.on_poster(poster), rules.grouped(poster.code)
        return page(request, "joining/poster.html", poster=poster, words=words, code=code, **known)

    @post("/{poster_id:int}/closing")
    async def close(self, request: HTMXRequest, poster_id: FromPath[int]) -> Redirect:
        await rules.close(poster_id, by=request.user, now=now())
        return to("/posters", say("The poster opens nothing any more."), undo=f"/posters/{poster_id}/opening")

    @post("/{poster_id:int}/opening")
    async def open_again(self, request: HTMXRequest, poster_id: FromPath[int]) -> Redirect:
        await rules.open_again(poster_id, by=request.user, now=now())
        return to(f"/posters/{poster_id}", say("It opens again."))


async def _all(request: HTMXRequest, form: Form, status: int = 200) -> Page:
    posters, areas = await rules.posters(request.user), await rules.choices(request.user)
    known: dict[str, Any] = {"posters": posters, "areas": areas, "days": rules.DAYS, "at": now()}
    return page(request, "joining/posters.html", status=status, form=form, **known)
