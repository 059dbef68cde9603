"""Months of moving, roles, consents and choices, in any order: at every step a small table says who reads what."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.features.household import rules
from app.features.people import rules as people
from app.features.people.tables import Audience, Kind, Membership, State
from app.kit.refusals import Missing, Refusal
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

WHO, HOME = st.integers(0, 3), st.integers(0, 2)
BUILDING_OF = (0, 0, 1)  # of each home
ROLES = ((Kind.steward, 0), (Kind.steward, 1), (Kind.administrator, None))
RINGS = list(Audience)
ME, STEWARDS, BUILDING, COMMUNITY = RINGS
MOVE = st.tuples(st.just("move"), WHO, HOME)
GIVE = st.tuples(st.just("give"), WHO, st.sampled_from(ROLES))
END = st.tuples(st.just("end"), WHO, st.sampled_from(ROLES))
AGREE = st.tuples(st.just("agree"), WHO, st.sampled_from([ME, STEWARDS, STEWARDS]))
WITHDRAW = st.tuples(st.just("withdraw"), WHO)
WRITE = st.tuples(st.just("write"), WHO, st.sampled_from(RINGS), st.sampled_from([ME, STEWARDS]))
SETTLE = st.tuples(st.just("settle"), WHO, st.sampled_from([State.active, State.suspended]))


class Expected:
    """What should be so. A stint is one membership: whoever comes back begins another."""

    def __init__(self):
        self.home, self.stint, self.stints = [0, 0, 1, 2], [0, 1, 2, 3], 4
        self.active, self.roles, self.needs = [True] * 4, set(), {}
        self.cards = {}  # by home: who knew it, who reads the pets, who reads the contact

    def move(self, who, home):
        self.home[who], self.stint[who] = home, self.stints
        self.stints += 1
        return True

    def give(self, who, role):
        if not self.active[who] or (who, role) in self.roles:
            return False
        self.roles.add((who, role))
        return True

    def end(self, who, role):
        had = (who, role) in self.roles
        self.roles.discard((who, role))
        return had

    def agree(self, who, audience):
        self.needs[who] = audience
        return True

    def withdraw(self, who):
        self.needs.pop(who, None)
        return True

    def write(self, who, pets, contact):
        if not self.active[who]:
            return False
        knew = {self.stint[each] for each in range(4) if self.home[each] == self.home[who]}
        self.cards[self.home[who]] = (knew, pets, contact)
        return True

    def settle(self, who, state):
        changes = self.active[who] != (state == State.active)
        self.active[who] = state == State.active
        return changes

    def keeps_watch(self, reader, home):
        kept = {(reader, ROLES[BUILDING_OF[home]]), (reader, (Kind.administrator, None))}
        return self.active[reader] and bool(kept & self.roles)

    def ring(self, reader, home):
        if self.keeps_watch(reader, home):
            return STEWARDS
        return BUILDING if BUILDING_OF[self.home[reader]] == BUILDING_OF[home] else COMMUNITY

    def card(self, home):
        found = self.cards.get(home)
        return found if found and found[0] & set(self.stint) else None

    def reads_needs(self, reader, owner):
        audience = self.needs.get(owner)
        if audience is None or reader == owner:
            return audience is not None
        return audience == STEWARDS and self.keeps_watch(reader, self.home[owner])

    def reads_pets(self, reader, owner):
        """On the owner's page among the neighbours."""
        home = self.home[owner]
        card = self.card(home)
        if card is None or card[1] == ME or not (self.active[reader] and self.active[owner]):
            return False
        ring = ME if self.home[reader] == home else self.ring(reader, home)
        return RINGS.index(ring) <= RINGS.index(card[1])

    def on_the_stewards_page(self, reader, home):
        if not self.keeps_watch(reader, home):
            return None
        card, lives_there = self.card(home), self.home[reader] == home
        if card is None:
            return set()
        opened = {"pets": card[1], "emergency_contact": card[2]}
        return {field for field, audience in opened.items() if lives_there or audience != ME}


class Real:
    """The same deeds through the rules; True when they were done."""

    def __init__(self, neighbours, homes, areas, boss):
        self.ids, self.homes, self.areas, self.boss = [each.id for each in neighbours], homes, areas, boss

    async def by(self, who):
        return await people.neighbour(self.ids[who])

    async def move(self, who, home):
        for stay in await people.stays_of(self.ids[who]):
            await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)
        await people.join(self.ids[who], self.homes[home].id, on=NOON.date(), by=None, now=NOON)

    async def give(self, who, role):
        kind, area = role
        place = None if area is None else self.areas[area].id
        await people.give_role(self.ids[who], kind, area=place, by=self.boss.id, now=NOON)

    async def end(self, who, role):
        kind, area = role
        place = None if area is None else self.areas[area].id
        held = [each.id for each in await people.roles_of(self.ids[who]) if (each.kind, each.area) == (kind, place)]
        await people.end_role(held[0] if held else 0, by=self.boss.id, now=NOON)

    async def agree(self, who, audience):
        await rules.say_needs("dialysis", audience=audience, agrees=True, by=await self.by(who), now=NOON)

    async def withdraw(self, who):
        await rules.withdraw_needs(by=await self.by(who), now=NOON)

    async def write(self, who, pets, contact):
        by = await self.by(who)
        [stay] = await people.stays_of(by.id)
        card, _ = await rules.card_of(stay.household)
        said = rules.Written(pets="Cat", contact_name="Wu", contact_phone="+8613800138000", notes=f"{card.version}")
        audiences = {"pets": pets, "emergency_contact": contact}
        await rules.save(stay.household, said, audiences, version=card.version, by=by, now=NOON)

    async def settle(self, who, state):
        await people.settle(self.ids[who], state, by=self.boss.id, now=NOON, reason="noise")

    async def did(self, deed, *words):
        try:
            await getattr(self, deed)(*words)
        except Refusal:
            return False
        return True

    async def needs(self, reader, owner):
        return bool(await rules.readable_needs([self.ids[owner]], by=await self.by(reader)))

    async def pets(self, reader, owner):
        return bool(await rules.shown_to(await self.by(reader), self.ids[owner]))

    async def stewards_page(self, reader, home):
        try:
            seen = await rules.household(self.homes[home].id, by=await self.by(reader), now=NOON)
        except Missing:
            return None
        return {fact.field for fact in seen.facts if fact.field != "notes"}


async def an_estate():
    boss, areas = await an_administrator(), [await an_area(name="1"), await an_area(name="2")]
    homes = [await a_household(area=areas[building]) for building in BUILDING_OF]
    neighbours = [await a_person(home=homes[home]) for home in (0, 0, 1, 2)]
    return Real(neighbours, homes, areas, boss)


STEP = st.one_of(MOVE, GIVE, END, AGREE, WITHDRAW, WRITE, WRITE, SETTLE)


@given(steps=st.lists(STEP, min_size=4, max_size=14))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
async def test_at_every_step_each_reads_what_the_table_says(sweep, steps):
    await sweep()
    real, expected = await an_estate(), Expected()
    for step in steps:
        deed, *words = step
        assert await real.did(deed, *words) == getattr(expected, deed)(*words), step
        assert await Membership.count().where(Membership.until_on.is_null()) == 4
        for reader in range(4):
            for owner in range(4):
                assert await real.needs(reader, owner) == expected.reads_needs(reader, owner), (step, reader, owner)
                assert await real.pets(reader, owner) == expected.reads_pets(reader, owner), (step, reader, owner)
            for home in range(3):
                page = await real.stewards_page(reader, home)
                assert page == expected.on_the_stewards_page(reader, home), (step, reader, home)
