"""The phones that ring, one by one: a test that its person confirms, and letting go."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.notices import rules
from app.features.notices.pages.choosing import HERE
from app.features.notices.pages.reading import WAITING
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing
from app.kit.words import say


class ThisPhone(Struct):
    endpoint: str = ""


class PhonePages(Controller):
    path = f"{HERE}/phones"
    opt = {"also": WAITING}

    @post("/tests")
    async def ring_this(self, request: HTMXRequest) -> Redirect:
        """From the browser itself, which knows its endpoint and no number of ours."""
        form = await filled(request, ThisPhone)
        for phone in await rules.devices(request.user.id):
            if form and phone.endpoint == form.meant.endpoint:
                return await self._rung(request, phone.id)
        raise Missing

    @post("/{phone:int}/tests")
    async def ring(self, request: HTMXRequest, phone: FromPath[int]) -> Redirect:
        return await self._rung(request, phone)

    async def _rung(self, request: HTMXRequest, phone: int) -> Redirect:
        await rules.ring(phone, of=request.user.id, now=now())
        return to(f"{HERE}/phones/{phone}/test")

    @get("/{phone:int}/test")
    async def test(self, request: HTMXRequest, phone: FromPath[int]) -> Page:
        known, taken = await rules.way_of(phone, of=request.user.id)
        return page(request, "notices/test.html", phone=known, taken=taken)

    @post("/{phone:int}/hearing")
    async def hear(self, request: HTMXRequest, phone: FromPath[int]) -> Redirect:
        await rules.hear(phone, of=request.user.id, now=now())
        return to(HERE, say("Good: this phone rings."))

    @post("/{phone:int}/removal")
    async def remove(self, request: HTMXRequest, phone: FromPath[int]) -> Redirect:
        await rules.remove(phone, of=request.user.id, now=now())
        return to(HERE, say("That phone does not ring any more."))
