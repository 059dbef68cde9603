"""A life of things that are lent, on its own clock: the deeds of neighbours, and what must hold after each.

A deed is a method of `Life` that takes small numbers; `did` does it, and what is refused changes nothing. To let the
machine do more, add a method here and its line to DEEDS; what must hold besides goes to `must_hold`.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import strategies as st

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Wish
from app.features.sharing.tables import Loan, LoanStep, Stage
from app.kit import later
from app.kit.refusals import Refusal
from app.kit.tables import Later, Slot, Waiting
from tests.sharing import DAY, NOON

ITEM, WHO, NTH = st.sampled_from((0, 0, 1, 1, 2, 3)), st.integers(0, 3), st.integers(0, 5)
FIRST, MANY = st.integers(0, 12), st.integers(1, 6)
ASK = st.tuples(st.just("ask"), ITEM, WHO, FIRST, MANY)
CROWD = st.tuples(st.just("crowd"), ITEM, FIRST, MANY)
ANSWER = st.tuples(st.sampled_from(("accept", "accept", "decline", "undo")), NTH)
PROPOSE = st.tuples(st.just("propose"), NTH, FIRST, MANY)
BORROWER = st.tuples(st.sampled_from(("agree_to", "withdraw", "call_off", "call_off", "take_offer", "take_offer")), NTH)
OWNER = st.tuples(st.just("owner_calls_off"), NTH)
OTHER_DAYS = st.tuples(st.just("other_days"), NTH)
CHAIN = st.tuples(st.just("chain"), FIRST, MANY, st.sampled_from(("accept", "decline", "undo", "propose", "withdraw")))
TIME = st.tuples(st.just("hours"), st.sampled_from((1, 6, 25, 72, 150)))
OFTEN = (ASK, ASK, ASK, CROWD, ANSWER, ANSWER, PROPOSE, BORROWER, BORROWER, OWNER, OTHER_DAYS)
DEEDS: tuple[Any, ...] = (*OFTEN, CHAIN, TIME, TIME)

HELD = (Stage.accepted, Stage.out)
ZONE = ZoneInfo("Asia/Shanghai")
# What somebody is told when others did it, by what stands in the timeline.
TO_THE_BORROWER = {
    "says yes": lambda step, loan: step["did"] == "accepted" and step["by"] not in (None, loan["borrower"]),
    "says no to": lambda step, loan: step["did"] == "declined",
    "proposes other days": lambda step, loan: step["did"] == "proposed",
    "called it off": lambda step, loan: step["did"] == "called_off" and step["by"] != loan["borrower"],
    "was a slip": lambda step, loan: step["did"] == "undone" and step["by"] is not None,
}
TO_THE_OWNER = {
    "Promised to ": lambda step, loan: step["did"] == "accepted" and step["by"] in (None, loan["borrower"]),
    "called it off": lambda step, loan: step["did"] == "called_off" and step["by"] == loan["borrower"],
}
ENDED = ("Nobody answered in time", "did not come free", "went to the next", "Nobody handed it over")


class Life:
    """Things and neighbours; `now` is this life's own clock."""

    def __init__(self, items, who, owner):
        self.items, self.who, self.owner, self.now = items, who, owner, NOON

    @property
    def today(self):
        return self.now.astimezone(ZONE).date()

    async def did(self, deed, *words):
        try:
            await getattr(self, deed)(*words)
        except Refusal:
            return

    async def some(self, nth, *stages):
        """The loan that many from the newest, of those that stand so."""
        rows = Loan.select(Loan.id).order_by(Loan.id, ascending=False).limit(8)
        rows = await (rows.where(Loan.stage.is_in(list(stages))) if stages else rows)
        return await rules.lent(rows[nth % len(rows)]["id"]) if rows else None

    async def borrower(self, loan):
        return await neighbour(loan.borrower)

    async def ask(self, item, who, first, many):
        gift = self.items[item].is_gift
        day = self.today + first * DAY
        wish = Wish() if gift else Wish(day, day + (many - 1) * DAY)
        await rules.ask(self.items[item].id, wish, by=self.who[who], now=self.now)

    async def crowd(self, item, first, many):
        """All want the same days."""
        for who in range(len(self.who)):
            await self.did("ask", item, who, first, many)

    async def chain(self, first, many, answer):
        """What the owner decides about comes free for the first in line, who takes it and waits for an answer."""
        await self.crowd(1, first, many)
        await self.did("accept", 3)
        await self.did("call_off", 0)
        await self.did("take_offer", 0)
        asked = Loan.select(Loan.id, Loan.until_at).where(Loan.stage == "asked")
        newest = await asked.order_by(Loan.id, ascending=False).limit(8)
        nth = next((nth for nth, row in enumerate(newest) if row["until_at"]), 0)
        await self.did(answer, nth, *((20, 3) if answer == "propose" else ()))

    async def accept(self, nth):
        if loan := await self.some(nth, "asked"):
            await rules.accept(loan.id, by=self.owner, now=self.now)

    async def decline(self, nth):
        if loan := await self.some(nth, "asked"):
            await rules.decline(loan.id, "Not now", by=self.owner, now=self.now)

    async def undo(self, nth):
        """A slip, seen at once."""
        if loan := await self.some(nth, "asked"):
            before = await self.standing()
            await self.did("accept" if nth % 2 else "decline", nth)
            self.now += timedelta(seconds=5)
            await rules.undo_answer(loan.id, by=self.owner, now=self.now)
            assert await self.standing() == before, (before, await self.standing())

    async def standing(self):
        loans = await Loan.select(Loan.id, Loan.stage.as_alias("stands"), Loan.until_at).order_by(Loan.id)
        return loans, Counter(row["owner"] for row in await Slot.select(Slot.owner))

    async def propose(self, nth, first, many):
        if loan := await self.some(nth, "asked"):
            day = self.today + first * DAY
            await rules.propose(loan.id, day, day + (many - 1) * DAY, by=self.owner, now=self.now)

    async def agree_to(self, nth):
        if loan := await self.some(nth, "asked"):
            await rules.agree_to(loan.id, by=await self.borrower(loan), now=self.now)

    async def withdraw(self, nth):
        if loan := await self.some(nth, "asked"):
            await rules.withdraw(loan.id, by=await self.borrower(loan), now=self.now)

    async def take_offer(self, nth):
        if loan := await self.offered(nth):
            await rules.take_offer(loan, by=await self.borrower(await rules.lent(loan)), now=self.now)

    async def offered(self, nth):
        rows = await Waiting.select(Waiting.wish).where(
            Waiting.ended_at.is_null() & Waiting.offered_until.is_not_null()
        )
        return loan_of(rows[nth % len(rows)]) if rows else None

    async def other_days(self, nth):
        loan = await self.some(nth, "asked")
        if loan and loan.in_line and (days := await rules.instead_of(loan, today=self.today)):
            await rules.ask_for_other_days(loan.id, *days, by=await self.borrower(loan), now=self.now)

    async def call_off(self, nth):
        if loan := await self.some(nth, "accepted"):
            await rules.call_off(loan.id, by=await self.borrower(loan), now=self.now)

    async def owner_calls_off(self, nth):
        if loan := await self.some(nth, "accepted"):
            await rules.call_off(loan.id, "It leaks", by=self.owner, now=self.now)

    async def hours(self, many):
        """Whatever is due on the way is done in its moment."""
        until = self.now + timedelta(hours=many)
        while row := await Later.select(Later.run_at).where(Later.done_at.is_null()).order_by(Later.run_at).first():
            if row["run_at"] > until:
                break
            self.now = max(self.now, row["run_at"])
            await later.run_due(jobs.JOBS, self.now)
            assert not await Later.count().where(Later.trouble != "")
        self.now = until


