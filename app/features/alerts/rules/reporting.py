"""The report of an alert that is over: what was done, whom it reached, what came of it, what to mend."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from app.features.alerts.rules import measures
from app.features.alerts.rules.board import kept_by, must_see_boards, sees_all
from app.features.alerts.rules.came_of import CameOf, minutes_between, needs_of
from app.features.alerts.rules.escalating import OTHERS
from app.features.alerts.rules.figures import Figures, InArea
from app.features.alerts.rules.measures import POWERS
from app.features.alerts.rules.mending import ToMend, mends_of
from app.features.alerts.rules.reach import seen
from app.features.alerts.rules.showing import Spoken, said_of
from app.features.alerts.rules.tallying import figures_of
from app.features.alerts.rules.words import TYPES
from app.features.alerts.tables import Alert, Stage
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.kit.refusals import Missing
from app.kit.words import Sentence, say

STEPS = {
    "again": say("Those who were silent were rung again"),
    OTHERS: say("Those who were silent were asked on every other road"),
    "hand": say("Those who were silent were rung by hand"),
}


class Deed(Struct):
    """One thing that was done, in which minute after the sending (before it: None), and by whom; nobody where the
    clock did."""

    at: datetime
    minute: int | None
    icon: str
    what: Sentence
    by: str = ""
    words: Sentence | None = None


class Report(Struct):
    """Stewards have the areas they look after, and not the whole."""

    alert: Alert
    whole: bool
    figures: Figures
    areas: list[InArea]
    needs: list[CameOf]
    deeds: list[Deed]
    mends: list[ToMend]
    held_by: str


async def report(id: int, *, by: Neighbour, now: datetime) -> Report:
    """Raises Missing for whoever looked for nobody, and as long as it is not over."""
    alert = await ended(id, by=by, now=now)
    figures, needs = await figures_of(alert), await needs_of(id)
    whole, areas = sees_all(by), top(figures.areas)
    if not whole:
        theirs = {inside for each in kept_by(by) for inside in await community.below(each)}
        areas = [each for each in figures.areas if each.id in theirs]
        needs = [each for each in needs if each.area in theirs]
    names = await _names(alert)
    deeds = [*_of_alert(alert, names), *_of_steps(alert, figures), *_of_messages(alert, await said_of(id))]
    deeds += _of_knocks(alert, needs)
    deeds += _of_measures(alert, await measures.measures(id, by=by, now=now))
    return Report(
        alert=alert,
        whole=whole,
        figures=figures,
        areas=areas,
        needs=needs,
        deeds=sorted(deeds, key=lambda each: each.at),
        mends=await mends_of(id),
        held_by=names.get(alert.held_by, ""),
    )


async def ended(id: int, *, by: Neighbour, now: datetime) -> Alert:
    must_see_boards(by)
    alert = await seen(id, by=by, now=now)
    if alert.stage != Stage.ended:
        raise Missing
    return alert


def top(areas: list[InArea]) -> list[InArea]:
    """Those that stand in none of the others; where that is one only, those within it too."""
    known = {each.id for each in areas}
    tops = [each for each in areas if each.parent not in known]
    if len(tops) == 1:
        return [*tops, *(each for each in areas if each.parent == tops[0].id)]
    return tops


async def _names(alert: Alert) -> dict[int | None, str]:
    ids = [each for each in (alert.made_by, alert.approved_by, alert.held_by) if each is not None]
    rows = await Person.select(Person.id, Person.name).where(Person.id.is_in(ids)) if ids else []
    return {row["id"]: row["name"] for row in rows}


def _of_alert(alert: Alert, names: dict[int | None, str]) -> Iterator[Deed]:
    author = names.get(alert.made_by, "")
    yield Deed(alert.made_at, None, "pencil", say("Written"), author)
    if alert.asked_at is not None:
        yield Deed(alert.asked_at, None, "user-check", say("A second person was asked"), author)
    if alert.sent_at is not None:
        if alert.alone:
            yield Deed(alert.sent_at, 0, "siren", say("Sent alone, without a second person"), author)
        elif alert.approved_by is not None:
            yield Deed(alert.sent_at, 0, "siren", say("Approved and sent"), names.get(alert.approved_by, ""))
        else:
            yield Deed(alert.sent_at, 0, "siren", say("Sent"), author)


def _of_messages(alert: Alert, said: list[Spoken]) -> Iterator[Deed]:
    for each in said[:-1]:  # the first word is the sending
        icon = "circle-check" if each.type in ("all_clear", "false_alarm", "expired") else "megaphone"
        yield Deed(each.at, _minute(alert, each.at), icon, TYPES[each.type], each.by_name or "", each.headline)


def _of_steps(alert: Alert, figures: Figures) -> Iterator[Deed]:
    for each in figures.steps:
        what = STEPS.get(each.name.partition(":")[0])
        if what is None:
            continue
        people = say("People: %(n)s", n=each.people) if each.people else say("Fewer than five people")
        yield Deed(each.at, _minute(alert, each.at), "bell", what, words=people)


def _of_knocks(alert: Alert, needs: list[CameOf]) -> Iterator[Deed]:
    """As long as it is kept which needs came of it."""
    asked = [each.asked_at for each in needs if each.knock]
    if asked:
        doors = say("Doors: %(n)s", n=len(asked))
        first = min(asked)
        yield Deed(first, _minute(alert, first), "door-open", say("Helpers were asked to knock"), words=doors)


def _of_measures(alert: Alert, taken: list[measures.Shown]) -> Iterator[Deed]:
    for each in taken:
        yield Deed(each.since_at, _minute(alert, each.since_at), "scale", POWERS[each.kind], each.by_name or "")
        if each.ended_at is not None:
            over = say("Ended: %(what)s", what=POWERS[each.kind])
            yield Deed(each.ended_at, _minute(alert, each.ended_at), "scale", over)


def _minute(alert: Alert, at: datetime) -> int | None:
    return minutes_between(alert.sent_at, at) if alert.sent_at is not None else None
