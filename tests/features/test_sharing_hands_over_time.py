"""Things over weeks, whatever borrowers, keepers and the clock do with them.

After each deed, read from the rows alone: nothing is in two hands, and every day has one owner. At the end: each person
had one word a day at most, each reminder came on its day and none after it was back, and the history adds up.
"""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import DB, Clash, writing
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Kind
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent
from app.features.sharing.tables import Condition, Did, ItemStep, Loan, LoanStep, Stage
from app.kit import later, queue, slots
from app.kit.refusals import Refusal
from app.kit.slots import Faster
from app.kit.tables import Slot
from tests.makers import an_area
from tests.sharing import DAY, TODAY, a_household, a_loan, a_neighbour, a_person, an_item, in_line

MOST = 20 if DB.engine_type == "sqlite" else 8
SHANGHAI = ZoneInfo("Asia/Shanghai")
WHO = st.integers(0, 2)
WHICH = st.integers(0, 5)
LEND = st.tuples(st.just("lend"), st.integers(0, 1), WHO, st.integers(0, 4), st.integers(1, 4))
HAND = st.tuples(st.sampled_from(("confirm", "code", "code")), WHICH)
BACK = st.tuples(st.just("back"), WHICH, st.booleans(), st.sampled_from(("good", "worn", "broken")))
LOOK = st.tuples(st.sampled_from(("confirm_back", "deny_back")), WHICH)
RENEW = st.tuples(st.sampled_from(("renew", "renew", "undo")), WHICH)
LINE = st.tuples(st.sampled_from(("wait", "leave")), st.integers(0, 1), st.integers(0, 9))
CARE = st.tuples(st.sampled_from(("broke", "mended", "let_go")), st.integers(0, 1))
RELAY = st.tuples(st.just("relay"), st.integers(0, 1), WHO, st.booleans())
TIME = st.tuples(st.just("days"), st.sampled_from((1, 1, 1, 2, 3, 8)))
REMINDED = (-2, 0, 1, 3, 7, 10)


class Model:
    """What should be, told by days: for each loan from when on it counts, when it is due, and what was said of it."""

    def __init__(self):
        self.since, self.due, self.told = {}, {}, defaultdict(list)
        self.silent = set()  # back, or said to be
        self.said = set()

    def morning(self, today):
        """Whose word is owed today, by loan, and which."""
        for loan in sorted(self.due):
            if loan in self.silent or self.due[loan] is None:
                continue
            come = [each for each in REMINDED if self.due[loan] + each * DAY <= today]
            on = self.due[loan] + come[-1] * DAY if come else None
            last = self.told[loan][-1][0] if self.told[loan] else None
            if on and on > self.since[loan] and (last is None or last < on):
                self.told[loan].append((today, come[-1]))


