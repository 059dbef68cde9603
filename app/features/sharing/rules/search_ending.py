"""How a post ends: found, or no longer needed; taken back within seconds, or prolonged by one tap."""

from datetime import date, datetime

from app.db import writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.sharing.rules.drafts import day_of
from app.features.sharing.rules.lent import name_of
from app.features.sharing.rules.reach import tell
from app.features.sharing.rules.search_answers import who_answered
from app.features.sharing.rules.search_ticking import over_soon, unwind, wind
from app.features.sharing.rules.searches import Act, Search, change, held_for, over_key, search_of
from app.features.sharing.rules.searching import end_of, open_until
from app.features.sharing.searches import Sought
from app.features.skills.rules.reach import shortened
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import the_zone
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say


async def found(search_id: int, *, by: Neighbour, now: datetime) -> None:
    """Whoever answered hears of it, with thanks."""
    only_active(by, now)
    async with writing():
        search = await held_for(Act.found, search_id, by=by, now=now)
        await _end(
            search, Sought.found, say("%(name)s has found it, thank you: %(what)s", **await _what(search)), by, now
        )


async def withdraw(search_id: int, *, by: Neighbour, now: datetime) -> None:
    only_active(by, now)
    async with writing():
        search = await held_for(Act.withdraw, search_id, by=by, now=now)
        no_need = say("%(name)s does not look for it any more, thank you: %(what)s", **await _what(search))
        await _end(search, Sought.withdrawn, no_need, by, now)


async def reopen(search_id: int, *, by: Neighbour, now: datetime) -> None:
    """It slipped out: it is open as before, and nobody heard that it was over."""
    only_active(by, now)
    async with writing():
        search = await held_for(Act.reopen, search_id, by=by, now=now)
        if search.until_at <= now:
            raise Refusal(say("Its time is over. You can look for it anew."))
        await change(search, by=by.id, now=now, stage=Sought.open, ended_at=None)
        await notices.withdraw(over_key(search.id))
        await wind(search, await end_of(search.last_on))


async def prolong(search_id: int, *, by: Neighbour, now: datetime) -> date:
    """Thirty days more from today, at most to its last day; gives back the day until which it stands."""
    only_active(by, now)
    async with writing():
        search = await held_for(Act.prolong, search_id, by=by, now=now)
        until = await open_until(search.last_on, now)
        await change(search, by=by.id, now=now, until_at=until)
        await wind(await search_of(search.id), await end_of(search.last_on))
        return day_of(until, await the_zone())


async def _end(search: Search, stage: Sought, sentence: Sentence, by: Neighbour, now: datetime) -> None:
    await change(search, by=by.id, now=now, stage=stage, ended_at=now)
    await unwind(search.id)
    await over_soon(search, now)
    answered = await who_answered(search.id)
    await tell(answered, sentence, search.path, by=by.id, now=now, key=over_key(search.id))


async def _what(search: Search) -> dict[str, Sentence | str]:
    return {"name": await name_of(search.person), "what": shortened(search.words)}
