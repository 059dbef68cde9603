"""Those who have not answered are asked again: by their phones, on every other road, at the door, each at its time.

A step looks at how things stand: an alert that has ended asks nobody, and whoever has answered is not asked again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.rules.declaring import FASTER, note, steps_of
from app.features.alerts.rules.knocking import KNOCK, knock
from app.features.alerts.rules.reach import held_alert, must_declare
from app.features.alerts.rules.telling import AT_ONCE, headline_of, path_of, thread_of
from app.features.alerts.rules.words import RINGS, TOPIC, marked
from app.features.alerts.tables import Alert, Kind, Level, Stage
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import later, limits
from app.kit.limits import Limit
from app.kit.refusals import Taken, TooOften
from app.kit.words import say

BY_HAND = Limit("alert reminders", 1, timedelta(minutes=3))
OTHERS = "others"


class _Silent(Struct):
    id: int
    person: int


# Held, so that an answer under way is first, or waits until its reminder can be taken back.
_SILENT = (
    "SELECT id, person FROM alert_recipients WHERE alert = {} AND id > {} AND answer = '' "
    "AND ({} = 0 OR area IN (SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT id FROM areas WHERE id = {} "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) SELECT id FROM inside) AS there)) "
    "ORDER BY id LIMIT {}"
)
_silent = prepared_sql({"sqlite": _SILENT, "postgres": f"{_SILENT} FOR UPDATE"}, _Silent)


def steps(alert: Alert) -> Iterator[tuple[str, datetime]]:
    """What is done for those who are silent, and when; nothing where nobody was asked to answer."""
    if not alert.roll_call or alert.sent_at is None:
        return
    known = steps_of(alert)
    for minutes in known.again:
        yield f"again:{minutes}", alert.sent_at + timedelta(minutes=minutes)
    if known.others:
        yield OTHERS, alert.sent_at + timedelta(minutes=known.others)
    if known.knock:
        yield KNOCK, alert.sent_at + timedelta(minutes=known.knock)


async def wind(alert: Alert) -> None:
    """Call it inside the deed that sends it."""
    for name, at in steps(alert):
        await later.at(at, "alerts.step", key=f"alert:{alert.id}:step:{name}", alert=alert.id, step=name)


async def step(alert_id: int, name: str, now: datetime) -> None:
    """By the clock. A worker that dies in the middle is followed by one that begins anew: a key tells nobody twice."""
    if name == KNOCK:
        await knock(alert_id, now)
    else:
        await _remind(alert_id, name, rest=name == OTHERS, area=None, now=now)


async def remind(alert_id: int, *, area: int | None = None, by: Neighbour, now: datetime) -> int:
    """By hand: those who are silent, in one area or everywhere, are rung once more; says how many people."""
    must_declare(by)
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active or not alert.roll_call:
            raise Taken(FASTER)
        if await limits.count(BY_HAND, BY_HAND.key(alert_id, area or 0), now) > BY_HAND.times:
            raise TooOften(say("They were rung a moment ago. Give them three minutes."), wait=BY_HAND.wait(now))
        await note("silent ones reminded", alert, by, now)
    return await _remind(alert_id, f"hand:{now:%d%H%M%S}", rest=False, area=area, now=now)


async def _remind(alert_id: int, name: str, *, rest: bool, area: int | None, now: datetime) -> int:
    last = told = 0
    while True:
        async with writing():
            alert = await held_alert(alert_id)
            if alert.stage != Stage.active or alert.until_at <= now:
                return told
            some = await _silent(alert_id, last, int(area is not None), area or 0, AT_ONCE)
            if not some:
                return told
            people = [each.person for each in some]
            await _ring(alert, people, name, now, phones_first=not rest)
        last, told = some[-1].id, told + len(some)


async def _ring(alert: Alert, people: list[int], name: str, now: datetime, *, phones_first: bool) -> None:
    asked = say("Please say whether you are safe: %(headline)s", headline=headline_of(alert))
    await notices.tell_all(
        people,
        marked(Kind(alert.kind), asked),
        path=path_of(alert.id),
        now=now,
        topic=TOPIC,
        urgency=RINGS[Level(alert.level)],
        until=alert.until_at,
        key=f"alert:{alert.id}:{name}",
        thread=thread_of(alert.id),
        phones_first=phones_first,
        frugal=not alert.texts,
    )
