from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.moderation import rules
from app.features.moderation.rules import VERDICTS
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.words import say

ALSO = (State.suspended, State.leaving)


class AppealForm(Struct):
    words: Annotated[str, Words(600)]


class DecisionPages(Controller):
    """Open to those who are suspended: above all they may want to disagree."""

    path = "/account/decisions"

    @get(also=ALSO)
    async def show(self, request: HTMXRequest) -> Page:
        return await decisions(request)

    @post("/{decision_id:int}/appeal", also=ALSO)
    async def appeal(self, request: HTMXRequest, decision_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AppealForm)
        if not form:
            return await decisions(request, decision_id, form, status=422)
        await rules.appeal(decision_id, form.meant.words, by=request.user, now=now())
        return to("/account/decisions", say("Sent. Another officer looks at it, and you hear from us."))


class BlockPages(Controller):
    path = "/"

    @get("/account/blocks")
    async def show(self, request: HTMXRequest) -> Page:
        return page(request, "moderation/blocks.html", blocks=await rules.blocks_of(request.user.id))

    @post("/neighbours/{person_id:int}/block")
    async def block(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        state, at = request.app.state, now()
        await state.matters["person"].reportable(person_id, kind="person", by=request.user, now=at)
        await rules.block(person_id, by=request.user, part_ways=state.part_ways, now=at)
        said = say("Blocked. Neither of you finds the other any more, and they are not told.")
        return to("/account/blocks", said, undo=f"/neighbours/{person_id}/block/end")

    @post("/neighbours/{person_id:int}/block/end")
    async def unblock(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await rules.unblock(person_id, by=request.user)
        return to("/account/blocks", say("You find each other again."))


async def decisions(
    request: HTMXRequest, refused: int | None = None, form: Form | None = None, *, status: int = 200
) -> Page:
    about, reports = await rules.decisions_about(request.user.id), await rules.reports_by(request.user.id)
    known = {
        "decisions": about,
        "reports": reports,
        "at": now(),
        "matters": request.app.state.matters,
        "verdicts": VERDICTS,
    }
    return page(
        request,
        "moderation/decisions.html",
        status=status,
        refused=refused,
        form=blank() if form is None else form,
        empty_form=blank(),
        **known,
    )
