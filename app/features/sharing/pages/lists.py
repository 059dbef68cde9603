import asyncio

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people.tables import Kind
from app.features.roster.rules.report import WORDS, What
from app.features.sharing.rules.list_bringing import bring_items
from app.features.sharing.rules.list_out import list_of
from app.features.sharing.rules.list_report import ListReport
from app.features.sharing.rules.list_rows import MOST_ROWS, text_of
from app.kit.cells import as_csv
from app.kit.clock import now
from app.kit.forms import Form, blank, filled, sent
from app.kit.languages import speaking
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

MOST_BYTES = 2 * 1024 * 1024
ENVELOPE = 64 * 1024
SHOWN = 200  # rows of a report, the refused ones first


class ListForm(Struct):
    """The list as text, so that what comes in is what was looked over."""

    list: str


class ImportPages(Controller):
    """A list of the community's things: looked over row by row, and brought in when somebody says so."""

    path = "/share/import"
    opt = {"only": (Kind.administrator, Kind.coordinator, Kind.space_manager)}

    @get()
    async def form(self, request: HTMXRequest) -> Page:
        return _asked(request, blank())

    @post("/preview", strong=True, request_max_body_size=MOST_BYTES + ENVELOPE)
    async def look(self, request: HTMXRequest) -> Page:
        """Writes nothing."""
        file = (await sent(request)).get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        try:
            text = await asyncio.to_thread(text_of, content)
            return await _looked_over(request, text)
        except Refusal as refusal:
            form = blank()
            form.refuse(refusal)
            return _asked(request, form, refusal.status)

    @post(strong=True, request_max_body_size=MOST_BYTES + ENVELOPE)
    async def bring(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, ListForm)
        if not form:
            return _asked(request, form, 422)
        report = await bring_items(form.meant.list.encode(), by=request.user, now=now())
        return to("/share/labels", say("The list is in: %(made)s new, %(merged)s changed.", **report.counts))


async def _looked_over(request: HTMXRequest, text: str) -> Page:
    report = await bring_items(text.encode(), by=request.user, now=now(), dry_run=True)
    return _asked(request, blank(), report=report, text=text)


def _asked(
    request: HTMXRequest, form: Form, status: int = 200, *, report: ListReport | None = None, text: str = ""
) -> Page:
    shown = [*report.of(What.refused), *report.of(What.merged, What.made)][:SHOWN] if report else []
    known = {"form": form, "report": report, "text": text, "shown": shown, "words": WORDS, "most": MOST_ROWS}
    return page(request, "sharing/import.html", status=status, **known)


class ListPages(Controller):
    path = "/share/items.csv"

    @get()
    async def own(self, request: HTMXRequest) -> Response[bytes]:
        """What the reader keeps, in their language."""
        tongue = speaking.get()
        rows = [
            [cell.spoken(tongue) if isinstance(cell, Sentence) else cell for cell in row]
            for row in await list_of(by=request.user)
        ]
        headers = {"Content-Disposition": 'attachment; filename="items.csv"', "Cache-Control": "no-store"}
        return Response(as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)
