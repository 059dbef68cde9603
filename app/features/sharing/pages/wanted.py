"""What neighbours look for: the list, a new post, and one post with what was answered."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.sharing.pages.common import KNOWN, today_of
from app.features.sharing.rules import search_answers, search_ending, search_listing, searches, searching
from app.features.sharing.rules.drafts import last_day
from app.features.sharing.rules.fitting import Fits
from app.features.sharing.rules.guessing import category_of
from app.features.sharing.rules.searches import Act
from app.features.sharing.rules.searching import Looking
from app.features.sharing.rules.words import SOUGHT
from app.features.sharing.tables import Category
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.paging import which
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import Sentence, say, say_n

NOBODY = say("Nobody has offered such a thing yet. It stands on everybody's list now.")


class LookingForm(Struct):
    """`sure`: none of what is on the board already is it."""

    words: Annotated[str, Words(120)]
    details: Annotated[str, Words(600)] = ""
    category: Category | None = None
    first_on: date | None = None
    last_on: date | None = None
    for_whom: int | None = None
    sure: bool = False

    def meant(self) -> Looking:
        return Looking(**{name: value for name, value in msgspec.structs.asdict(self).items() if name != "sure"})


class AnswerForm(Struct):
    item: int | None = None
    words: Annotated[str, Words(300)] = ""


class WantedPages(Controller):
    path = "/share/wanted"

    @get()
    async def all_of_them(
        self, request: HTMXRequest, number: Annotated[int | None, QueryParameter(name="page")] = None
    ) -> Page:
        at = now()
        posts = await search_listing.wanted(request.user, number=which(number), now=at)
        return page(request, "sharing/wanted.html", posts=posts, at=at, sought=SOUGHT, **KNOWN)

    @get("/new")
    async def new(self, request: HTMXRequest, q: FromQuery[str] = "", category: FromQuery[str] = "") -> Page:
        words = q.strip()[:120]
        chosen = category if category in set(Category) else ""
        return await form_page(request, blank(words=words, category=chosen or (category_of(words) if words else "")))

    @post("/new")
    async def look_for(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, LookingForm)
        if not form:
            return await form_page(request, form, 422)
        looking, by = form.meant.meant(), request.user
        try:
            there = [] if form.meant.sure else await searching.already_here(looking, by=by, now=now())
            if there:
                form.values["category"] = looking.kind
                return await form_page(request, form, 422, there=there)
            id, rung = await searching.look_for(looking, by=by, now=now())
        except (Missing, NotYours, TooOften):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await form_page(request, form, refusal.status)
        told = say_n("One neighbour who may have it was told.", "%(n)s neighbours who may have it were told.", rung)
        return to(searches.path_of(id), told if rung else NOBODY)

    @get("/{search_id:int}")
    async def one(self, request: HTMXRequest, search_id: FromPath[int]) -> Page:
        return await post_page(request, search_id)

    @post("/{search_id:int}/answer")
    async def answer(self, request: HTMXRequest, search_id: FromPath[int]) -> Page | Redirect:
        form = await filled(request, AnswerForm)
        if not form:
            return await post_page(request, search_id, form, 422)
        meant, by = form.meant, request.user
        try:
            await search_answers.answer(search_id, item=meant.item, words=meant.words, by=by, now=now())
        except (Missing, NotYours, TooOften, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await post_page(request, search_id, form, refusal.status)
        return to(searches.path_of(search_id), say("They have been told. Thank you."))

    @post("/{search_id:int}/answer/removal")
    async def take_back(self, request: HTMXRequest, search_id: FromPath[int]) -> Redirect:
        await search_answers.take_back(search_id, by=request.user, now=now())
        return to(searches.path_of(search_id), say("Your answer is taken back."))

    @post("/{search_id:int}/found")
    async def found(self, request: HTMXRequest, search_id: FromPath[int]) -> Redirect:
        await search_ending.found(search_id, by=request.user, now=now())
        return _ended(search_id, say("Good. Whoever answered has been told."))

    @post("/{search_id:int}/withdrawal")
    async def withdraw(self, request: HTMXRequest, search_id: FromPath[int]) -> Redirect:
        await search_ending.withdraw(search_id, by=request.user, now=now())
        return _ended(search_id, say("Withdrawn."))

    @post("/{search_id:int}/return")
    async def reopen(self, request: HTMXRequest, search_id: FromPath[int]) -> Redirect:
        await search_ending.reopen(search_id, by=request.user, now=now())
        return to(searches.path_of(search_id), say("It is looked for as before."))

    @post("/{search_id:int}/prolongation")
    async def prolong(self, request: HTMXRequest, search_id: FromPath[int]) -> Redirect:
        until = await search_ending.prolong(search_id, by=request.user, now=now())
        return to(searches.path_of(search_id), say("It stands there until %(day)s.", day=until))


def _ended(search_id: int, said: Sentence) -> Redirect:
    path = searches.path_of(search_id)
    return to(path, said, undo=f"{path}/return")


async def form_page(request: HTMXRequest, form: Form, status: int = 200, *, there: list[Fits] | None = None) -> Page:
    values: dict[str, Any] = {
        "form": form,
        "there": there or [],
        "for_whom": await people.acts_for(request.user),
        "today": today_of(request).isoformat(),
    }
    return page(request, "sharing/look_for.html", status=status, **values, **KNOWN)


async def post_page(request: HTMXRequest, search_id: int, form: Form | None = None, status: int = 200) -> Page:
    by, at = request.user, now()
    search = await searches.search_for(search_id, by=by, now=at)
    mine = await searches.looks(search, by)
    may = searches.acts(search, mine, at)
    answers = await search_answers.answers_to(search, by=by) if mine or search.answered else []
    await notices.read_about(search.path, by=by.id, now=at)
    typist = search.acted_by if search.acted_by not in (search.person, None) else None
    values: dict[str, Any] = {
        "search": search,
        "mine": mine,
        "may": {act.value: act in may for act in Act},
        "answers": answers,
        "own": await search_answers.own_things(search, by=by, now=at) if Act.answer in may else [],
        "typist": (await people.neighbour(typist)).name if typist else "",
        "form": blank() if form is None else form,
        "sought": SOUGHT,
        "until": last_day(search.until_at, request.state.here.clock),
        "at": at,
    }
    return page(request, "sharing/sought.html", status=status, **values, **KNOWN)
