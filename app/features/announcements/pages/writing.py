from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.announcements import rules
from app.features.announcements.rules import Draft, Shown
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.forms import Form, Words, blank, filled
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

FORM = "announcements/write.html"


class AnnouncementForm(Struct):
    """A title and words in the community's first language, and in its second."""

    title_0: Annotated[str, Words(120)] = ""
    words_0: Annotated[str, Words(4000)] = ""
    title_1: Annotated[str, Words(120)] = ""
    words_1: Annotated[str, Words(4000)] = ""
    pinned_until: date | None = None
    area: int | None = None

    def draft(self, languages: list[str]) -> Draft:
        titles, words = (self.title_0, self.title_1), (self.words_0, self.words_1)
        return Draft(
            dict(zip(languages, titles, strict=False)), dict(zip(languages, words, strict=False)), self.pinned_until
        )


class WritingPages(Controller):
    path = "/announcements"
    opt = {"only": (Kind.administrator, Kind.steward)}

    @get("/new")
    async def new(self, request: HTMXRequest) -> Page:
        return await the_form(request, blank())

    @post("/new")
    async def announce(self, request: HTMXRequest) -> Page | Redirect:
        form = await filled(request, AnnouncementForm)
        if not form:
            return await the_form(request, form, status=422)
        try:
            draft = form.meant.draft(tongues(request))
            id = await rules.announce(draft, area=form.meant.area, by=request.user, now=now())
        except (Missing, NotYours) as refusal:
            form.errors["area"] = refusal.sentence
            return await the_form(request, form, status=refusal.status)
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_form(request, form, status=refusal.status)
        said = say("It hangs on the board, and everybody there has been told.")
        return to(f"/announcements/{id}", said, undo=f"/announcements/{id}/withdrawal")

    @get("/{announcement_id:int}/edit")
    async def change(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Page:
        shown = await own(announcement_id, request.user)
        return await the_form(request, as_form(shown, tongues(request)), shown=shown)

    @post("/{announcement_id:int}/edit")
    async def edit(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Page | Redirect:
        shown = await own(announcement_id, request.user)
        form = await filled(request, AnnouncementForm)
        if not form:
            return await the_form(request, form, shown=shown, status=422)
        try:
            await rules.edit(announcement_id, form.meant.draft(tongues(request)), by=request.user, now=now())
        except (Missing, NotYours):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return await the_form(request, form, shown=shown, status=refusal.status)
        return to(f"/announcements/{announcement_id}", say("Saved."))

    @post("/{announcement_id:int}/withdrawal")
    async def withdraw(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Redirect:
        await rules.withdraw(announcement_id, by=request.user, now=now())
        here = f"/announcements/{announcement_id}"
        return to("/announcements", say("Taken down."), undo=f"{here}/return")

    @post("/{announcement_id:int}/return")
    async def put_up_again(self, request: HTMXRequest, announcement_id: FromPath[int]) -> Redirect:
        await rules.put_up_again(announcement_id, by=request.user, now=now())
        return to(f"/announcements/{announcement_id}", say("It hangs on the board again."))


def tongues(request: HTMXRequest) -> list[str]:
    return list(request.state.here.languages[:2])


async def own(announcement_id: int, by: Neighbour) -> Shown:
    """Missing for whom it is not to read, NotYours for whoever may only read it."""
    shown = await rules.announcement(announcement_id, by=by)
    if not await rules.may_write(by, shown.area):
        raise NotYours(say("Only those who look after this area can."))
    return shown


def as_form(shown: Shown, languages: list[str]) -> Form:
    typed = {tag: (title, words) for tag, title, words in shown.in_each}
    values: dict[str, Any] = {"pinned_until": shown.pinned_until}
    for place, tag in enumerate(languages):
        values[f"title_{place}"], values[f"words_{place}"] = typed.get(tag, ("", ""))
    return blank(**values)


async def the_form(request: HTMXRequest, form: Form, *, shown: Shown | None = None, status: int = 200) -> Page:
    known = {"tongues": tongues(request), "areas": await areas_for(request.user), "shown": shown}
    everybody = request.user.is_a(Kind.administrator)
    return page(request, FORM, status=status, form=form, everybody=everybody, **known)


async def areas_for(by: Neighbour) -> list[tuple[int, list[Any]]]:
    """Each area that they may write to, with its whole line: a name alone says little."""
    kept = None if by.is_a(Kind.administrator) else await rules.areas_kept(by)
    found: list[tuple[int, list[Any]]] = []

    def walk(branches: list[community.Branch], line: list[Any]) -> None:
        for branch in branches:
            here = [*line, branch.area.label]
            if kept is None or branch.area.id in kept:
                found.append((branch.area.id, here))
            walk(branch.inside, here)

    walk(await community.tree(), [])
    return found
