"""What officers take away and give back: what its author made of it meanwhile is the author's own."""

import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import house, migrating
from app.features.announcements import rules as announcements
from app.features.announcements.rules import Draft
from app.features.moderation import rules as moderation
from app.features.moderation.rules import Ruling
from app.features.moderation.tables import Decision, Measure, Rule
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.rules import Offer, Request, Wanted
from app.features.skills.tables import Ask, Offered, Stage
from app.kit.refusals import Missing, NotYours, Refusal
from app.matters import MATTERS
from tests import bare
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

MATTERS = MATTERS
TAKEN = Ruling(Measure.taken, Rule.selling, "We do not sell here.")
STEPS = st.lists(st.sampled_from(["take", "give", *Offered]).filter(lambda each: each != "taken"), max_size=10)
AT_LENGTH = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


async def take(kind, thing):
    await MATTERS[kind].take_away(thing, kind=kind, now=NOON)


async def give(kind, thing):
    await MATTERS[kind].give_back(thing, kind=kind, now=NOON)


async def is_seen(looking):
    try:
        return bool(await looking)
    except Missing:
        return False


async def an_ask(**said):
    """(ask, who asked, who offers it)"""
    ben, ana = await a_person(name="Ben"), await a_person(name="Ana")
    skill = await skills.offer(Offer("Carpentry"), by=ben, now=NOON)
    return await skills.ask(skill, Request("Buy my phones", **said), by=ana, now=NOON), ana, ben


async def a_question():
    """(ask, who asks everybody, a neighbour who was called)"""
    ben, ana = await a_person(name="Ben"), await a_person(name="Ana")
    await skills.offer(Offer("Phones repaired"), by=ben, now=NOON)
    ask, _ = await skills.ask_anybody(Request("Who can sell my phones?"), by=ana, now=NOON)
    return ask, ana, ben


async def stage(ask):
    return (await Ask.select(Ask.stage).where(Ask.id == ask).first())["stage"]


async def told(person):
    return " ".join(row["sentence"] for row in await Notice.select(Notice.sentence).where(Notice.person == person.id))


@given(steps=STEPS)
@AT_LENGTH
async def test_a_skill_is_seen_and_found_while_its_author_offers_it_and_officers_have_not_taken_it(sweep, steps):
    await sweep()
    ben, ana = await a_person(), await a_person()
    skill = await skills.offer(Offer("Carpentry"), by=ben, now=NOON)
    own, taken = Offered.offered, False

    for step in steps:
        if step in ("take", "give"):
            await {"take": take, "give": give}[step]("skill", skill)
            taken = step == "take"
        elif taken and step != Offered.withdrawn:
            with pytest.raises(NotYours):
                await skills.put(skill, step, by=ben, now=NOON)
        else:
            await skills.put(skill, step, by=ben, now=NOON)
            own = step
        expected = own == Offered.offered and not taken
        assert await is_seen(skills.skill(skill, by=ana)) == expected, (step, own, taken)
        found = await skills.neighbours(Wanted("carpentry"), by=ana)
        assert [each.id for each in found.rows] == ([ben.id] if expected else [])
        listed = (await skills.person(ben.id, by=ben, now=NOON)).skills
        assert bool(listed) == (own != Offered.withdrawn)


@given(steps=st.lists(st.sampled_from(["take", "give", "down", "up"]), max_size=10))
@AT_LENGTH
async def test_an_announcement_hangs_while_nobody_took_it_down_and_officers_have_not_taken_it(sweep, steps):
    await sweep()
    boss, ana = await an_administrator(), await a_person()
    id = await announcements.announce(Draft({"en": "A"}, {"en": "B"}), area=None, by=boss, now=NOON)
    up, taken = True, False

    for step in steps:
        if step in ("take", "give"):
            await {"take": take, "give": give}[step]("announcement", id)
            taken = step == "take"
        else:
            deed = announcements.withdraw if step == "down" else announcements.put_up_again
            try:
                await deed(id, by=boss, now=NOON)
                up = step == "up"
            except Refusal:
                assert up == (step == "up") or taken
        assert await is_seen(announcements.announcement(id, by=ana)) == (up and not taken)
        assert bool((await announcements.board(ana, now=NOON)).rows) == (up and not taken)


