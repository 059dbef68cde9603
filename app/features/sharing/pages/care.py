"""What its keeper does when a thing is broken: says so, finds somebody to mend it, lets days go, puts it back."""

from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.item import item_page
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.languages import speaking
from app.kit.pages import Page, to
from app.kit.words import say, say_n


class DamageForm(Struct):
    damage: Annotated[str, Words(300)]


class LetGoForm(Struct):
    reason: Annotated[str, Words(300)] = ""


class CarePages(Controller):
    path = "/share/{item_id:int}"

    @post("/damage")
    async def broke(self, request: HTMXRequest, item_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, DamageForm)
        if not form:
            return await item_page(request, item_id, 422, damage_form=form)
        told = await rules.broke(item_id, form.meant.damage, by=request.user, now=now())
        told_them = say_n("One neighbour who would have it next was told.", "%(n)s who would have it were told.", told)
        return to(f"/share/{item_id}", told_them if told else say("Noted. Nobody is lent it until it is mended."))

    @post("/repair")
    async def ask_repair(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        thing = await rules.item_for(item_id, by=request.user)
        words = rules.repair_words(thing, await rules.care_of(thing, now=now())).spoken(speaking.get())[:600]
        ask, rung = await rules.ask_repair(item_id, words, by=request.user, now=now())
        asked = say_n("One neighbour was asked.", "%(n)s neighbours were asked.", rung)
        return to(f"/asks/{ask}", asked if rung else NOBODY)

    @post("/repair/end")
    async def mended(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await rules.mended(item_id, by=request.user, now=now())
        return to(f"/share/{item_id}", say("Good! It can be had again."))

    @post("/damage/days")
    async def let_go(self, request: HTMXRequest, item_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, LetGoForm)
        if not form:
            return await item_page(request, item_id, 422, let_go_form=form)
        ended = await rules.let_days_go(item_id, form.meant.reason, by=request.user, now=now())
        return to(f"/share/{item_id}", say_n("One loan was called off.", "%(n)s loans were called off.", ended))


NOBODY = say("Nobody's skills match yet. It stands on everybody's list now.")
