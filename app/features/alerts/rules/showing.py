"""One alert as its readers see it: its words now, where it is, all that was said, and where the reader stands."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import prepared
from app.features.accounts.rules import Viewer
from app.features.alerts.rules import advising
from app.features.alerts.rules.acting import Act, acts
from app.features.alerts.rules.audience import Count, count
from app.features.alerts.rules.composing import Plan
from app.features.alerts.rules.declaring import plan_of
from app.features.alerts.rules.reach import recipient_of, seen
from app.features.alerts.rules.sending import needs_second
from app.features.alerts.rules.words import marked
from app.features.alerts.tables import Alert, Kind, Message, Recipient, Stage, Type
from app.features.community import rules as community
from app.features.notices.tables import By
from app.features.people.tables import Person
from app.kit.words import Sentence, say, written


class Spoken(Struct):
    """One message, with the name of whoever said it; nobody's where the clock did."""

    id: int
    type: Type
    headlines: str
    bodies: str
    until_at: datetime
    at: datetime
    by_name: str | None

    @property
    def headline(self) -> Sentence:
        return written(json.loads(self.headlines))

    @property
    def body(self) -> Sentence:
        return written(json.loads(self.bodies))


class Shown(Struct):
    """`messages` from the newest to the first; `reach` and `left_out` for those who are about to send it."""

    alert: Alert
    plan: Plan
    places: list[Sentence]
    messages: list[Spoken]
    mine: Recipient | None
    may: frozenset[Act]
    author: str
    approver: str
    reach: Count | None
    left_out: dict[str, tuple[Sentence, ...]]

    @property
    def headline(self) -> Sentence:
        return written(self.plan.headlines)

    @property
    def body(self) -> Sentence:
        return written(self.plan.bodies)

    @property
    def title(self) -> Sentence:
        return marked(Kind(self.plan.kind), self.headline)

    @property
    def second(self) -> bool:
        return needs_second(self.alert)

    @property
    def is_over(self) -> bool:
        return self.alert.stage in (Stage.ended, Stage.dropped)


_messages = prepared(
    lambda alert: (
        Message.select(
            Message.id,
            Message.type,
            Message.headlines,
            Message.bodies,
            Message.until_at,
            Message.at,
            Message.by.name.as_alias("by_name"),
        )
        .where(Message.alert == alert)
        .order_by(Message.id, ascending=False)
    ),
    Spoken,
)


async def whole(id: int, *, by: Viewer, roads: frozenset[By], now: datetime) -> Shown:
    """Raises Missing where it is not theirs to see."""
    alert = await seen(id, by=by, now=now)
    plan = await plan_of(alert)
    before = alert.stage in (Stage.draft, Stage.waiting)
    names = await _names(alert)
    return Shown(
        alert=alert,
        plan=plan,
        places=await places_of(plan.areas),
        messages=[] if before else list(await _messages(id)),
        mine=None if before else await recipient_of(id, by.id),
        may=await acts(alert, by, now=now),
        author=names.get(alert.made_by, ""),
        approver=names.get(alert.approved_by, ""),
        reach=await count(list(plan.areas), plan.whom, plan.kind, roads=roads, now=now) if before else None,
        left_out={tag: advising.left_out(plan, tag) for tag in plan.headlines} if before else {},
    )


async def said_of(alert: int) -> list[Spoken]:
    """All that was said to everybody, the newest first."""
    return list(await _messages(alert))


async def places_of(areas: tuple[int, ...]) -> list[Sentence]:
    """Each with all that contains it: "Building 3 · Entrance 2". One that is gone is left out."""
    return [line for id, line in await lines() if id in areas] if areas else []


async def lines() -> list[tuple[int, Sentence]]:
    """Every area by its whole line, in the order of the tree."""
    return [(branch.area.id, line) for branch, line, _ in await nested()]


async def nested() -> list[tuple[community.Branch, Sentence, int]]:
    """Every area with its whole line, and how deep it lies."""
    found: list[tuple[community.Branch, Sentence, int]] = []

    def walk(branches: list[community.Branch], before: Sentence | None, depth: int) -> None:
        for branch in branches:
            label = branch.area.label
            line = label if before is None else say("%(area)s · %(inside)s", area=before, inside=label)
            found.append((branch, line, depth))
            walk(branch.inside, line, depth + 1)

    walk(await community.tree(), None, 0)
    return found


async def _names(alert: Alert) -> dict[int | None, str]:
    ids = [each for each in (alert.made_by, alert.approved_by) if each is not None]
    rows = await Person.select(Person.id, Person.name).where(Person.id.is_in(ids)) if ids else []
    return {row["id"]: row["name"] for row in rows}
