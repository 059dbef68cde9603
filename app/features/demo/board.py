"""What hangs on the board of the demo, and what officers have to decide there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from app.features.announcements import rules as announcements
from app.features.announcements.rules import Draft
from app.features.community.tables import Area
from app.features.demo.needs import Happening
from app.features.demo.places import Announced, Complained, Place
from app.features.moderation import rules as moderation
from app.features.moderation.rules import Ruling
from app.features.moderation.tables import Measure, Rule
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.tables import Skill
from app.kit.reporting import Matter, Matters
from app.kit.words import say

MATTERS: Matters = {"skill": Matter(say("an offered skill"), skills.reportable, skills.take_away, skills.give_back)}


async def hang(each: Announced, place: Place, ids: Mapping[str, int], now: datetime) -> None:
    """Through the same door as the committee's own."""
    boss, at = _administrator(place, ids), now - timedelta(days=each.days)
    area = await Area.select(Area.id).where((Area.name == each.to) & Area.parent.is_null()).first()
    until = (now + timedelta(days=each.pinned_for)).date() if each.pinned_for else None
    draft = Draft(each.titles, each.words, until)
    by = await people.neighbour(boss)
    id = await announcements.announce(draft, area=area["id"] if area else None, by=by, now=at)
    for name in each.read_by:
        await announcements.note_reading(id, by=await people.neighbour(ids[name]), now=at + timedelta(hours=1))


def complaints(place: Place, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    """What was decided yesterday, and what waits."""
    boss = _administrator(place, ids)
    return [
        (now - timedelta(hours=30 if each.warned else 5), partial(_complain, each, boss, ids, now))
        for each in place.complained
    ]


def _administrator(place: Place, ids: Mapping[str, int]) -> int:
    return next(ids[who.name] for who in place.who if who.role == Kind.administrator)


async def _complain(each: Complained, boss: int, ids: Mapping[str, int], now: datetime) -> None:
    mine = (Skill.person == ids[each.of]) & (Skill.words == each.skill)
    skill = await Skill.select(Skill.id).where(mine).first()
    if skill is None:
        return
    by, at = await people.neighbour(ids[each.by]), now - timedelta(hours=30 if each.warned else 5)
    report = await moderation.report("skill", skill["id"], MATTERS, rule=Rule.other, words=each.words, by=by, now=at)
    if each.warned:
        ruling = Ruling(Measure.warning, Rule.other, each.warned)
        officer = await people.neighbour(boss)
        decision = await moderation.decide(report, ruling, MATTERS, by=officer, now=at + timedelta(hours=9))
        whom = await people.neighbour(ids[each.of])
        await moderation.appeal(decision, each.against, by=whom, now=at + timedelta(hours=20))
