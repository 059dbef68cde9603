"""Those who asked to be let in, as neighbours and officers see them."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.accounts.rules.codes import plain
from app.features.community import rules as community
from app.features.joining.rules.reach import Kept, among, kept_by
from app.features.people.rules import Neighbour
from app.features.people.tables import State
from app.kit.paging import Paged, paged, window
from app.kit.refusals import Missing
from app.kit.words import Sentence, say


class Waiter(Struct):
    """`id` is the person. `vouches` are those that stand; `homes` how many households they are members of."""

    id: int
    name: str
    photo: str
    state: str
    area: int
    area_kind: str
    area_name: str
    door: str
    token: str
    asked_at: datetime
    vouched_at: datetime | None
    welcomed_at: datetime | None
    welcomed_by: int | None
    turned_away_at: datetime | None
    fell_at: datetime | None
    reason: str
    vouches: int
    homes: int

    @property
    def place(self) -> Sentence:
        return community.label(self.area_kind, self.area_name)

    @property
    def waits(self) -> bool:
        return self.state == State.pending and self.turned_away_at is None

    @property
    def needs_home(self) -> bool:
        """Let in by two neighbours, and no officer has said yet at which door."""
        return self.state == State.active and self.vouched_at is not None and self.welcomed_at is None


_WAITERS = (
    "SELECT people.id, people.name, people.photo, people.state, newcomers.area, areas.kind AS area_kind, "
    "areas.name AS area_name, newcomers.door, newcomers.token, newcomers.asked_at, newcomers.vouched_at, "
    "newcomers.welcomed_at, newcomers.welcomed_by, newcomers.turned_away_at, newcomers.fell_at, newcomers.reason, "
    "(SELECT count(*) FROM vouches WHERE vouches.person = people.id AND vouches.ended_at IS NULL) AS vouches, "
    "(SELECT count(*) FROM memberships WHERE memberships.person = people.id AND memberships.until_on IS NULL) AS homes "
    "FROM newcomers JOIN people ON people.id = newcomers.person JOIN areas ON areas.id = newcomers.area "
)
# First those who wait, then those whom neighbours let in and whose door nobody has confirmed.
_OPEN = (
    "((people.state = 'pending' AND newcomers.turned_away_at IS NULL) OR (people.state = 'active' "
    "AND newcomers.vouched_at IS NOT NULL AND newcomers.welcomed_at IS NULL)) AND ({1} OR newcomers.area AMONG) "
)
_IN_TURN = "ORDER BY people.state DESC, newcomers.asked_at, people.id LIMIT {2} OFFSET {3}"
_list = prepared_sql(
    among(_WAITERS + "WHERE " + _OPEN + _IN_TURN),
    Waiter,
)
_one = prepared_sql(_WAITERS + "WHERE newcomers.person = {}", Waiter)
_by_token = prepared_sql(_WAITERS + "WHERE newcomers.token = {}", Waiter)


class _Count(Struct):
    n: int


_how_many = prepared_sql(
    among(
        "SELECT count(*) AS n FROM newcomers JOIN people ON people.id = newcomers.person "
        "WHERE people.state = 'pending' AND newcomers.turned_away_at IS NULL AND ({1} OR newcomers.area AMONG)"
    ),
    _Count,
)


async def welcomes(by: Neighbour, number: int = 1) -> Paged[Waiter]:
    """The officer's list, oldest first."""
    kept = await kept_by(by)
    return paged(list(await _list(list(kept.areas), kept.everything, *window(number))), number)


async def how_many_wait(kept: Kept) -> int:
    [count] = await _how_many(list(kept.areas), kept.everything)
    return count.n


async def waiter(person_id: int, *, by: Neighbour) -> Waiter:
    """For the officers of the area in which they asked; Missing for others."""
    found = await _one.first(person_id)
    if found is None or not (await kept_by(by)).has(found.area):
        raise Missing
    return found


async def where_i_stand(person_id: int) -> Waiter | None:
    """None for somebody who came by no poster."""
    return await _one.first(person_id)


async def shown_by(token: str) -> Waiter:
    """Whom the address stands for, while they wait."""
    found = await _by_token.first(plain(token))
    if found is None or not found.waits:
        raise Missing(say("Nobody waits here any more. Perhaps they are in already."))
    return found
