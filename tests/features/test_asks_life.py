"""The life of an ask, lived at random: some weeks in which neighbours do whatever comes to their mind.

`Life` is the table that a person would write on paper: what may be done when, who is told, who sees a contact. It
knows nothing of the rules' code. After every act and every hour the house must agree with the paper.
"""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.features.notices.tables import Notice
from app.features.skills import rules
from app.features.skills.jobs import JOBS
from app.features.skills.rules.offering import Offer
from app.features.skills.tables import Acceptance, Ask, Did, Skill, Step
from app.kit import later
from app.kit.refusals import Missing, NotYours, Taken
from app.kit.tables import Later
from tests.makers import NOON, a_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = ("ana", "ben", "cat", "dan")
DEEDS = ("accept", "decline", "propose", "withdraw", "complete", "thank", "prolong")
WAITS = ("open", "proposed")


class Life:
    """Ana asks: Ben directly, or anybody. On paper."""

    def __init__(self, for_anybody: bool) -> None:
        self.for_anybody = for_anybody
        self.stage, self.helper, self.proposer = "open", None if for_anybody else "ben", None
        self.until, self.remind_at, self.close_at = NOON + 7 * DAY, NOON + DAY, None
        self.reminded = self.thanked = False
        self.said_no: set[str] = set()
        self.contact: tuple[str, datetime | None] | None = None
        self.prolonged: set[str] = set()
        self.told = dict.fromkeys(PEOPLE, 0)
        if not for_anybody:
            self.told["ben"] = 1

    def may(self, who: str, deed: str) -> bool:
        asker, helper = who == "ana", who == self.helper
        if self.stage in WAITS:
            return {
                "accept": (self.for_anybody and not asker) or (not self.for_anybody and who == self.turn),
                "decline": helper or (self.for_anybody and who in ("ben", "cat") and who not in self.said_no),
                "propose": not self.for_anybody and (helper or (asker and self.stage == "proposed")),
                "withdraw": asker,
            }.get(deed, False)
        if self.stage == "accepted":
            return {"decline": helper, "withdraw": asker, "complete": asker or helper}.get(deed, False)
        if self.stage == "done":
            can_prolong = (asker or helper) and who not in self.prolonged and self.contact is not None
            return {"thank": asker and not self.thanked, "prolong": can_prolong}.get(deed, False)
        return False

    @property
    def turn(self) -> str:
        return ("ana" if self.proposer == "ben" else "ben") if self.stage == "proposed" else "ben"

    def do(self, who: str, deed: str, now: datetime) -> None:
        other = self.helper if who == "ana" else "ana"
        if deed == "accept":
            self.stage, self.helper = "accepted", self.helper or who
            self.contact, self.close_at = (self.helper, None), now + 30 * DAY
            other = self.helper if who == "ana" else "ana"
        elif deed == "decline" and self.stage in WAITS and self.for_anybody:
            self.said_no.add(who)
            other = None
        elif deed == "decline" and self.for_anybody:
            self.stage, self.helper, self.contact, self.until = "open", None, None, now + 7 * DAY
            self.said_no.add(who)
        elif deed == "decline":
            self.stage, self.contact = "declined", None
        elif deed == "propose":
            self.stage, self.proposer, self.until, self.remind_at = "proposed", who, now + 7 * DAY, now + DAY
        elif deed == "withdraw":
            self.stage, self.contact = "withdrawn", None
        elif deed == "complete":
            self.finish(now)
        elif deed == "thank":
            self.thanked = True
        elif deed == "prolong":
            self.prolonged.add(who)
            if len(self.prolonged) == 2:
                self.contact = (self.helper, self.contact[1] + 7 * DAY)
        if other:
            self.told[other] += 1

    def finish(self, now: datetime) -> None:
        self.stage, self.contact = "done", (self.helper, now + DAY)

    def pass_to(self, now: datetime) -> None:
        if self.stage in WAITS and now >= self.until:
            self.stage = "expired"
            self.told["ana"] += 1
        elif self.stage in WAITS and now >= self.remind_at and not self.reminded:
            self.reminded = True
            if not self.for_anybody:
                self.told[self.turn] += 1
        elif self.stage == "accepted" and now >= self.close_at:
            self.finish(now)
            self.told["ana"] += 1
            self.told[self.helper] += 1
        if self.contact and self.contact[1] and now >= self.contact[1]:
            self.contact = None

    def sees_contact(self) -> set[str]:
        return {"ana", self.contact[0]} if self.contact else set()


