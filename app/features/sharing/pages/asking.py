"""Asking for a thing: the deed of the form on its page."""

from datetime import date
from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing import rules
from app.features.sharing.pages.item import item_page
from app.features.sharing.rules import Lent, Wish
from app.features.sharing.tables import Stage
from app.kit.clock import now
from app.kit.forms import Words, filled
from app.kit.pages import Page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import Sentence, say


class AskForm(Struct):
    first: date | None = None
    last: date | None = None
    words: Annotated[str, Words(300)] = ""
    for_whom: int | None = None


class AskingPages(Controller):
    path = "/share/{item_id:int}/ask"

    @post()
    async def ask(self, request: HTMXRequest, item_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AskForm)
        if not form:
            return await item_page(request, item_id, 422, ask_form=form)
        meant = form.meant
        try:
            wish = Wish(meant.first, meant.last, meant.words, meant.for_whom)
            found = await rules.ask(item_id, wish, by=request.user, now=now())
        except (Missing, NotYours, Taken, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await item_page(request, item_id, refusal.status, ask_form=form)
        return to(found.path, said_of(found))


def said_of(found: Lent) -> Sentence:
    if found.stage == Stage.accepted:
        return say("It is yours. Agree when to meet.")
    if found.in_line:
        return say("Another has it on these days. You are in the waiting line.")
    return say("Asked. You hear what the owner says.")
