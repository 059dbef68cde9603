from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.features.accounts.entrance import place_of
from app.features.community import rules as community
from app.features.help import rules
from app.features.help.pages.asking import NeedForm, asking_of, days
from app.features.help.pages.board import KNOWN
from app.features.help.pages.need import values_of
from app.features.help.pages.talking import WordsForm
from app.features.help.rules import Link, Who
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.languages import speaking
from app.kit.pages import Page, page, to
from app.kit.phones import e164
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.words import say


class GuestForm(NeedForm, kw_only=True):
    name: Annotated[str, Words(80)]
    phone: Annotated[str, Words(30)]
    door: Annotated[str, Words(120)]
    area: int | None = None
    agrees: bool = False


class GuestPages(Controller):
    """For somebody without an account: a form, and one secret that is opened as a link or typed."""

    path = "/help"

    @get("/ask", public=True)
    async def new(self, request: HTMXRequest) -> Page:
        _only_where_somebody_lives(request)
        return await _form(request, blank(urgency="everyday"))

    @post("/ask", public=True)
    async def ask(self, request: HTMXRequest) -> Page | Redirect:
        _only_where_somebody_lives(request)
        form = await filled(request, GuestForm)
        if not form:
            return await _form(request, form, 422)
        try:
            secret = await _asked(request, form.meant)
        except (Missing, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _form(request, form, refusal.status)
        return to(f"/help/by/{secret}", say("Sent. Keep this page: it shows how it goes."))

    @get("/by", public=True)
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        return to(f"/help/by/{quote(code.strip())}") if code.strip() else page(request, "help/enter_code.html")

    @get("/by/{secret:str}", public=True)
    async def look(self, request: HTMXRequest, secret: FromPath[str]) -> Page:
        return await _track(request, secret)

    @post("/by/{secret:str}/withdrawal", public=True)
    async def withdraw(self, request: HTMXRequest, secret: FromPath[str]) -> Redirect:
        link = await _link(request, secret)
        await rules.withdraw(link.need, by=link, now=now())
        return to(f"/help/by/{secret}", say("Withdrawn."))

    @post("/by/{secret:str}/confirmation", public=True)
    async def confirm(self, request: HTMXRequest, secret: FromPath[str]) -> Redirect:
        link = await _link(request, secret)
        await rules.confirm(link.need, by=link, now=now())
        return to(f"/help/by/{secret}", say("Good. They have been told."))

    @post("/by/{secret:str}/completion", public=True)
    async def complete(self, request: HTMXRequest, secret: FromPath[str]) -> Redirect:
        link = await _link(request, secret)
        await rules.complete(link.need, by=link, now=now())
        return to(f"/help/by/{secret}", say("Good. They have been told."))

    @post("/by/{secret:str}/reopening", public=True)
    async def reopen(self, request: HTMXRequest, secret: FromPath[str]) -> Redirect:
        link = await _link(request, secret)
        await rules.reopen(link.need, by=link, now=now())
        return to(f"/help/by/{secret}", say("It is open again. We ask the others."))

    @post("/by/{secret:str}/freshness", public=True)
    async def freshen(self, request: HTMXRequest, secret: FromPath[str]) -> Redirect:
        link = await _link(request, secret)
        await rules.freshen(link.need, by=link, now=now())
        return to(f"/help/by/{secret}", say("Good to know. It stays on the board."))

    @post("/by/{secret:str}/words", public=True)
    async def speak(self, request: HTMXRequest, secret: FromPath[str]) -> Page | Redirect:
        link = await _link(request, secret)
        form = await filled(request, WordsForm)
        if not form:
            return await _track(request, secret, form, 422)
        await rules.speak(link.need, form.meant.said, by=link, now=now())
        return to(f"/help/by/{secret}", say("Sent."))


def _only_where_somebody_lives(request: HTMXRequest) -> None:
    """Before the first set-up there is nobody who could come."""
    if request.scope["state"].get("here") is None:
        raise Missing


async def _asked(request: HTMXRequest, meant: GuestForm) -> str:
    phone = e164(meant.phone, request.state.here.region)
    if not phone:
        raise Refusal(say("That phone number cannot be right. Please look again."), beside="phone")
    who = Who(meant.name, phone, meant.door, meant.agrees)
    network, tag = place_of(request).network, speaking.get().tag
    asking = asking_of(meant, request)
    return await rules.ask_by_link(asking, who, area=meant.area, network=network, language=tag, now=now())


async def _link(request: HTMXRequest, secret: str) -> Link:
    return await rules.link(secret, network=place_of(request).network, now=now())


async def _track(request: HTMXRequest, secret: str, form: Form | None = None, status: int = 200) -> Page:
    link = await _link(request, secret)
    whole = await rules.whole(link.need, by=link, now=now())
    code = rules.plain(secret)
    known: dict[str, Any] = {"path_": f"/help/by/{code}", "code": rules.grouped(code)}
    known["link"] = f"{settings().base_url}/help/by/{code}"
    return page(request, "help/by_link.html", status=status, **known, **values_of(whole, None, form))


async def _form(request: HTMXRequest, form: Form, status: int = 200) -> Page:
    known: dict[str, Any] = {"areas": await community.top_areas(), **days(request)}
    return page(request, "help/ask.html", status=status, form=form, **known, **KNOWN)
