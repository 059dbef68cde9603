"""An item as it is read: by those it is for, by those who answer for it, and held while a deed is done to it."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.community import rules as community
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.sharing.tables import Audience, Category, Condition, Did, Item, ItemStep, Kind, Policy, State
from app.features.skills.rules import building_of
from app.kit import clock
from app.kit.refusals import Missing, NotYours
from app.kit.words import Sentence, say


class Thing(Struct):
    """An item with whose it is and where it stands; `kept`: the reader answers for it; `answered`: somebody who is
    here does, so that what belongs to those who leave is out of sight, and back when they come back."""

    id: int
    kind: Kind
    name: str
    about: str
    lang: str
    category: Category
    condition: Condition
    parts: str
    fetch: str
    longest: int
    gap: int
    deposit: str
    emergency: bool
    audience: Audience
    area: int | None
    person: int | None
    household: int | None
    policy: Policy
    capability: str
    first_come: bool
    until_at: datetime | None
    label: str
    state: State
    before: State
    by: int | None
    made_at: datetime
    edited_at: datetime | None
    gone_at: datetime | None
    area_kind: str | None
    area_name: str | None
    owner_name: str | None
    owner_photo: str | None
    kept: bool
    answered: bool

    @property
    def path(self) -> str:
        return path_of(self.id)

    @property
    def thing(self) -> str:
        """What its days are kept under (`kit/slots.py`), and its waiting line."""
        return thing_of(self.id)

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def part_names(self) -> list[str]:
        """The check list of what belongs to it."""
        return [str(name) for name in json.loads(self.parts)]

    @property
    def is_ours(self) -> bool:
        """Of the whole community, with keepers."""
        return self.person is None and self.household is None

    @property
    def is_gift(self) -> bool:
        return self.kind == Kind.give

    @property
    def last_moment(self) -> datetime | None:
        """Of the last day on which it can be had."""
        return self.until_at - timedelta(seconds=1) if self.until_at else None

    def may_be_had(self, now: datetime) -> bool:
        """On the board, whole, and (a gift) not past its time."""
        whole = self.state == State.offered and self.answered and self.condition != Condition.broken
        return whole and (self.until_at is None or now < self.until_at)


def path_of(item_id: int) -> str:
    return f"/share/{item_id}"


def thing_of(item_id: int) -> str:
    return f"item:{item_id}"


_OWN = [name for name in Thing.__struct_fields__ if hasattr(Item, name)]
# ruff: noqa: S608 (all of these words are ours)
KEPT_BY = (
    "(items.person = {0} OR EXISTS (SELECT 1 FROM item_keepers WHERE item_keepers.item = items.id "
    "AND item_keepers.person = {0}) OR EXISTS (SELECT 1 FROM memberships WHERE memberships.household = items.household "
    "AND memberships.person = {0} AND memberships.until_on IS NULL))"
)
# For lists too: `LEFT JOIN people AS owners ON owners.id = items.person`.
ANSWERED = (
    "(CASE WHEN items.person IS NOT NULL THEN owners.state = 'active' WHEN items.household IS NULL THEN 1 = 1 "
    "ELSE EXISTS (SELECT 1 FROM memberships JOIN people AS there ON there.id = memberships.person "
    "AND there.state = 'active' WHERE memberships.household = items.household AND memberships.until_on IS NULL) END)"
)
COLUMNS = (
    "SELECT "
    + ", ".join(f"items.{name}" for name in _OWN)
    + ", areas.kind AS area_kind, areas.name AS area_name, owners.name AS owner_name, owners.photo AS owner_photo, "
    f"{KEPT_BY} AS kept, {ANSWERED} AS answered FROM items LEFT JOIN areas ON areas.id = items.area "
    "LEFT JOIN people AS owners ON owners.id = items.person "
)
_one = prepared_sql(COLUMNS + "WHERE items.id = {1}", Thing)


class _Id(Struct):
    id: int


_keepers = prepared_sql(
    "SELECT item_keepers.person AS id FROM item_keepers JOIN people ON people.id = item_keepers.person "
    "AND people.state = 'active' WHERE item_keepers.item = {} ORDER BY item_keepers.id",
    _Id,
)
_at_home = prepared_sql(
    "SELECT people.id FROM memberships JOIN people ON people.id = memberships.person AND people.state = 'active' "
    "AND (people.of_age_on IS NULL OR people.of_age_on <= {1}) "
    "WHERE memberships.household = {0} AND memberships.until_on IS NULL ORDER BY memberships.id",
    _Id,
)
_had = prepared_sql(
    "SELECT id FROM loans WHERE item = {0} AND (borrower = {1} OR acted_by = {1}) ORDER BY id DESC LIMIT 1", _Id
)


async def thing(item_id: int, *, by: int = 0) -> Thing:
    """As it stands, whoever may see it. Raises Missing."""
    found = await _one.first(by, item_id)
    if found is None:
        raise Missing
    return found


async def item_for(item_id: int, *, by: Neighbour) -> Thing:
    """Raises Missing for whom it is not, across a block, and for what is gone or was taken away."""
    found = await thing(item_id, by=by.id)
    if not await may_see(found, by):
        raise Missing
    found.kept = keeps(found, by)
    return found


async def may_see(found: Thing, by: Neighbour) -> bool:
    """Whoever asked for it goes on seeing it, for as long as their loan is kept."""
    if not by.is_active:
        return False
    if keeps(found, by):
        return True
    if found.state == State.taken or await _blocked(found, by):
        return False
    if found.state == State.gone or not found.answered:
        return bool(await _had(found.id, by.id))
    if by.is_a(RoleKind.administrator) or found.audience == Audience.community:
        return True
    return found.area is not None and await building_of(by.id) == found.area


async def _blocked(found: Thing, by: Neighbour) -> bool:
    whose = found.person or (found.by if found.household else None)
    return whose is not None and bool(await moderation.blocks_between(by.id, whose))


def keeps(found: Thing, by: Neighbour) -> bool:
    """Answers for it: lends it, hands it over, says when it is broken. Of what is ours, administrators too; a child
    does not answer for what their household has."""
    if not by.is_active or by.is_child(clock.now().date()):
        return False
    return found.kept or (found.is_ours and by.is_a(RoleKind.administrator))


async def held_item(item_id: int, *, by: int = 0) -> Thing:
    """Nobody else's until the transaction ends. Raises Missing."""
    await held(Item.select(Item.id).where(Item.id == item_id))
    return await thing(item_id, by=by)


