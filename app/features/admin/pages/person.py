from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.config import settings
from app.features.accounts import rules as accounts
from app.features.admin import rules
from app.features.admin.pages.desk import Desk
from app.features.community import rules as community
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class DetailsForm(Struct):
    name: Annotated[str, Words(80)]
    phone: Annotated[str, Words(30)] = ""
    email: Annotated[str, Words(200)] = ""
    language: str = ""


class AddressForm(Struct):
    address: Annotated[str, Words(120)]
    may_answer_for: bool = False


class PersonPages(Desk):
    path = "/admin/people/{person_id:int}"

    @get()
    async def show(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        return await shown(request, person_id)

    @post("/details")
    async def edit(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, DetailsForm)
        if not form:
            return await shown(request, person_id, 422, details_form=form)
        try:
            said = msgspec.structs.asdict(form.meant)
            await accounts.change_contact(person_id, **said, by=request.user.id, now=now())
        except Missing:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await shown(request, person_id, refusal.status, details_form=form)
        return to(f"/admin/people/{person_id}", say("Saved."))

    @post("/households")
    async def join(self, request: HTMXRequest, person_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AddressForm)
        if not form:
            return await shown(request, person_id, 422, address_form=form)
        try:
            at, meant = now(), form.meant
            home, by = await people.household_at(meant.address), request.user.id
            answers = meant.may_answer_for
            await people.join(person_id, home, on=await community.today(at), by=by, now=at, may_answer_for=answers)
        except Missing:
            raise
        except Refusal as refusal:
            form.errors["address"] = refusal.sentence
            return await shown(request, person_id, refusal.status, address_form=form)
        return to(f"/admin/people/{person_id}", say("Added."))

    @post("/photo/removal")
    async def remove_photo(self, request: HTMXRequest, person_id: FromPath[int]) -> Redirect:
        await accounts.remove_photo(await people.neighbour(person_id), by=request.user.id, now=now())
        return to(f"/admin/people/{person_id}", say("The photo is removed."))

    @post("/code")
    async def code(self, request: HTMXRequest, person_id: FromPath[int]) -> Page:
        """Shown this once: only its fingerprint is kept. To be handed over on paper, in person."""
        at = now()
        code = await accounts.code_for(person_id, by=request.user, now=at)
        link = f"{settings().base_url}/join/{code}"
        until = at + accounts.CODE_LASTS
        whose = await people.neighbour(person_id)
        return page(request, "admin/code.html", person=whose, code=code, link=link, until=until)


async def shown(request: HTMXRequest, person_id: int, status: int = 200, **forms: Form) -> Page:
    """The person's page, with the form that was refused, if one was. Looking is noted."""
    person = await rules.dossier(person_id, by=request.user, now=now())
    known: dict[str, Any] = {
        "details_form": blank(name=person.name, phone=person.phone, email=person.email, language=person.language),
        "address_form": blank(address=""),
        "suspension_form": blank(reason="", rule="other", days=7),
        "role_form": blank(kind="", area=""),
        "capability_form": blank(capability="", until_on=""),
    }
    return page(
        request,
        "admin/person.html",
        status=status,
        person=person,
        states=rules.STATES,
        kinds=people.KINDS,
        capabilities=people.CAPABILITIES,
        community_rules=moderation.RULES,
        spans=moderation.SPANS,
        areas=await _areas(),
        **known | forms,
    )


async def _areas() -> list[tuple[int, list[Any]]]:
    """Every area with its whole line, "Building 3, Entrance 2": a name alone says little."""
    flat: list[tuple[int, list[Any]]] = []

    def walk(branches: list[community.Branch], line: list[Any]) -> None:
        for branch in branches:
            here = [*line, branch.area.label]
            flat.append((branch.area.id, here))
            walk(branch.inside, here)

    walk(await community.tree(), [])
    return flat
