"""The installation itself: its name, languages, zone, and the areas it is made of."""

import hashlib
import json
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from app.db import held, prepared, prepared_sql, writing
from app.features.community.tables import Area, Community, SetUpLink
from app.kit import audit
from app.kit.languages import NAMES
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import Sentence, say

LABELS = {
    "building": ("楼栋", say("Building %(name)s")),
    "entrance": ("单元", say("Entrance %(name)s")),
    "floor": ("楼层", say("Floor %(name)s")),
    "street": ("街道", say("%(name)s")),
    "lane": ("巷", say("%(name)s")),
}
REGIONS = {
    "CN": say("China"),
    "HK": say("Hong Kong"),
    "TW": say("Taiwan"),
    "SG": say("Singapore"),
    "GB": say("Britain"),
}


class Here(Struct, frozen=True):
    """The community as every page knows it."""

    name: str
    zone: str
    region: str
    languages: tuple[str, ...]
    area_kinds: tuple[str, ...]

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class _Row(Struct):
    name: str
    zone: str
    region: str
    languages: str
    area_kinds: str


_the_one = prepared(
    lambda one: Community.select(
        Community.name, Community.zone, Community.region, Community.languages, Community.area_kinds
    ).where(Community.id == one),
    _Row,
)


async def here() -> Here | None:
    """None until somebody opened the set-up link and made the community."""
    row = await _the_one.first(1)
    return as_here(row.name, row.zone, row.region, row.languages, row.area_kinds) if row else None


def as_here(name: str, zone: str, region: str, languages: str, area_kinds: str) -> Here:
    return Here(name, zone, region, tuple(json.loads(languages)), tuple(json.loads(area_kinds)))


async def new_set_up_link(now: datetime) -> str:
    """A fresh token; the one printed before opens nothing any more. Raises NotYours once there is a community."""
    token = secrets.token_urlsafe(24)
    async with writing():
        if await Community.exists().where(Community.id == 1):
            raise NotYours(say("This community is set up already."))
        await SetUpLink.delete(force=True)
        await SetUpLink.insert(SetUpLink(fingerprint=_fingerprint(token), made_at=now))
    return token


async def is_set_up_link(token: str) -> bool:
    return bool(await SetUpLink.exists().where(SetUpLink.fingerprint == _fingerprint(token)))


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def found(
    *, name: str, languages: list[str], zone: str, region: str, area_kinds: list[str], now: datetime
) -> None:
    """Make the community, once: its row has the id 1. The link is spent with it."""
    await SetUpLink.delete(force=True)
    await Community.insert(
        Community(
            id=1,
            name=name,
            languages=json.dumps(_languages(languages)),
            zone=_zone(zone),
            region=region,
            area_kinds=json.dumps(_kinds(area_kinds), ensure_ascii=False),
            made_at=now,
        )
    )


async def change(
    *, name: str, languages: list[str], zone: str, region: str, area_kinds: list[str], by: int, now: datetime
) -> None:
    async with writing():
        await Community.update(
            {
                Community.name: name,
                Community.languages: json.dumps(_languages(languages)),
                Community.zone: _zone(zone),
                Community.region: region,
                Community.area_kinds: json.dumps(_kinds(area_kinds), ensure_ascii=False),
            }
        ).where(Community.id == 1)
        await audit.note("community changed", who=by, about="community:1", now=now)


def _languages(chosen: list[str]) -> list[str]:
    known = [tag for tag in chosen if tag in NAMES]
    if not known:
        raise Refusal(say("Choose at least one language."), beside="languages")
    return known


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Refusal(say("A time zone by its name, please, like Asia/Shanghai."), beside="zone")
    return zone


def _kinds(kinds: list[str]) -> list[str]:
    """Known kinds in any of our languages become their key; others stay as the administrator named them."""
    by_word = {word: key for key, (chinese, _) in LABELS.items() for word in (key, chinese)}
    named = [by_word.get(kind.strip().lower(), kind.strip()) for kind in kinds if kind.strip()]
    if not named or len(set(named)) != len(named) or any(len(kind) > 40 for kind in named):
        raise Refusal(say("Name one to six different kinds of areas, the largest first."), beside="area_kinds")
    return named[:6]


def label(kind: str, name: str) -> Sentence:
    """ "Building 3", 「3 号楼」; a kind of the administrator's own is named by its name alone."""
    if kind in LABELS and name.isdigit():
        return say(LABELS[kind][1].words, name=name)
    return say("%(name)s", name=name)


def kind_name(kind: str) -> Sentence:
    words = {
        "building": say("building"),
        "entrance": say("entrance"),
        "floor": say("floor"),
        "street": say("street"),
        "lane": say("lane"),
    }
    return words.get(kind) or say("%(name)s", name=kind)


class AreaRow(Struct):
    id: int
    parent: int | None
    kind: str
    name: str
    sort: int

    @property
    def label(self) -> Sentence:
        return label(self.kind, self.name)


_children = prepared(
    lambda parent: (
        Area.select(Area.id, Area.parent, Area.kind, Area.name, Area.sort)
        .where(Area.parent == parent)
        .order_by(Area.sort, Area.name)
    ),
    AreaRow,
)
_tops = prepared(
    lambda: (
        Area.select(Area.id, Area.parent, Area.kind, Area.name, Area.sort)
        .where(Area.parent.is_null())
        .order_by(Area.sort, Area.name)
    ),
    AreaRow,
)
_one_area = prepared(
    lambda id: Area.select(Area.id, Area.parent, Area.kind, Area.name, Area.sort).where(Area.id == id), AreaRow
)


class _Id(Struct):
    id: int


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
)


async def top_areas() -> list[AreaRow]:
    return list(await _tops())


async def areas_in(parent: int) -> list[AreaRow]:
    return list(await _children(parent))


async def area(area_id: int) -> AreaRow:
    found = await _one_area.first(area_id)
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
        if parent is not None:
            await area(parent)
        await _name_is_free(parent, name, besides=None)
        made = Area(parent=parent, kind=kind, name=name, sort=int(name) if name.isdigit() and len(name) < 9 else 0)
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


async def remove_area(area_id: int, *, by: int, now: datetime) -> None:
    """An empty area only: the foreign keys refuse one that still holds areas or households."""
    async with writing():
        await area(area_id)
        if await Area.exists().where(Area.parent == area_id):
            raise Refusal(say("There are areas inside it. Remove those first."))
        await Area.delete().where(Area.id == area_id)
        await audit.note("area removed", who=by, about=f"area:{area_id}", now=now)


async def _name_is_free(parent: int | None, name: str, *, besides: int | None) -> None:
    beside = Area.parent.is_null() if parent is None else Area.parent == parent
    same = await Area.select(Area.id).where(beside & (Area.name == name)).first()
    if same and same["id"] != besides:
        raise Refusal(say("There is an area of that name here already."), beside="name")
