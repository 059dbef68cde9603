"""How a handler answers: with a page, with the one block htmx came for, or by sending the reader on."""

import base64
import logging
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from app.config import settings
from app.db import Clash
from app.kit.door import number_of
from app.kit.forms import Form
from app.kit.languages import speaking
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, kept, say

log = logging.getLogger(__name__)

Page = Response[str]
SAID = "said"
IGNORED = dict.fromkeys(range(33))
HEADERS = {"Vary": "HX-Request, HX-Target, Accept-Language, Cookie", "Cache-Control": "no-store"}


def page(request: Request[Any, Any, Any], name: str, *, status: int = 200, **values: Any) -> Page:
    """A block, the id of its element and the htmx target all bear one name: htmx gets that block, others the page."""
    engine: Any = request.app.template_engine
    part = part_of(request, name)
    said = _said(request)
    known = {
        "viewer": request.scope.get("user"),
        "here": request.scope["state"].get("here"),
        "path": request.scope["path"],
        "number": number_of(request.scope),
        "said": said,
    }
    html = engine.get_template(part).render(**known | values)
    if said and part != name:
        html += engine.get_template("base.html#said_partial").render(**known | values)
    answer = Response(html, media_type=MediaType.HTML, status_code=status, headers=dict(HEADERS))
    answer.headers["Content-Language"] = speaking.get().tag
    if said:
        answer.headers["Set-Cookie"] = _said_cookie("", seconds=0)
    return answer


def part_of(request: Request[Any, Any, Any], name: str) -> str:
    """htmx 4 names its target `tag#id` ("section#loan"); going back in history wants the whole page."""
    if "#" in name or not is_htmx(request) or request.headers.get("hx-history-restore-request") == "true":
        return name
    target = request.headers.get("hx-target", "").rpartition("#")[2]
    engine: Any = request.app.template_engine
    return f"{name}#{target}" if target and target in engine.get_template(name).blocks else name


def is_htmx(request: Request[Any, Any, Any]) -> bool:
    return request.headers.get("hx-request") == "true"


def to(path: str, said: Sentence | None = None, *, undo: str = "") -> Redirect:
    """After every deed: look at the result. htmx follows too, and brings home its block.

    `said` is shown once on the page that follows; `undo` is the path whose POST takes the deed back.
    """
    headers = {}
    if said:
        words = base64.urlsafe_b64encode(f"{undo}\n{said.as_json()}".encode()).decode().rstrip("=")
        headers["Set-Cookie"] = _said_cookie(words, seconds=20)
    return Redirect(path, status_code=303, headers=headers)


def _said_cookie(words: str, *, seconds: int) -> str:
    """In our own words: the library's cost a twentieth of a page."""
    secure = "; Secure" if settings().https else ""
    return f"{SAID}={words}; HttpOnly; Max-Age={seconds}; Path=/; SameSite=lax{secure}"


def ours(path: str) -> str:
    """A path of this house; browsers read "/\\" as "//" and take no notice of a tab in between."""
    plain = path.replace("\\", "/").translate(IGNORED)
    return path if plain.startswith("/") and not plain.startswith("//") else "/"


def _said(request: Request[Any, Any, Any]) -> dict[str, Any] | None:
    words = request.cookies.get(SAID)
    if not words or request.method != "GET":
        return None
    try:
        undo, _, sentence = base64.urlsafe_b64decode(f"{words}==").decode().partition("\n")
        spoken = kept(sentence).spoken(speaking.get())
        spoken.encode()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # not one of ours: a cookie may hold anything
    return {"sentence": spoken, "undo": undo if undo.startswith("/") else ""}


def refused(request: HTMXRequest, refusal: Refusal) -> Page:
    """A rule said no: its sentence lands in the live region of whatever page the reader is on."""
    name = "refusal.html#refusal" if is_htmx(request) else "refusal.html"
    answer = page(request, name, status=refusal.status, refusal=refusal)
    answer.headers.update({"HX-Retarget": "#refusal", "HX-Reswap": "outerHTML", **_when_again(refusal)})
    return answer


def _when_again(refusal: Refusal) -> dict[str, str]:
    return {"Retry-After": str(refusal.wait)} if refusal.wait else {}


def refused_form(request: HTMXRequest, name: str, form: Form, refusal: Refusal, **values: Any) -> Page:
    """The form again, what was typed still in it, and the sentence beside its field."""
    form.refuse(refusal)
    answer = page(request, name, status=refusal.status, form=form, **values)
    answer.headers.update(_when_again(refusal))
    return answer


def clashed(request: HTMXRequest, _: Clash) -> Page:
    """A unique index said no before any rule could: somebody was faster."""
    return refused(request, Taken(say("Somebody was faster. Please look again.")))


def unfit(request: Any, error: Exception) -> Page:
    """Asked for by a number that no row can have: it is not there, on either engine."""
    log.warning("unfit %s: %s", number_of(request.scope), type(error).__name__)
    return refused(request, Missing())


def error_page(request: HTMXRequest, error: HTTPException) -> Page:
    """Unknown addresses, wrong methods, too large a form: people get a page in their language, never JSON."""
    sentence = error.extra if isinstance(error.extra, Sentence) else SENTENCES.get(error.status_code, SENTENCES[400])
    answer = _trouble(request, error.status_code, sentence)
    answer.headers.update({k: v for k, v in (error.headers or {}).items() if k.lower() in ("allow", "retry-after")})
    return answer


def broken(request: HTMXRequest, error: Exception) -> Page:
    """Our fault. The page gives a number that the log knows, and nothing else."""
    log.error("broken %s", number_of(request.scope), exc_info=error)
    return _trouble(request, 500, SENTENCES[500])


def _trouble(request: HTMXRequest, status: int, sentence: Sentence) -> Page:
    """A page of its own; beside a page that stays, the sentence alone."""
    if not is_htmx(request):
        return page(request, "error.html", status=status, sentence=sentence)
    refusal = Refusal(sentence)
    refusal.status = status
    return refused(request, refusal)


SENTENCES = {
    400: say("We could not read that. Please go back and try again."),
    403: say("This is not open to you."),
    404: say("That is not here, or not yours to see."),
    405: say("That cannot be done at this address."),
    413: say("That is too large to send. A form takes 256 KB, a file 10 MB."),
    500: say("Something broke on our side. What you typed was not saved; please try again in a moment."),
}
