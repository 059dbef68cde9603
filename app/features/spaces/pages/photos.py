from typing import Annotated

from litestar import Controller, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.spaces import rules
from app.features.spaces.pages.common import managed_room
from app.features.spaces.pages.managing import the_form
from app.features.spaces.pages.typed import as_typed
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Words, filled, sent
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

ENVELOPE = 64 * 1024


class PhotoForm(Struct):
    photo_words: Annotated[str, Words(200)] = ""


class PhotoPages(Controller):
    path = "/manage/spaces/{space_id:int}/photos"

    @post(request_max_body_size=MOST_BYTES + ENVELOPE)
    async def add(self, request: HTMXRequest, space_id: FromPath[int]) -> Page | Redirect:
        room, form = await managed_room(request, space_id), await filled(request, PhotoForm)
        try:
            if form:
                upload = (await sent(request)).get("photo")
                content = await upload.read() if isinstance(upload, UploadFile) else b""
                await rules.add_photo(space_id, content, form.meant.photo_words, by=request.user, now=now())
                return to(f"/manage/spaces/{space_id}#photos", say("The photo is there."))
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await the_form(request, await as_typed(request, room), 422, room=room, photo_form=form)

    @post("/{token:str}/removal")
    async def remove(self, request: HTMXRequest, space_id: FromPath[int], token: FromPath[str]) -> Redirect:
        await rules.remove_photo(space_id, token, by=request.user, now=now())
        return to(f"/manage/spaces/{space_id}#photos", say("The photo is gone."))
