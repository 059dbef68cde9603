"""Months of letting in, suspending, roles given and ended, in any order: what the rules keep, a few lines predict."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import Clash
from app.features.people import rules
from app.features.people.rules.lives import STEPS
from app.features.people.tables import Kind, Person, Role, State
from app.kit.refusals import Refusal
from tests.makers import NOON, a_person, an_administrator, an_area

WHO = st.integers(0, 3)
SETTLE = st.tuples(st.just("settle"), WHO, WHO, st.sampled_from(State))
GIVE = st.tuples(st.just("give"), WHO, st.sampled_from([Kind.administrator, Kind.administrator, *Kind]), st.booleans())
END = st.tuples(st.just("end"), st.integers(0, 9))
AGAIN = st.tuples(st.just("again"), st.integers(0, 9))
FORGET = st.tuples(st.just("forget"), WHO)


class Expected:
    """What should be so: states by person; roles as [person, kind, area, held]."""

    def __init__(self, states, roles):
        self.states, self.roles, self.forgotten = dict(enumerate(states)), roles, set()

    def administrators(self):
        return {who for who, kind, _, held in self.roles if held and kind == Kind.administrator and self.is_in(who)}

    def is_in(self, who):
        return self.states[who] == State.active

    def settle(self, who, by, state):
        shut = state != State.active and (self.administrators() == {who} or who == by)
        if who in self.forgotten or state not in STEPS[self.states[who]] or shut:
            return False
        self.states[who] = state
        if state == State.gone:
            self.lose_all(who)
        return True

    def give(self, who, kind, in_area):
        if not self.is_in(who) or (kind == Kind.steward and not in_area):
            return False
        role = [who, kind, kind == Kind.steward, True]
        if role in self.roles:
            return False
        self.roles.append(role)
        return True

    def end(self, nth):
        if nth >= len(self.roles) or not self.roles[nth][3]:
            return False
        who, kind, *_ = self.roles[nth]
        if kind == Kind.administrator and self.administrators() == {who}:
            return False
        self.roles[nth][3] = False
        return True

    def again(self, nth):
        if nth >= len(self.roles) or self.roles[nth][3]:
            return False
        again = [*self.roles[nth][:3], True]
        if not self.is_in(again[0]) or again in self.roles:
            return False
        self.roles[nth] = again
        return True

    def forget(self, who):
        if self.administrators() == {who}:
            return False
        self.states[who] = State.gone
        self.forgotten.add(who)
        self.lose_all(who)
        return True

    def lose_all(self, who):
        self.roles = [[*role[:3], role[3] and role[0] != who] for role in self.roles]


class Real:
    """The same deeds through the rules; True when they were done."""

    def __init__(self, people, area):
        self.people, self.area = [person.id for person in people], area.id
        self.now = NOON

    async def roles(self):
        return await Role.select().order_by(Role.id)

    async def nth(self, nth):
        rows = await self.roles()
        return rows[nth]["id"] if nth < len(rows) else 0

    async def settle(self, who, by, state):
        said = {"by": self.people[by], "now": self.now, "reason": "noise"}
        await rules.settle(self.people[who], state, **said)

    async def give(self, who, kind, in_area):
        area = self.area if in_area else None
        await rules.give_role(self.people[who], kind, area=area, by=self.people[0], now=self.now)

    async def end(self, nth):
        await rules.end_role(await self.nth(nth), by=self.people[0], now=self.now)

    async def again(self, nth):
        await rules.give_role_again(await self.nth(nth), by=self.people[0], now=self.now)

    async def forget(self, who):
        await rules.forget(self.people[who], now=self.now)

    async def did(self, deed, *words):
        self.now += timedelta(days=1)
        try:
            await getattr(self, deed)(*words)
        except (Refusal, Clash):
            return False
        return True


@given(steps=st.lists(st.one_of(SETTLE, GIVE, END, AGAIN, FORGET), min_size=5, max_size=30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
async def test_states_and_roles_go_as_the_rules_say_and_an_administrator_always_remains(database, steps):
    await Role.delete(force=True)
    boss, area = await an_administrator(), await an_area()
    people = [boss, await a_person(), await a_person(state=State.pending), await a_person(state=State.suspended)]
    real = Real(people, area)
    expected = Expected([person.state for person in people], [[0, Kind.administrator, False, True]])

    for step in steps:
        deed, *words = step
        assert await real.did(deed, *words) == getattr(expected, deed)(*words), step

        ids = real.people
        states = {row["id"]: row["state"] for row in await Person.select(Person.id, Person.state)}
        assert [states[id] for id in ids] == [expected.states[who] for who in range(len(ids))], step
        kept = [
            [ids.index(row["person"]), row["kind"], row["area"] is not None, row["ended_at"] is None]
            for row in await real.roles()
        ]
        assert kept == expected.roles, step
        officers = set(await rules.officers(Kind.administrator))
        assert officers == {ids[who] for who in expected.administrators()} != set(), step
