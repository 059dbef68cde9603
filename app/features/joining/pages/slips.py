from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.config import settings
from app.features.joining import rules
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.languages import language
from app.kit.pages import Page, page
from app.kit.refusals import Missing, Refusal


class AreaForm(Struct):
    area: int


class SlipPages(Controller):
    path = "/slips"
    opt = {"only": rules.OFFICERS}

    @get()
    async def choose(self, request: HTMXRequest, area: FromQuery[int] = 0) -> Page:
        return await _choose(request, area, blank(area=area or ""))

    @post()
    async def print(self, request: HTMXRequest) -> Page:
        """Shown this once: only prints are kept."""
        form = await filled(request, AreaForm)
        if not form:
            return await _choose(request, 0, form, 422)
        try:
            slips = await rules.print_slips(form.meant.area, by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _choose(request, form.meant.area, form, refusal.status)
        until = now() + rules.SLIPS_LAST
        printed = [(slip, rules.grouped(slip.code), rules.on_slip(slip, until)) for slip in slips]
        tongues = [language(tag) for tag in request.state.here.languages]
        return page(request, "joining/slips.html", slips=printed, tongues=tongues, base=settings().base_url)


async def _choose(request: HTMXRequest, area: int, form: Form, status: int = 200) -> Page:
    people = await rules.unclaimed(area, by=request.user, now=now()) if area else []
    areas = await rules.choices(request.user)
    return page(request, "joining/choose_slips.html", status=status, form=form, areas=areas, area=area, people=people)
