from typing import Annotated

import msgspec
from litestar import get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin.pages.desk import Desk
from app.features.community import rules as community
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.languages import speaking
from app.kit.pages import Page, page, refused_form, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class CommunityForm(Struct):
    name: Annotated[str, Words(80)]
    zone: Annotated[str, Words(60)]
    region: Annotated[str, Words(2)]
    area_kinds: Annotated[str, Words(300)]
    contact: Annotated[str, Words(400)] = ""
    languages: list[str] = msgspec.field(default_factory=list)


class CommunityPages(Desk):
    path = "/admin/community"

    @get()
    async def form(self, request: HTMXRequest) -> Page:
        here = await community.here()
        if here is None:
            raise Missing
        kinds = "\n".join(community.kind_name(kind).spoken(speaking.get()) for kind in here.area_kinds)
        form = blank(name=here.name, zone=here.zone, region=here.region, area_kinds=kinds)
        form.values["contact"] = await community.contact_words()
        form.values["languages"] = list(here.languages)
        return page(request, "admin/community.html", form=form, regions=community.REGIONS)

    @post()
    async def change(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, CommunityForm)
        if not form:
            return page(request, "admin/community.html", status=422, form=form, regions=community.REGIONS)
        said = msgspec.structs.asdict(form.meant) | {"area_kinds": form.meant.area_kinds.splitlines()}
        try:
            hours = request.app.state.keep_the_hours
            await community.change(**said, by=request.user.id, now=now(), hours=hours)
        except Refusal as refusal:
            return refused_form(request, "admin/community.html", form, refusal, regions=community.REGIONS)
        return to("/admin", say("Saved."))
