from litestar import Controller, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from app.features.admin import rules
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.pages import Page, page
from app.kit.refusals import Missing


class RolePages(Controller):
    """For every neighbour: who looks after what here, and what they may."""

    path = "/roles"

    @get()
    async def everybody(self, request: HTMXRequest) -> Page:
        near, by_kind = await rules.who_looks_after(request.user, now=now())
        return page(request, "admin/who_looks_after.html", near=near, by_kind=by_kind, powers=rules.POWERS)

    @get("/{kind:str}")
    async def one_kind(self, request: HTMXRequest, kind: FromPath[str]) -> Page:
        if kind not in set(Kind):
            raise Missing
        at = now()
        _, by_kind = await rules.who_looks_after(request.user, now=at)
        held = next(held for each, _, held in by_kind if each == kind)
        return page(
            request,
            "admin/role_kind.html",
            kind=kind,
            words=people.KINDS[Kind(kind)],
            powers=rules.POWERS[Kind(kind)],
            held=held,
        )
