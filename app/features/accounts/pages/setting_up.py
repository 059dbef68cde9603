from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import Password, inside, place_of
from app.features.community import rules as community
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.languages import NAMES, speaking
from app.kit.pages import Page, page, refused_form
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class SetUpForm(Struct):
    token: Annotated[str, Words(100)]
    name: Annotated[str, Words(80)]
    zone: Annotated[str, Words(60)]
    region: Annotated[str, Words(2)]
    area_kinds: Annotated[str, Words(300)]
    administrator: Annotated[str, Words(80)]
    login: Annotated[str, Words(200)]
    password: Password
    languages: list[str] = msgspec.field(default_factory=list)


class SetUpPages(Controller):
    path = "/setup"

    @get(public=True)
    async def form(self, request: HTMXRequest, token: FromQuery[str] = "") -> Page:
        if await community.here() or not await community.is_set_up_link(token):
            raise Missing(say("This set-up link is not valid any more. The newest one is printed at every start."))
        words = say("building\nentrance\nfloor").spoken(speaking.get())
        chinese = speaking.get().tag == "zh-Hans"
        form = blank(
            token=token,
            languages=list(NAMES),
            zone="Asia/Shanghai" if chinese else "Europe/London",
            region="CN" if chinese else "GB",
            area_kinds=words,
        )
        return page(request, "accounts/set_up.html", form=form, regions=community.REGIONS)

    @post(public=True)
    async def found(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SetUpForm)
        if not form:
            return page(request, "accounts/set_up.html", status=422, form=form, regions=community.REGIONS)
        said = msgspec.structs.asdict(form.meant) | {"area_kinds": form.meant.area_kinds.splitlines()}
        try:
            await rules.found(**said, language=speaking.get().tag, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            return refused_form(request, "accounts/set_up.html", form, refusal, regions=community.REGIONS)
        key = await rules.sign_in(form.meant.login, form.meant.password, place=place_of(request), now=now())
        return inside(key, "/")
