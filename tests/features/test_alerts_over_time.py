"""Hours of an emergency, or of its exercise: declared, approved, corrected, answered, ended, in any order.

Whatever happens: nobody is told anything after the end but the end itself, nobody who has answered is reminded, whoever
was called hears every later word, the snapshot stays, no exercise reads as real, and somebody knocks exactly where half
an hour has passed in silence.
"""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import DB
from app.features.alerts import rules
from app.features.alerts.rules import knocks
from app.features.alerts.rules.knocking import origin_of
from app.features.alerts.rules.knocks import Found
from app.features.alerts.rules.telling import key_of
from app.features.alerts.tables import Alert, Answer, How, Kind, Level, Message, Recipient, Stage, Type
from app.features.help.tables import Need, Taking
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind as Role
from app.kit.refusals import Refusal
from app.kit.words import kept
from tests.alerting import WORDS, a_coordinator, a_plan, looking, run
from tests.makers import NOON, a_household, a_person, an_area

MINUTE = timedelta(minutes=1)
MANY = 12 if DB.engine_type == "postgres" else 40
DEEDS = ["approve", "refuse", "update", "correct", "all_clear", "false_alarm", "move", "remind", "take"]
STEP = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 6, 11, 31, 250])),
    st.tuples(st.just("answer"), st.tuples(st.integers(0, 2), st.sampled_from(list(Answer)))),
    st.tuples(st.just("proxy"), st.tuples(st.integers(0, 2), st.sampled_from(list(Answer)))),
    st.tuples(st.just("slip"), st.integers(0, 2)),
    st.tuples(st.just("found"), st.tuples(st.integers(0, 2), st.sampled_from(list(Found)))),
    st.tuples(st.sampled_from(DEEDS), st.none()),
)
BOTH = ("zh-Hans", "en")
KINDS, LEVELS = st.sampled_from([Kind.real, Kind.exercise]), st.sampled_from([Level.urgent, Level.critical])


