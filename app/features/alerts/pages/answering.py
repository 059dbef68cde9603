from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.alerts import rules
from app.features.alerts.rules.words import ANSWERS, FOR_OTHERS, HOW, LEVELS, MARKS, WHATS
from app.features.alerts.tables import Answer, How
from app.features.help.tables import What
from app.features.people.tables import State
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.forms import Form, Words, blank, filled, sent
from app.kit.outbox import pressed_at
from app.kit.pages import Page, ours, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

ENVELOPE = 64 * 1024
HOUSEHOLD = "household"
WORDS: dict[str, Any] = {"answers": ANSWERS, "hows": HOW, "for_others": FOR_OTHERS, "levels": LEVELS, "marks": MARKS}


class AnswerForm(Struct):
    """`person` is nobody (myself), "household", or a number. `back` is where whoever answers was."""

    answer: Answer
    person: Annotated[str, Words(20)] = ""
    how: How | None = None
    what: What = What.other
    words: Annotated[str, Words(400)] = ""
    back: Annotated[str, Words(200)] = ""


class AnsweringPages(Controller):
    """Whoever was called answers, also while their account is suspended or about to go."""

    path = "/alerts/{alert_id:int}/roll-call"
    opt = {"also": (State.suspended, State.leaving)}

    @get()
    async def show(
        self,
        request: HTMXRequest,
        alert_id: FromPath[int],
        person: FromQuery[int | None] = None,
        back: FromQuery[str] = "",
    ) -> Page:
        """`back` is where somebody came from who answers for others: a board, a list."""
        return await _shown(request, alert_id, blank(back=back), whom=person)

    @post(request_max_body_size=MOST_BYTES + ENVELOPE)
    async def answer(self, request: HTMXRequest, alert_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AnswerForm)
        whom = _number(form.values["person"]) if form.values["person"] != HOUSEHOLD else None
        if not form:
            return await _shown(request, alert_id, form, 422, whom=whom)
        try:
            await _answered(request, alert_id, form.meant, whom)
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await _shown(request, alert_id, form, refusal.status, whom=whom)
        meant, here = form.meant, f"/alerts/{alert_id}/roll-call"
        tell_more = meant.answer == Answer.help and whom is None and not meant.words
        path = f"{here}#more" if tell_more else ours(meant.back or here)
        return to(path, rules.SAID[meant.answer], undo=f"{here}/undo")

    @post("/undo")
    async def undo(self, request: HTMXRequest, alert_id: FromPath[int]) -> Redirect:
        await rules.undo(alert_id, by=request.user.id, now=now())
        return to(f"/alerts/{alert_id}/roll-call", say("Undone. What was said before counts again."))


async def _answered(request: HTMXRequest, alert: int, meant: AnswerForm, whom: int | None) -> None:
    by, at = request.user, now()
    said_at = pressed_at(request.headers, at)
    if meant.person == HOUSEHOLD:
        await rules.answer_for_household(alert, meant.answer, by=by, now=at, said_at=said_at)
        return
    upload = (await sent(request)).get("photo")
    photo = await upload.read() if isinstance(upload, UploadFile) else b""
    own = whom is None or whom == by.id
    how = How.self if own else meant.how or How.household
    said: dict[str, Any] = {"words": meant.words, "photo": photo, "what": meant.what, "how": how, "said_at": said_at}
    await rules.answer(alert, by.id if whom is None else whom, meant.answer, **said, by=by, now=at)


async def _shown(
    request: HTMXRequest, alert_id: int, form: Form, status: int = 200, *, whom: int | None = None
) -> Page:
    """With `whom`, the one somebody else of whom an officer has to say how they are."""
    by, at = request.user, now()
    alert = await rules.seen(alert_id, by=by, now=at)
    news = await rules.news_of(alert)
    roll = await rules.roll_call_of(news, by, now=at)
    one = await rules.mate(alert_id, whom) if whom is not None and whom != by.id else None
    may = await rules.rights(one, alert_id, by, now=at) if one else frozenset()
    if whom is not None and whom != by.id and not may:
        raise Missing
    known: dict[str, Any] = {"news": news, "roll": roll, "one": one, "form": form, "at": at, "whats": WHATS, **WORDS}
    known["may"] = [how for how in HOW if how in may]
    return page(request, "alerts/roll_call.html", status=status, **known)


def _number(typed: str) -> int | None:
    """Raises Missing for what is nobody's number."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Missing
    return int(typed)
