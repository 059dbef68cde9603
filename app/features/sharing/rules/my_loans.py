"""Somebody's loans as they look at them: what waits for them first, then what is under way, then what is over."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.sharing.rules.lent import LENT
from app.features.sharing.rules.reach import KEPT_BY
from app.features.sharing.rules.stages import HOLDS, Lent
from app.features.sharing.rules.turns import Turn, turns_of

AT_MOST = 100


class Line(Lent):
    """`kept`: the reader answers for the thing."""

    kept: bool

    def is_lent_by(self, person: int) -> bool:
        return self.kept and self.borrower != person


_MINE = (
    "SELECT id FROM loans WHERE borrower = {0} UNION SELECT id FROM loans WHERE acted_by = {0} "
    "UNION SELECT loans.id FROM loans JOIN items ON items.id = loans.item WHERE items.person = {0} "
    "UNION SELECT loans.id FROM loans JOIN item_keepers ON item_keepers.item = loans.item "
    "WHERE item_keepers.person = {0} "
    "UNION SELECT loans.id FROM memberships JOIN items ON items.household = memberships.household "
    "JOIN loans ON loans.item = items.id WHERE memberships.person = {0} AND memberships.until_on IS NULL"
)
_NOBODYS = (
    " UNION SELECT loans.id FROM items JOIN loans ON loans.item = items.id WHERE items.person IS NULL "
    "AND items.household IS NULL AND NOT EXISTS (SELECT 1 FROM item_keepers JOIN people "
    "ON people.id = item_keepers.person AND people.state = 'active' WHERE item_keepers.item = items.id)"
)


def _lines(mine: str, kept: str) -> str:
    return (
        LENT.replace(" FROM loans JOIN", f", {kept} AS kept FROM loans JOIN", 1)
        + f"WHERE loans.id IN ({mine}) "
        + "ORDER BY CASE WHEN loans.stage IN ('asked', 'accepted', 'out') THEN 0 ELSE 1 END, loans.id DESC LIMIT {1}"
    )


_of_mine = prepared_sql(_lines(_MINE, KEPT_BY), Line)
_of_administrators = prepared_sql(
    _lines(_MINE + _NOBODYS, f"({KEPT_BY} OR (items.person IS NULL AND items.household IS NULL))"), Line
)


class Loans(Struct):
    waiting: list[Line]
    lending: list[Line]
    borrowing: list[Line]
    over: list[Line]
    turns: dict[int, Turn]


async def my_loans(by: Neighbour, *, now: datetime) -> Loans:
    rows = await (_of_administrators if by.is_a(RoleKind.administrator) else _of_mine)(by.id, AT_MOST)
    today = await community.today(now)
    mine = [row for row in rows if not (row.is_lent_by(by.id) and (row.in_line or by.is_child(today)))]
    turns = await turns_of(mine, today=today)
    waiting = [row for row in mine if _waits_for(row, by.id, turns.get(row.id), now)]
    going = [row for row in mine if row not in waiting and (row.stage in HOLDS or row.in_line or row.waits(now))]
    return Loans(
        waiting=sorted(waiting, key=lambda row: row.asked_at),
        lending=[row for row in going if row.is_lent_by(by.id)],
        borrowing=[row for row in going if not row.is_lent_by(by.id)],
        over=[row for row in mine if row not in waiting and row not in going],
        turns=turns,
    )


def _waits_for(row: Line, person: int, turn: Turn | None, now: datetime) -> bool:
    """For an answer: to an ask, to other days, to an offer."""
    if row.is_lent_by(person):
        return row.waits(now) and row.proposed_first is None
    if turn is not None:
        return turn.offered(now)
    return row.waits(now) and row.proposed_first is not None
