"""The parts a community is made of, one inside another."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import Needed, held, prepared, prepared_sql, writing
from app.features.community.rules.installation import here
from app.features.community.rules.names import label
from app.features.community.tables import Area
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

SHOWN = (Area.id, Area.parent, Area.kind, Area.name, Area.sort)


class AreaRow(Struct):
    id: int
    parent: int | None
    kind: str
    name: str
    sort: int

    @property
    def label(self) -> Sentence:
        return label(self.kind, self.name)


class Branch(Struct):
    """An area and those inside it, in their order."""

    area: AreaRow
    inside: "list[Branch]"


class _Id(Struct):
    id: int


_all = prepared(lambda: Area.select(*SHOWN).order_by(Area.sort, Area.name), AreaRow)
_children = prepared(
    lambda parent: Area.select(*SHOWN).where(Area.parent == parent).order_by(Area.sort, Area.name), AreaRow
)
_tops = prepared(lambda: Area.select(*SHOWN).where(Area.parent.is_null()).order_by(Area.sort, Area.name), AreaRow)
_one = prepared(lambda id: Area.select(*SHOWN).where(Area.id == id), AreaRow)
_below = prepared_sql(
    "SELECT id FROM (WITH RECURSIVE below(id) AS (SELECT id FROM areas WHERE id = {} UNION ALL "
    "SELECT areas.id FROM areas JOIN below ON areas.parent = below.id) SELECT id FROM below) AS inside",
    _Id,
)
_above = prepared_sql(
    "SELECT id, parent, kind, name, sort FROM (WITH RECURSIVE above(id, parent, kind, name, sort, up) AS ("
    "SELECT id, parent, kind, name, sort, 0 FROM areas WHERE id = {} UNION ALL "
    "SELECT areas.id, areas.parent, areas.kind, areas.name, areas.sort, above.up + 1 "
    "FROM areas JOIN above ON areas.id = above.parent) SELECT * FROM above) AS line ORDER BY up DESC",
    AreaRow,
    of_many=True,
)


async def tree() -> list[Branch]:
    branches = {row.id: Branch(row, []) for row in await _all()}
    for branch in branches.values():
        if branch.area.parent is not None:
            branches[branch.area.parent].inside.append(branch)
    return [branch for branch in branches.values() if branch.area.parent is None]


async def top_areas() -> list[AreaRow]:
    return list(await _tops())


async def areas_in(parent: int) -> list[AreaRow]:
    return list(await _children(parent))


async def area(area_id: int) -> AreaRow:
    found = await _one.first(area_id)
    if found is None:
        raise Missing
    return found


async def below(area_id: int) -> list[int]:
    """The area and everything inside it."""
    return [row.id for row in await _below(area_id)]


async def line_to(area_id: int) -> list[AreaRow]:
    """From the largest area that contains it down to the area itself."""
    return list(await _above(area_id))


async def add_area(*, parent: int | None, kind: str, name: str, by: int, now: datetime) -> int:
    async with writing():
        if parent is not None and await held(Area.objects().where(Area.id == parent)).first() is None:
            raise Missing
        await _kind_is_known(kind)
        await _name_is_free(parent, name, besides=None)
        made = Area(parent=parent, kind=kind, name=name, sort=await _place_for(parent, name))
        await made.save()
        await audit.note("area made", who=by, about=f"area:{made.id}", now=now)
        return int(made.id)


async def rename_area(area_id: int, *, name: str, by: int, now: datetime) -> None:
    async with writing():
        old = await held(Area.objects().where(Area.id == area_id)).first()
        if old is None:
            raise Missing
        await _name_is_free(old.parent, name, besides=area_id)
        await Area.update({Area.name: name}).where(Area.id == area_id)
        await audit.note("area renamed", who=by, about=f"area:{area_id}", now=now, fields=["name"])


async def put_area(area_id: int, *, later: bool, by: int, now: datetime) -> int | None:
    """One place earlier or later among its siblings; gives back the area that contains it."""
    async with writing():
        moved = await area(area_id)
        siblings = await held(_siblings(moved.parent)).order_by(Area.sort, Area.name)
        ids = [each.id for each in siblings]
        place = ids.index(area_id)
        other = min(max(place + (1 if later else -1), 0), len(ids) - 1)
        ids[place], ids[other] = ids[other], ids[place]
        for sort, each in enumerate(ids, 1):
            await Area.update({Area.sort: sort}).where((Area.id == each) & (Area.sort != sort))
        await audit.note("area moved", who=by, about=f"area:{area_id}", now=now, fields=["sort"])
        return moved.parent


async def remove_area(area_id: int, *, by: int, now: datetime) -> AreaRow:
    """An empty area only, whichever feature's rows stand in it: the foreign keys keep that promise."""
    try:
        async with writing():
            gone = await area(area_id)
            if await Area.exists().where(Area.parent == area_id):
                raise Refusal(say("There are areas inside it. Remove those first."))
            await Area.delete().where(Area.id == area_id)
            await audit.note("area removed", who=by, about=f"area:{area_id}", now=now)
            return gone
    except Needed:
        raise Refusal(say("Something still belongs to this area. Move it elsewhere first.")) from None


def _siblings(parent: int | None) -> Any:
    return Area.objects().where(Area.parent.is_null() if parent is None else Area.parent == parent)


async def _place_for(parent: int | None, name: str) -> int:
    """Numbers stand where one looks for them; a name goes to the end, from where it can be moved."""
    if name.isdecimal() and len(name) < 9:
        return int(name)
    last = await _siblings(parent).order_by(Area.sort, ascending=False).first()
    return last.sort + 1 if last else 0


async def _kind_is_known(kind: str) -> None:
    known = await here()
    if known is not None and kind not in known.area_kinds:
        raise Refusal(say("Please choose one of these."), beside="kind")


async def _name_is_free(parent: int | None, name: str, *, besides: int | None) -> None:
    if not name.strip():
        raise Refusal(say("Please fill this in."), beside="name")
    same = await _siblings(parent).where(Area.name == name).first()
    if same and same.id != besides:
        raise Refusal(say("There is an area of that name here already."), beside="name")
