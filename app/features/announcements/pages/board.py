from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter
from litestar.plugins.htmx import HTMXRequest

from app.config import settings
from app.features.announcements import rules
from app.features.community import rules as community
from app.kit.clock import now
from app.kit.pages import Page, page
from app.kit.paging import which

PageNumber = Annotated[int | None, QueryParameter(name="page")]


class BoardPages(Controller):
    path = "/announcements"

    @get()
    async def board(self, request: HTMXRequest, number: PageNumber = None) -> Page:
        at, nth = now(), which(number)
        return page(
            request,
            "announcements/board.html",
            pinned=await rules.pinned(request.user, now=at) if nth == 1 else [],
            older=await rules.board(request.user, now=at, number=nth),
            may_write=rules.writes(request.user),
        )

    @get("/{announcement_id:int}")
    async def show(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Page:
        shown = await rules.announcement(announcement_id, by=request.user)
        await rules.note_reading(announcement_id, by=request.user, now=now())
        may_write = await rules.may_write(request.user, shown.area)
        return page(
            request,
            "announcements/announcement.html",
            shown=shown,
            may_write=may_write,
            pinned=shown.is_pinned(await community.today(now())),
            read_by=await rules.read_by(shown) if may_write else None,
        )

    @get("/{announcement_id:int}/print")
    async def door_notice(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Page:
        shown = await rules.announcement(announcement_id, by=request.user)
        link = f"{settings().base_url}/announcements/{announcement_id}"
        return page(request, "announcements/door_notice.html", shown=shown, link=link)
