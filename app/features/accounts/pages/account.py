from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.accounts import rules
from app.features.accounts.entrance import ANYONE
from app.features.people import rules as people
from app.kit.clock import now
from app.kit.forms import Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import NotYours, Refusal, TooOften
from app.kit.words import say


class SettingsForm(Struct):
    name: Annotated[str, Words(80)] = ""
    phone: Annotated[str, Words(30)] = ""
    email: Annotated[str, Words(200)] = ""
    language: str = ""
    look: str = "auto"
    large_text: bool = False
    old: Annotated[str, Words(200)] = ""


class AccountPages(Controller):
    path = "/account"

    @get(also=ANYONE)
    async def show(self, request: HTMXRequest) -> Page:
        return await account(request)

    @post("/settings", also=ANYONE)
    async def settle(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, SettingsForm)
        if not form:
            return await account(request, 422, settings_form=form)
        try:
            said = msgspec.structs.asdict(form.meant)
            await _prove(request, said.pop("old"), said)
            await rules.change_contact(request.user.id, by=request.user.id, now=now(), **said)
        except (TooOften, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await account(request, refusal.status, settings_form=form)
        return to("/account", say("Saved."))

    @get("/sessions", also=ANYONE)
    async def sessions(self, request: HTMXRequest) -> Page:
        rows = await rules.sign_ins(request.user.id, now())
        return page(request, "accounts/sessions.html", sign_ins=rows)

    @post("/sessions/{sign_in:int}/end", also=ANYONE)
    async def end(self, request: HTMXRequest, sign_in: FromPath[int]) -> Redirect:
        await rules.end(request.user.id, sign_in, now=now())
        return to("/account/sessions", say("That browser is signed out."))

    @post("/sessions/end-others", also=ANYONE)
    async def end_others(self, request: HTMXRequest) -> Redirect:
        viewer = request.user
        await rules.end_others(viewer.id, besides=viewer.sign_in, by=viewer.id, now=now())
        return to("/account/sessions", say("All other browsers are signed out."))


async def account(request: HTMXRequest, status: int = 200, **forms: Any) -> Page:
    """The account's page, with the form that was refused, if one was."""
    person = await people.contact(request.user.id)
    viewer = request.user
    shown = blank(
        name=person.name,
        phone=person.phone,
        email=person.email,
        language=viewer.language,
        look=viewer.look,
        large_text=viewer.large_text,
    )
    known = {
        "settings_form": shown,
        "asks_password": not rules.is_fresh(viewer, now()) and not rules.owes_second(viewer),
        "photo_form": blank(),
        "homes": person.addresses,
        "reason": await people.why_suspended(viewer.id),
    }
    return page(request, "accounts/account.html", status=status, **known | forms)


async def _prove(request: HTMXRequest, password: str, said: dict[str, Any]) -> None:
    """Codes and letters go where somebody can be reached: that is changed by nobody who only found the phone open."""
    elsewhere = await rules.reaches_elsewhere(request.user.id, phone=said["phone"], email=said["email"])
    if elsewhere and not rules.is_fresh(request.user, now()):
        if not password and not rules.owes_second(request.user):
            raise Refusal(say("To change your phone or e-mail, type your password too."), beside="old")
        await rules.prove(request.user, password, now=now(), beside="old")
