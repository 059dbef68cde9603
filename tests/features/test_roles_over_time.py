"""Months of giving, ending, handing over, standing in, moving house, in any order: who may what is as a model says.

At every step, and with time passing between them: which powers each person has, who is found when officers and stewards
are asked for, and what one may see and do with another, by the table of test_who_sees_whom.py.
"""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import DB, Clash
from app.features.people import rules
from app.features.people.tables import Kind, Membership, Proposal, Role, State, Task
from app.kit.refusals import Refusal
from tests.features.roles_model import DAY, ZONE, Model
from tests.features.roles_model import Role as Held
from tests.features.test_who_sees_whom import all_homes, allowed, seen
from tests.makers import NOON, a_household, a_person, an_area

# Every step asks some 150 questions, each of which has a way to go on PostgreSQL.
MANY = 8 if DB.engine_type == "postgres" else 30
WHO, HOME, ROLE, ASKED = st.integers(0, 4), st.integers(0, 2), st.integers(0, 5), st.integers(0, 6)
AREAS = st.integers(0, 1)
KINDS = st.sampled_from([Kind.steward, Kind.steward, Kind.administrator, Kind.coordinator])
PROPOSE = st.tuples(st.just("propose"), ROLE, st.sampled_from(["handover", "deputy", "deputy"]), WHO)
ANSWER = st.tuples(st.just("answer"), ASKED, st.sampled_from([True, True, True, True, False]))
AWAY = st.tuples(st.just("away"), ROLE, st.integers(0, 2), st.integers(1, 20), st.one_of(st.none(), st.none(), WHO))
PASS = st.tuples(st.just("pass"), ROLE, st.sampled_from(["handover", "deputy"]), WHO)
STEPS = st.one_of(
    PROPOSE,
    ANSWER,
    PASS,
    PASS,
    AWAY,
    AWAY,
    st.tuples(st.just("give"), WHO, KINDS, AREAS),
    st.tuples(st.just("end"), ROLE),
    st.tuples(st.just("withdraw"), ASKED),
    st.tuples(st.just("cover"), ROLE, WHO),
    st.tuples(st.just("back"), ROLE),
    st.tuples(st.just("step_down"), ROLE),
    st.tuples(st.just("free"), ROLE),
    st.tuples(st.just("settle"), WHO, st.sampled_from([State.active, State.active, *State])),
    st.tuples(st.just("move"), WHO, HOME),
    st.tuples(st.just("wait"), st.integers(1, 9)),
)
AT_ROLES = ("end", "propose", "away", "cover", "back", "step_down", "free")


def deeds(steps, model):
    """A proposal and its yes often follow each other."""
    for deed, *words in steps:
        yield ("propose" if deed == "pass" else deed, *words)
        if deed == "pass":
            yield ("answer", -1, True)


def aimed(model, deed, words, now):
    """Mostly at a role that is held or a question that waits; sometimes at what is over, or was never there."""
    if deed in AT_ROLES:
        there = [nth for nth, role in enumerate(model.roles) if role.held]
        if deed in ("cover", "back", "step_down"):
            there = [nth for nth in there if model.roles[nth].away] or there
    elif deed in ("answer", "withdraw"):
        there = [nth for nth, asked in enumerate(model.asked) if model.waits(asked, now)]
    else:
        return words
    nth = there[words[0] % len(there)] if there and words[0] else max(words[0], 0)
    return [nth, *words[1:]]


