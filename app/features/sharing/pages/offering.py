from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.sharing import rules
from app.features.sharing.pages.common import KNOWN, today_of
from app.features.sharing.pages.typed import (
    MOST_SENT,
    ItemForm,
    as_typed,
    empty,
    offer_of,
    owner_of,
    photo_with,
)
from app.features.sharing.rules import Photo, Thing
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say


class OfferingPages(Controller):
    path = "/share"

    @get("/new")
    async def new(self, request: HTMXRequest, kind: FromQuery[str] = "") -> Page:
        return await the_form(request, empty(request, kind))

    @post("/new", request_max_body_size=MOST_SENT)
    async def make(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, ItemForm)
        photo = await photo_with(request, form)
        if form:
            try:
                meant, token = form.meant, photo.token if photo else ""
                offered, owner = offer_of(meant), owner_of(meant.owner)
                words = meant.photo_words
                id = await rules.offer(offered, owner=owner, photo=token, photo_words=words, by=request.user, now=now())
                return to(f"/share/{id}", say("It is on the board."))
            except (Missing, NotYours):
                raise
            except Refusal as refusal:
                form.refuse(refusal)
        return await the_form(request, form, 422, photo=photo)

    @get("/{item_id:int}/edit")
    async def edit(self, request: HTMXRequest, item_id: FromPath[int]) -> Page:
        thing = await kept(request, item_id)
        return await the_form(request, as_typed(request, thing), thing=thing)

    @post("/{item_id:int}/edit")
    async def change(self, request: HTMXRequest, item_id: FromPath[int]) -> Page | Redirect:
        thing, form = await kept(request, item_id), await filled(request, ItemForm)
        if form:
            try:
                form.meant.kind = thing.kind
                await rules.edit(item_id, offer_of(form.meant), by=request.user, now=now())
                return to(thing.path, say("Saved."))
            except (Missing, NotYours, Taken):
                raise
            except Refusal as refusal:
                form.refuse(refusal)
        return await the_form(request, form, 422, thing=thing)

    @post("/{item_id:int}/pause")
    async def pause(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await rules.pause(item_id, by=request.user, now=now())
        at = f"/share/{item_id}"
        return to(at, say("Paused. Nobody asks for it until you offer it again."), undo=f"{at}/offer")

    @post("/{item_id:int}/offer")
    async def offer(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await rules.offer_again(item_id, by=request.user, now=now())
        return to(f"/share/{item_id}", say("It is on the board."))

    @post("/{item_id:int}/removal")
    async def remove(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await rules.take_off(item_id, by=request.user, now=now())
        at = f"/share/{item_id}"
        return to(at, say("Taken off the board. Whoever had asked for it is told."), undo=f"{at}/return")

    @post("/{item_id:int}/return")
    async def put_back(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await rules.put_back(item_id, by=request.user, now=now())
        return to(f"/share/{item_id}", say("It is on the board again."))


async def kept(request: HTMXRequest, item_id: int) -> Thing:
    """Raises Missing for whom it is not, NotYours for those who do not answer for it."""
    thing = await rules.item_for(item_id, by=request.user)
    if not thing.kept:
        raise NotYours(say("Whoever it belongs to does that."))
    return thing


async def the_form(
    request: HTMXRequest,
    form: Form,
    status: int = 200,
    *,
    thing: Thing | None = None,
    photo: Photo | None = None,
    photo_form: Form | None = None,
) -> Page:
    """`photo` was chosen before something else had to be put right; `photo_form` is that of an item's own photos."""
    values: dict[str, Any] = {
        "form": form,
        "thing": thing,
        "photo": photo,
        "photo_form": blank() if photo_form is None else photo_form,
        "photos": (await rules.photos_of([thing.id]))[thing.id] if thing else [],
        "most_photos": rules.MOST,
        "homes": await people.stays_of(request.user.id) if thing is None else [],
        "may_offer_ours": rules.may_offer_ours(request.user),
        "areas": await community.top_areas(),
        "capabilities": people.CAPABILITIES,
        "longest_loan": rules.LONGEST_LOAN,
        "longest_gap": rules.LONGEST_GAP,
        "today": today_of(request),
    }
    return page(request, "sharing/offer.html", status=status, **values, **KNOWN)
