"""How notices reach somebody: the phones that ring, and what they want to hear of, on which roads, and when."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.notices import rules
from app.features.notices.pages.reading import WAITING
from app.features.notices.tables import By
from app.kit.browsers import is_wechat
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled, sent
from app.kit.languages import speaking
from app.kit.pages import Page, page, to
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

HERE = "/account/notices"
NIGHT = ("22:00", "07:00")
EVENING = "18:00"
ROADS: dict[By, Sentence] = {
    By.push: say("On the phones that ring"),
    By.email: say("By e-mail"),
    By.sms: say("By SMS"),
    By.wecom: say("In WeCom"),
}


class WishesForm(Struct):
    """`asked` are the roads that the page showed."""

    quiet: bool = False
    quiet_from: str = NIGHT[0]
    quiet_until: str = NIGHT[1]
    daily: bool = False
    daily_at: str = EVENING
    shows_words: bool = False
    wecom: Annotated[str, Words(64)] = ""
    asked: list[By] = []


class ChoosingPages(Controller):
    path = HERE
    opt = {"also": WAITING}

    @get()
    async def show(self, request: HTMXRequest) -> Page:
        return await chosen(request)

    @post()
    async def choose(self, request: HTMXRequest) -> Page | Redirect:
        form, topics = await filled(request, WishesForm), request.app.state.bell.topics
        data = await sent(request)
        ticked = {by: [word for word in data.getall(f"on-{by}", []) if isinstance(word, str)] for by in ROADS}
        form.values |= {f"on-{by}": names for by, names in ticked.items()}
        if not form:
            return await chosen(request, form, 422)
        meant: WishesForm = form.meant
        try:
            await rules.choose(
                await _wished(request, meant),
                {name: [by for by, names in ticked.items() if name in names] for name in topics},
                asked=meant.asked,
                topics=topics,
                now=now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
            return await chosen(request, form, refusal.status)
        return to(HERE, say("Saved."))


async def chosen(request: HTMXRequest, form: Form | None = None, status: int = 200) -> Page:
    viewer, topics = request.user, request.app.state.bell.topics
    phones, known = await rules.devices(viewer.id), await rules.wishes(viewer.id)
    reach = await _reach(request, known)
    has = [by for by in ROADS if reach.get(by) or (by is By.push and phones)]
    return page(
        request,
        "notices/choosing.html",
        status=status,
        form=_as_form(known, await rules.heard_by(viewer.id, topics, has), has) if form is None else form,
        phones=phones,
        topics=[(name, topic.label.spoken(speaking.get())) for name, topic in topics.items() if not topic.always],
        roads={by: ROADS[by] for by in has},
        reach=reach,
        hours=[(clock(hour * 60), clock(hour * 60)) for hour in range(24)],
        wechat=is_wechat(request.headers.get("user-agent", "")),
    )


async def _reach(request: HTMXRequest, known: rules.Wish) -> Mapping[By, str]:
    """The other roads of this house, and where each finds this person: empty where it does not."""
    bell: rules.Bell = request.app.state.bell
    address = (await bell.addresses([request.user.id]))[request.user.id]
    at = {By.email: address.email, By.sms: address.phone, By.wecom: known.wecom}
    return {by: at[by] for by in at if by in bell.roads}


async def _wished(request: HTMXRequest, meant: WishesForm) -> rules.Wish:
    """A field that this house does not show keeps what stands there."""
    night = (rules.minute_of(meant.quiet_from), rules.minute_of(meant.quiet_until)) if meant.quiet else (0, 0)
    asks_wecom = By.wecom in request.app.state.bell.roads
    return rules.Wish(
        person=request.user.id,
        quiet_from=night[0],
        quiet_until=night[1],
        daily_at=rules.minute_of(meant.daily_at) if meant.daily else None,
        shows_words=meant.shows_words,
        wecom=meant.wecom if asks_wecom else (await rules.wishes(request.user.id)).wecom,
    )


def _as_form(known: rules.Wish, heard: Mapping[str, Any], has: list[By]) -> Form:
    is_quiet = known.quiet_from != known.quiet_until
    night = (clock(known.quiet_from), clock(known.quiet_until)) if is_quiet else NIGHT
    ticked: Any = {f"on-{by}": [name for name, roads in heard.items() if by in roads] for by in has}
    return blank(
        quiet="1" if is_quiet else "",
        quiet_from=night[0],
        quiet_until=night[1],
        daily="1" if known.daily_at is not None else "",
        daily_at=EVENING if known.daily_at is None else clock(known.daily_at),
        shows_words="1" if known.shows_words else "",
        wecom=known.wecom,
        **ticked,
    )


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
