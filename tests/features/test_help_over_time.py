"""Weeks in the lives of needs: asked, taken, given back, forgotten, in any order, with days passing between.

What should be so stands here by hand, in a few lines of Python: no deed is lost, each change is told once to whom it
concerns and nothing after the end, and the private part is visible to exactly those whom the table names.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import house
from app.db import DB
from app.features.help import rules
from app.features.help.rules import Asking
from app.features.help.tables import Need, NeedStep, What
from app.features.notices.tables import Notice
from app.kit import later
from app.kit.refusals import Refusal
from tests.makers import NOON, a_household, a_person

HOUR = timedelta(hours=1)
MANY = 15 if DB.engine_type == "postgres" else 60
WAITS = st.sampled_from([1, 2, 5, 20, 25, 25, 47, 49, 75, 170])
STEPS = st.tuples(st.sampled_from(["do", "do", "do", "wait", "wait", "try"]), st.integers(0, 999), WAITS)
ALL = [
    *(("take", who, hours) for who in range(1, 5) for hours in (1, 24)),
    *((deed, who) for deed in ("way", "give_back", "complete") for who in range(1, 5)),
    *((deed, 0) for deed in ("complete", "confirm", "reopen", "freshen")),
    *(("prolong", who) for who in range(5)),
    ("withdraw", 0),
]


@dataclass
class Place:
    """A helper's place at the need."""

    who: int
    comes: datetime
    until: datetime | None = None  # contact, once it is over
    stands: bool = True
    kept: bool = False
    nudged: bool = False
    yes: set[str] = field(default_factory=set)


