"""A question, an answer, a picture, and "come with me"."""

from datetime import datetime, timedelta

from app.db import prepared_sql, writing
from app.features.help.rules.limits import able, why_not_they
from app.features.help.rules.reach import Hand, Link, askers, call_key, held_for, name_of, path_of, subject, tell
from app.features.help.rules.ringing import not_these
from app.features.help.rules.stages import Act, Needed
from app.features.help.tables import Among, Need, Stage, Word
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.people.rules.acting import Named
from app.features.skills.rules.standing import only_active
from app.kit import limits, pictures
from app.kit.languages import SOURCE, of_text
from app.kit.limits import Limit
from app.kit.refusals import Refusal, TooOften
from app.kit.words import say

WORDS = Limit("need words", 60, timedelta(days=1))
INVITES = Limit("need company", 10, timedelta(days=1))


async def speak(need_id: int, words: str, *, by: Hand, now: datetime) -> None:
    """While it is open all neighbours read along, so that nobody asks twice; once it is taken, only the two sides."""
    await _count(WORDS, f"link {by.need}" if isinstance(by, Link) else by.id, now)
    if not isinstance(by, Link):
        only_active(by, now)
    async with writing():
        held = await held_for(Act.speak, need_id, by=by, now=now)
        tag = SOURCE if isinstance(by, Link) else by.language or SOURCE
        private = held.need.stage != Stage.open
        said = Word(need=need_id, person=by.id, words=words, lang=of_text(words, tag), private=private, at=now)
        await said.save()
        helpers = [each.helper for each in held.took if each.stands or each.kept]
        whom = helpers if private else [*helpers, *await _who_asked(held.need)]
        asks = say("%(name)s writes about “%(what)s”", name=await name_of(by), what=subject(held.need))
        whom = [*whom, *await askers(held.need)]
        await tell(held.need, whom, asks, step=f"word:{said.id}", by=by.id, now=now)
        if by.id is not None:
            await notices.read_about(path_of(need_id), by=by.id, now=now)


_spoke = prepared_sql(
    "SELECT DISTINCT people.id, people.name FROM need_words JOIN people ON people.id = need_words.person "
    "WHERE need_words.need = {} AND people.state = 'active'",
    Named,
)
_near = prepared_sql(
    "SELECT DISTINCT people.id, people.name FROM people WHERE people.state = 'active' AND people.name <> '' "
    "AND people.id <> {0} AND (EXISTS (SELECT 1 FROM memberships AS theirs JOIN memberships AS mine "
    "ON mine.household = theirs.household AND mine.person = {0} AND mine.until_on IS NULL "
    "WHERE theirs.person = people.id AND theirs.until_on IS NULL) "
    "OR EXISTS (SELECT 1 FROM notices WHERE notices.person = people.id AND notices.key = {1}) "
    "OR EXISTS (SELECT 1 FROM takings WHERE takings.helper = people.id)) ORDER BY people.name LIMIT 200",
    Named,
)


async def _who_asked(need: Needed) -> set[int]:
    return {each.id for each in await _spoke(need.id)} - await not_these(need)


async def companions(need: Needed, *, by: Neighbour, now: datetime) -> list[Named]:
    """Who may come along: those at home, those who were rung, those who have helped before; and nothing keeps them."""
    out = await not_these(need)
    if need.among == Among.officers:
        return []
    near = [each for each in await _near(by.id, call_key(need)) if each.id not in out]
    free = {each.id for each in await able([each.id for each in near], now) if why_not_they(each, need, now) is None}
    return [each for each in near if each.id in free and not await moderation.blocks_between(by.id, each.id)]


async def invite(need_id: int, person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Together with…: they hear who asks them along, and say yes by taking the other place."""
    only_active(by, now)
    await _count(INVITES, by.id, now)
    async with writing():
        held = await held_for(Act.invite, need_id, by=by, now=now)
        if person_id not in {each.id for each in await companions(held.need, by=by, now=now)}:
            raise Refusal(say("Please choose one of these."), beside="companion")
        asked = say("%(name)s asks you along: %(what)s. Two go together.", name=by.name, what=subject(held.need))
        await tell(held.need, [person_id], asked, step=f"with:{by.id}", by=by.id, now=now)


async def show(need_id: int, upload: bytes, words: str, *, by: Neighbour, now: datetime) -> None:
    """A picture with words, for all who may see the need. A new one takes the place of the old."""
    await held_now(Act.photo, need_id, by=by, now=now)
    token = await pictures.keep(upload, owner=by.id, page=path_of(need_id), words=words, now=now)
    async with writing():
        held = await held_for(Act.photo, need_id, by=by, now=now)
        await Need.update({Need.photo: token, Need.photo_words: words}).where(Need.id == need_id)
    if held.need.photo:
        await pictures.drop(held.need.photo)


async def held_now(act: Act, need_id: int, *, by: Neighbour, now: datetime) -> None:
    """Before anything is drawn or stored: may they?"""
    async with writing(deed=False):
        await held_for(act, need_id, by=by, now=now)


async def _count(limit: Limit, whose: int | str, now: datetime) -> None:
    key = limit.key(whose)
    if await limits.count(limit, key, now) > limit.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=limit.wait(now))
