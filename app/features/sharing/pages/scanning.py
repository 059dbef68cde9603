from litestar import Controller, get
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.sharing.rules import labels
from app.kit.forms import blank
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Refusal

LONGEST = 300


class ScanPages(Controller):
    """The camera writes into the field, and what stands there is looked up: one road, with scripts or without."""

    path = "/share/scan"

    @get()
    async def scan(self, request: HTMXRequest) -> Page | Redirect:
        typed = request.query_params.get("code", "").strip()[:LONGEST]
        form = blank(code=typed)
        if not typed:
            return page(request, "sharing/scan.html", form=form)
        try:
            return to(await labels.scanned(typed, by=request.user))
        except Refusal as refusal:
            return refused_form(request, "sharing/scan.html", form, refusal)