@dataclass
class Life:
    """An alert for one building with three people, and what we know of it by hand."""

    alert: int
    kind: Kind
    by: object
    second: object
    whom: list[object]
    homes: list[int]
    stewards: list[object]
    stays: list[int]
    now: datetime = NOON
    answers: dict[int, tuple[Answer, How]] = field(default_factory=dict)
    answered_at: dict[int, datetime] = field(default_factory=dict)

    async def try_to(self, what: str, how: object) -> None:
        with contextlib.suppress(Refusal):
            await getattr(self, what)(how)
        await run(self.now)

    async def wait(self, minutes) -> None:
        """Minute by minute where it matters: a worker looks often."""
        for step in range(0, minutes, 5):
            self.now += min(5, minutes - step) * MINUTE
            await run(self.now)

    async def approve(self, _) -> None:
        await rules.approve(self.alert, WORDS[self.kind], by=looking(self.second, self.now), now=self.now)

    async def refuse(self, _) -> None:
        await rules.refuse(self.alert, by=self.second, now=self.now)

    async def update(self, _) -> None:
        await self._say(Type.update)

    async def correct(self, _) -> None:
        await self._say(Type.correction)

    async def _say(self, type: Type) -> None:
        words = dict.fromkeys(BOTH, f"News at {self.now:%H:%M}")
        await rules.update(self.alert, words, words, type=type, by=self.by, now=self.now)

    async def all_clear(self, _) -> None:
        await rules.all_clear(self.alert, by=self.second, now=self.now)

    async def false_alarm(self, _) -> None:
        await rules.false_alarm(self.alert, by=self.by, now=self.now)

    async def remind(self, _) -> None:
        await rules.remind(self.alert, by=self.by, now=self.now)

    async def move(self, _) -> None:
        """The first of them moves out after they were called: they stay among those who hear what follows."""
        if self.stays and await Recipient.exists().where(Recipient.alert == self.alert):
            await people.leave(self.stays.pop(), on=self.now.date(), by=None, now=self.now)

    async def answer(self, said) -> None:
        who, answer = said
        person = self.whom[who]
        await rules.answer(self.alert, person.id, answer, by=person, now=self.now)
        self._heard(person.id, answer, How.self)

    async def proxy(self, said) -> None:
        who, answer = said
        person = self.whom[who]
        await rules.answer(self.alert, person.id, answer, how=How.phone, by=self.by, now=self.now)
        self._heard(person.id, answer, How.phone)

    def _heard(self, person: int, answer: Answer, how: How) -> None:
        before = self.answers.get(person)
        if how == How.self or before is None or before[1] != How.self:
            self.answers[person] = (answer, how)
        self.answered_at.setdefault(person, self.now)

    async def slip(self, who) -> None:
        """The wrong button, taken back at once: what was before counts again."""
        person, before = self.whom[who].id, dict(self.answers)
        self.now += timedelta(seconds=1)  # a deed of its own
        await self.answer((who, Answer.safe))
        await rules.undo(self.alert, by=person, now=self.now)
        self.answers = before
        if person not in before:
            self.answered_at.pop(person)

    async def take(self, _) -> None:
        """One steward takes whatever they see."""
        alert = await Alert.objects().get(Alert.id == self.alert)
        for steward in self.stewards:
            for each in await knocks.knocks(alert, 1, by=steward):
                with contextlib.suppress(Refusal):
                    await knocks.take(alert, each.household, by=steward, now=self.now)

    async def found(self, said) -> None:
        who, found = said
        home, by = self.homes[who], self.stewards[0]
        alert = await Alert.objects().get(Alert.id == self.alert)
        if found == Found.nobody:
            return await knocks.nobody_there(alert, home, by=by, now=self.now)
        silent = [each.id for each in self._of(who) if each.id not in self.answers]
        person = self.whom[who].id
        await knocks.opened(alert, home, Answer(found), person=person, by=by, now=self.now)
        for each in [person] if found == Found.help else silent:
            self._heard(each, Answer(found), How.knocked)

    def _of(self, who: int) -> list[object]:
        return [each for each, home in zip(self.whom, self.homes, strict=True) if home == self.homes[who]]

    async def _knocks_follow(self, alert: Alert) -> None:
        """Nobody who answered has somebody at the door, none is left after the end, and no steward is told twice."""
        due = alert.stage == Stage.active and alert.sent_at + 30 * MINUTE <= self.now
        rows = await Need.objects().where(Need.origin == origin_of(self.alert))
        waits = {each.household for each in rows if each.stage in ("open", "taken", "way")}
        silent = {
            home for who, home in enumerate(self.homes) if not any(each.id in self.answers for each in self._of(who))
        }
        assert waits == (silent if due else set())
        assert len(rows) == len({each.household for each in rows})
        held = await Taking.select(Taking.need).where(Taking.ended_at.is_null())
        assert {row["need"] for row in held} <= {each.id for each in rows if each.household in waits}
        for steward in self.stewards:
            once = (Notice.person == steward.id) & (Notice.key == origin_of(self.alert))
            assert await Notice.count().where(once) <= 1

    async def must_hold(self) -> None:
        alert = await Alert.objects().where(Alert.id == self.alert).first()
        spoken = await Message.objects().where(Message.alert == self.alert).order_by(Message.id)
        called = await Recipient.objects().where(Recipient.alert == self.alert)
        if alert.sent_at is None:
            assert not spoken and not called and await self._told() == []
            return
        assert {each.person for each in called} == {each.id for each in self.whom}
        for each in called:
            assert (each.answer or None) == (self.answers[each.person][0] if each.person in self.answers else None)
        assert sum(each.type in (Type.all_clear, Type.false_alarm, Type.expired) for each in spoken) == (
            alert.stage == Stage.ended
        )
        await self._told_as_it_should_be(alert, spoken)
        await self._knocks_follow(alert)

    async def _told_as_it_should_be(self, alert: Alert, spoken: list[Message]) -> None:
        told = await self._told()
        last, keys = key_of(spoken[-1].id), {key_of(each.id) for each in spoken}
        for each in told:
            sentence = str(kept(each.sentence))
            assert sentence.startswith("EXERCISE · ") == (self.kind == Kind.exercise)
            if alert.ended_at is not None and each.made_at > alert.ended_at:
                assert each.key == last
            if each.key not in keys:
                assert self.answered_at.get(each.person, each.made_at + MINUTE) >= each.made_at
        for person in self.whom:
            mine = [each.key for each in told if each.person == person.id]
            assert last in mine and len(mine) == len(set(mine))

    async def _told(self) -> list[Notice]:
        found: list[Notice] = await Notice.objects().where(Notice.thread == f"alert:{self.alert}")
        return found


async def begin(kind: Kind, level: Level) -> Life:
    building = await an_area()
    home = await a_household(area=building)
    whom = [await a_person(home=home) for _ in range(2)] + [await a_person(home=await a_household(area=building))]
    by, second = await a_coordinator(), await a_coordinator()
    alert = await rules.draft(a_plan(kind=kind, level=level, areas=(building.id,)), by=by, now=NOON)
    homes = [home.id, home.id, (await people.stays_of(whom[2].id))[0].household]
    stewards = [await a_person(role=Role.steward, area=building) for _ in range(2)]
    stays = [(await people.stays_of(whom[0].id))[0].membership]
    life = Life(alert, kind, by, second, whom, homes, stewards, stays)
    await rules.send(alert, WORDS[kind], by=looking(by), now=NOON)
    await run(NOON)
    return life


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([Kind.real, Kind.exercise]),
    st.sampled_from([Level.urgent, Level.critical]),
    st.booleans(),
    st.lists(STEP, max_size=14),
)
async def test_whatever_happens_in_an_emergency_these_things_hold(kind, level, silence, steps):
    life = await begin(kind, level)
    await life.must_hold()
    if silence:  # so that there is somebody to knock at
        await life.try_to("approve", None)
        await life.wait(31)
        await life.must_hold()
    for what, how in steps:
        await life.try_to(what, how)
        await life.must_hold()
    await life.wait(300)  # it ends by itself, if nobody ended it
    await life.must_hold()
    alert = await Alert.objects().where(Alert.id == life.alert).first()
    assert alert.stage in (Stage.ended, Stage.draft)
