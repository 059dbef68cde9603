"""Asking: one neighbour for a skill they offer, or everybody who can. For oneself, or for somebody one may act for."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.db import Clash, held, prepared_sql, writing
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.calling import call_neighbours
from app.features.skills.rules.categories import category_of
from app.features.skills.rules.reach import ask_of, move, name_of, shortened, tell
from app.features.skills.rules.stages import OPEN_FOR, REMIND_AFTER, WAITING
from app.features.skills.rules.standing import only_active
from app.features.skills.tables import Ask, Category, Did, Offered, Skill, Stage
from app.kit import later, limits
from app.kit.languages import SOURCE, of_text
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.words import say

ASKS = Limit("asks", 20, timedelta(days=1))
CALLS = Limit("who can", 3, timedelta(days=1))
FURTHEST = timedelta(days=365)


class Request(Struct, frozen=True):
    """What is asked for. `for_whom` is somebody else when one acts for them."""

    words: str
    times: str = ""
    on_day: date | None = None
    for_whom: int | None = None
    category: Category | None = None


class AlreadyAsked(Taken):
    """The same neighbour for the same skill, and the first ask still waits."""


class _Offer(Struct):
    id: int
    person: int
    words: str
    category: Category
    state: Offered


_offer = prepared_sql(
    "SELECT skills.id, skills.person, skills.words, skills.category, skills.state FROM skills "
    "JOIN people ON people.id = skills.person AND people.state = 'active' WHERE skills.id = {}",
    _Offer,
)


async def ask(skill_id: int, request: Request, *, by: Neighbour, now: datetime) -> int:
    """Ask the neighbour who offers it. They hear of it now, and once more after a day."""
    only_active(by, now)
    asker = await _asker(request, by, now)
    try:
        async with writing():
            await held(Skill.select(Skill.id).where(Skill.id == skill_id))
            offer = await _offer.first(skill_id)
            if offer is None or offer.state in (Offered.withdrawn, Offered.taken):
                raise Missing
            if await moderation.blocks_between(asker, offer.person) or await moderation.blocks_between(
                by.id, offer.person
            ):
                raise Missing
            if offer.person == asker:
                raise Refusal(say("You offer this yourself."))
            if offer.state == Offered.paused:
                raise Taken(say("This is paused for now. Others may offer the same: look under Neighbours."))
            waiting = (Ask.asker == asker) & (Ask.skill == skill_id) & Ask.stage.is_in(list(WAITING))
            if await Ask.exists().where(waiting):
                raise _already()
            await _count(ASKS, by, now)
            made = _as_kept(request, asker, by, offer.category, now)
            made.skill, made.helper = offer.id, offer.person
            return await _made(made, offer.words, by=by, now=now)
    except Clash:
        raise _already() from None


async def ask_anybody(request: Request, *, by: Neighbour, now: datetime) -> tuple[int, int]:
    """Who can…? Everybody may see it; those whose skills match are rung. Gives back the ask, and how many were."""
    only_active(by, now)
    asker = await _asker(request, by, now)
    async with writing():
        await _count(CALLS, by, now)
        made = _as_kept(request, asker, by, request.category or category_of(request.words), now)
        id = await _made(made, shortened(request.words), by=by, now=now)
        return id, await call_neighbours(await ask_of(id), now=now)


async def _asker(request: Request, by: Neighbour, now: datetime) -> int:
    if request.on_day is not None and not (now - timedelta(days=1)).date() <= request.on_day <= (now + FURTHEST).date():
        raise Refusal(say("A day from today on, within a year, please."), beside="on_day")
    asker = request.for_whom or by.id
    if not await people.may_act_for(by, asker):
        raise Missing
    whom = await people.neighbour(asker)
    if not whom.is_active:
        raise Refusal(say("They are not an active neighbour."), beside="for_whom")
    if whom.is_child(now.date()):
        raise Refusal(say("Ask in your own name: a child's door and phone are shown to nobody."), beside="for_whom")
    return asker


async def _count(limit: Limit, by: Neighbour, now: datetime) -> None:
    key = limit.key(by.id)
    if await limits.counted(limit, key, now) >= limit.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=limit.wait(now))
    await limits.count(limit, key, now)


def _as_kept(request: Request, asker: int, by: Neighbour, category: Category, now: datetime) -> Ask:
    return Ask(
        asker=asker,
        acted_by=by.id,
        category=category,
        words=request.words,
        lang=of_text(request.words, by.language or SOURCE),
        times=request.times,
        on_day=request.on_day,
        stage=Stage.open,
        asked_at=now,
        until_at=now + OPEN_FOR,
    )


async def _made(made: Ask, what: str, *, by: Neighbour, now: datetime) -> int:
    await made.save()
    asked = await ask_of(made.id)
    await move(asked, Did.asked, by=by.id, now=now)
    await later.at(now + REMIND_AFTER, "asks.remind", key=f"ask:{asked.id}:remind", ask=asked.id)
    await later.at(asked.until_at, "asks.expire", key=f"ask:{asked.id}:expire", ask=asked.id)
    for_help = say("%(name)s asks for your help: %(what)s", name=await name_of(asked.asker), what=what)
    await tell(asked, [asked.helper], for_help, by=by.id, now=now)
    if asked.asker != by.id:
        for_you = say("%(name)s asked for help on your behalf: %(what)s", name=by.name, what=what)
        await tell(asked, [asked.asker], for_you, by=by.id, now=now)
    return asked.id


def _already() -> AlreadyAsked:
    return AlreadyAsked(say("You have asked for this already, and it still waits for an answer: look under Asks."))
