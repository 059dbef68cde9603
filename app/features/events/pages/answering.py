from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.events import rules
from app.features.events.pages.looking import shown
from app.features.events.pages.typed import by_language
from app.features.events.rules import Needs, PartDraft, Saying
from app.features.events.tables import Again, Said
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

Need = Annotated[str, Words(200)]
ANSWERED = {
    Said.yes: say("You are coming. We remind you the day before."),
    Said.maybe: say("Noted. Say yes when you know: places can run out."),
    Said.no: say("Noted. Thank you for saying so."),
}


class AnswerForm(Struct):
    said: Said
    guests: int = 0
    shown: bool = False
    diet: Need = ""
    access: Need = ""
    care: Need = ""
    agrees: bool = False
    for_whom: int | None = None


class WaitForm(Struct):
    guests: int = 0


class HowForm(Struct):
    again: Again
    how: Annotated[str, Words(600)] = ""


class PartForm(Struct):
    part_0: Annotated[str, Words(120)] = ""
    part_1: Annotated[str, Words(120)] = ""
    wanted: int = 1


class AnsweringPages(Controller):
    path = "/events/{event_id:int}"

    @post("/answer")
    async def answer(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AnswerForm)
        if not form:
            return await shown(request, event_id, 422, form=form)
        meant = form.meant
        said = Said.no if meant.said == Said.door else meant.said
        saying = Saying(
            said, meant.guests, meant.shown, Needs(meant.diet, meant.access, meant.care), agrees=meant.agrees
        )
        try:
            await rules.answer(event_id, saying, for_whom=meant.for_whom, by=request.user, now=now())
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, event_id, refusal.status, form=form)
        return to(f"/events/{event_id}", ANSWERED[said])

    @post("/waiting")
    async def wait(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, WaitForm)
        if not form:
            return await shown(request, event_id, 422, form=form)
        await rules.wait_for(event_id, form.meant.guests, by=request.user, now=now())
        return to(f"/events/{event_id}", say("You are on the waiting list. When a place comes free, we ask you."))

    @post("/waiting/end")
    async def leave_line(self, request: HTMXRequest, event_id: FromPath[int]) -> Redirect:
        await rules.leave_line(event_id, by=request.user, now=now())
        return to(f"/events/{event_id}", say("You wait no longer. The next is asked."))

    @post("/parts/{part_id:int}/taking")
    async def take_part(self, request: HTMXRequest, event_id: FromPath[int], part_id: FromPath[int]) -> Redirect:
        await rules.take_part(event_id, part_id, by=request.user, now=now())
        undo = f"/events/{event_id}/parts/{part_id}/return"
        return to(f"/events/{event_id}#parts", say("It is yours. Thank you."), undo=undo)

    @post("/parts/{part_id:int}/return")
    async def return_part(self, request: HTMXRequest, event_id: FromPath[int], part_id: FromPath[int]) -> Redirect:
        await rules.return_part(event_id, part_id, by=request.user, now=now())
        return to(f"/events/{event_id}#parts", say("Given back. Somebody else can take it."))

    @post("/parts")
    async def add_part(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, PartForm)
        try:
            if form:
                names = by_language(request, form.meant.part_0, form.meant.part_1)
                await rules.add_part(event_id, PartDraft(names, form.meant.wanted), by=request.user, now=now())
                return to(f"/events/{event_id}#parts", say("Added."))
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await shown(request, event_id, 422, part_form=form)

    @post("/parts/{part_id:int}/removal")
    async def drop_part(self, request: HTMXRequest, event_id: FromPath[int], part_id: FromPath[int]) -> Redirect:
        await rules.drop_part(event_id, part_id, by=request.user, now=now())
        return to(f"/events/{event_id}#parts", say("Taken off the list."))

    @post("/feedback")
    async def say_how(self, request: HTMXRequest, event_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, HowForm)
        if not form:
            return await shown(request, event_id, 422, how_form=form)
        await rules.say_how(event_id, form.meant.again, form.meant.how, by=request.user, now=now())
        return to(f"/events/{event_id}", say("Thank you. The hosts read it, without your name."))

    @post("/standing")
    async def stand_at_the_door(self, request: HTMXRequest, event_id: FromPath[int]) -> Redirect:
        await rules.stand_at_the_door(event_id, by=request.user, now=now())
        return to(f"/events/{event_id}", say("The host sees your name now."))
