"""What somebody sees of the alerts that concern them: what happened, how to answer, how far the answers are."""

import json
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.reach import leads
from app.features.alerts.rules.whose_answer import Mate, ours
from app.features.alerts.tables import Alert, Category, Kind, Level, Stage
from app.features.announcements.rules.reach import AROUND_HOME
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.kit.words import Sentence, written

MANY, FRESH = 1000, timedelta(seconds=3)  # people from which on a count is shared, and for how long
FEW_LINES = 8


class Doors(Struct, frozen=True):
    """How far the answers are, door by door, as the board counts them: a door needs help when anybody does, is silent
    while nobody has answered, and is answered in part while somebody has not.
    """

    people: int = 0
    homes: int = 0
    help: int = 0
    silent: int = 0
    part: int = 0

    @property
    def safe(self) -> int:
        return self.homes - self.help - self.silent - self.part

    @property
    def answered(self) -> int:
        return self.homes - self.silent

    def percent(self, of: int) -> float:
        return round(100 * of / self.homes, 1) if self.homes else 0.0


class News(Struct):
    """An alert as its banner shows it."""

    id: int
    token: str
    kind: Kind
    level: Level
    category: Category
    stage: Stage
    headlines: str
    bodies: str
    source: str
    source_url: str
    roll_call: bool
    sent_at: datetime | None
    until_at: datetime
    ended_at: datetime | None
    mine: bool

    @property
    def headline(self) -> Sentence:
        return written(json.loads(self.headlines))

    @property
    def body(self) -> Sentence:
        return written(json.loads(self.bodies))

    @property
    def in_each(self) -> list[tuple[str, str, str]]:
        """Tag, headline and body of every language it was written in."""
        bodies = json.loads(self.bodies)
        return [(tag, words, bodies.get(tag, "")) for tag, words in json.loads(self.headlines).items()]

    def takes_answers(self, now: datetime) -> bool:
        return self.roll_call and self.stage == Stage.active and self.until_at > now


class RollCall(Struct):
    """The answering part of a page. `together` are those of my door for whom I may answer, `me` among them."""

    alert: int
    open: bool
    me: Mate | None
    mates: list[Mate]
    doors: Doors

    @property
    def together(self) -> list[Mate]:
        if self.me is None:
            return []
        return [self.me, *(each for each in self.mates if each.household == self.me.household)]


class Lifeline(Struct):
    """Where one meets, or a number one rings."""

    title: Sentence
    words: Sentence
    phone: str


class _Line(Struct):
    titles: str
    words: str
    phone: str


class Place(Struct):
    kind: str
    name: str


# ruff: noqa: S608 (all of these words are ours)
_NEWS = ", ".join(f"alerts.{each}" for each in News.__struct_fields__ if each != "mine")
_concerning = prepared_sql(
    f"SELECT {_NEWS}, (alert_recipients.id IS NOT NULL) AS mine FROM alerts LEFT JOIN alert_recipients "
    "ON alert_recipients.alert = alerts.id AND alert_recipients.person = {0} WHERE alerts.stage = 'active' "
    "AND alerts.until_at > {1} AND (alert_recipients.id IS NOT NULL OR {2} = 1) ORDER BY alerts.sent_at, alerts.id",
    News,
    of_many=True,
)
_places = prepared_sql(
    "SELECT areas.kind, areas.name FROM alert_areas JOIN areas ON areas.id = alert_areas.area "
    "WHERE alert_areas.alert = {} ORDER BY areas.sort, areas.id",
    Place,
    of_many=True,
)
_doors = prepared_sql(
    "SELECT COALESCE(sum(people), 0) AS people, count(*) AS homes, COALESCE(sum(need), 0) AS help, "
    "COALESCE(sum(CASE WHEN need = 0 AND silent = people THEN 1 ELSE 0 END), 0) AS silent, "
    "COALESCE(sum(CASE WHEN need = 0 AND silent > 0 AND silent < people THEN 1 ELSE 0 END), 0) AS part "
    "FROM (SELECT count(*) AS people, max(CASE WHEN answer = 'help' THEN 1 ELSE 0 END) AS need, "
    "count(CASE WHEN answer = '' THEN 1 END) AS silent "
    "FROM alert_recipients WHERE alert = {} GROUP BY COALESCE(household, -person)) AS doors",
    Doors,
)
_lifelines = prepared_sql(
    f"SELECT titles, words, phone FROM lifelines WHERE (area IS NULL OR area IN ({AROUND_HOME})) AND gone_at IS NULL "
    "ORDER BY sort, id LIMIT {1}",
    _Line,
    of_many=True,
)
_counted: dict[str, tuple[datetime, Doors]] = {}


async def concerning(by: Neighbour, *, now: datetime) -> list[News]:
    """For those it went to, and for those who lead. What is real first, then the highest."""
    found = await _concerning(by.id, now, int(leads(by)))
    return sorted(found, key=lambda each: (list(Kind).index(each.kind), -list(Level).index(each.level)))


async def news_of(alert: Alert) -> News:
    """The same for one that may be over."""
    known = {each: getattr(alert, each) for each in News.__struct_fields__ if each != "mine"}
    known |= {"kind": Kind(alert.kind), "level": Level(alert.level), "category": Category(alert.category)}
    return News(**known | {"stage": Stage(alert.stage)}, mine=False)


async def where(alert: int) -> list[Sentence]:
    """The areas by name; none is the whole community."""
    return [community.label(each.kind, each.name) for each in await _places(alert)]


async def roll_call_of(news: News, by: Neighbour, *, now: datetime) -> RollCall:
    me, mates = await ours(news.id, by, now=now)
    return RollCall(news.id, news.takes_answers(now), me, mates, await doors_of(news, now=now))


async def doors_of(news: News, *, now: datetime) -> Doors:
    """Where thousands look at once, they share a count for three seconds."""
    at, counted = _counted.get(news.token, (now, Doors()))
    if counted.people >= MANY and timedelta(0) <= now - at < FRESH:
        return counted
    if counted.people >= MANY:
        _counted[news.token] = now, counted  # who comes while it is counted anew does not count too
    counted = await _doors.first(news.id) or Doors()
    if counted.people >= MANY:
        _counted.clear()
        _counted[news.token] = (now, counted)
    return counted


async def lifelines_of(by: Neighbour) -> list[Lifeline]:
    """Meeting points and emergency numbers: those of all, and those of the areas around one's own doors."""
    found = await _lifelines(by.id, FEW_LINES)
    return [Lifeline(written(json.loads(each.titles)), written(json.loads(each.words)), each.phone) for each in found]
