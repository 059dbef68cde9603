"""What to do better next time: in words, with an owner among the officers and a day on which they are reminded."""

import json
from datetime import date, datetime, time
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.alerts.rules.declaring import note
from app.features.alerts.rules.lifelines import must_lead
from app.features.alerts.rules.reach import leads, seen
from app.features.alerts.rules.words import marked
from app.features.alerts.tables import Alert, Kind, Mend, Stage
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Person
from app.kit import later
from app.kit.lines import Line
from app.kit.refusals import Missing, Refusal, Several, Taken
from app.kit.words import Sentence, say, say_n, written

LONGEST = 400
REMINDED_AT = time(8)
PATH = "/alerts/mends"
MENDED = {True: say("something mended"), False: say("something to mend again")}


class ToMend(Struct):
    id: int
    alert: int
    kind: Kind
    headlines: str
    words: str
    owner: int | None
    owner_name: str | None
    due_on: date | None
    done_at: datetime | None

    @property
    def of(self) -> Sentence:
        return marked(self.kind, written(json.loads(self.headlines)))


_MEND = (
    "SELECT alert_mends.id, alert_mends.alert, alerts.kind, alerts.headlines, alert_mends.words, alert_mends.owner, "
    "people.name AS owner_name, alert_mends.due_on, alert_mends.done_at FROM alert_mends "
    "JOIN alerts ON alerts.id = alert_mends.alert LEFT JOIN people ON people.id = alert_mends.owner "
)
_ORDER = " ORDER BY alert_mends.done_at IS NOT NULL, COALESCE(alert_mends.due_on, '9999-12-31'), alert_mends.id"
_of_alert = prepared_sql(f"{_MEND} WHERE alert_mends.alert = {{}} {_ORDER}", ToMend)
_all = prepared_sql(f"{_MEND} WHERE alert_mends.done_at IS NULL OR alert_mends.done_at > {{}} {_ORDER}", ToMend)
_theirs = prepared_sql(
    f"{_MEND} WHERE alert_mends.owner = {{}} AND (alert_mends.done_at IS NULL OR alert_mends.done_at > {{}}) {_ORDER}",
    ToMend,
)


async def mends_of(alert_id: int) -> list[ToMend]:
    return list(await _of_alert(alert_id))


async def mends_for(by: Neighbour, since: datetime) -> list[ToMend]:
    """Over all alerts: all of them for those who lead, their own for other officers. What is done, since then."""
    return list(await (_all(since) if leads(by) else _theirs(by.id, since)))


async def officers(now: datetime) -> list[tuple[int, str]]:
    """Who can own something, by name."""
    ids = {each for kind in RoleKind for each in await people.officers(kind, now=now)}
    rows = await Person.select(Person.id, Person.name).where(Person.id.is_in(sorted(ids))) if ids else []
    return sorted(((row["id"], row["name"]) for row in rows), key=lambda each: each[1])


async def add_mend(
    alert_id: int, words: str, *, owner: int | None, due_on: date | None, by: Neighbour, now: datetime
) -> int:
    """Its owner is told, and once more on the day."""
    must_lead(by)
    alert = await seen(alert_id, by=by, now=now)
    if alert.stage != Stage.ended:
        raise Taken(say("What to mend is written when it is over."))
    await _fits(words, owner, due_on, now)
    async with writing():
        made = Mend(alert=alert_id, words=words.strip(), owner=owner, due_on=due_on, made_at=now)
        await made.save()
        if owner is not None and owner != by.id:
            told = say("%(name)s asks you to see to something that an emergency showed.", name=by.name)
            await notices.tell(owner, told, path=PATH, now=now, topic="roles", key=f"mend:{made.id}:yours")
        await _wind(made.id, due_on)
        await note("something to mend written", alert, by, now)
        return int(made.id)


async def set_mended(id: int, done: bool, *, by: Neighbour, now: datetime) -> int:
    """By its owner, or by whoever leads; and back again. Gives back the alert."""
    async with writing():
        mend = await _held(id, by)
        if (mend.done_at is not None) != done:
            await Mend.update({Mend.done_at: now if done else None}).where(Mend.id == id)
            await (_unwind(id) if done else _wind(id, mend.due_on, now))
            await note(MENDED[done].words, await _alert(mend), by, now)
        return int(mend.alert)


async def remove_mend(id: int, *, by: Neighbour, now: datetime) -> int:
    must_lead(by)
    async with writing():
        mend = await _held(id, by)
        await Mend.delete().where(Mend.id == id)
        await _unwind(id)
        await notices.withdraw(f"mend:{id}:yours")
        await note("something to mend removed", await _alert(mend), by, now)
        return int(mend.alert)


async def remind_of_mend(id: int, now: datetime) -> None:
    """By the clock, on the morning of its day."""
    mend = await Mend.objects().get(Mend.id == id)
    if mend is None or mend.done_at is not None or mend.owner is None:
        return
    told = say("Due today: something to mend. “%(what)s”", what=mend.words[:80])
    await notices.tell(mend.owner, told, path=PATH, now=now, topic="roles", key=_day_key(id, mend.due_on))


async def mends_on_home(by: Neighbour, now: datetime) -> list[Line]:
    """Of one's own that are due today, or late."""
    if not (by.is_active and by.is_a(*RoleKind)):
        return []
    today = await community.today(now)
    due = [each for each in await _theirs(by.id, now) if each.done_at is None and each.due_on and each.due_on <= today]
    if not due:
        return []
    title = say_n("One thing to mend is due", "%(n)s things to mend are due", len(due))
    return [Line("wrench", title, PATH, say("What an emergency showed"), say("Look at it"), due=True)]


async def _held(id: int, by: Neighbour) -> Mend:
    mend: Mend | None = await held(Mend.objects().where(Mend.id == id)).first()
    if mend is None or not (leads(by) or (by.is_active and mend.owner == by.id)):
        raise Missing
    return mend


async def _alert(mend: Mend) -> Alert:
    found: Alert | None = await Alert.objects().where(Alert.id == mend.alert).first()
    if found is None:
        raise Missing
    return found


async def _fits(words: str, owner: int | None, due_on: date | None, now: datetime) -> None:
    wrong = []
    if not words.strip():
        wrong.append(Refusal(say("Please fill this in."), beside="words"))
    elif len(words.strip()) > LONGEST:
        wrong.append(Refusal(say("At most %(most)s characters, please.", most=LONGEST), beside="words"))
    if owner not in {id for id, _ in await officers(now)}:
        wrong.append(Refusal(say("Please choose somebody with a role here."), beside="owner"))
    if due_on is None or due_on < await community.today(now):
        wrong.append(Refusal(say("By which day? Today or later, please."), beside="due_on"))
    if wrong:
        raise Several(wrong)


async def _wind(id: int, due_on: date | None, now: datetime | None = None) -> None:
    """A day that is over reminds nobody."""
    here = await community.here()
    if due_on is None or here is None or (now is not None and due_on < await community.today(now)):
        return
    at = datetime.combine(due_on, REMINDED_AT, here.clock)
    await later.at(at, "alerts.mend", key=f"alert:mend:{id}", again=True, mend=id)


async def _unwind(id: int) -> None:
    await later.cancel(f"alert:mend:{id}")


def _day_key(id: int, due_on: Any) -> str:
    return f"mend:{id}:{due_on}"
