from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.features.admin.pages.desk import Desk, PageNumber
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.pages import Page, page, refused_form, to
from app.kit.paging import which
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class NewPersonForm(Struct):
    name: Annotated[str, Words(80)]
    phone: Annotated[str, Words(30)] = ""
    email: Annotated[str, Words(200)] = ""
    language: str = ""
    address: Annotated[str, Words(120)] = ""


class PeoplePages(Desk):
    path = "/admin/people"

    @get()
    async def find(
        self,
        request: HTMXRequest,
        q: FromQuery[str] = "",
        standing: Annotated[str, QueryParameter(name="state")] = "",
        role: FromQuery[str] = "",
        number: PageNumber = None,
    ) -> Page:
        state = standing if standing in set(State) else ""
        role = role if role in set(Kind) else ""
        q = q.strip()[:80]
        found = await rules.find(q, state=state, role=role, number=which(number))
        return page(
            request,
            "admin/people.html",
            found=found,
            query={"q": q, "state": state, "role": role},
            states=rules.STATES,
            kinds=people.KINDS,
        )

    @get("/new")
    async def form(self, request: HTMXRequest, address: FromQuery[str] = "") -> Page:
        return page(request, "admin/new_person.html", form=blank(address=address[:120]))

    @post()
    async def add(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, NewPersonForm)
        if not form:
            return page(request, "admin/new_person.html", status=422, form=form)
        try:
            person = await rules.add_neighbour(**msgspec.structs.asdict(form.meant), by=request.user, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            return refused_form(request, "admin/new_person.html", form, refusal)
        return to(f"/admin/people/{person}", say("Added."))