@dataclass
class Model:
    """One everyday need for so many helpers, as it should be. `told` counts what the asker hears, deed by deed."""

    helpers: int
    now: datetime = NOON
    stage: str = "open"
    since: datetime = NOON
    fresh: datetime = NOON
    asked_still: datetime | None = None
    reminded: bool = False
    places: list[Place] = field(default_factory=list)
    log: list[str] = field(default_factory=lambda: ["asked"])
    told: int = 0

    def standing(self):
        return [each for each in self.places if each.stands]

    def at(self, who):
        return next((each for each in reversed(self.places) if each.who == who and (each.stands or each.kept)), None)

    def happened(self, what, *, by_asker=False, at=None, stage=None):
        self.log.append(what)
        self.told += not by_asker
        if stage:
            self.stage, self.since = stage, at or self.now

    def open_again(self, what, *, by_asker=False):
        self.happened(what, by_asker=by_asker, stage="open")
        self.fresh, self.asked_still, self.reminded = self.now, None, False

    def let_go(self, places):
        for each in places:
            each.stands, each.kept, each.until = False, False, self.now

    # --- Deeds: True when they are done

    def take(self, who, hours):
        if self.stage != "open" or self.at(who):
            return False
        self.places.append(Place(who, self.now + hours * HOUR))
        full = len(self.standing()) == self.helpers
        self.happened("taken" if full else "half", stage="taken" if full else None)
        self.reminded = self.reminded and not full
        return True

    def way(self, who):
        if self.stage != "taken" or not self.at(who):
            return False
        self.happened("way", stage="way")
        self.reminded = False
        return True

    def give_back(self, who):
        mine = self.at(who)
        if not mine or not mine.stands:
            return False
        self.let_go([mine])
        self.open_again("gave_back")
        return True

    def complete(self, who):
        if self.stage not in ("taken", "way") or (who and not self.at(who)):
            return False
        self.finish(by_asker=who == 0)
        return True

    def finish(self, *, by_asker=False):
        for each in self.standing():
            each.stands, each.kept, each.until = False, True, self.now + 24 * HOUR
        self.happened("done", by_asker=by_asker, stage="done")

    def confirm(self, _):
        if self.stage != "done":
            return False
        self.happened("confirmed", by_asker=True, stage="confirmed")
        return True

    def reopen(self, _):
        if self.stage not in ("taken", "way", "done"):
            return False
        self.let_go([each for each in self.places if each.stands or each.kept])
        self.open_again("reopened", by_asker=True)
        return True

    def withdraw(self, _):
        if self.stage not in ("open", "taken", "way"):
            return False
        self.let_go(self.standing())
        self.happened("withdrew", by_asker=True, stage="withdrawn")
        return True

    def freshen(self, _):
        if self.stage != "open" or self.asked_still is None:
            return False
        self.fresh, self.asked_still = self.now, None
        self.happened("fresh", by_asker=True)
        return True

    def prolong(self, who):
        side = "helper" if who else "asker"
        touched = [self.at(who)] if who else self.places
        open_ = [each for each in touched if each and each.until and self.now < each.until and side not in each.yes]
        if not open_:
            return False
        for each in [each for each in touched if each and each.until and self.now < each.until]:
            if side not in each.yes and len(each.yes) == 1:
                each.until += timedelta(days=7)
            each.yes.add(side)
        over = self.stage in ("confirmed", "withdrawn", "expired")
        self.log.append("prolonged")
        self.told += bool(who) and not over
        return True

    # --- What time does

    def due(self):
        if self.stage == "open":
            return [(self.fresh + 48 * HOUR, "still")] if self.asked_still is None else [
                (self.asked_still + 24 * HOUR, "lapse")
            ]  # fmt: skip
        if self.stage == "taken":
            return [(min(each.comes for each in self.standing()) + 24 * HOUR, "silent")]
        if self.stage == "way":
            late = [] if self.reminded else [(self.since + 24 * HOUR, "late")]
            return [*late, (self.since + 72 * HOUR, "done")]
        return [(self.since + timedelta(days=7), "close")] if self.stage == "done" else []

    def passes(self, hours):
        """Hour by hour, as the worker that looks every hour sees it."""
        for _ in range(hours):
            self.now += HOUR
            while due := [what for at, what in self.due() if at <= self.now]:
                self.by_time(due[0])

    def by_time(self, what):
        if what == "still":
            self.asked_still = self.now
            self.happened("still")
        elif what == "lapse":
            self.let_go(self.standing())
            self.happened("lapsed", stage="expired")
        elif what == "silent":
            self.let_go([each for each in self.standing() if each.comes + 24 * HOUR <= self.now])
            self.open_again("silent")
        elif what == "late":
            self.reminded = True
            self.happened("late")
        elif what == "done":
            self.finish()
        else:
            self.happened("closed", stage="confirmed")

    # --- Who sees the private part, and the asker's door and phone

    def reads(self, who):
        if who == 0:
            return True
        for each in self.places:
            if each.who == who and each.stands and self.stage in ("taken", "way"):
                return True
            if each.who == who and each.kept and each.until and self.now < each.until:
                return True
        return False


def life(*deeds):
    """A certain one: hours of waiting, and deeds by name."""
    return [("wait", 0, each) if isinstance(each, int) else ("try", ALL.index(each), 1) for each in deeds]


NEVER_CONFIRMED = life(("take", 1, 1), ("way", 1), 25, 49, 170, 25)
SILENT = life(("take", 1, 1), 25, ("take", 1, 24), 49, 75, 25)
BOTH_STAY_IN_TOUCH = life(("take", 2, 1), ("complete", 2), ("prolong", 0), ("prolong", 2), 47, 75, ("confirm", 0), 75)
NOBODY_CAME = life(
    ("take", 3, 24), ("complete", 3), ("reopen", 0), 49, ("freshen", 0), ("take", 4, 1), ("withdraw", 0), 25
)


def chosen(model, how, number):
    """Mostly something that can be done now, a withdrawal seldom; sometimes anything at all."""
    can = [each for each in ALL if getattr(deepcopy(model), each[0])(*each[1:])] if how == "do" else ALL
    can = [each for each in can if each[0] != "withdraw" or number % 9 == 0] or ALL
    return can[number % len(can)]


