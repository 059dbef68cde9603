from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.admin import rules
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import Sentence, say

Name = Annotated[str, Words(80)]


class HandoverForm(Struct):
    who: Name
    person: int | None = None
    done: list[str] = []


class WhoForm(Struct):
    who: Name
    person: int | None = None


class AbsenceForm(Struct):
    first_on: date
    last_on: date
    who: Annotated[str, Words(80)] = ""
    person: int | None = None


class MyRolePages(Controller):
    path = "/account/roles"

    @get()
    async def mine(self, request: HTMXRequest) -> Page:
        at = now()
        return page(request, "admin/my_roles.html", mine=await rules.my_roles(request.user, now=at), at=at)

    @get("/{role:int}")
    async def show(self, request: HTMXRequest, role: FromPath[int]) -> Page:
        return await role_page(request, role)

    @post("/{role:int}/handover")
    async def hand_over(self, request: HTMXRequest, role: FromPath[int]) -> Page | Redirect:
        await rules.arranged(role, by=request.user, now=now())
        form = await filled(request, HandoverForm)
        try:
            meant = understood(form)
            person = await rules.named(meant.who, meant.person)
            made = await rules.hand_over(role, person, done=meant.done, by=request.user, now=now())
        except Refusal as refusal:
            return await again(request, role, "handover_form", form, refusal)
        return to(f"/account/roles/{role}", ASKED, undo=f"/account/proposals/{made}/withdrawal")

    @post("/{role:int}/deputy")
    async def ask_deputy(self, request: HTMXRequest, role: FromPath[int]) -> Page | Redirect:
        await rules.arranged(role, by=request.user, now=now())
        form = await filled(request, WhoForm)
        try:
            meant = understood(form)
            person = await rules.named(meant.who, meant.person)
            made = await rules.ask_deputy(role, person, by=request.user, now=now())
        except Refusal as refusal:
            return await again(request, role, "deputy_form", form, refusal)
        return to(f"/account/roles/{role}", ASKED, undo=f"/account/proposals/{made}/withdrawal")

    @post("/{role:int}/deputy/end")
    async def end_deputy(self, request: HTMXRequest, role: FromPath[int]) -> Redirect:
        person = await rules.end_deputy(role, by=request.user, now=now())
        return to(
            "/account/roles" if person == request.user.id else f"/account/roles/{role}",
            say("That is ended, and they have been told."),
        )

    @post("/{role:int}/absence")
    async def go_away(self, request: HTMXRequest, role: FromPath[int]) -> Page | Redirect:
        await rules.arranged(role, by=request.user, now=now())
        form = await filled(request, AbsenceForm)
        try:
            meant = understood(form)
            cover = await rules.named(meant.who, meant.person) if meant.who else None
            days = {"first": meant.first_on, "last": meant.last_on}
            away = await rules.go_away(role, **days, cover=cover, by=request.user, now=now())
        except Refusal as refusal:
            return await again(request, role, "absence_form", form, refusal)
        said = say("Noted. Somebody stands in for exactly that time.") if away.stand_in else say("Noted.")
        return to(f"/account/roles/{role}", said, undo=f"/account/roles/{role}/absence/end")

    @post("/{role:int}/absence/cover")
    async def find_cover(self, request: HTMXRequest, role: FromPath[int]) -> Page | Redirect:
        await rules.arranged(role, by=request.user, now=now())
        form = await filled(request, WhoForm)
        try:
            meant = understood(form)
            person = await rules.named(meant.who, meant.person)
            away = await rules.find_cover(role, person, by=request.user, now=now())
        except Refusal as refusal:
            return await again(request, role, "cover_form", form, refusal)
        return to(f"/account/roles/{role}", say("They stand in.") if away.stand_in else ASKED)

    @post("/{role:int}/absence/end")
    async def come_back(self, request: HTMXRequest, role: FromPath[int]) -> Redirect:
        await rules.come_back(role, by=request.user, now=now())
        return to(f"/account/roles/{role}", say("Welcome back. Whoever stood in has been told."))

    @post("/{role:int}/end")
    async def lay_down(self, request: HTMXRequest, role: FromPath[int]) -> Redirect:
        await rules.lay_down(role, by=request.user, now=now())
        return to("/account/roles", say("It has ended. Thank you for all you did."))


ASKED = say("They have been asked, and have two weeks to answer.")


def understood(form: Form) -> Any:
    """What was meant; raises what was wrong with it, as a rule would."""
    if not form:
        raise Wrong
    return form.meant


class Wrong(Refusal):
    """The form itself says what and where."""

    def __init__(self) -> None:
        super().__init__(Sentence(""))


async def again(request: HTMXRequest, role: int, name: str, form: Form, refusal: Refusal) -> Page:
    """The role's page with the form that was refused; the namesakes to choose from, where there are several."""
    if isinstance(refusal, Missing | NotYours):
        raise refusal
    if not isinstance(refusal, Wrong):
        form.refuse(refusal)
    candidates = refusal.candidates if isinstance(refusal, rules.Which) else []
    return await role_page(request, role, refusal.status, candidates=candidates, **{name: form})


async def role_page(request: HTMXRequest, role: int, status: int = 200, **more: Any) -> Page:
    at = now()
    arranged = await rules.arranged(role, by=request.user, now=at)
    known: dict[str, Any] = {
        "handover_form": blank(who="", done=[]),
        "deputy_form": blank(who=""),
        "absence_form": blank(who="", first_on="", last_on=""),
        "cover_form": blank(who=arranged.deputy.name if arranged.deputy else ""),
        "candidates": [],
    }
    return page(
        request,
        "admin/my_role.html",
        status=status,
        arranged=arranged,
        near=await rules.near_at_hand(arranged.role, now=at),
        at=at,
        **known | more,
    )
