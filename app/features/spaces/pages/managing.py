from datetime import date
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.spaces import rules
from app.features.spaces.pages.common import KNOWN, Hour, managed_room, today_of, zone_of
from app.features.spaces.pages.typed import Short, SpaceForm, as_typed, facts_of, hours_typed, plain, texts_of
from app.features.spaces.rules import Facts, Room
from app.features.spaces.rules.times import moment_of
from app.kit.clock import now
from app.kit.forms import Form, blank, filled
from app.kit.hours import minute_of
from app.kit.languages import NAMES
from app.kit.pages import Page, page, to
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say


class EquipmentForm(Struct):
    thing_0: Short = ""
    thing_1: Short = ""
    units: int = 1
    everywhere: bool = False


class BlockForm(Struct):
    day: date
    begins: Hour
    ends: Hour
    last: date | None = None
    reason_0: Short = ""
    reason_1: Short = ""


class ManagingPages(Controller):
    path = "/manage/spaces"

    @get("/new")
    async def new(self, request: HTMXRequest) -> Page:
        if not rules.may_add(request.user):
            raise Missing
        week = {f"hours_{day}": "09:00-21:00" for day in range(7)}
        return await the_form(request, blank(SpaceForm, **week, **plain(Facts({}, 12))))

    @post("/new")
    async def make(self, request: HTMXRequest) -> Page | Redirect:
        if not rules.may_add(request.user):
            raise Missing
        return await _saved(request, None)

    @get("/{space_id:int}")
    async def edit(self, request: HTMXRequest, space_id: FromPath[int]) -> Page:
        room = await managed_room(request, space_id)
        return await the_form(request, await as_typed(request, room), room=room)

    @post("/{space_id:int}")
    async def change(self, request: HTMXRequest, space_id: FromPath[int]) -> Page | Redirect:
        return await _saved(request, await managed_room(request, space_id))

    @post("/{space_id:int}/closing")
    async def close(self, request: HTMXRequest, space_id: FromPath[int]) -> Redirect:
        await rules.close_space(space_id, by=request.user, now=now())
        return to("/spaces", say("Closed. Nobody finds it any more."), undo=f"/manage/spaces/{space_id}/opening")

    @post("/{space_id:int}/opening")
    async def open_again(self, request: HTMXRequest, space_id: FromPath[int]) -> Redirect:
        await rules.open_again(space_id, by=request.user, now=now())
        return to(f"/manage/spaces/{space_id}", say("It is open again."))

    @post("/{space_id:int}/equipment")
    async def add_equipment(self, request: HTMXRequest, space_id: FromPath[int]) -> Page | Redirect:
        room, form = await managed_room(request, space_id), await filled(request, EquipmentForm)
        try:
            if form:
                meant = form.meant
                names = texts_of(request, (meant.thing_0, meant.thing_1), beside="thing_0")
                await rules.add_equipment(
                    space_id, names, meant.units, everywhere=meant.everywhere, by=request.user, now=now()
                )
                return to(f"/manage/spaces/{space_id}#equipment", say("Added."))
        except Refusal as refusal:
            form.refuse(refusal)
        return await the_form(request, await as_typed(request, room), 422, room=room, equipment_form=form)

    @post("/{space_id:int}/equipment/{equipment_id:int}/removal")
    async def drop(self, request: HTMXRequest, space_id: FromPath[int], equipment_id: FromPath[int]) -> Redirect:
        await rules.take_equipment_away(space_id, equipment_id, by=request.user, now=now())
        return to(f"/manage/spaces/{space_id}#equipment", say("Taken off the list."))

    @post("/{space_id:int}/block-outs")
    async def block(self, request: HTMXRequest, space_id: FromPath[int]) -> Page | Redirect:
        room, form = await managed_room(request, space_id), await filled(request, BlockForm)
        try:
            if form:
                meant = form.meant
                zone, last = zone_of(request), meant.last or meant.day
                begins = moment_of(meant.day, minute_of(meant.begins, beside="begins"), zone, beside="begins")
                ends = moment_of(last, minute_of(meant.ends, beside="ends", ends=True), zone, beside="ends")
                reason = texts_of(request, (meant.reason_0, meant.reason_1), beside="reason_0")
                await rules.block_out(space_id, begins, ends, reason, by=request.user, now=now())
                return to(
                    f"/manage/spaces/{space_id}#block-outs", say("Out of use then. Whoever had booked it is told.")
                )
        except (Missing, NotYours, Taken):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        return await the_form(request, await as_typed(request, room), 422, room=room, block_form=form)

    @post("/{space_id:int}/block-outs/{block_id:int}/end")
    async def unblock(self, request: HTMXRequest, space_id: FromPath[int], block_id: FromPath[int]) -> Redirect:
        await rules.end_block_out(space_id, block_id, by=request.user, now=now())
        return to(f"/manage/spaces/{space_id}#block-outs", say("In use again."))


async def _saved(request: HTMXRequest, room: Room | None) -> Page | Redirect:
    form = await filled(request, SpaceForm)
    if not form:
        return await the_form(request, form, 422, room=room)
    at = now()
    try:
        week = {day: hours_typed(getattr(form.meant, f"hours_{day}"), f"hours_{day}") for day in range(7)}
        facts = facts_of(request, form)
        house_rules = texts_of(request, (form.meant.rules_0, form.meant.rules_1))
        async with rules.together():
            if room is None:
                room = await rules.add_space(facts, by=request.user, now=at)
            else:
                room = await rules.change_space(room.id, facts, by=request.user, now=at)
            await rules.open_on_weekdays(room.id, week, by=request.user, now=at)
            await rules.keep_house_rules(room.id, house_rules, by=request.user, now=at)
    except (Missing, NotYours):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return await the_form(request, form, refusal.status, room=room)
    return to(f"/spaces/{room.slug}", say("Saved."))


async def the_form(
    request: HTMXRequest,
    form: Form,
    status: int = 200,
    *,
    room: Room | None = None,
    equipment_form: Form | None = None,
    block_form: Form | None = None,
    photo_form: Form | None = None,
) -> Page:
    values: dict[str, Any] = {
        "form": form,
        "room": room,
        "equipment_form": blank() if equipment_form is None else equipment_form,
        "block_form": blank(day=today_of(request).isoformat()) if block_form is None else block_form,
        "photo_form": blank() if photo_form is None else photo_form,
        "photos": (await rules.photos_of([room.id]))[room.id] if room else [],
        "equipment": await rules.equipment_of(room.id) if room else [],
        "block_outs": await rules.block_outs_of(room.id, now=now()) if room else [],
        "areas": await community.top_areas(),
        "holders": [await people.neighbour(each) for each in await rules.who_manages(room, now=now())],
        "capabilities": people.CAPABILITIES,
        "tongues": request.state.here.languages,
        "languages": NAMES,
        "today": today_of(request),
    }
    return page(request, "spaces/manage.html", status=status, **values, **KNOWN)
