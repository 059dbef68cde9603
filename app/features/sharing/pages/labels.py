from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN
from app.features.sharing.rules import labels, sense
from app.features.sharing.rules.owners import may_offer_ours
from app.kit.clock import now
from app.kit.pages import Page, page, to
from app.kit.paging import paged, which, window
from app.kit.words import say


class ScannedPages(Controller):
    """A printed label leads here: it opens a page and does nothing. Strangers sign in first, and are told nothing."""

    path = "/q/{token:str}"

    @get()
    async def scanned(self, request: HTMXRequest, token: FromPath[str]) -> Page:
        found = await sense.seen(token, by=request.user, now=now())
        photos = (await rules.photos_of([found.thing.id]))[found.thing.id]
        return page(request, "sharing/scanned.html", seen=found, thing=found.thing, photo=photos[:1], **KNOWN)


class LabelsPages(Controller):
    """The labels of all that somebody keeps, to choose among and to print."""

    path = "/share/labels"

    @get()
    async def all(self, request: HTMXRequest) -> Page:
        number = which(_number(request.query_params.get("page", "")))
        limit, offset = window(number)
        things = paged(await labels.kept_things(by=request.user, limit=limit, offset=offset), number)
        may_bring = may_offer_ours(request.user)
        return page(request, "sharing/labels.html", things=things, may_bring=may_bring, **KNOWN)

    @get("/sheet")
    async def sheet(self, request: HTMXRequest) -> Page:
        """Of those that were ticked, or of all on the page where nothing was."""
        chosen = [number for word in request.query_params.getall("item", []) if (number := _number(word))]
        if chosen:
            things = await labels.chosen_things(chosen, by=request.user)
        else:
            limit, offset = window(which(_number(request.query_params.get("page", ""))))
            things = await labels.kept_things(by=request.user, limit=limit - 1, offset=offset)
        return page(request, "sharing/sheet.html", printed=[_printed(each) for each in things])


class LabelPages(Controller):
    path = "/share/{item_id:int}/label"

    @get()
    async def one(self, request: HTMXRequest, item_id: FromPath[int]) -> Page:
        thing = await labels.own_label(item_id, by=request.user)
        return page(request, "sharing/label.html", thing=thing, printed=_printed(thing))

    @post("/renewal")
    async def renew(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await labels.renew_label(item_id, by=request.user, now=now())
        return to(f"/share/{item_id}/label", say("A new label. The old one leads nowhere any more."))


def _printed(thing: labels.Thing) -> dict[str, str]:
    link = f"{settings().base_url}{labels.label_path(thing.label)}"
    return {"name": thing.name, "lang": thing.lang, "link": link, "code": labels.code_of(thing.label)}


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0