async def test_a_question_whose_words_are_gone_is_put_to_nobody_again():
    ask, _, ben = await a_question()
    cleo = await a_person()
    await skills.accept(ask, by=ben, now=NOON)
    await take("ask", ask)

    await skills.decline(ask, by=ben, now=NOON)
    assert await stage(ask) == Stage.declined
    assert (await skills.asks(cleo, now=NOON)).for_anybody == []


async def test_officers_stand_in_the_steps_and_not_a_neighbour(sign_in):
    ask, ana, _ = await an_ask()
    await take("ask", ask)
    await give("ask", ask)

    page = (await (await sign_in(ana)).get(f"/asks/{ask}")).text
    assert "Officers took the words away" in page and "Officers gave the words back" in page
    assert "called it off" not in page and "stay in touch" not in page


async def test_a_proposed_time_still_waits_when_the_words_come_back():
    ask, ana, ben = await an_ask()
    await skills.propose(ask, "Sunday", by=ben, now=NOON)
    await take("ask", ask)
    await give("ask", ask)

    assert await stage(ask) == Stage.proposed
    await skills.accept(ask, by=ana, now=NOON)


@pytest.mark.parametrize("between", ["block", "leave"])
async def test_an_ask_does_not_wait_again_when_the_two_parted_meanwhile(between):
    ask, ana, ben = await an_ask()
    await take("ask", ask)
    if between == "block":
        await moderation.block(ana.id, by=ben, part_ways=house.PART_WAYS, now=NOON)
    else:
        await people.begin_leaving(ana.id, by=ana.id, reason="", now=NOON)
    await give("ask", ask)
    assert await stage(ask) == Stage.withdrawn


async def test_when_an_ask_is_put_anew_while_the_old_one_comes_back_one_of_them_waits():
    at_once = []
    for _ in range(8):
        ask, ana, _ = await an_ask()
        skill = (await Ask.select(Ask.skill).where(Ask.id == ask).first())["skill"]
        await take("ask", ask)
        at_once += [give("ask", ask), skills.ask(skill, Request("A shelf"), by=ana, now=NOON)]

    answers = await asyncio.gather(*at_once, return_exceptions=True)
    assert all(each is None or isinstance(each, int | skills.AlreadyAsked) for each in answers), answers
    assert await Ask.count().where(Ask.stage == Stage.open) == 8


async def test_what_was_taken_cannot_be_reported_again(sign_in):
    ask, _, ben = await an_ask()
    boss, other = await an_administrator(), await an_administrator()
    notice = await announcements.announce(Draft({"en": "A"}, {"en": "B"}), area=None, by=boss, now=NOON)
    await take("ask", ask)
    await take("announcement", notice)

    assert (await (await sign_in(ben)).get(f"/reports/new?about=ask:{ask}")).status_code == 404
    assert "/reports/new" not in (await (await sign_in(ben)).get(f"/asks/{ask}")).text
    assert (await (await sign_in(other)).get(f"/reports/new?about=announcement:{notice}")).status_code == 404


async def test_thanks_that_were_taken_stand_in_no_notice_and_in_no_export_of_whom_they_were_for():
    ask, ana, ben = await an_ask()
    await skills.accept(ask, by=ben, now=NOON)
    await skills.complete(ask, by=ben, now=NOON)
    await skills.thank(ask, "Buy at my shop", by=ana, now=NOON)
    [thanks] = (await skills.person(ben.id, by=ben, now=NOON)).thanks
    assert "my shop" in await told(ben)

    await take("thanks", thanks.id)
    assert "my shop" not in await told(ben)
    assert (await skills.mine(ben.id))["thanks_received"] == []
    assert (await skills.mine(ana.id))["thanks_given"]


