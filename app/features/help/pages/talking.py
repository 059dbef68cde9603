from typing import Annotated

from litestar import Controller, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.help import rules
from app.features.help.pages.need import need_page
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Words, filled, sent
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

ENVELOPE = 64 * 1024


class WordsForm(Struct):
    said: Annotated[str, Words(400)]


class CompanionForm(Struct):
    companion: int


class PhotoForm(Struct):
    photo_words: Annotated[str, Words(200)]


class TalkingPages(Controller):
    path = "/help/{need_id:int}"

    @post("/words")
    async def speak(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WordsForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        await rules.speak(need_id, form.meant.said, by=request.user, now=now())
        return to(f"/help/{need_id}", say("Sent."))

    @post("/company")
    async def invite(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, CompanionForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        await rules.invite(need_id, form.meant.companion, by=request.user, now=now())
        return to(f"/help/{need_id}", say("They have been asked."))

    @post("/photo", request_max_body_size=MOST_BYTES + ENVELOPE)
    async def show(self, request: HTMXRequest, need_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, PhotoForm)
        if not form:
            return await need_page(request, need_id, form, 422)
        try:
            content = await upload_of(request, "photo")
            await rules.show(need_id, content, form.meant.photo_words, by=request.user, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await need_page(request, need_id, form, refusal.status)
        return to(f"/help/{need_id}", say("The picture is there."))


async def upload_of(request: HTMXRequest, name: str) -> bytes:
    upload = (await sent(request)).get(name)
    return await upload.read() if isinstance(upload, UploadFile) else b""
