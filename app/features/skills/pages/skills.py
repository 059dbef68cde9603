from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.skills import rules
from app.features.skills.pages.asking import AskForm, asked_of, form_values
from app.features.skills.rules import ICONS, LABELS, REACHES, Offer
from app.features.skills.tables import Category, Offered, Reach
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from app.kit.words import Sentence, say

KNOWN: dict[str, Any] = {"labels": LABELS, "icons": ICONS, "reaches": REACHES}
SAID: dict[Offered, Sentence] = {
    Offered.offered: say("Your neighbours can find it now."),
    Offered.paused: say("Paused: nobody finds it until you offer it again."),
    Offered.withdrawn: say("Withdrawn."),
}
DEEDS = {Offered.offered: "offer", Offered.paused: "pause", Offered.withdrawn: "withdrawal"}


class SkillForm(Struct):
    words: Annotated[str, Words(120)]
    category: Category | None = None
    details: Annotated[str, Words(600)] = ""
    times: Annotated[str, Words(120)] = ""
    reach: Reach = Reach.community
    emergency: bool = False

    def meant(self) -> Offer:
        return Offer(**msgspec.structs.asdict(self))


class SkillPages(Controller):
    path = "/skills"

    @get("/new")
    async def new(self, request: HTMXRequest) -> Page:
        return page(request, "skills/offer.html", form=blank(reach=Reach.community), skill=None, **KNOWN)

    @post("/new")
    async def offer(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SkillForm)
        if not form:
            return page(request, "skills/offer.html", status=422, form=form, skill=None, **KNOWN)
        try:
            id = await rules.offer(form.meant.meant(), by=request.user, now=now())
        except Refusal as refusal:
            return refused_form(request, "skills/offer.html", form, refusal, skill=None, **KNOWN)
        return to(f"/skills/{id}", SAID[Offered.offered])

    @get("/{skill_id:int}")
    async def show(self, request: HTMXRequest, skill_id: FromPath[int]) -> Page:
        skill = await rules.skill(skill_id, by=request.user)
        return page(request, "skills/skill.html", skill=skill, **KNOWN)

    @get("/{skill_id:int}/edit")
    async def change(self, request: HTMXRequest, skill_id: FromPath[int]) -> Page:
        skill = await own(skill_id, request)
        form = blank(**{name: getattr(skill, name) for name in SkillForm.__struct_fields__})
        return page(request, "skills/offer.html", form=form, skill=skill, **KNOWN)

    @post("/{skill_id:int}/edit")
    async def edit(self, request: HTMXRequest, skill_id: FromPath[int]) -> Page | Redirect:
        skill = await own(skill_id, request)
        form = await filled(request, SkillForm)
        if not form:
            return page(request, "skills/offer.html", status=422, form=form, skill=skill, **KNOWN)
        await rules.edit(skill_id, form.meant.meant(), by=request.user, now=now())
        return to(f"/skills/{skill_id}", say("Saved."))

    @post("/{skill_id:int}/offer")
    async def offer_again(self, request: HTMXRequest, skill_id: FromPath[int]) -> Redirect:
        return await put(request, skill_id, Offered.offered)

    @post("/{skill_id:int}/pause")
    async def pause(self, request: HTMXRequest, skill_id: FromPath[int]) -> Redirect:
        return await put(request, skill_id, Offered.paused)

    @post("/{skill_id:int}/withdrawal")
    async def withdraw(self, request: HTMXRequest, skill_id: FromPath[int]) -> Redirect:
        return await put(request, skill_id, Offered.withdrawn)

    @get("/{skill_id:int}/ask")
    async def asking(self, request: HTMXRequest, skill_id: FromPath[int]) -> Page:
        return await asking_page(request, skill_id, blank())

    @post("/{skill_id:int}/ask")
    async def ask(self, request: HTMXRequest, skill_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AskForm)
        if not form:
            return await asking_page(request, skill_id, form, status=422)
        try:
            id = await rules.ask(skill_id, asked_of(form.meant), by=request.user, now=now())
        except (Missing, NotYours, TooOften, rules.AlreadyAsked):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await asking_page(request, skill_id, form, status=refusal.status)
        return to(f"/asks/{id}", say("Sent. You hear from us as soon as there is an answer."))


async def own(skill_id: int, request: HTMXRequest) -> rules.Shown:
    """The skill, when it is the reader's own."""
    skill = await rules.skill(skill_id, by=request.user)
    if skill.person != request.user.id:
        raise Missing
    return skill


async def put(request: HTMXRequest, skill_id: int, state: Offered) -> Redirect:
    """One tap, and one tap back while the sentence stands."""
    before = await rules.put(skill_id, state, by=request.user, now=now())
    undo = f"/skills/{skill_id}/{DEEDS[before]}" if before != state and before in DEEDS else ""
    return to(f"/neighbours/{request.user.id}", SAID[state], undo=undo)


async def asking_page(request: HTMXRequest, skill_id: int, form: Form, *, status: int = 200) -> Page:
    skill = await rules.skill(skill_id, by=request.user)
    values = {"form": form, "skill": skill, **await form_values(request), **KNOWN}
    return page(request, "skills/ask_for.html", status=status, **values)
