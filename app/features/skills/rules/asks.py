"""Asks as people read them: the list, what waits first, and one ask with its steps."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people import rules as people
from app.features.people.rules import Contact, Neighbour
from app.features.skills.rules.directory import Found, building_of
from app.features.skills.rules.matching import who_can
from app.features.skills.rules.reach import ask_of, last_yes, shortened, side_of
from app.features.skills.rules.stages import Act, Asked, Side, Yes, acts
from app.features.skills.tables import Category, Did, Stage
from app.kit.words import Sentence

KEPT_IN_SIGHT, QUESTIONS, OTHERS = 60, 20, 3


class Line(Asked):
    """An ask as a row, with both sides' names."""

    skill_words: str | None
    skill_lang: str | None
    asker_name: str
    asker_photo: str
    helper_name: str | None
    helper_photo: str | None
    thanked: bool
    called: bool

    @property
    def what(self) -> str:
        return self.skill_words or shortened(self.words)

    @property
    def what_lang(self) -> str:
        return self.skill_lang if self.skill_words and self.skill_lang else self.lang

    def is_mine(self, person_id: int) -> bool:
        return person_id != self.helper and person_id in (self.asker, self.acted_by)

    def waits_for(self, person_id: int, now: datetime) -> bool:
        """For an answer, or for a word of thanks."""
        if self.stage == Stage.done:
            return person_id == self.asker and not self.thanked
        if not self.waits(now):
            return False
        if self.is_for_anybody:
            return self.called
        return self.is_mine(person_id) == (self.turn == Side.asker)


FIELDS = ", ".join(f"asks.{name}" for name in Asked.__struct_fields__)
LINE = (
    f"SELECT {FIELDS}, skills.words AS skill_words, skills.lang AS skill_lang, askers.name AS asker_name, "  # noqa: S608
    "askers.photo AS asker_photo, helpers.name AS helper_name, helpers.photo AS helper_photo, "
    "EXISTS (SELECT 1 FROM thanks WHERE thanks.ask = asks.id) AS thanked{} FROM asks "
    "JOIN people AS askers ON askers.id = asks.asker LEFT JOIN people AS helpers ON helpers.id = asks.helper "
    "LEFT JOIN skills ON skills.id = asks.skill AND skills.state <> 'taken' "
)
CALLED = (
    ", EXISTS (SELECT 1 FROM called WHERE called.ask = asks.id AND called.person = {0} "
    "AND called.declined_at IS NULL) AS called"
)
_of_mine = prepared_sql(
    LINE.format(", false AS called")
    + "WHERE (asks.asker = {0} OR asks.helper = {0} OR (asks.acted_by = {0} AND asks.acted_by <> asks.asker)) "
    + "AND asks.words <> '' "
    + "ORDER BY asks.id DESC LIMIT {1}",
    Line,
)
_for_anybody = prepared_sql(
    LINE.format(CALLED)  # noqa: S608
    + "WHERE asks.stage = 'open' AND asks.skill IS NULL AND asks.until_at > {1} AND asks.asker <> {0} "
    + "AND asks.acted_by <> {0} AND askers.state = 'active' "
    + f"AND asks.asker {NOT_BLOCKED.replace('{me}', '{0}')} "
    + "AND NOT EXISTS (SELECT 1 FROM called WHERE called.ask = asks.id AND called.person = {0} "
    + "AND called.declined_at IS NOT NULL) ORDER BY asks.id DESC LIMIT {2}",
    Line,
)


class Asks(Struct):
    """What waits for me, what is under way, what anybody could do, and what is over."""

    waiting: list[Line]
    under_way: list[Line]
    for_anybody: list[Line]
    over: list[Line]
    places: dict[int, Sentence]


async def asks(by: Neighbour, *, now: datetime) -> Asks:
    mine = await _of_mine(by.id, KEPT_IN_SIGHT)
    anybody = await _for_anybody(by.id, now, QUESTIONS)
    waiting = [line for line in [*mine, *anybody] if line.waits_for(by.id, now)]
    going = [line for line in mine if line not in waiting and (line.waits(now) or line.stage == Stage.accepted)]
    return Asks(
        waiting=sorted(waiting, key=lambda line: (line.stage == Stage.done, line.asked_at)),
        under_way=going,
        for_anybody=[line for line in anybody if not line.called],
        over=[line for line in mine if line not in waiting and line not in going],
        places=await people.whereabouts({line.asker for line in anybody}),
    )


class Moment(Struct):
    """A step of the timeline."""

    at: datetime
    by: int | None
    name: str | None
    did: Did
    words: str


class ThankYou(Struct):
    id: int
    words: str
    lang: str
    at: datetime
    giver: int
    name: str


class Whole(Struct):
    """One ask as one reader may see it."""

    ask: Line
    side: Side
    acts: set[Act]
    steps: list[Moment]
    actor: str | None
    yes: Yes | None
    contact: Contact | None
    thanks: ThankYou | None
    others: list[Found]

    @property
    def is_party(self) -> bool:
        return self.side in (Side.asker, Side.helper)


_line = prepared_sql(LINE.format(", false AS called") + "WHERE asks.id = {0}", Line)
_steps = prepared_sql(
    "SELECT ask_steps.at, ask_steps.by, people.name, ask_steps.did, ask_steps.words FROM ask_steps "
    "LEFT JOIN people ON people.id = ask_steps.by WHERE ask_steps.ask = {} ORDER BY ask_steps.id",
    Moment,
)
_thanks = prepared_sql(
    "SELECT thanks.id, thanks.words, thanks.lang, thanks.at, thanks.giver, people.name FROM thanks "
    "JOIN people ON people.id = thanks.giver WHERE thanks.ask = {} AND thanks.taken_at IS NULL",
    ThankYou,
)


async def whole(ask_id: int, *, by: Neighbour, now: datetime) -> Whole:
    side = await side_of(await ask_of(ask_id), by)
    ask = (await _line(ask_id))[0]
    yes, steps = await last_yes(ask_id), await _steps(ask_id)
    party = side in (Side.asker, Side.helper)
    return Whole(
        ask=ask,
        side=side,
        acts=acts(ask, side, now, yes=yes, thanked=ask.thanked),
        steps=steps if party else steps[:1],
        actor=(await people.neighbour(ask.acted_by)).name if ask.acted_by != ask.asker else None,
        yes=yes if party else None,
        contact=await contact_in(ask, yes, by, now),
        thanks=await _thanks.first(ask_id),
        others=await others_for(ask) if side == Side.asker and is_in_vain(ask, now) else [],
    )


async def contact_in(ask: Asked, yes: Yes | None, by: Neighbour, now: datetime) -> Contact | None:
    """How to reach the other of the two, while the table shows it. Whoever acts for one of them sees nothing."""
    if yes is None or not yes.shows_contact(now):
        return None
    other = {ask.asker: yes.helper, yes.helper: ask.asker}.get(by.id)
    return await people.contact(other) if other else None


def is_in_vain(ask: Asked, now: datetime) -> bool:
    return ask.stage in (Stage.declined, Stage.expired) or (
        ask.stage in (Stage.open, Stage.proposed) and not ask.waits(now)
    )


async def others_for(ask: Line) -> list[Found]:
    """Who else can, near the asker first."""
    return await who_can(
        f"{ask.skill_words or ''} {ask.words if not ask.skill_words else ''}",
        category=Category(ask.category),
        near=await building_of(ask.asker),
        but={ask.asker, ask.acted_by, ask.helper or 0},
        at_most=OTHERS,
        reader=ask.asker,
    )
