from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.privacy import rules
from app.features.privacy.pages.notice import ANYONE
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say


class LeavingForm(Struct):
    password: Annotated[str, Words(200)]
    reason: Annotated[str, Words(400)] = ""


class LeavingPages(Controller):
    path = "/account/leaving"
    opt = {"also": ANYONE}

    @get()
    async def show(self, request: HTMXRequest) -> Page:
        return page(request, "privacy/leaving.html", form=blank(reason=""), **await _shown(request))

    @post()
    async def leave(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, LeavingForm)
        if not form:
            return await _again(request, form)
        viewer, said = request.user, form.meant
        try:
            ends = request.app.state.step_back
            given = {"password": said.password, "reason": said.reason}
            await rules.leave(viewer, sign_in=viewer.sign_in, **given, step_back=ends, now=now())
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            return refused_form(request, "privacy/leaving.html", form, refusal, **await _shown(request))
        return to("/account/leaving", say("You are out of sight. For thirty days you can still come back."))

    @post("/return")
    async def stay(self, request: HTMXRequest) -> Redirect:
        await rules.stay(request.user.id, by=request.user.id, now=now())
        return to("/account", say("Good to have you back."))


async def _shown(request: HTMXRequest) -> dict[str, Any]:
    return {
        "meaning": await rules.what_it_means(request.user, now=now()),
        "kept": rules.personal(request.app.state.kept),
    }


async def _again(request: HTMXRequest, form: Form) -> Page:
    return page(request, "privacy/leaving.html", status=422, form=form, **await _shown(request))