async def test_a_skill_that_was_taken_names_no_ask_any_more():
    ask, ana, ben = await an_ask()
    skill = (await Ask.select(Ask.skill).where(Ask.id == ask).first())["skill"]
    await take("skill", skill)

    assert (await skills.whole(ask, by=ana, now=NOON)).ask.what == "Buy my phones"
    await skills.accept(ask, by=ben, now=NOON)
    assert "Carpentry" not in await told(ana)


async def test_a_year_later_the_words_that_were_taken_are_gone_too():
    ask, ana, ben = await an_ask()
    await skills.accept(ask, by=ben, now=NOON)
    await skills.complete(ask, by=ben, now=NOON)
    await skills.thank(ask, "Thank you", by=ana, now=NOON)
    await take("ask", ask)

    for keeping in skills.KEPT:
        if keeping.purge:
            await keeping.purge(NOON + timedelta(days=366))
    [row] = await Ask.select(Ask.words, Ask.taken_words)
    assert row == {"words": "", "taken_words": ""}
    await give("ask", ask)


async def test_whose_words_were_taken_reads_so_and_is_offered_nothing_that_would_be_refused(sign_in):
    boss = await an_administrator()
    ben = await a_person()
    skill = await skills.offer(Offer("Carpentry"), by=ben, now=NOON)
    notice = await announcements.announce(Draft({"en": "A"}, {"en": "B"}), area=None, by=boss, now=NOON)
    await take("skill", skill)
    await take("announcement", notice)

    pages = [
        (await (await sign_in(ben)).get(f"/neighbours/{ben.id}")).text,
        (await (await sign_in(boss)).get(f"/announcements/{notice}")).text,
    ]
    for page in pages:
        assert "Officers took this away." in page and 'href="/account/decisions"' in page
        assert "/edit" not in page and "/offer" not in page and "/return" not in page


async def test_the_way_to_disagree_is_shown_to_whom_it_was_decided_about(sign_in):
    three = await an_area()
    ana = await a_person(home=await a_household(area=three))
    steward, ben = await a_person(role=Kind.steward, area=three), await a_person()
    skill = await skills.offer(Offer("Carpentry"), by=ben, now=NOON)
    ask = await skills.ask(skill, Request("Buy my phones", for_whom=ana.id), by=steward, now=NOON)
    boss = await an_administrator()
    report = await moderation.report("ask", ask, MATTERS, rule=Rule.selling, words="", by=ben, now=NOON)
    await moderation.decide(report, TAKEN, MATTERS, by=boss, now=NOON)

    assert "/account/decisions" in (await (await sign_in(steward)).get(f"/asks/{ask}")).text
    assert "/account/decisions" not in (await (await sign_in(ana)).get(f"/asks/{ask}")).text


async def test_words_of_asks_that_officers_had_taken_before_asks_could_hide_them_go_with_the_migration(tmp_path):
    there = sorted(migrating.modules())
    mine = next(name for name in there if name == "2026-11-28T12:20:00:000000")
    async with bare.moved_into(await bare.address(tmp_path)):
        for name in there[: there.index(mine)]:
            await migrating.run(name)
        ana = await a_person()
        asks = [await a_row(Ask, ana, words=words, times="now", asked_at=NOON) for words in ("Buy", "Help", "Drill")]
        for ask, over_at in ((asks[0], None), (asks[1], NOON)):
            said = {"measure": "taken", "kind": "ask", "thing": ask, "over_at": over_at}
            await Decision.insert(Decision(person=ana.id, rule="selling", reason="No.", at=NOON, **said))
        await migrating.run(mine)

        rows = await Ask.select(Ask.words, Ask.taken_words, Ask.taken_at).order_by(Ask.id)
        assert [row["words"] for row in rows] == ["…", "Help", "Drill"]
        assert json.loads(rows[0]["taken_words"]) == ["Buy", "now"] and rows[0]["taken_at"] == NOON


async def a_row(table, person, **said):
    row = table(asker=person.id, acted_by=person.id, category="other", lang="en", stage="done", until_at=NOON, **said)
    await row.save()
    return row.id
