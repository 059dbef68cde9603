"""What asks and skills put on Home."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.skills.rules.asks import Line as AskLine
from app.features.skills.rules.asks import asks
from app.features.skills.rules.categories import ICONS, LABELS
from app.features.skills.rules.directory import building_of
from app.features.skills.tables import Category, Offered, Skill, Stage
from app.kit.lines import Line, OnHome, Quote
from app.kit.words import Sentence, say

NEW = timedelta(days=14)
SOON = timedelta(days=2)
FEW = 3


NOBODY_BLOCKED = NOT_BLOCKED.replace("{me}", "{0}")


class _New(Struct):
    id: int
    name: str
    words: str
    category: Category
    area_kind: str | None
    area_name: str | None


class _Said(Struct):
    words: str
    lang: str
    helper: int
    name: str
    helper_name: str


_new_skills = prepared_sql(
    "SELECT skills.id, people.name, skills.words, skills.category, areas.kind AS area_kind, "  # noqa: S608
    "areas.name AS area_name "
    "FROM listings JOIN skills ON skills.person = listings.person AND skills.state = 'offered' "
    "AND skills.made_at = listings.newest_at JOIN people ON people.id = listings.person AND people.state = 'active' "
    "JOIN areas ON areas.id = listings.building WHERE listings.under = '' AND listings.building = {0} "
    f"AND listings.person <> {{1}} AND listings.person {NOBODY_BLOCKED.replace('{0}', '{1}')} "
    "AND listings.newest_at > {2} ORDER BY listings.newest_at DESC LIMIT {3}",
    _New,
)
_new_thanks = prepared_sql(
    "SELECT thanks.words, thanks.lang, thanks.helper, givers.name, helpers.name AS helper_name "  # noqa: S608
    "FROM thanks JOIN people AS givers ON givers.id = thanks.giver AND givers.state <> 'leaving' "
    "JOIN people AS helpers ON helpers.id = thanks.helper AND helpers.state <> 'leaving' "
    "WHERE thanks.at > {1} AND thanks.taken_at IS NULL "
    f"AND thanks.helper {NOBODY_BLOCKED} AND thanks.giver {NOBODY_BLOCKED} ORDER BY thanks.at DESC LIMIT {{2}}",
    _Said,
)


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    mine = await asks(by, now=now)
    thanks = await _new_thanks(by.id, now - NEW, FEW)
    return OnHome(
        waits=[
            *(_waits(line, by, now) for line in mine.waiting),
            *(_agreed(line, by) for line in mine.under_way if line.stage == Stage.accepted),
        ],
        near=[
            *(_question(line, mine.places.get(line.asker)) for line in mine.for_anybody[:FEW]),
            *await _new_near(by, now),
        ],
        quotes=[Quote(said.words, said.lang, _of_whom(said), f"/neighbours/{said.helper}") for said in thanks],
        first_step=None
        if await Skill.exists().where((Skill.person == by.id) & (Skill.state != Offered.withdrawn))
        else FIRST_STEP,
    )


FIRST_STEP = Line(
    icon="hand-helping",
    title=say("Say one thing you can do"),
    below=say("A drill and an hour on Saturday, a language, a lift to the hospital: somebody near you needs it."),
    path="/skills/new",
    chip=say("Offer a skill"),
)


def _waits(line: AskLine, by: Neighbour, now: datetime) -> Line:
    path, what = f"/asks/{line.id}", line.what
    if line.stage == Stage.done:
        name = line.helper_name or ""
        return Line("heart", say("Thank %(name)s?", name=name), path, say("%(what)s", what=what))
    if line.is_for_anybody:
        return Line(
            "megaphone", say("%(name)s asks: who can help?", name=line.asker_name), path, say("%(what)s", what=what)
        )
    title = say("%(name)s asks for your help", name=line.asker_name)
    if line.stage == Stage.proposed:
        other = line.helper_name or "" if line.is_mine(by.id) else line.asker_name
        title = say("%(name)s proposes another time", name=other)
    soon = line.until_at - now < SOON
    chip = say("Soon over") if soon else say("Answer")
    return Line("hand-helping", title, path, say("%(what)s", what=what), chip, due=True)


def _agreed(line: AskLine, by: Neighbour) -> Line:
    other = line.helper_name or "" if line.is_mine(by.id) else line.asker_name
    title = say("%(what)s, with %(name)s", what=line.what, name=other)
    return Line("handshake", title, f"/asks/{line.id}", _when(line), say("Agreed"))


def _when(line: AskLine) -> Sentence | None:
    """What was proposed last is what was agreed."""
    if line.on_day and not line.proposed:
        return say("%(day)s %(times)s", day=line.on_day, times=line.times)
    times = line.proposed or line.times
    return say("%(times)s", times=times) if times else None


def _question(line: AskLine, place: Sentence | None) -> Line:
    title = say("Who can? %(what)s", what=line.what)
    return Line("megaphone", title, f"/asks/{line.id}", _who_and_where(line.asker_name, place))


async def _new_near(by: Neighbour, now: datetime) -> list[Line]:
    building = await building_of(by.id)
    if building is None:
        return []
    return [_new(each) for each in await _new_skills(building, by.id, now - NEW, FEW)]


def _new(each: _New) -> Line:
    place: Sentence = community.label(each.area_kind or "", each.area_name or "")
    below = _who_and_where(each.name, place)
    return Line(
        ICONS[each.category], say("%(what)s", what=each.words), f"/skills/{each.id}", below, LABELS[each.category]
    )


def _of_whom(said: _Said) -> Sentence:
    return say("%(giver)s to %(helper)s", giver=said.name, helper=said.helper_name)


def _who_and_where(name: str, place: Sentence | None) -> Sentence:
    return say("%(name)s, %(place)s", name=name, place=place) if place else say("%(name)s", name=name)
