"""The board: needs as cards, the most urgent first, then the oldest; mine; and those I can help with."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.db import prepared_sql
from app.features.help.rules.among_officers import may_admit
from app.features.help.rules.kinds import RANK
from app.features.help.rules.limits import able, why_not_they
from app.features.help.rules.stages import Needed
from app.features.help.tables import Among, Stage
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.words import Sentence

AT_MOST = 200


class Card(Needed):
    """A need as a card, with the names on it. `mine` and `helps` say where the reader stands."""

    asker_name: str | None
    asker_photo: str | None
    helper: int | None
    helper_name: str | None
    free: int
    mine: bool
    helps: bool

    @property
    def waits_for_asker(self) -> bool:
        """For a word: still needed? was it done?"""
        return self.stage == Stage.done or (self.stage == Stage.open and self.still_at is not None)


FIELDS = ", ".join(f"needs.{name}" for name in Needed.__struct_fields__)
_FIRST = "FROM takings WHERE takings.need = needs.id AND (takings.ended_at IS NULL OR takings.kept = {true})"
CARD = (
    f"SELECT {FIELDS}, askers.name AS asker_name, askers.photo AS asker_photo, helpers.id AS helper, "  # noqa: S608
    "helpers.name AS helper_name, needs.helpers - (SELECT count(*) FROM takings WHERE takings.need = needs.id "
    "AND takings.ended_at IS NULL) AS free, "
    "(needs.person = {0} OR needs.acted_by = {0} OR EXISTS (SELECT 1 FROM need_voices "
    "WHERE need_voices.need = needs.id AND need_voices.person = {0})) AS mine, "
    f"EXISTS (SELECT 1 {_FIRST.replace('{true}', '{1}')} AND takings.helper = {{0}}) AS helps FROM needs "
    "LEFT JOIN people AS askers ON askers.id = needs.person LEFT JOIN people AS helpers ON helpers.id = "
    f"(SELECT min(takings.helper) {_FIRST.replace('{true}', '{1}')}) "
)
_open = prepared_sql(
    CARD + "WHERE needs.stage = 'open' AND needs.among = '' AND (needs.person IS NULL OR askers.state = 'active') "
    f"AND (needs.person IS NULL OR needs.person {NOT_BLOCKED.replace('{me}', '{0}')}) "
    "ORDER BY needs.asked_at, needs.id LIMIT {2}",
    Card,
)
_mine = prepared_sql(
    CARD  # noqa: S608
    + "WHERE needs.id IN (SELECT id FROM needs WHERE person = {0} UNION SELECT id FROM needs WHERE acted_by = {0} "
    "UNION SELECT need FROM need_voices WHERE person = {0} UNION SELECT need FROM takings WHERE helper = {0} "
    "AND (ended_at IS NULL OR kept = {1})) ORDER BY needs.id DESC LIMIT {2}",
    Card,
)
_asked = prepared_sql(CARD + "WHERE needs.stage = 'asked' ORDER BY needs.id LIMIT {2}", Card)


class Board(Struct):
    """`to_admit` for officers only. `can` are open ones that nothing keeps the reader from taking."""

    to_admit: list[Card]
    waiting: list[Card]
    helping: list[Card]
    mine: list[Card]
    can: list[Card]
    others: list[Card]
    over: list[Card]
    places: dict[int, Sentence]

    @property
    def open(self) -> list[Card]:
        return by_urgency([*self.can, *self.others])


async def board(by: Neighbour, *, now: datetime) -> Board:
    mine = [card for card in await _mine(by.id, True, AT_MOST) if await _still_theirs(card, by)]
    free = [card for card in await _open(by.id, True, AT_MOST) if not card.mine and not card.helps]
    can = await _can(by, now)
    going = [card for card in mine if not card.is_over]
    waiting = [card for card in going if card.mine and card.waits_for_asker]
    return Board(
        to_admit=[card for card in await _waiting_for_officers(by) if await may_admit(by, card.area)],
        waiting=waiting,
        helping=by_urgency(card for card in going if card.helps),
        mine=[card for card in going if card.mine and card not in waiting and not card.helps],
        can=by_urgency(card for card in free if can(card)),
        others=by_urgency(card for card in free if not can(card)),
        over=[card for card in mine if card.is_over],
        places=await people.whereabouts({card.person for card in free if card.person}),
    )


async def _still_theirs(card: Card, by: Neighbour) -> bool:
    """Whoever is no officer any more sees nothing of the doors they knocked at."""
    return card.among == Among.everybody or card.mine or await may_admit(by, card.area)


def by_urgency(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (RANK[card.urgency], card.asked_at, card.id))


async def _can(by: Neighbour, now: datetime) -> Callable[[Card], bool]:
    """What the reader may take and wishes to do. Their number of needs at once hides nothing: it may be changed."""
    found = await able([by.id], now)
    if not found:
        return lambda card: False
    me = found[0]
    unbound = replace(me, taken=0, most=1)
    return lambda card: why_not_they(unbound, card, now) is None and me.does(card.kind)


async def _waiting_for_officers(by: Neighbour) -> list[Card]:
    if not by.is_a(Kind.steward, Kind.coordinator, Kind.administrator):
        return []
    return list(await _asked(by.id, True, AT_MOST))