class Life:
    """The same deeds as people do them; what is refused changes nothing."""

    def __init__(self, items, keeper, who):
        self.items, self.keeper, self.who, self.model = items, keeper, who, Model()
        self.now, self.waiting = datetime.combine(TODAY, time(20), SHANGHAI), {}

    @property
    def today(self):
        return self.now.astimezone(SHANGHAI).date()

    async def loan(self, which, *stages):
        rows = await Loan.select(Loan.id).where(Loan.stage.is_in(list(stages))).order_by(Loan.id)
        return await lent(rows[which % len(rows)]["id"]) if rows else None

    async def lend(self, item, who, ahead, days):
        with suppress(Faster, Clash):
            first = self.today + ahead * DAY
            async with writing():
                await a_loan(self.items[item], by=self.who[who], first=first, days=days, now=self.now)

    async def relay(self, item, who, says):
        """One after the other: the second comes for it while the first, perhaps, has not brought it back."""
        before = {row["id"] for row in await Loan.select(Loan.id)}
        await self.lend(item, who, 0, 1)
        await self.lend(item, (who + 1) % 3, 1, 2)
        made = [row["id"] for row in await Loan.select(Loan.id).order_by(Loan.id) if row["id"] not in before]
        for loan in [await lent(each) for each in made]:
            await self.did("_by_code", loan)
            if says:
                await self.did("_say_back", loan)
            await self.days(1)

    async def _say_back(self, loan):
        await rules.bring_back(loan.id, Back(), by=await neighbour(loan.borrower), now=self.now)
        self.model.silent.add(loan.id)
        self.model.said.add(loan.id)

    async def confirm(self, which):
        if loan := await self.loan(which, Stage.accepted):
            for by in (self.keeper, await neighbour(loan.borrower)):
                if await rules.confirm(loan.id, by=by, now=self.now):
                    await self._handed(loan)

    async def code(self, which):
        if loan := await self.loan(which, Stage.accepted):
            await self._by_code(loan)

    async def _by_code(self, loan):
        await rules.show_code(loan.id, by=self.keeper, now=self.now)
        seen = await rules.handover(loan.id, by=self.keeper, today=self.today, now=self.now)
        ana = await neighbour(loan.borrower)
        await rules.type_code(loan.id, seen.shown.code, by=ana, now=self.now + timedelta(seconds=30))
        await self._handed(loan)

    async def _handed(self, loan):
        self.model.since[loan.id], self.model.due[loan.id] = self.today, loan.due_on

    async def back(self, which, by_keeper, condition):
        if loan := await self.loan(which, Stage.out):
            by = self.keeper if by_keeper else await neighbour(loan.borrower)
            await rules.bring_back(loan.id, Back((), Condition(condition), "x"), by=by, now=self.now)
            self.model.silent.add(loan.id)
            self.model.said.add(loan.id)

    async def confirm_back(self, which):
        if loan := await self.loan(which, Stage.out):
            await rules.confirm_back(loan.id, by=self.keeper, now=self.now)

    async def deny_back(self, which):
        if loan := await self.loan(which, Stage.out):
            await rules.deny_back(loan.id, by=self.keeper, now=self.now)
            self.model.silent.discard(loan.id)
            self.model.said.discard(loan.id)

    async def renew(self, which):
        if loan := await self.loan(which, Stage.out):
            until = await rules.renew(loan.id, by=await neighbour(loan.borrower), now=self.now)
            line = await queue.in_line(loan.thing, slots.days(self.today, until))
            assert not line, "somebody waits for it"
            self.model.since[loan.id], self.model.due[loan.id] = self.today, until

    async def undo(self, which):
        if loan := await self.loan(which, Stage.out):
            until = await rules.undo_renewal(loan.id, by=await neighbour(loan.borrower), now=self.now)
            self.model.due[loan.id] = until

    async def wait(self, item, ahead):
        first = self.today + ahead * DAY
        waits = await in_line(self.items[item], first=first, now=self.now)
        self.waiting[waits.id] = item

    async def leave(self, item, _):
        for loan in [each for each, whose in self.waiting.items() if whose == item]:
            del self.waiting[loan]
            await rules.withdraw(loan, by=await neighbour((await lent(loan)).borrower), now=self.now)

    async def broke(self, item):
        await rules.broke(self.items[item].id, "x", by=self.keeper, now=self.now)

    async def mended(self, item):
        await rules.mended(self.items[item].id, by=self.keeper, now=self.now)

    async def let_go(self, item):
        await rules.let_days_go(self.items[item].id, "", by=self.keeper, now=self.now)

    async def days(self, many):
        """Each morning the clock looks in; a moment later all that is due has run."""
        for _ in range(many):
            self.now = datetime.combine(self.today + DAY, time(8), SHANGHAI)
            self.model.morning(self.today)
            await rules.look_in(self.now)
            while await later.run_due(jobs.JOBS, self.now):
                pass
            self.now = datetime.combine(self.today, time(20), SHANGHAI)
            while await later.run_due(jobs.JOBS, self.now):
                pass

    async def did(self, deed, *words):
        with suppress(Refusal):
            await getattr(self, deed)(*words)


