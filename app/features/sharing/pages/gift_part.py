"""A gift's part of its item's page: until when it stands, and how whoever gives it ends or prolongs that."""

from typing import Any

from litestar import Controller, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.sharing.rules import Thing, gift_ending
from app.features.sharing.rules.reach import path_of
from app.features.sharing.tables import State
from app.kit.clock import now
from app.kit.pages import to
from app.kit.words import say


class GiftEnd(Struct):
    may_prolong: bool
    may_give: bool


async def values(request: HTMXRequest, thing: Thing) -> dict[str, Any]:
    """Buttons for those who answer for it only."""
    if not (thing.is_gift and thing.kept):
        return {"gift_end": GiftEnd(False, False)}
    on_the_board = thing.state in (State.offered, State.paused)
    return {"gift_end": GiftEnd(await gift_ending.may_be_prolonged(thing), on_the_board)}


class GiftPages(Controller):
    path = "/share/{item_id:int}"

    @post("/giving")
    async def give_away(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        await gift_ending.give_away(item_id, by=request.user, now=now())
        return to(path_of(item_id), say("Given away. It is off the board."), undo=f"{path_of(item_id)}/return")

    @post("/prolongation")
    async def prolong(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        until = await gift_ending.prolong_gift(item_id, by=request.user, now=now())
        return to(path_of(item_id), say("It stands there until %(day)s.", day=until))
