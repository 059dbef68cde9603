"""An ask: put to one neighbour or to anybody, answered, done, thanked."""

import asyncio
from datetime import timedelta

import pytest

from app.features.notices import rules as notices
from app.features.people.tables import Kind, Membership, State
from app.features.skills import rules
from app.features.skills.rules.offering import Offer
from app.features.skills.tables import Acceptance, Ask, Offered, Stage, Thanks
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.tables import Later
from tests.makers import NOON, a_household, a_login, a_person, an_area

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAP = rules.Request("My tap drips", times="evenings")


async def a_skill(words: str = "木工", *, by, **said) -> int:
    return await rules.offer(Offer(words, **said), by=by, now=NOON)


async def an_ask(request=TAP, *, asker=None, helper=None):
    asker, helper = asker or await a_person(name="Ana"), helper or await a_person(name="Ben", phone="+8613830166131")
    return await rules.ask(await a_skill(by=helper), request, by=asker, now=NOON), asker, helper


async def a_question(words: str = "谁会修水管？", *, asker=None, now=NOON, **said):
    asker = asker or await a_person(name="Ana")
    id, rung = await rules.ask_anybody(rules.Request(words, **said), by=asker, now=now)
    return id, asker, rung


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


async def stage(ask_id: int) -> Stage:
    row = await Ask.select(Ask.stage).where(Ask.id == ask_id).first()
    return Stage(row["stage"])


async def due() -> set[str]:
    return {row["key"] for row in await Later.select(Later.key).where(Later.done_at.is_null())}


async def test_asked_accepted_done_thanked_and_each_hears_of_it():
    ask, ana, ben = await an_ask()
    assert await told(ben) == ["Ana asks for your help: 木工"]
    assert await due() == {f"ask:{ask}:remind", f"ask:{ask}:expire"}

    await rules.accept(ask, by=ben, now=NOON + HOUR)
    assert (await told(ana), await stage(ask)) == (["Ben says yes: 木工"], Stage.accepted)
    assert await due() == {f"ask:{ask}:close"}

    await rules.complete(ask, by=ben, now=NOON + DAY)
    assert (await told(ana))[0] == "Ben says it is done: 木工. A word of thanks?"
    assert await due() == set()

    await rules.thank(ask, "It drips no more!", by=ana, now=NOON + DAY)
    assert (await told(ben))[0] == "Ana thanks you: “It drips no more!”"
    page = await rules.person(ben.id, by=await a_person(), now=NOON + DAY)
    assert [(each.words, each.name, each.lang) for each in page.thanks] == [("It drips no more!", "Ana", "en")]
    assert len(await told(ana)) == len(await told(ben)) == 2


async def test_thanks_are_said_once():
    ask, ana, ben = await an_ask()
    await rules.accept(ask, by=ben, now=NOON)
    await rules.complete(ask, by=ana, now=NOON)
    with pytest.raises(NotYours):
        await rules.thank(ask, "I thank myself", by=ben, now=NOON)
    answers = await asyncio.gather(
        *[rules.thank(ask, "Thanks", by=ana, now=NOON) for _ in range(10)], return_exceptions=True
    )
    assert sum(isinstance(each, Taken) for each in answers) == 9
    assert await Thanks.count() == 1


async def test_no_is_said_with_a_reason_and_a_way_on():
    ask, ana, ben = await an_ask()
    other = await a_person(name="Other Carpenter")
    await a_skill("木工", by=other)

    await rules.decline(ask, reason="My back hurts", by=ben, now=NOON)

    assert (await told(ana), await stage(ask), await due()) == (
        ["Ben cannot help this time: 木工"],
        Stage.declined,
        set(),
    )
    page = await rules.whole(ask, by=ana, now=NOON)
    assert [step.words for step in page.steps] == ["", "My back hurts"]
    assert [each.name for each in page.others] == ["Other Carpenter"]


async def test_another_time_goes_back_and_forth_until_one_agrees():
    ask, ana, ben = await an_ask()

    await rules.propose(ask, "Saturday at ten", by=ben, now=NOON)
    assert await told(ana) == ["Ben proposes another time for 木工: Saturday at ten"]
    with pytest.raises(NotYours):
        await rules.accept(ask, by=ben, now=NOON)

    await rules.propose(ask, "Sunday?", by=ana, now=NOON)
    assert (await told(ben))[0] == "Ana proposes another time for 木工: Sunday?"
    with pytest.raises(NotYours):
        await rules.accept(ask, by=ana, now=NOON)

    await rules.accept(ask, by=ben, now=NOON)
    assert await stage(ask) == Stage.accepted


async def test_the_asker_agrees_to_the_proposed_time():
    ask, ana, ben = await an_ask()
    await rules.propose(ask, "Saturday", by=ben, now=NOON)
    await rules.accept(ask, by=ana, now=NOON)
    assert (await told(ben))[0] == "Ana says yes: 木工"
    assert (await Acceptance.select(Acceptance.helper))[0]["helper"] == ben.id


