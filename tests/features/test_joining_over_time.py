"""A newcomer's life in any order: never in without an officer, or two standing vouches of neighbours who may vouch."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.features.joining import rules
from app.features.joining.tables import Newcomer
from app.features.people.rules import neighbour
from app.features.people.tables import Person, Role, State
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say
from tests.joining import a_newcomer, a_poster, token_of
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

OLD, NEW = range(3), range(3, 6)  # three old neighbours, three newcomers
WHO, NEWCOMER = st.integers(0, 5), st.integers(3, 5)
VOUCH = st.tuples(st.just("vouch"), WHO, NEWCOMER)
BACK = st.tuples(st.just("take_back"), WHO, NEWCOMER)
LET_IN = st.tuples(st.just("let_in"), NEWCOMER)
AWAY = st.tuples(st.just("turn_away"), NEWCOMER)
AGAIN = st.tuples(st.just("look_again"), NEWCOMER)
UNDO = st.tuples(st.just("undo"), WHO)
WAIT = st.tuples(st.just("month"))


class Expected:
    """What should be so, in a few lines: vouches as [voucher, person, when, stands, counts]."""

    def __init__(self):
        self.now, self.vouches = 40, []
        self.state = dict.fromkeys(OLD, "in") | dict.fromkeys(NEW, "waits")
        self.since = dict.fromkeys(OLD, 0)
        self.by_officer = set()

    def standing(self, who):
        return [each for each in self.vouches if each[1] == who and each[3]]

    def vouch(self, by, who):
        this_month = [each for each in self.vouches if each[0] == by and each[2] > self.now - 30 and each[4]]
        may = self.state[by] == "in" and self.now - self.since[by] >= 30 and len(this_month) < 3
        if by == who or self.state[who] != "waits" or not may or any(each[0] == by for each in self.standing(who)):
            return False
        self.vouches.append([by, who, self.now, True, True])
        if sum(self.state[each[0]] == "in" for each in self.standing(who)) >= 2:
            self.enter(who)
        return True

    def enter(self, who):
        self.state[who], self.since[who] = "in", self.now

    def take_back(self, by, who):
        own = [each for each in self.standing(who) if each[0] == by]
        if self.state[who] != "waits" or not own:
            return False
        own[0][3] = own[0][4] = False
        return True

    def let_in(self, who):
        confirms = self.state[who] == "in" and who not in self.by_officer
        if self.state[who] != "waits" and not confirms:
            return False
        self.enter(who)
        self.by_officer.add(who)
        return True

    def turn_away(self, who):
        return self.turned(who, "waits", "away")

    def look_again(self, who):
        return self.turned(who, "away", "waits")

    def turned(self, who, was, becomes):
        if self.state[who] != was:
            return False
        self.state[who] = becomes
        return True

    def undo(self, root):
        ahead, seen, fallen = [root], {root}, []
        while ahead:
            by = ahead.pop()
            for each in [each for each in self.vouches if each[0] == by and each[3] and each[1] not in seen]:
                seen.add(each[1])
                if self.state[each[1]] == "in" and each[1] not in self.by_officer:
                    fallen.append(each[1])
                    ahead.append(each[1])
        ended = [each for each in self.vouches if each[3] and each[0] in {root, *fallen}]
        for each in ended:
            each[3] = False
        for who in fallen:
            self.state[who] = "waits"
        return bool(ended)

    def month(self):
        self.now += 30
        return True


class Real:
    """The same deeds through the rules; True when they were done."""

    def __init__(self, boss, people, tokens, home):
        self.boss, self.people, self.tokens, self.home = boss, people, tokens, home
        self.day = 40

    @property
    def now(self):
        return NOON + timedelta(days=self.day)

    async def vouch(self, by, who):
        neighbour_now = await neighbour(self.people[by])
        if not neighbour_now.is_active:
            raise NotYours(say("The door keeps those who wait outside."))
        await rules.vouch(self.tokens[who], words="", by=neighbour_now, now=self.now)

    async def take_back(self, by, who):
        await rules.take_back(self.tokens[who], by=await neighbour(self.people[by]), now=self.now)

    async def let_in(self, who):
        await rules.let_in(self.people[who], address=self.home.address, by=self.boss, now=self.now)

    async def turn_away(self, who):
        await rules.turn_away(self.people[who], reason="unknown", by=self.boss, now=self.now)

    async def look_again(self, who):
        await rules.look_again(self.people[who], by=self.boss, now=self.now)

    async def undo(self, root):
        await rules.undo_chain(self.people[root], reason="wrong", by=self.boss, now=self.now)

    async def month(self):
        self.day += 30

    async def did(self, deed, *words):
        try:
            await getattr(self, deed)(*words)
        except Refusal:
            return False
        return True

    async def state(self, who):
        row = await Person.select(Person.state).where(Person.id == self.people[who]).first()
        if row["state"] == State.active:
            return "in"
        away = Newcomer.exists().where((Newcomer.person == self.people[who]) & Newcomer.turned_away_at.is_not_null())
        return "away" if await away else "waits"


@given(steps=st.lists(st.one_of(VOUCH, VOUCH, VOUCH, BACK, LET_IN, AWAY, AGAIN, UNDO, WAIT), min_size=5, max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
async def test_nobody_is_in_without_an_officer_or_two_neighbours_who_may_vouch(database, steps):
    await Role.delete(force=True)
    poster = await a_poster(by=await an_administrator())
    old = [(await a_person()).id for _ in OLD]
    new = [await a_newcomer(poster) for _ in NEW]
    tokens = {n: await token_of(person) for n, person in zip(NEW, new, strict=True)}
    boss, home = await an_administrator(), await a_household(area=await an_area())
    real, expected = Real(boss, [*old, *new], tokens, home), Expected()

    for step in steps:
        deed, *words = step
        assert await real.did(deed, *words) == getattr(expected, deed)(*words), step
        assert [await real.state(who) for who in range(6)] == [expected.state[who] for who in range(6)], step
        for who in NEW:
            if expected.state[who] == "in" and who not in expected.by_officer:
                assert len(expected.standing(who)) >= 2, step
