"""An event over weeks, whatever those who come, its host, officers and the clock do with it.

After each deed: never more come than there are places, no place is lost to nobody, and each outcome was told once.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import DB
from app.features.events import jobs, rules
from app.features.events.rules import Saying
from app.features.events.rules.reach import gathering
from app.features.events.tables import Event, EventAnswer, Hand, Said
from app.features.notices.tables import Notice
from app.features.spaces import jobs as spaces_jobs
from app.features.spaces import rules as spaces
from app.features.spaces.tables import Booking, Policy
from app.kit import later
from app.kit.refusals import Refusal
from app.kit.tables import Slot
from app.kit.tables import Waiting as Line
from tests.gathering import a_draft, as_it_is
from tests.makers import NOON
from tests.spacing import a_manager, a_neighbour, a_space

MOST = 15 if DB.engine_type == "sqlite" else 6
WHO = st.integers(0, 4)
SAYING = st.sampled_from((Said.yes, Said.yes, Said.yes, Said.maybe, Said.no))
SAY = st.tuples(st.just("say"), WHO, SAYING, st.integers(0, 2))
WAIT = st.tuples(st.sampled_from(("wait", "wait", "leave")), WHO)
PART = st.tuples(st.sampled_from(("take", "take", "give")), WHO)
CHANGE = st.tuples(st.just("change"), st.integers(1, 6), st.sampled_from((14, 14, 15, 17)), st.sampled_from((0, 0, 1)))
DOOR = st.tuples(st.sampled_from(("check_in", "check_in", "check_out", "walk_in", "stand")), WHO)
HOST = st.tuples(st.sampled_from(("cancel", "refuse", "approve")))
ROOM = st.tuples(st.sampled_from(("take_over", "give_back")))
TIME = st.tuples(st.just("hours"), st.sampled_from((1, 13, 24, 100)))


class Life:
    """The same deeds as people do them; what is refused changes nothing."""

    def __init__(self, event, host, who, manager, room):
        self.event, self.host, self.who, self.manager, self.room, self.now = event, host, who, manager, room, NOON

    async def say(self, who, said, guests):
        await rules.answer(self.event.id, Saying(said, guests), by=self.who[who], now=self.now)

    async def wait(self, who):
        await rules.wait_for(self.event.id, who % 2, by=self.who[who], now=self.now)

    async def leave(self, who):
        await rules.leave_line(self.event.id, by=self.who[who], now=self.now)

    async def take(self, who):
        [part] = await rules.parts_of(self.event.id)
        await rules.take_part(self.event.id, part.id, by=self.who[who], now=self.now)

    async def give(self, who):
        [part] = await rules.parts_of(self.event.id)
        await rules.return_part(self.event.id, part.id, by=self.who[who], now=self.now)

    async def change(self, capacity, hour, elsewhere):
        space = None if elsewhere else self.room.id
        guests = min(2, capacity - 1)
        new = a_draft(capacity=capacity, guests=guests, opens=hour * 60, closes=(hour + 2) * 60, space=space)
        await rules.change(self.event.id, new, by=self.host, now=self.now)

    async def check_in(self, who):
        if came := await rules.answer_of(self.event.id, self.who[who].id):
            await rules.check_in(self.event.id, came.id, by=self.host, now=self.now)

    async def check_out(self, who):
        if came := await rules.answer_of(self.event.id, self.who[who].id):
            await rules.check_out(self.event.id, came.id, by=self.host, now=self.now)

    async def walk_in(self, who):
        await rules.walk_in(self.event.id, self.who[who].name if who else "", by=self.host, now=self.now)

    async def stand(self, who):
        await rules.stand_at_the_door(self.event.id, by=self.who[who], now=self.now)

    async def cancel(self):
        await rules.cancel(self.event.id, "Rain", by=self.host, now=self.now)

    async def refuse(self):
        if (event := await as_it_is(self.event)).booking:
            await spaces.refuse(event.booking, "No", by=self.manager, now=self.now)

    async def approve(self):
        if (event := await as_it_is(self.event)).booking:
            await spaces.approve(event.booking, by=self.manager, now=self.now)

    async def take_over(self):
        event = await as_it_is(self.event)
        around = event.begins_at - timedelta(hours=1), event.ends_at + timedelta(hours=1)
        by = self.manager.id
        await spaces.take_over(self.room.id, *around, {"en": "A shelter"}, origin="alert:7", by=by, now=self.now)

    async def give_back(self):
        await spaces.give_back_all("alert:7", by=self.manager.id, now=self.now)

    async def hours(self, many):
        for _ in range(4):  # the clock looks in now and then, and late
            self.now += timedelta(hours=many) / 4
            while await later.run_due(jobs.JOBS | spaces_jobs.JOBS, self.now):
                pass

    async def did(self, deed, *words):
        with suppress(Refusal):
            await getattr(self, deed)(*words)
        await rules.look_at_rooms(self.now)


async def must_hold(life: Life, step) -> None:
    """Read from the rows, with none of the rules: who has how many places, and who is offered some."""
    event = await Event.select().where(Event.id == life.event.id).first()
    expected: Counter[str] = Counter()
    for row in await EventAnswer.select().where(EventAnswer.event == life.event.id):
        if row["said"] == Said.yes:
            expected[f"answer:{row['id']}"] = 1 + row["guests"]
        assert row["came_at"] is None or row["said"] == Said.yes, step
    for row in await Line.select().where(Line.ended_at.is_null() & Line.offered_until.is_not_null()):
        expected[f"waiting:{row['id']}"] = 1 + int(row["wish"].partition(":")[2].strip(" }"))
    held = Counter(row["owner"] for row in await Slot.select(Slot.owner).where(Slot.thing == life.event.thing))
    assert held == expected, step
    assert sum(held.values()) <= event["capacity"], step
    units = [row["unit"] for row in await Slot.select(Slot.unit).where(Slot.thing == life.event.thing)]
    assert all(unit < event["capacity"] for unit in units), step
    hands = {f"hand:{row['id']}" for row in await Hand.select(Hand.id)}
    assert {row["owner"] for row in await Slot.select(Slot.owner).where(Slot.thing.like("part:%"))} == hands, step
    assert len(hands) <= 2, step
    if event["stage"] == "planned" and event["booking"]:
        room = await Booking.select(Booking.stage).where(Booking.id == event["booking"]).first()
        assert room["stage"] in ("pending", "approved", "unused") or event["ends_at"] <= life.now, step
    if event["stage"] == "cancelled":
        assert not await Line.count().where(Line.ended_at.is_null()), step


async def must_have_been_told_once(life: Life) -> None:
    event = await Event.select().where(Event.id == life.event.id).first()
    for person in (life.host, *life.who):
        own = (Notice.person == person.id) & (Notice.path == life.event.path)
        keys = [row["key"] for row in await Notice.select(Notice.key).where(own)]
        assert len(keys) == len(set(keys)), keys
        turns = [key for key in keys if key and key.split(":")[2] in ("changed", "fell", "planned", "cancelled")]
        assert len(turns) <= event["sequence"], turns
        reminders = [key for key in keys if key and ":tomorrow:" in key]
        assert len(reminders) <= 1 + event["sequence"]
        assert sum(key.endswith(":how") for key in keys if key) <= 1
        assert not [key for key in keys if key and ":granted:" in key and person is life.host]


@given(
    steps=st.lists(
        st.one_of(SAY, SAY, SAY, SAY, WAIT, WAIT, PART, CHANGE, DOOR, DOOR, HOST, ROOM, TIME), min_size=12, max_size=30
    )
)
@settings(
    max_examples=MOST, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
async def test_never_more_come_than_there_are_places_and_nobody_is_told_twice_of_one_outcome(sweep, steps):
    await sweep()
    host, manager, room = await a_manager(), await a_manager(), await a_space(policy=Policy.approval, step=15)
    part = rules.PartDraft({"en": "Bring tea"}, 2)
    draft = a_draft(capacity=4, space=room.id, capability="orientation", parts=(part,))
    [id] = await rules.make(draft, by=host, now=NOON)
    who = [await a_neighbour() for _ in range(5)]
    life = Life(await gathering(id), host, who, manager, room)
    for step in steps:
        await life.did(*step)
        await must_hold(life, step)
    await must_have_been_told_once(life)