@pytest.mark.parametrize("also_accepted", [False, True])
async def test_what_is_no_longer_needed_is_withdrawn(also_accepted):
    ask, ana, ben = await an_ask()
    if also_accepted:
        await rules.accept(ask, by=ben, now=NOON)
    await rules.withdraw(ask, by=ana, now=NOON)
    assert (await told(ben))[0] == "Ana no longer needs help with 木工. Thank you!"
    assert (await stage(ask), await due()) == (Stage.withdrawn, set())
    with pytest.raises(Taken):
        await rules.accept(ask, by=ben, now=NOON)


async def test_the_same_skill_is_asked_for_once_at_a_time():
    ask, ana, ben = await an_ask()
    skill = (await Ask.select(Ask.skill).where(Ask.id == ask).first())["skill"]
    answers = await asyncio.gather(*[rules.ask(skill, TAP, by=ana, now=NOON) for _ in range(5)], return_exceptions=True)
    assert all(isinstance(each, rules.AlreadyAsked) for each in answers)

    await rules.decline(ask, by=ben, now=NOON)
    answers = await asyncio.gather(*[rules.ask(skill, TAP, by=ana, now=NOON) for _ in range(5)], return_exceptions=True)
    assert sum(isinstance(each, rules.AlreadyAsked) for each in answers) == 4