def loan_of(row) -> int:
    return int(msgspec.json.decode(row["wish"])["loan"])


def days_of(loan, gap: int) -> set[int]:
    if loan["first_on"] is None:
        return {0}
    return set(range(loan["first_on"].toordinal(), loan["due_on"].toordinal() + gap + 1))


async def everything():
    loans = {row["id"]: row for row in await Loan.select().order_by(Loan.id)}
    line = await Waiting.select().where(Waiting.ended_at.is_null()).order_by(Waiting.at, Waiting.id)
    slots: dict[tuple[str, int], list[str]] = {}
    for row in await Slot.select():
        slots.setdefault((row["thing"], row["slot"]), []).append(row["owner"])
    return loans, line, slots


async def must_hold(life: Life, step, before) -> Any:
    """Gives back how the line stood, for the next look."""
    loans, line, slots = await everything()
    items = {each.id: each for each in life.items}
    assert all(len(owners) == 1 for owners in slots.values()), step
    owned: dict[str, set[tuple[str, int]]] = {}
    for key, [owner] in slots.items():
        owned.setdefault(owner, set()).add(key)

    def keys(loan, days):
        thing = f"gift:{loan['item']}" if items[loan["item"]].is_gift else f"item:{loan['item']}"
        return {(thing, day) for day in days}

    # In never two hands: by the days themselves, whatever the slots say.
    hands: Counter[tuple[str, int]] = Counter()
    for loan in loans.values():
        if loan["stage"] in HELD:
            mine = keys(loan, days_of(loan, items[loan["item"]].gap))
            hands.update(mine)
            assert owned.pop(f"loan:{loan['id']}", set()) == mine, (step, loan)
    assert all(many == 1 for many in hands.values()), (step, hands)
    out = Counter(loan["item"] for loan in loans.values() if loan["stage"] == Stage.out)
    assert all(many == 1 for many in out.values()), step

    # Each who waits for a turn has one place, and each place is somebody's who waits for a turn.
    in_line = [each["id"] for each in loans.values() if each["stage"] == Stage.asked and each["until_at"] is None]
    assert sorted(loan_of(row) for row in line) == in_line, step
    for row in line:
        loan = loans[loan_of(row)]
        assert row["at"] == loan["asked_at"], (step, row)
        still = {day for day in days_of(loan, items[loan["item"]].gap) if not day or day >= life.today.toordinal()}
        held = owned.pop(f"waiting:{row['id']}", set())
        if row["offered_until"] is not None:
            assert row["offered_until"] > life.now, (step, row)
            assert keys(loan, still) <= held <= keys(loan, days_of(loan, items[loan["item"]].gap)), (step, row)
        else:
            assert not held, (step, row)
            assert any(key in slots for key in keys(loan, still)), (step, row, "its days are free and nobody asks")
    must_go_in_turn(line, before, loans, items, slots, keys, step)

    # Nobody waits for an answer about days that are promised, and hears nothing.
    for loan in loans.values():
        if loan["stage"] == Stage.asked and loan["until_at"] is not None and loan["proposed_first"] is None:
            promised = [key for key in keys(loan, days_of(loan, items[loan["item"]].gap)) if hands[key]]
            assert not promised, (step, loan)

    # What is left is held for those who said yes to an offer and wait for the owner.
    for owner, mine in owned.items():
        loan = loans[int(owner.partition(":")[2])]
        assert loan["stage"] == Stage.asked, (step, owner)
        assert loan["until_at"] is not None, (step, owner)
        assert loan["proposed_first"] is None, (step, owner)
        assert mine <= keys(loan, days_of(loan, items[loan["item"]].gap)), (step, owner)
    return {row["id"]: row["offered_until"] for row in line}


