"""What asks and skills put on Home, show to their owner, and forget."""

from datetime import timedelta

import pytest

from app.features.notices import rules as notices
from app.features.skills import rules
from app.features.skills.rules.offering import Offer
from app.features.skills.tables import Acceptance, Ask, Called, Card, Skill, Stage, Step, Thanks
from app.kit.refusals import Missing
from app.kit.tables import Later
from tests.makers import NOON, a_household, a_person

DAY = timedelta(days=1)
HELP = rules.Request("My shelf is loose")


async def a_skill(words: str = "Carpentry", *, by, now=NOON, **said) -> int:
    return await rules.offer(Offer(words, **said), by=by, now=now)


async def thanked(ana, ben) -> int:
    ask = await rules.ask(await a_skill(by=ben), HELP, by=ana, now=NOON)
    await rules.accept(ask, by=ben, now=NOON)
    await rules.complete(ask, by=ben, now=NOON)
    await rules.thank(ask, "It stands!", by=ana, now=NOON)
    return ask


async def titles(person, now=NOON) -> tuple[list[str], list[str]]:
    home = await rules.on_home(person, now=now)
    return [str(line.title) for line in home.waits], [str(line.title) for line in home.near]


async def test_home_shows_what_waits_for_me_until_it_is_answered():
    ana, ben = await a_person(name="Ana"), await a_person(name="Ben")
    ask = await rules.ask(await a_skill(by=ben), HELP, by=ana, now=NOON)
    assert await titles(ben) == (["Ana asks for your help"], [])
    assert await titles(ana) == ([], [])

    await rules.propose(ask, "Saturday", by=ben, now=NOON)
    assert (await titles(ana), await titles(ben)) == ((["Ben proposes another time"], []), ([], []))

    await rules.accept(ask, by=ana, now=NOON)
    assert (await titles(ana))[0] == ["Carpentry, with Ben"]
    assert (await titles(ben))[0] == ["Carpentry, with Ana"]

    await rules.complete(ask, by=ben, now=NOON)
    assert ((await titles(ana))[0], (await titles(ben))[0]) == (["Thank Ben?"], [])

    await rules.thank(ask, "Thanks!", by=ana, now=NOON)
    assert (await titles(ana))[0] == []


async def test_home_shows_what_is_new_near_me_and_not_what_is_far_or_old():
    near, far = await a_household(), await a_household()
    me = await a_person(home=near)
    await a_skill("Old", by=await a_person(home=near), now=NOON - 20 * DAY)
    await a_skill("Near", by=await a_person(home=near))
    await a_skill("Far", by=await a_person(home=far))
    await a_skill("Mine", by=me)
    assert await titles(me) == ([], ["Near"])
    await rules.ask_anybody(rules.Request("Who can swim?"), by=await a_person(), now=NOON)
    assert await titles(me) == ([], ["Who can? Who can swim?", "Near"])
    assert await titles(me, NOON + 20 * DAY) == ([], [])


async def test_home_tells_a_newcomer_the_first_step_and_everybody_of_thanks():
    ana, ben = await a_person(name="Ana"), await a_person(name="Ben")
    assert (await rules.on_home(ben, now=NOON)).first_step.path == "/skills/new"
    await thanked(ana, ben)
    home = await rules.on_home(ben, now=NOON)
    assert home.first_step is None
    assert [(quote.words, str(quote.by), quote.path) for quote in home.quotes] == [
        ("It stands!", "Ana to Ben", f"/neighbours/{ben.id}")
    ]


async def test_everything_about_me_is_in_my_export():
    ana, ben = await a_person(), await a_person()
    await thanked(ana, ben)
    given, received = await rules.mine(ana.id), await rules.mine(ben.id)
    assert [row["words"] for row in given["asks"]] == ["My shelf is loose"]
    assert [row["words"] for row in given["thanks_given"]] == ["It stands!"]
    assert [row["words"] for row in received["thanks_received"]] == ["It stands!"]
    assert [row["words"] for row in received["skills"]] == ["Carpentry"]
    assert len(received["acceptances"]) == 1


async def test_whoever_is_forgotten_leaves_no_words_behind_and_nobody_waits_for_them():
    ana, ben, cat = await a_person(name="Ana"), await a_person(name="Ben"), await a_person(name="Cat")
    await thanked(ana, ben)
    asked_of_ben = await rules.ask(await a_skill("Painting", by=ben), HELP, by=cat, now=NOON)
    await rules.accept(asked_of_ben, by=ben, now=NOON)
    await rules.ask(await a_skill("Sewing", by=cat), rules.Request("Ben's coat"), by=ben, now=NOON)
    await rules.ask_anybody(rules.Request("Who paints?"), by=cat, now=NOON)
    await rules.ask_anybody(rules.Request("Ben asks: who sews?"), by=ben, now=NOON)

    await rules.forget(ben.id, now=NOON + DAY)

    assert await Ask.count().where(Ask.asker == ben.id) == 0
    assert await Ask.count().where((Ask.asker != ben.id) & (Ask.stage == Stage.accepted)) == 0
    assert {(row["words"], row["details"]) for row in await Skill.select().where(Skill.person == ben.id)} == {("", "")}
    assert await Card.count().where(Card.person == ben.id) == 0
    for table, column in ((Thanks, Thanks.helper), (Thanks, Thanks.giver), (Called, Called.person)):
        assert await table.count().where(column == ben.id) == 0
    assert {row["words"] for row in await Step.select(Step.words).where(Step.by == ben.id)} <= {""}
    assert (await rules.whole(asked_of_ben, by=cat, now=NOON + DAY)).contact is None
    assert await Acceptance.count().where(Acceptance.ended_at.is_null()) == 0
    told = [str(row.sentence) for row in await notices.page_of(cat.id)]
    assert told[:2] == ["They have left the community: Sewing", "They have left the community: My shelf is loose"]
    waiting = {row["key"] for row in await Later.select(Later.key)}
    assert not any(f":{asked_of_ben}:" in key for key in waiting)
    assert [each.name for each in await rules.neighbours(rules.Wanted("painting"), by=cat)] == []


async def test_a_report_finds_the_words_and_who_wrote_them():
    ana, ben = await a_person(), await a_person()
    ask = await thanked(ana, ben)
    skill = await Skill.select(Skill.id).first()
    thanks = await Thanks.select(Thanks.id).first()
    assert (await rules.reportable(skill["id"], by=ana, now=NOON)).author == ben.id
    assert (await rules.reportable(ask, kind="ask", by=ana, now=NOON)).words == "My shelf is loose"
    assert (await rules.reportable(thanks["id"], kind="thanks", by=ana, now=NOON)).path == f"/neighbours/{ben.id}"
    with pytest.raises(Missing):
        await rules.reportable(9999, by=ana, now=NOON)