async def test_nobody_asks_themselves_nor_for_what_is_paused_or_gone():
    ana, ben = await a_person(), await a_person()
    skill = await a_skill(by=ben)
    with pytest.raises(Refusal):
        await rules.ask(skill, TAP, by=ben, now=NOON)
    await rules.put(skill, Offered.paused, by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.ask(skill, TAP, by=ana, now=NOON)
    await rules.put(skill, Offered.withdrawn, by=ben, now=NOON)
    for missing in (skill, 9999):
        with pytest.raises(Missing):
            await rules.ask(missing, TAP, by=ana, now=NOON)
    assert await Ask.count() == 0


@pytest.mark.parametrize("days", [-2, 400])
async def test_a_day_that_has_passed_or_is_far_away_is_refused_beside_its_field(days):
    with pytest.raises(Refusal) as refused:
        await an_ask(rules.Request("Help", on_day=(NOON + days * DAY).date()))
    assert refused.value.beside == "on_day"


async def test_what_is_anothers_is_not_there():
    ask, _, _ = await an_ask()
    stranger = await a_person()
    with pytest.raises(Missing):
        await rules.whole(ask, by=stranger, now=NOON)
    for deed in (rules.accept, rules.decline, rules.withdraw, rules.complete, rules.prolong):
        with pytest.raises(Missing):
            await deed(ask, by=stranger, now=NOON)
    for deed in (rules.propose, rules.thank):
        with pytest.raises(Missing):
            await deed(ask, "words", by=stranger, now=NOON)


@pytest.mark.parametrize("state", [State.pending, State.suspended])
async def test_who_is_not_let_in_neither_asks_nor_answers(state):
    ana = await a_person(state=state)
    question, _, _ = await a_question()
    for deed in (
        rules.ask(await a_skill(by=await a_person()), TAP, by=ana, now=NOON),
        rules.ask_anybody(TAP, by=ana, now=NOON),
        rules.accept(question, by=ana, now=NOON),
    ):
        with pytest.raises(NotYours):
            await deed


async def test_many_asks_in_a_day_wait_for_tomorrow():
    ana = await a_person()
    for _ in range(3):
        await a_question(asker=ana)
    with pytest.raises(TooOften) as refused:
        await a_question(asker=ana)
    assert 0 < refused.value.wait <= 24 * 3600
    await a_question(asker=ana, now=NOON + DAY)


# --- For somebody else


async def test_a_housemate_asks_for_their_mother_and_she_is_told():
    home = await a_household()
    mother, son = await a_person(name="Mother", home=home), await a_person(name="Son", home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == son.id)
    ben = await a_person(name="Ben")

    ask = await rules.ask(await a_skill(by=ben), rules.Request("Help", for_whom=mother.id), by=son, now=NOON)
    assert await told(ben) == ["Mother asks for your help: 木工"]
    assert await told(mother) == ["Son asked for help on your behalf: 木工"]

    await rules.accept(ask, by=ben, now=NOON)
    assert (await told(mother))[0] == (await told(son))[0] == "Ben says yes: 木工"
    assert (await rules.whole(ask, by=mother, now=NOON)).actor == "Son"
    assert (await rules.whole(ask, by=mother, now=NOON)).contact.name == "Ben"
    assert (await rules.whole(ask, by=son, now=NOON)).contact is None
    await rules.complete(ask, by=son, now=NOON)


async def test_a_steward_asks_for_whom_they_look_after_and_for_nobody_else():
    here, there = await an_area(), await an_area()
    steward = await a_person(role=Kind.steward, area=here)
    mine, other = await a_person(home=await a_household(area=here)), await a_person(home=await a_household(area=there))
    skill = await a_skill(by=await a_person())

    await rules.ask(skill, rules.Request("Help", for_whom=mine.id), by=steward, now=NOON)
    with pytest.raises(Missing):
        await rules.ask(skill, rules.Request("Help", for_whom=other.id), by=steward, now=NOON)


# --- Who can…?


async def test_who_can_rings_those_whose_skills_match_the_best_first_and_never_the_asker():
    home = await a_household()
    ana = await a_person(name="Ana", home=home)
    near, far, other, paused = [await a_person(name=name) for name in ("Near", "Far", "Other", "Paused")]
    await Membership.insert(Membership(person=near.id, household=home.id, since_on=NOON.date()))
    for person in (ana, near, far, paused):
        skill = await a_skill("水管维修", by=person)
    await rules.put(skill, Offered.paused, by=paused, now=NOON)
    await a_skill("钢琴", by=other)

    ask, _, rung = await a_question("谁会修水管？", asker=ana)

    assert rung == 2
    assert await told(near) == await told(far) == ["Ana asks: who can help? “谁会修水管？”"]
    assert await told(other) == await told(paused) == await told(ana) == []
    found = await rules.who_can("谁会修水管？", near=await rules.building_of(ana.id))
    assert ({each.name for each in found[:2]}, [each.name for each in found[2:]]) == ({"Ana", "Near"}, ["Far"])
    assert [each.called for each in (await rules.asks(near, now=NOON)).waiting] == [True]
    assert [each.id for each in (await rules.asks(other, now=NOON)).for_anybody] == [ask]


async def test_who_can_rings_a_dozen_and_a_day_later_another_dozen():
    people = [await a_person() for _ in range(15)]
    for person in people:
        await a_skill("水管维修", by=person)
    ask, _, rung = await a_question()
    assert rung == 12

    await rules.remind(ask, now=NOON + DAY)
    await rules.remind(ask, now=NOON + 2 * DAY)

    assert [len(await told(person)) for person in people] == [1] * 15


async def test_the_first_who_says_yes_has_it_and_the_bells_go_quiet():
    ben, cat = await a_person(name="Ben"), await a_person(name="Cat")
    for person in (ben, cat):
        await a_skill("水管维修", by=person)
    ask, ana, _ = await a_question()

    await rules.accept(ask, by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.accept(ask, by=cat, now=NOON)

    assert (await told(ana), await told(cat)) == (["Ben says yes: 谁会修水管？"], [])
    seen_by_cat = await rules.whole(ask, by=cat, now=NOON)
    assert (seen_by_cat.contact, len(seen_by_cat.steps), seen_by_cat.acts) == (None, 1, set())
    await rules.complete(ask, by=ana, now=NOON)
    with pytest.raises(Missing):
        await rules.whole(ask, by=cat, now=NOON)


async def test_whoever_cannot_after_all_gives_it_back_and_the_others_hear():
    ben, cat, dan = await a_person(name="Ben"), await a_person(name="Cat"), await a_person(name="Dan")
    for person in (ben, cat, dan):
        await a_skill("水管维修", by=person)
    ask, ana, _ = await a_question()
    await rules.decline(ask, by=dan, now=NOON)
    await rules.accept(ask, by=ben, now=NOON)

    await rules.decline(ask, by=ben, now=NOON + DAY)

    assert (await told(ana))[0] == "Ben cannot help after all. We ask the others again: 谁会修水管？"
    assert (len(await told(cat)), await told(dan), await told(ben)) == (1, [], [])
    await rules.accept(ask, by=cat, now=NOON + 8 * DAY - HOUR)
    assert [row["helper"] for row in await Acceptance.select(Acceptance.helper).order_by(Acceptance.id)] == [
        ben.id,
        cat.id,
    ]


async def test_of_those_who_fit_whoever_can_answer_here_is_rung_first():
    people = [await a_person() for _ in range(14)]
    for person in people:
        await a_skill("水管维修", by=person)
    for person in (people[0], people[13]):
        await a_login(person)
    await a_question()
    assert [len(await told(person)) for person in (people[0], people[13])] == [1, 1]


async def test_a_question_that_matches_nobody_stands_on_everybodys_list():
    ask, _, rung = await a_question("谁能把月亮摘下来？")
    assert rung == 0
    assert [each.id for each in (await rules.asks(await a_person(), now=NOON)).for_anybody] == [ask]


async def test_of_two_hundred_who_say_yes_at_once_one_helps_and_the_others_hear_a_sentence():
    ask, ana, _ = await a_question()
    helpers = [await a_person() for _ in range(200)]

    answers = await asyncio.gather(*[rules.accept(ask, by=each, now=NOON) for each in helpers], return_exceptions=True)

    assert sum(each is None for each in answers) == 1
    refused = [each for each in answers if each is not None]
    assert {type(each) for each in refused} == {Taken}
    assert "moment faster" in str(refused[0].sentence)
    assert (await Acceptance.count(), len(await told(ana))) == (1, 1)
