from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct, structs

from app.features.alerts import rules
from app.features.alerts.rules.words import ANSWERS, LEVELS, MARKS, TYPES, WHATS
from app.features.alerts.tables import Answer
from app.features.help.tables import What
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to

WORDS: dict[str, Any] = {"answers": ANSWERS, "levels": LEVELS, "marks": MARKS, "types": TYPES, "whats": WHATS}


class LinkForm(Struct):
    answer: Answer
    what: What = What.other
    words: Annotated[str, Words(400)] = ""


class AnswerLinkPages(Controller):
    """A link that answers once, for whoever holds it. A GET only looks: mail scanners open links.

    Its forms carry no number of a deed: with it, where the deed led would be kept, and with that the link.
    """

    path = "/answer"

    @get(public=True)
    async def enter(self, request: HTMXRequest, code: FromQuery[str] = "") -> Page | Redirect:
        typed = "".join(code.split())
        return to(f"/answer/{quote(typed)}") if typed else page(request, "alerts/enter_link.html")

    @get("/{token:str}", public=True)
    async def look(self, request: HTMXRequest, token: FromPath[str]) -> Page:
        return await _shown(request, token, blank())

    @post("/{token:str}", public=True)
    async def answer(self, request: HTMXRequest, token: FromPath[str]) -> Page | Redirect:
        form = await filled(request, LinkForm)
        if not form:
            return await _shown(request, token, form, 422)
        meant = form.meant
        await rules.answer_by_link(token, meant.answer, words=meant.words, what=meant.what, now=now())
        return to(f"/answer/{token}", rules.SAID[meant.answer], undo=f"/answer/{token}/undo")

    @post("/{token:str}/undo", public=True)
    async def undo(self, request: HTMXRequest, token: FromPath[str]) -> Page:
        """The page itself, for the same reason: the toast's form carries a number."""
        await rules.undo_by_link(token, now=now())
        return await _shown(request, token, blank())


async def _shown(request: HTMXRequest, token: str, form: Form, status: int = 200) -> Page:
    at = now()
    opened = await rules.open_link(token, now=at)
    news = await rules.news_of(opened.alert)
    values: dict[str, Any] = {"opened": opened, "news": news, "form": form, "token": token, "at": at, **WORDS}
    values["ended"] = structs.replace(news, headlines=opened.last.headlines, bodies=opened.last.bodies)
    values["places"] = await rules.where(news.id)
    values["last"] = opened.last
    return page(request, "alerts/link.html", status=status, **values)