RULES = {
    "take": lambda need, by, now, hours: rules.take(need, hours=hours, by=by, now=now),
    "way": lambda need, by, now: rules.set_out(need, by=by, now=now),
    "give_back": lambda need, by, now: rules.give_back(need, by=by, now=now),
    "complete": lambda need, by, now: rules.complete(need, by=by, now=now),
    "confirm": lambda need, by, now: rules.confirm(need, by=by, now=now),
    "reopen": lambda need, by, now: rules.reopen(need, by=by, now=now),
    "withdraw": lambda need, by, now: rules.withdraw(need, by=by, now=now),
    "freshen": lambda need, by, now: rules.freshen(need, by=by, now=now),
    "prolong": lambda need, by, now: rules.prolong(need, by=by, now=now),
}
SECRET = "the key is under the mat"


@given(helpers=st.sampled_from([1, 1, 2]), steps=st.lists(STEPS, min_size=6, max_size=24))
@example(helpers=1, steps=NEVER_CONFIRMED)
@example(helpers=1, steps=SILENT)
@example(helpers=1, steps=BOTH_STAY_IN_TOUCH)
@example(helpers=1, steps=NOBODY_CAME)
@settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
async def test_no_deed_is_lost_each_change_is_told_once_and_the_private_part_is_where_the_table_says(
    sweep, helpers, steps
):
    await sweep()
    home = await a_household(address="Hidden Door 5")
    neighbours = [await a_person(home=home, phone="+8613800138000"), *[await a_person() for _ in range(4)]]
    asking = Asking(What.groceries, "Rice", SECRET, helpers=helpers)
    need = await rules.ask_for_help(asking, by=neighbours[0], now=NOON)
    model, told_at_the_end = Model(helpers), None

    for how, number, hours in steps:
        if how == "wait":
            await hours_pass(model, hours)
        else:
            deed, *words = chosen(model, how, number)
            await do(model, need, deed, neighbours, words)
        assert await steps_of(need) == model.log
        assert await stage_of(need) == model.stage
        assert await told_about(need, neighbours[0].id) == model.told
        for who, person in enumerate(neighbours):
            assert await reads(need, person, model.now) == model.reads(who), (who, model.stage)
        if model.stage in ("confirmed", "withdrawn", "expired"):
            told_at_the_end = told_at_the_end or await everything_told()
            assert await everything_told() == told_at_the_end, "told after the end"


async def hours_pass(model, hours):
    """The worker looks every hour; what it does twice it does once."""
    for _ in range(hours):
        model.passes(1)
        await later.run_due(house.JOBS, model.now)
    await rules.tick(1, now=model.now)


async def do(model, need, deed, neighbours, words):
    who, *more = words
    expected = getattr(model, deed)(who, *more)
    try:
        await RULES[deed](need, neighbours[who], model.now, *more)
        done = True
    except Refusal:
        done = False
    assert done == expected, (deed, who, model.stage)


async def steps_of(need):
    rows = await NeedStep.select(NeedStep.did).where(NeedStep.need == need).order_by(NeedStep.id)
    return [row["did"] for row in rows]


async def stage_of(need):
    return (await Need.select(Need.stage).where(Need.id == need).first())["stage"]


async def told_about(need, person):
    """Each change under its own key, so a key twice would show."""
    keys = [row["key"] for row in await Notice.select(Notice.key).where(Notice.person == person)]
    assert max(Counter(keys).values(), default=1) == 1
    return len([key for key in keys if key and key.startswith(f"need:{need}:")])


async def everything_told():
    return {(row["person"], row["key"]) for row in await Notice.select(Notice.person, Notice.key)}


async def reads(need, person, now):
    """The private part, and the asker's door and phone, go together."""
    try:
        seen = await rules.whole(need, by=person, now=now)
    except Refusal:
        return False
    if person.id == seen.need.person:
        return seen.details == SECRET
    theirs = any("Hidden Door 5" in contact.addresses for contact in seen.contacts)
    assert theirs == (seen.details == SECRET)
    return theirs
