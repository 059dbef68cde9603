from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.people import rules as people
from app.features.sharing import rules
from app.features.sharing.pages.offering import kept
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing
from app.kit.words import say

LONGEST_NAME = 80


class KeeperForm(Struct):
    keeper: int


class KeeperPages(Controller):
    path = "/share/{item_id:int}/keepers"

    @get()
    async def choose(self, request: HTMXRequest, item_id: FromPath[int], q: FromQuery[str] = "") -> Page:
        thing, wanted = await kept(request, item_id), q.strip()[:LONGEST_NAME]
        found = await rules.might_keep(item_id, wanted, by=request.user, now=now())
        return page(
            request,
            "sharing/keepers.html",
            thing=thing,
            keepers=await rules.keepers_named(item_id),
            found=found,
            places=await people.whereabouts(each.id for each in found),
            q=wanted,
        )

    @post()
    async def add(self, request: HTMXRequest, item_id: FromPath[int]) -> Redirect:
        form = await filled(request, KeeperForm)
        if not form:
            raise Missing
        await rules.add_keeper(item_id, form.meant.keeper, by=request.user, now=now())
        return to(f"/share/{item_id}/keepers", say("They answer for it with you now, and are told."))

    @post("/{person_id:int}/removal")
    async def remove(self, request: HTMXRequest, item_id: FromPath[int], person_id: FromPath[int]) -> Redirect:
        await rules.drop_keeper(item_id, person_id, by=request.user, now=now())
        at = f"/share/{item_id}/keepers" if person_id != request.user.id else f"/share/{item_id}"
        return to(at, say("They no longer answer for it, and are told."))
