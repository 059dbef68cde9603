"""The board: needs as cards, the most urgent first, then the oldest; mine; and those I can help with."""

from asyncio import gather
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.db import prepared_sql
from app.features.help.rules.among_officers import may_admit
from app.features.help.rules.kinds import RANK
from app.features.help.rules.limits import able, why_not_of_this_kind
from app.features.help.rules.stages import Needed
from app.features.help.tables import Among, Stage, What
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
_OF_KINDS = {"sqlite": "IN (SELECT value FROM json_each({2}))", "postgres": "= ANY(CAST({2} AS text[]))"}
_RANKED = f"CASE needs.urgency {' '.join(f'WHEN {str(each)!r} THEN {rank}' for each, rank in RANK.items())} END"
_MINE_TOO = (
    "EXISTS (SELECT 1 FROM need_voices WHERE need_voices.need = needs.id AND need_voices.person = {0}) "
    "OR EXISTS (SELECT 1 FROM takings WHERE takings.need = needs.id AND takings.helper = {0} "
    "AND (takings.ended_at IS NULL OR takings.kept = {1}))"
)
# As `_open`, but the first few only: `needs_by_urgency` has them in this order, so that the rest is never read.
_first_open = prepared_sql(
    {
        engine: CARD  # noqa: S608
        + "WHERE needs.id IN (SELECT needs.id FROM needs LEFT JOIN people ON people.id = needs.person "  # noqa: S608
        f"WHERE needs.stage = 'open' AND needs.among = '' AND needs.kind {among} AND (needs.acted_by IS NULL "
        "OR needs.acted_by <> {0}) AND (needs.person IS NULL OR (needs.person <> {0} AND people.state = 'active' "
        f"AND needs.person {NOT_BLOCKED.replace('{me}', '{0}')})) AND NOT ({_MINE_TOO}) "
        f"ORDER BY {_RANKED}, needs.asked_at, needs.id LIMIT {{3}}) ORDER BY {_RANKED}, needs.asked_at, needs.id"
        for engine, among in _OF_KINDS.items()
    },
    Card,
    of_many=True,
)
_mine = prepared_sql(
    CARD  # noqa: S608
    + "WHERE needs.id IN (SELECT id FROM needs WHERE person = {0} UNION SELECT id FROM needs WHERE acted_by = {0} "
    "UNION SELECT need FROM need_voices WHERE person = {0} UNION SELECT need FROM takings WHERE helper = {0} "
    "AND (ended_at IS NULL OR kept = {1})) ORDER BY needs.id DESC LIMIT {2}",
    Card,
    of_many=True,
)
_asked = prepared_sql(CARD + "WHERE needs.stage = 'asked' ORDER BY needs.id LIMIT {2}", Card)


class Board(Struct):
    """`to_admit` for officers only. `can` are open ones that nothing keeps the reader from taking."""

    to_admit: list[Card]
    waiting: list[Card]
    helping: list[Card]
    mine: list[Card]
    over: list[Card]
    can: list[Card] = []
    others: list[Card] = []
    places: dict[int, Sentence] = {}

    @property
    def open(self) -> list[Card]:
        return by_urgency([*self.can, *self.others])


async def board(by: Neighbour, *, now: datetime) -> Board:
    seen = await _own(by)
    free = [card for card in await _open(by.id, True, AT_MOST) if not card.mine and not card.helps]
    kinds = set(await _kinds_for(by, now))
    seen.can = by_urgency(card for card in free if card.kind in kinds)
    seen.others = by_urgency(card for card in free if card.kind not in kinds)
    seen.places = await people.whereabouts({card.person for card in free if card.person})
    return seen


async def glance(by: Neighbour, few: int, *, now: datetime) -> Board:
    """As the board, but of what is open only the first `few` that they can take."""
    seen, kinds = await gather(_own(by), _kinds_for(by, now))
    seen.can = list(await _first_open(by.id, True, kinds, few)) if kinds else []
    seen.places = await people.whereabouts({card.person for card in seen.can if card.person})
    return seen


async def _own(by: Neighbour) -> Board:
    mine = [card for card in await _mine(by.id, True, AT_MOST) if await _still_theirs(card, by)]
    going = [card for card in mine if not card.is_over]
    waiting = [card for card in going if card.mine and card.waits_for_asker]
    return Board(
        to_admit=[card for card in await _waiting_for_officers(by) if await may_admit(by, card.area)],
        waiting=waiting,
        helping=by_urgency(card for card in going if card.helps),
        mine=[card for card in going if card.mine and card not in waiting and not card.helps],
        over=[card for card in mine if card.is_over],
    )


async def _still_theirs(card: Card, by: Neighbour) -> bool:
    """Whoever is no officer any more sees nothing of the doors they knocked at."""
    return card.among == Among.everybody or card.mine or await may_admit(by, card.area)


def by_urgency(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (RANK[card.urgency], card.asked_at, card.id))


async def _kinds_for(by: Neighbour, now: datetime) -> list[str]:
    """What the reader may take and wishes to do. Their number of needs at once hides nothing: it may be changed."""
    found = await able([by.id], now)
    if not found:
        return []
    me = replace(found[0], taken=0, most=1)
    return [str(kind) for kind in What if me.does(kind) and why_not_of_this_kind(me, kind, now) is None]


async def _waiting_for_officers(by: Neighbour) -> list[Card]:
    if not by.is_a(Kind.steward, Kind.coordinator, Kind.administrator):
        return []
    return list(await _asked(by.id, True, AT_MOST))