class World:
    """The same in the house."""

    async def begin(self, for_anybody: bool):
        await Later.delete(force=True)
        self.people = {name: await a_person(name=name, phone=f"+861383016613{n}") for n, name in enumerate(PEOPLE)}
        await Skill.delete(force=True)
        await rules.refresh_all()
        for name in ("ben", "cat"):
            skill = await rules.offer(Offer(f"{name} repairs taps"), by=self.people[name], now=NOON)
            if name == "ben":
                mine = skill
        request, ana = rules.Request("Who repairs taps?"), self.people["ana"]
        if for_anybody:
            self.ask, _ = await rules.ask_anybody(request, by=ana, now=NOON)
        else:
            self.ask = await rules.ask(mine, request, by=ana, now=NOON)
        return self

    async def do(self, who: str, deed: str, now: datetime) -> bool:
        words = {"propose": ("Saturday",), "thank": ("Thank you",)}.get(deed, ())
        try:
            await getattr(rules, deed)(self.ask, *words, by=self.people[who], now=now)
        except (Missing, NotYours, Taken):
            return False
        return True

    async def stage(self) -> str:
        return (await Ask.select(Ask.stage).where(Ask.id == self.ask).first())["stage"]

    async def told(self) -> dict[str, int]:
        """Without the question to anybody, which is rung and hushed under its own key."""
        path = f"/asks/{self.ask}"
        rows = await Notice.select(Notice.person).where((Notice.path == path) & Notice.key.is_null())
        return {name: sum(row["person"] == each.id for row in rows) for name, each in self.people.items()}

    async def sees_contact(self, now: datetime) -> set[str]:
        return {name for name, each in self.people.items() if await self._contact(each, now)}

    async def _contact(self, person, now: datetime) -> bool:
        try:
            return (await rules.whole(self.ask, by=person, now=now)).contact is not None
        except Missing:
            return False


moves = st.one_of(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(DEEDS)),
    st.tuples(st.sampled_from(("ana", "ben")), st.sampled_from(DEEDS)),
    st.tuples(st.just("time"), st.sampled_from((1, 5, 23, 24, 30, 100, 168, 400))),
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(for_anybody=st.booleans(), moves=st.lists(moves, min_size=3, max_size=14))
async def test_whatever_neighbours_do_the_house_agrees_with_the_paper(for_anybody, moves):
    life, world, now = Life(for_anybody), await World().begin(for_anybody), NOON
    for who, what in moves:
        if who == "time":
            for _ in range(what):
                now += HOUR
                life.pass_to(now)
                await later.run_due(JOBS, now)
        else:
            allowed = life.may(who, what)
            assert await world.do(who, what, now) == allowed, (who, what, life.stage)
            if allowed:
                life.do(who, what, now)
        assert await world.stage() == life.stage
        assert await world.told() == life.told
        assert await world.sees_contact(now) == life.sees_contact()
        assert await Acceptance.count().where((Acceptance.ask == world.ask) & Acceptance.ended_at.is_null()) == (
            life.stage == "accepted"
        )
    steps = [row["did"] for row in await Step.select(Step.did).where(Step.ask == world.ask).order_by(Step.id)]
    assert steps.count(Did.reminded) <= 1
    assert steps.count(Did.thanked) <= 1
    await the_end_is_quiet(life, world, now)


async def the_end_is_quiet(life: Life, world: World, now: datetime) -> None:
    """Nothing happens to what is over, and nothing stays for ever."""
    for _ in range(3):
        now += 40 * DAY
        life.pass_to(now)
        await later.run_due(JOBS, now)
    told = await world.told()
    now += 40 * DAY
    await later.run_due(JOBS, now)
    assert await world.told() == told
    assert await world.stage() in ("declined", "withdrawn", "expired", "done")
    assert await world.sees_contact(now) == set()
    assert not await Later.exists().where(Later.done_at.is_null())
