from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.features.accounts import rules
from app.features.accounts.entrance import ANYONE
from app.features.accounts.pages.account import account
from app.kit import pictures
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Form, sent
from app.kit.pages import Page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

ENVELOPE = 64 * 1024


class PhotoPages(Controller):
    path = "/account/photo"

    @post(also=ANYONE, request_max_body_size=MOST_BYTES + ENVELOPE)
    async def change(self, request: HTMXRequest) -> Page | Redirect:
        upload = (await sent(request)).get("photo")
        content = await upload.read() if isinstance(upload, UploadFile) else b""
        try:
            await rules.change_photo(request.user, content, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form = Form()
            form.refuse(refusal)
            return await account(request, refusal.status, photo_form=form)
        return to("/account", say("Your photo is changed."))

    @post("/removal", also=ANYONE)
    async def remove(self, request: HTMXRequest) -> Redirect:
        await rules.remove_photo(request.user, by=request.user.id, now=now())
        return to("/account", say("Your photo is removed."))


class MediaPages(Controller):
    path = "/media/{token:str}"

    @get(also=ANYONE)
    async def large(self, request: HTMXRequest, token: FromPath[str]) -> Response[bytes]:
        return await _picture(request, token, small=False)

    @get("/small", also=ANYONE)
    async def small(self, request: HTMXRequest, token: FromPath[str]) -> Response[bytes]:
        return await _picture(request, token, small=True)


async def _picture(request: HTMXRequest, token: str, *, small: bool) -> Response[bytes]:
    """To its owner, and to whoever may see the page it belongs to; to others it is not there."""
    picture = await pictures.open(token, small=small)
    may_see = request.app.state.may_see.get(picture.page.split("/")[1])
    if picture.owner != request.user.id and not (may_see and await may_see(request.user, picture.page)):
        raise Missing
    headers = {"Cache-Control": "private, max-age=86400", "Vary": "Cookie"}
    return Response(picture.content, media_type="image/webp", headers=headers)
