from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.features.people.tables import Kind, Task
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, page, to
from app.kit.words import say


class DoneForm(Struct):
    done: list[str] = []


class ProposalPages(Controller):
    """Somebody is asked to take something on: they look at what it means, and answer."""

    path = "/account/proposals/{proposal:int}"

    @get()
    async def show(self, request: HTMXRequest, proposal: FromPath[int]) -> Page:
        question = await rules.question(proposal, by=request.user, now=now())
        powers = rules.POWERS[Kind(question.role.kind)]
        return page(request, "admin/proposal.html", question=question, powers=powers)

    @post("/acceptance")
    async def accept(self, request: HTMXRequest, proposal: FromPath[int]) -> Redirect:
        found = await rules.accept(proposal, by=request.user, now=now())
        return to("/account/roles", ACCEPTED[found.task])

    @post("/refusal")
    async def decline(self, request: HTMXRequest, proposal: FromPath[int]) -> Redirect:
        await rules.decline(proposal, by=request.user, now=now())
        return to("/account/roles", say("They know that you cannot. That is all right."))

    @post("/withdrawal")
    async def withdraw(self, request: HTMXRequest, proposal: FromPath[int]) -> Redirect:
        found = await rules.withdraw(proposal, by=request.user, now=now())
        return to(f"/account/roles/{found.role}", say("Taken back. Nobody is asked any more."))

    @post("/ticks")
    async def tick(self, request: HTMXRequest, proposal: FromPath[int]) -> Redirect:
        form = await filled(request, DoneForm)
        await rules.tick(proposal, form.meant.done, by=request.user, now=now())
        return to(f"/account/proposals/{proposal}", say("Saved."))


ACCEPTED = {
    Task.handover: say("The role is yours. Everybody it concerns has been told."),
    Task.deputy: say("You are deputy now. Nothing changes until they are away."),
    Task.cover: say("Thank you. You stand in for exactly that time."),
}
