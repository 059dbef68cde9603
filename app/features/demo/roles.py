"""Who passes a role on: somebody is away and covered, somebody has a deputy, somebody looks for a successor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.features.admin import rules as admin
from app.features.community import rules as community
from app.features.people import rules as people

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Passed:
    """`holder` has one role. `away` are the first and the last day of an absence, counted from today."""

    holder: str
    deputy: str = ""
    away: tuple[int, int] | None = None
    successor: str = ""
    done: tuple[str, ...] = ()


STORIES = {
    "百川里": (
        Passed("赵明德", deputy="Anna Keller", away=(0, 8)),
        Passed("高志远", deputy="陈立"),
        Passed("郑伯年", successor="林秀兰", done=("keys", "phones")),
    ),
    "Millbrook": (
        Passed("Joan Whitfield", deputy="Hugo Lind", away=(0, 8)),
        Passed("Tom Okafor", deputy="Grace Bell"),
        Passed("Arthur Penn", successor="Dorothy Finch", done=("keys", "phones")),
    ),
}


async def pass_on(place: str, ids: dict[str, int], now: datetime) -> None:
    for story in STORIES.get(place, ()):
        then = now - 3 * HOUR  # after everything else that is told here: a notice board runs forward
        holder = await people.neighbour(ids[story.holder], now=then)
        [role] = await people.roles_of(holder.id, now=then)
        if story.deputy:
            asked = await admin.ask_deputy(role.id, ids[story.deputy], by=holder, now=then)
            await admin.accept(asked, by=await people.neighbour(ids[story.deputy], now=then), now=then + HOUR)
        if story.away:
            today = await community.today(now)
            first, last = (today + days * DAY for days in story.away)
            await admin.go_away(role.id, first=first, last=last, cover=None, by=holder, now=then + HOUR)
        if story.successor:
            await admin.hand_over(role.id, ids[story.successor], done=story.done, by=holder, now=now - HOUR)