def must_go_in_turn(line, before, loans, items, slots, keys, step) -> None:
    """Who came first and could have had it was not passed over by one who came later."""
    fresh = [row for row in line if row["offered_until"] is not None and before.get(row["id"]) is None]
    for late in fresh:
        for early in line:
            if (early["at"], early["id"]) >= (late["at"], late["id"]) or early["queue"] != late["queue"]:
                continue
            if early["offered_until"] is not None or early["first"] > late["last"] or late["first"] > early["last"]:
                continue
            loan = loans[loan_of(early)]
            others = {slots[key][0] for key in keys(loan, days_of(loan, items[loan["item"]].gap)) if key in slots}
            later_ones = {
                f"waiting:{row['id']}" for row in fresh if (row["at"], row["id"]) > (early["at"], early["id"])
            }
            assert others - later_ones, (step, early, late)


async def must_have_been_told_once(life: Life) -> None:
    steps: dict[int, list[Any]] = {}
    for row in await LoanStep.select().order_by(LoanStep.id):
        steps.setdefault(row["loan"], []).append(row)
    for loan in await Loan.select():
        own = (Notice.path == f"/loans/{loan['id']}") & (Notice.person == loan["borrower"])
        theirs = (Notice.path == f"/loans/{loan['id']}") & (Notice.person == life.owner.id)
        said = [row["sentence"] for row in await Notice.select(Notice.sentence).where(own)]
        heard = [row["sentence"] for row in await Notice.select(Notice.sentence).where(theirs)]
        happened = without_slips(steps[loan["id"]])
        for words, happens in TO_THE_BORROWER.items():
            rows = steps[loan["id"]] if words == "was a slip" else happened
            assert sum(words in each for each in said) == sum(happens(each, loan) for each in rows), (words, loan, said)
        for words, happens in TO_THE_OWNER.items():
            many = sum(happens(each, loan) for each in happened) - agreed_to(happened, loan) * (words == "Promised to ")
            assert sum(words in each for each in heard) == many, (words, loan, heard)
        ended = sum(any(words in each for words in ENDED) for each in said)
        assert ended == sum(each["did"] == "expired" for each in happened), (loan, said)
        assert sum("Promised to somebody else" in each for each in said) == is_moved(steps[loan["id"]]), (loan, said)
        waits = loan["stage"] == Stage.asked and loan["until_at"] is not None
        assert sum("asks for" in each for each in heard) <= waits, (loan, heard)
        assert sum("It is your turn" in each for each in said) <= (loan["stage"] == Stage.asked), (loan, said)


def agreed_to(happened, loan) -> int:
    """A yes of the borrower to other days is told in other words."""
    rows = [each for each in happened if each["did"] in ("proposed", "accepted")]
    return sum(
        one["did"] == "proposed" and two["did"] == "accepted" and two["by"] == loan["borrower"]
        for one, two in pairwise(rows)
    )


def without_slips(rows):
    """What was taken back was not, for whoever reads of it later."""
    kept: list[Any] = []
    for row in rows:
        if row["did"] == "undone":
            if row["by"] is not None:
                kept.pop()
        else:
            kept.append(row)
    return kept


def is_moved(rows) -> bool:
    moves = [row["did"] for row in rows if row["did"] == "moved" or (row["did"] == "undone" and row["by"] is None)]
    return bool(moves) and moves[-1] == "moved"