async def kept_item(item_id: int, *, by: Neighbour) -> Thing:
    """Held. Missing for whom it is not, NotYours for those who do not answer for it."""
    found = await held_item(item_id, by=by.id)
    if not await may_see(found, by):
        raise Missing
    if not keeps(found, by):
        raise NotYours(say("Whoever it belongs to does that."))
    return found


async def keepers_of(found: Thing) -> list[int]:
    """Who is rung about it: of a household, those who are here and of age. What is ours and has no keeper (any more)
    is for the administrators."""
    if found.person is not None:
        return [found.person]
    if found.household is not None:
        return [each.id for each in await _at_home(found.household, await community.today(clock.now()))]
    return [each.id for each in await _keepers(found.id)] or await people.officers(RoleKind.administrator)


async def note(item_id: int, did: Did, *, by: int | None, now: datetime, words: str = "", loan: int = 0) -> None:
    """One line of its history."""
    await ItemStep.insert(ItemStep(item=item_id, loan=loan or None, at=now, by=by, did=did, words=words))


async def tell(
    whom: Collection[int | None],
    sentence: Sentence,
    path: str,
    *,
    by: int | None,
    now: datetime,
    key: str | None = None,
) -> None:
    """Those it concerns, except whoever did it."""
    told = {each for each in whom if each is not None and each != by}
    await notices.tell_all(told, sentence, path=path, now=now, topic="sharing", key=key)