class Real:
    """The same deeds through the rules; True when they were done."""

    def __init__(self, people, areas, homes):
        self.people = [person.id for person in people]
        self.areas, self.homes = [area.id for area in areas], [home.id for home in homes]

    async def roles(self):
        return await Role.select().where(Role.stands_in_for.is_null()).order_by(Role.id)

    async def role(self, nth):
        rows = await self.roles()
        return rows[nth] if nth < len(rows) else {"id": 0, "person": self.people[0]}

    async def by(self, person, now):
        return await rules.neighbour(person, now=now)

    async def asked(self, nth):
        rows = await Proposal.select().order_by(Proposal.id)
        return rows[nth] if nth < len(rows) else {"id": 0, "person": self.people[0], "role": 0}

    async def give(self, who, kind, area, now):
        await rules.give_role(self.people[who], kind, area=self.areas[area], by=None, now=now)

    async def end(self, nth, now):
        await rules.end_role((await self.role(nth))["id"], by=0, now=now)

    async def propose(self, nth, task, who, now):
        role = await self.role(nth)
        by = await self.by(role["person"], now)
        await rules.propose(role["id"], Task(task), self.people[who], by=by, now=now)

    async def answer(self, nth, yes, now):
        asked = await self.asked(nth)
        answer = rules.accept if yes else rules.decline
        await answer(asked["id"], by=await self.by(asked["person"], now), now=now)

    async def withdraw(self, nth, now):
        asked = await self.asked(nth)
        holder = next((row["person"] for row in await Role.select() if row["id"] == asked["role"]), self.people[0])
        await rules.withdraw_proposal(asked["id"], by=await self.by(holder, now), now=now)

    async def away(self, nth, first, days, cover, now):
        role, today = await self.role(nth), now.astimezone(ZONE).date()
        said = {"first": today + first * DAY, "last": today + (first + days - 1) * DAY}
        whom = self.people[cover] if cover is not None else None
        await rules.note_absence(role["id"], **said, cover=whom, by=await self.by(role["person"], now), now=now)

    async def cover(self, nth, who, now):
        role = await self.role(nth)
        await rules.ask_cover(role["id"], self.people[who], by=await self.by(role["person"], now), now=now)

    async def back(self, nth, now):
        role = await self.role(nth)
        await rules.come_back(role["id"], by=await self.by(role["person"], now), now=now)

    async def step_down(self, nth, now):
        away = await rules.absence_of((await self.role(nth))["id"], now=now)
        lent, who = (away.stand_in_role or 0, away.stand_in or self.people[0]) if away else (0, self.people[0])
        await rules.step_down(lent, by=await self.by(who, now), now=now)

    async def free(self, nth, now):
        role = await self.role(nth)
        await rules.end_deputy(role["id"], by=await self.by(role["person"], now), now=now)

    async def settle(self, who, state, now):
        await rules.settle(self.people[who], state, by=0, now=now, reason="noise")

    async def move(self, who, home, now):
        person, today = self.people[who], now.astimezone(ZONE).date()
        await rules.join(person, self.homes[home], on=today, by=None, now=now)
        for stay in await rules.stays_of(person):
            if stay.household != self.homes[home]:
                await rules.leave(stay.membership, on=today, by=None, now=now)

    async def wait(self, days, now):
        """Nothing happens, and no job runs."""

    async def did(self, deed, *words, now):
        try:
            await getattr(self, deed)(*words, now=now)
        except (Refusal, Clash):
            return False
        return True


@given(steps=st.lists(STEPS, min_size=15, max_size=40))
@settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
async def test_who_holds_which_powers_and_sees_whom_is_at_every_step_as_the_model_says(sweep, steps):
    await sweep()
    areas = [await an_area(name="1"), await an_area(name="2")]
    homes = [await a_household(area=areas[nth]) for nth in (0, 0, 1)]
    people = [
        await a_person(role=Kind.administrator, home=homes[2]),
        await a_person(role=Kind.steward, area=areas[0], home=homes[0]),
        *[await a_person(home=homes[nth]) for nth in (0, 1, 2)],
    ]
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == people[2].id)
    real, now = Real(people, areas, homes), NOON
    model = Model(
        [State.active] * 5,
        [{2}, {0}, {0}, {1}, {2}],
        [Held(0, Kind.administrator, None), Held(1, Kind.steward, 0)],
    )

    for start in (("propose", 1, "deputy", 3), ("answer", 0, True), ("propose", 0, "deputy", 4), ("answer", 1, True)):
        assert await real.did(*start, now=now) and getattr(model, start[0])(*start[1:], now=now)

    for step in deeds(steps, model):
        deed, *words = step
        now += words[0] * DAY if deed == "wait" else timedelta(hours=1)
        words = aimed(model, deed, words, now)
        assert await real.did(deed, *words, now=now) == getattr(model, deed)(*words, now=now), step
        await as_the_model_says(real, model, now, step)


async def as_the_model_says(real, model, now, step):
    everybody = [await rules.neighbour(person, now=now) for person in real.people]
    for who, person in enumerate(everybody):
        powers = {(kind, area if area is None else real.areas.index(area)) for kind, area in person.roles}
        assert powers == model.powers(who, now), (step, who)
        assert len(person.roles) == len(powers)
        assert person.state == model.states[who], step
    for kind in Kind:
        found = {real.people.index(each) for each in await rules.officers(kind, now=now)}
        assert found == model.officers(kind, now), (step, kind)
    assert model.administrators(), step
    for nth, row in enumerate(await real.roles()):
        deputy = await rules.deputy_of(row["id"])
        assert (real.people.index(deputy.id) if deputy else None) == model.deputy_of(nth), (step, nth)
    homes = await all_homes()
    for viewer in everybody:
        for other in everybody:
            if viewer.is_active and other.is_active:
                assert await seen(viewer, other, homes, now) == allowed(viewer, other, homes), (
                    step,
                    viewer.id,
                    other.id,
                )