async def must_hold(life, step):
    out = [row["item"] for row in await Loan.select(Loan.item).where(Loan.stage == Stage.out)]
    assert len(out) == len(set(out)), ("in two hands", step)
    rows = await Slot.select(Slot.thing, Slot.slot, Slot.owner)
    assert len({(row["thing"], row["slot"]) for row in rows}) == len(rows), step
    of = defaultdict(set)
    for row in rows:
        of[row["owner"]].add(row["slot"])
    for row in await Loan.select().where(Loan.stage.is_in([Stage.accepted, Stage.out])):
        due, gap = row["due_on"], next(each.gap for each in life.items if each.id == row["item"])
        first = row["first_on"]
        assert of[f"loan:{row['id']}"] >= set(slots.days(first, due + gap * DAY)), ("its days are its own", step)
    for row in await Loan.select().where(Loan.stage == Stage.declined):
        assert not of[f"loan:{row['id']}"], step


async def must_have_been_reminded(life):
    """From the notices: who was told when; from the model: who should have been."""
    expected: dict[int, set] = defaultdict(set)
    for loan, told in life.model.told.items():
        borrower = (await lent(loan)).borrower
        for day, which in told:
            expected[borrower].add(day)
            if which >= 1:
                expected[life.keeper.id].add(day)
            if which == REMINDED[-1]:
                expected[life.steward.id].add(day)
    digests: dict[int, list] = defaultdict(list)
    for row in await Notice.select().where(Notice.key.like("sharing:due:%")):
        day = row["made_at"].astimezone(SHANGHAI).date()
        assert row["key"] == f"sharing:due:{day}", "in the morning of the day that it names"
        digests[row["person"]].append(day)
    for person, days in digests.items():
        assert len(days) == len(set(days)), "one word a day"
        assert set(days) == expected[person], person
    assert {person for person, days in expected.items() if days} == set(digests)
    for row in await LoanStep.select().where(LoanStep.did == Did.reminded):
        told = [day for day, _ in life.model.told[row["loan"]]]
        assert row["at"].astimezone(SHANGHAI).date() in told
    counted = await LoanStep.count().where(LoanStep.did == Did.reminded)
    assert counted == sum(len(each) for each in life.model.told.values())


async def must_add_up(life):
    """Each went and came as often as it says, one after the other, and nothing is spoken of after it came."""
    for item in life.items:
        hands = None
        steps = await ItemStep.select().where(ItemStep.item == item.id).order_by(ItemStep.id)
        for row in [each for each in steps if each["did"] in (Did.handed, Did.returned)]:
            if row["did"] == Did.handed:
                assert hands is None, "handed on while somebody had it"
                hands = row["loan"]
            else:
                assert hands == row["loan"]
                hands = None
        out = await Loan.select(Loan.id).where((Loan.item == item.id) & (Loan.stage == Stage.out)).first()
        assert hands == (out["id"] if out else None)
        broken = [row["did"] for row in steps if row["did"] in (Did.broke, Did.mended)]
        now = await rules.item_for(item.id, by=life.keeper)
        assert (now.condition == Condition.broken) == (bool(broken) and broken[-1] == Did.broke)
    for loan in await Loan.select().where(Loan.stage == Stage.back):
        assert loan["id"] in life.model.said, "nobody said that it is back"
        reminders = (LoanStep.loan == loan["id"]) & (LoanStep.did == Did.reminded)
        assert not await LoanStep.count().where(reminders & (LoanStep.at > loan["returned_at"]))


@given(
    steps=st.lists(
        st.one_of(LEND, LEND, HAND, HAND, HAND, BACK, LOOK, RENEW, LINE, CARE, RELAY, TIME, TIME, TIME),
        min_size=20,
        max_size=50,
    )
)
@settings(
    max_examples=MOST, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
async def test_never_in_two_hands_each_reminder_on_its_day_and_a_history_that_adds_up(sweep, steps):
    await sweep()
    area = await an_area()
    keeper, steward = await a_neighbour(name="Keeper"), await a_person(role=Kind.steward, area=area, name="Steward")
    items = [await an_item(by=keeper, name="Ladder"), await an_item(by=keeper, name="Drill", gap=1, longest=4)]
    who = [await a_person(home=await a_household(area=area), name=f"Borrower {nth}") for nth in range(3)]
    life = Life(items, keeper, who)
    life.steward = steward
    for step in steps:
        await life.did(*step)
        await must_hold(life, step)
    await life.did("days", 12)
    await must_have_been_reminded(life)
    await must_add_up(life)
