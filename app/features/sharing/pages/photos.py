from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.offering import kept, the_form
from app.features.sharing.pages.typed import MOST_SENT, as_typed, uploaded
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say


class PhotoForm(Struct):
    photo_words: Annotated[str, Words(200)] = ""


class PhotoPages(Controller):
    path = "/share/{item_id:int}/photos"

    @post(request_max_body_size=MOST_SENT)
    async def add(self, request: HTMXRequest, item_id: FromPath[int]) -> Page | Redirect:
        thing, form = await kept(request, item_id), await filled(request, PhotoForm)
        try:
            if form:
                content, words = await uploaded(request) or b"", form.meant.photo_words
                await rules.add_photo(item_id, content, words, by=request.user, now=now())
                return to(_at(item_id), say("The photo is there."))
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await the_form(request, as_typed(request, thing), 422, thing=thing, photo_form=form)

    @post("/{token:str}/first")
    async def first(self, request: HTMXRequest, item_id: FromPath[int], token: FromPath[str]) -> Redirect:
        await rules.put_first(item_id, token, by=request.user, now=now())
        return to(_at(item_id), say("It is the first one now: lists show it."))

    @post("/{token:str}/removal")
    async def remove(self, request: HTMXRequest, item_id: FromPath[int], token: FromPath[str]) -> Redirect:
        await rules.remove_photo(item_id, token, by=request.user, now=now())
        return to(_at(item_id), say("The photo is gone."), undo=f"/share/{item_id}/photos/{token}/return")

    @post("/{token:str}/return")
    async def put_back(self, request: HTMXRequest, item_id: FromPath[int], token: FromPath[str]) -> Redirect:
        await rules.return_photo(item_id, token, by=request.user, now=now())
        return to(_at(item_id), say("The photo is there."))


def _at(item_id: int) -> str:
    return f"/share/{item_id}/edit#photos"
