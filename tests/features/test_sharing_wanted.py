"""Looking for something: who may have it is told, neighbours answer, and it ends when found or its time is over."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership, Person, State
from app.features.sharing.rules import search_answers, search_ending, search_listing, searches, searching
from app.features.sharing.rules.guessing import category_of
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.search_home import wanted_on_home
from app.features.sharing.rules.searches import Act
from app.features.sharing.rules.searching import Looking
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer, Sought
from app.features.sharing.tables import Audience, Category, Condition
from app.features.sharing.tables import State as ItemState
from app.kit import later
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from tests.makers import NOON, a_household, a_login, a_person, an_area
from tests.sharing import DAY, TODAY, a_gift, a_neighbour, an_item

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def a_thing(name="Drill", **said):
    """On the board, and found by its words."""
    item = await an_item(name=name, **said)
    await index_items([item.id])
    return item


async def a_post(*, by=None, words="A drill", now=NOON, **said):
    by = by or await a_neighbour()
    id, _ = await searching.look_for(Looking(words, **said), by=by, now=now)
    return await searches.search_of(id)


async def told(person, path):
    return await Notice.count().where((Notice.person == person) & (Notice.path == path))


async def called(post):
    """Who was rung because they may have it."""
    rows = await Notice.select(Notice.person).where(Notice.key == searches.call_key(post.id)).order_by(Notice.id)
    return [row["person"] for row in rows]


async def run(now):
    from app.house import JOBS

    while await later.run_due(JOBS, now):
        pass


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("A drill for the weekend", Category.tools),
        ("电钻", Category.tools),
        ("wheelchairs, two", Category.aids),
        ("轮椅", Category.aids),
        ("儿童自行车", Category.children),
        ("露营灯", Category.safety),
        ("a first aid kit", Category.safety),
        ("榨汁机", Category.kitchen),
        ("Something that nobody has a word for", Category.other),
    ],
)
def test_where_it_belongs_is_guessed_from_the_words(words, category):
    assert category_of(words) == category


async def test_those_who_have_such_things_are_told_and_the_best_words_come_first():
    hammer, drill, pan = (
        await a_thing("Hammer"),
        await a_thing("Cordless drill"),
        await a_thing(category="kitchen", name="Pan"),
    )
    by = await a_neighbour(name="Ana")

    id, rung = await searching.look_for(Looking("A drill"), by=by, now=NOON)
    post = await searches.search_of(id)

    assert (post.category, post.rung, rung) == (Category.tools, 2, 2)
    assert set(await called(post)) == {hammer.person, drill.person}
    assert await told(pan.person, post.path) == 0


async def test_at_most_twelve_are_told_and_what_matches_in_words_is_among_them():
    drill = await a_thing("Drill")
    for _ in range(15):
        await a_thing("Hammer")

    post = await a_post()

    assert len(await called(post)) == 12 and drill.person in await called(post)


async def test_who_can_answer_here_comes_before_who_does_not_use_this():
    owners = [(await a_thing("Drill")).person for _ in range(13)]
    for person in owners[1:]:
        await a_login(await a_person_of(person))

    post = await a_post()

    assert owners[0] not in await called(post)


async def a_person_of(id):
    from app.features.people.rules import neighbour

    return await neighbour(id)


async def test_a_thing_in_another_category_is_found_by_its_words():
    drill = await a_thing("Drill", category="party")

    assert await called(await a_post()) == [drill.person]


@pytest.mark.parametrize(
    "said",
    [
        {"state": ItemState.paused},
        {"state": ItemState.gone},
        {"condition": Condition.broken},
        {"audience": Audience.building},
    ],
    ids=str,
)
async def test_nobody_is_told_because_of_what_the_one_who_looks_could_not_have(said):
    await a_thing("Drill", **said)

    assert await called(await a_post()) == []


async def test_what_is_for_one_building_counts_for_those_who_live_in_it():
    area = await an_area()
    owner, by = await a_person(home=await a_household(area=area)), await a_person(home=await a_household(area=area))
    await a_thing("Drill", by=owner, audience=Audience.building, area=area.id)

    assert await called(await a_post(by=by)) == [owner.id]


async def test_nobody_is_told_across_a_block_whichever_of_the_two_it_was():
    one, other, by = await a_thing(), await a_thing(), await a_neighbour()
    await moderation.block(by.id, by=await a_person_of(one.person), now=NOON)
    await moderation.block(other.person, by=by, now=NOON)

    post = await a_post(by=by)

    assert await called(post) == []
    with pytest.raises(Missing):
        await searches.search_for(post.id, by=await a_person_of(one.person), now=NOON)
    posts = await search_listing.wanted(await a_person_of(other.person), now=NOON)
    assert list(posts.others) == []


async def test_no_child_is_told_and_no_child_looks_for_anything():
    home = await a_household()
    child = await a_person(home=home, of_age_on=date(2030, 1, 1))
    parent = await a_person(home=home)
    await a_thing("Drill", household=home.id)

    assert await called(await a_post()) == [parent.id]
    with pytest.raises(NotYours):
        await a_post(by=child)
    with pytest.raises(Refusal):
        await a_post(by=await acts_for(home), for_whom=child.id)


async def acts_for(home):
    person = await a_person(home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == person.id)
    return person


async def test_each_keeper_of_what_is_the_communitys_may_be_told_and_nobody_who_left():
    keeper, gone = await a_neighbour(), await a_neighbour(state=State.suspended)
    await a_thing("Drill", keepers=[keeper, gone])

    assert await called(await a_post()) == [keeper.id]


async def test_whoever_is_acted_for_hears_of_it_and_reads_it_as_their_own():
    home = await a_household()
    elder, by = await a_person(home=home), await acts_for(home)

    post = await a_post(by=by, for_whom=elder.id)

    assert (post.person, post.acted_by) == (elder.id, by.id)
    assert await told(elder.id, post.path) == 1 and await told(by.id, post.path) == 0
    assert await searches.looks(post, elder) and await searches.looks(post, by)


async def test_nobody_looks_in_the_name_of_a_stranger():
    with pytest.raises(Missing):
        await a_post(for_whom=(await a_neighbour()).id)


async def test_what_is_on_the_board_already_is_shown_before_anybody_is_told():
    drill, _ = await a_thing("Cordless drill"), await a_thing("Hammer")
    gift = await a_gift(name="Old drill", category="tools")
    await index_items([gift.id])

    there = await searching.already_here(Looking("a drill"), by=await a_neighbour(), now=NOON)

    assert {each.id for each in there} == {drill.id, gift.id}
    assert await Notice.count() == 0


async def test_three_a_day_and_then_tomorrow():
    by = await a_neighbour()
    for _ in range(3):
        await a_post(by=by)

    with pytest.raises(TooOften):
        await a_post(by=by)
    assert (await a_post(by=by, now=NOON + DAY)).stage == Sought.open


@pytest.mark.parametrize(
    ("first", "last", "beside"),
    [(TODAY - DAY, None, "first_on"), (None, TODAY + 400 * DAY, "last_on"), (TODAY + 2 * DAY, TODAY, "last_on")],
)
async def test_days_that_cannot_be_meant_are_refused_beside_their_field(first, last, beside):
    with pytest.raises(Refusal) as refused:
        await a_post(first_on=first, last_on=last)

    assert refused.value.beside == beside
    assert await ItemSearch.count() == 0


async def test_one_day_is_meant_as_that_day():
    post = await a_post(first_on=TODAY + DAY)

    assert (post.first_on, post.last_on) == (TODAY + DAY, TODAY + DAY)


async def test_a_neighbour_answers_with_a_thing_and_whoever_looks_hears_of_it():
    post, item = await a_post(), await a_thing("Jigsaw")
    owner = await a_person_of(item.person)

    await search_answers.answer(post.id, item=item.id, by=owner, now=NOON)

    assert await told(post.person, post.path) == 1
    [answer] = await search_answers.answers_to(post, by=await a_person_of(post.person))
    assert (answer.person, answer.item, answer.path) == (owner.id, item.id, item.path)


async def test_others_read_that_somebody_answered_and_not_who_and_what():
    post, helper = await a_post(), await a_neighbour()
    await search_answers.answer(post.id, words="My brother has one", by=helper, now=NOON)

    other = await a_neighbour()
    assert await search_answers.answers_to(post, by=other) == []
    assert (await searches.search_for(post.id, by=other, now=NOON)).answers == 1
    assert len(await search_answers.answers_to(post, by=helper)) == 1


async def test_nobody_answers_with_what_is_another_s_or_with_nothing():
    post, item, by = await a_post(), await a_thing(), await a_neighbour()
    hidden = await a_thing(audience=Audience.building)

    with pytest.raises(NotYours):
        await search_answers.answer(post.id, item=item.id, by=by, now=NOON)
    with pytest.raises(Missing):
        await search_answers.answer(post.id, item=999, by=by, now=NOON)
    with pytest.raises(Refusal):
        await search_answers.answer(post.id, words="  ", by=by, now=NOON)
    with pytest.raises(Refusal) as refused:
        await search_answers.answer(post.id, item=hidden.id, by=await a_person_of(hidden.person), now=NOON)
    assert refused.value.beside == "item"
    with pytest.raises(Refusal):
        await search_answers.answer(post.id, words="Me", by=await a_person_of(post.person), now=NOON)
    assert await ItemSearchAnswer.count() == 0


async def test_of_the_same_answer_sent_five_times_at_once_one_is_kept():
    post, by = await a_post(), await a_neighbour()

    done = await asyncio.gather(
        *(search_answers.answer(post.id, words="I have one", by=by, now=NOON) for _ in range(5)), return_exceptions=True
    )

    assert sum(each is None for each in done) == 1
    assert all(each is None or isinstance(each, Taken) for each in done)
    assert (await searches.search_of(post.id)).answers == 1 and await told(post.person, post.path) == 1


async def test_an_answer_is_taken_back_and_given_anew():
    post, by = await a_post(), await a_neighbour()
    await search_answers.answer(post.id, words="I have one", by=by, now=NOON)

    await search_answers.take_back(post.id, by=by, now=NOON)
    assert await told(post.person, post.path) == 0
    with pytest.raises(Taken):
        await search_answers.take_back(post.id, by=by, now=NOON)

    await search_answers.answer(post.id, words="I have two", by=by, now=NOON)
    assert (await searches.search_of(post.id)).answers == 1


async def test_found_thanks_those_who_answered_and_leaves_the_others_in_peace():
    item = await a_thing()
    post, helper = await a_post(), await a_neighbour()
    await search_answers.answer(post.id, words="I have one", by=helper, now=NOON)

    await search_ending.found(post.id, by=await a_person_of(post.person), now=NOON)

    assert (await searches.search_of(post.id)).stage == Sought.found
    assert await told(helper.id, post.path) == 1
    await run(NOON + 20 * SECOND)
    assert await told(item.person, post.path) == 0
    with pytest.raises(Missing):
        await searches.search_for(post.id, by=await a_neighbour(), now=NOON)
    assert await searches.search_for(post.id, by=helper, now=NOON)


async def test_withdrawn_by_a_slip_it_is_open_again_and_nobody_heard_otherwise():
    item = await a_thing()
    post, helper = await a_post(), await a_neighbour()
    by = await a_person_of(post.person)
    await search_answers.answer(post.id, words="I have one", by=helper, now=NOON)

    await search_ending.withdraw(post.id, by=by, now=NOON)
    await search_ending.reopen(post.id, by=by, now=NOON + 8 * SECOND)
    await run(NOON + 20 * SECOND)

    assert (await searches.search_of(post.id)).is_open(NOON)
    assert await told(helper.id, post.path) == 0 and await told(item.person, post.path) == 1
    await run(post.until_at + SECOND)
    assert (await searches.search_of(post.id)).stage == Sought.expired


async def test_later_than_that_it_stays_withdrawn():
    post = await a_post()
    by = await a_person_of(post.person)
    await search_ending.withdraw(post.id, by=by, now=NOON)

    with pytest.raises(Taken):
        await search_ending.reopen(post.id, by=by, now=NOON + 13 * SECOND)


async def test_of_found_and_withdrawn_at_once_one_counts():
    post = await a_post()
    by = await a_person_of(post.person)

    done = await asyncio.gather(
        search_ending.found(post.id, by=by, now=NOON),
        search_ending.withdraw(post.id, by=by, now=NOON),
        return_exceptions=True,
    )

    assert [type(each) for each in done if each is not None] == [Taken]


async def test_only_whoever_looks_ends_it():
    post, other = await a_post(), await a_neighbour()
    for deed in (search_ending.found, search_ending.withdraw, search_ending.prolong):
        with pytest.raises(NotYours):
            await deed(post.id, by=other, now=NOON)


async def test_three_days_before_its_end_whoever_looks_is_asked_and_prolongs_with_one_tap():
    post = await a_post()
    by = await a_person_of(post.person)

    await run(post.until_at - 3 * DAY - SECOND)
    assert await told(by.id, post.path) == 0
    await run(post.until_at - 3 * DAY)
    await run(post.until_at - 2 * DAY)
    assert await told(by.id, post.path) == 1

    at = post.until_at - DAY
    assert await search_ending.prolong(post.id, by=by, now=at) == TODAY + 59 * DAY
    await run(post.until_at + HOUR)
    assert (await searches.search_of(post.id)).stage == Sought.open
    await run(at + 30 * DAY)
    assert (await searches.search_of(post.id)).stage == Sought.expired


async def test_what_is_for_saturday_ends_with_saturday_and_nobody_is_reminded_of_it():
    item = await a_thing()
    post = await a_post(last_on=TODAY + DAY)
    by = await a_person_of(post.person)

    assert await search_ending.prolong(post.id, by=by, now=NOON) == TODAY + DAY
    await run(post.until_at - SECOND)
    assert (await searches.search_of(post.id)).stage == Sought.open and await told(by.id, post.path) == 0
    await run(post.until_at)
    assert (await searches.search_of(post.id)).stage == Sought.expired
    assert await told(item.person, post.path) == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["found", "withdraw", "reopen", "prolong", "answer", "take_back", "wait"]), st.integers(0, 40)
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(STEPS)
async def test_whatever_is_done_to_a_post_it_is_open_or_over_and_its_questions_with_it(steps):
    """A model beside it: what may be done is done, all else is refused, and time ends what nobody ended."""
    by, helper, now = await a_neighbour(), await a_neighbour(), NOON
    item = await a_thing(f"Drill {by.id}")
    id, _ = await searching.look_for(Looking(f"Drill {by.id}"), by=by, now=now)
    deeds = {
        "found": lambda: search_ending.found(id, by=by, now=now),
        "withdraw": lambda: search_ending.withdraw(id, by=by, now=now),
        "reopen": lambda: search_ending.reopen(id, by=by, now=now),
        "prolong": lambda: search_ending.prolong(id, by=by, now=now),
        "answer": lambda: search_answers.answer(id, words="Here", by=helper, now=now),
        "take_back": lambda: search_answers.take_back(id, by=helper, now=now),
    }
    for deed, days in steps:
        if deed == "wait":
            now += days * DAY
        before = await searches.search_of(id, by=helper.id)
        mine = deed not in ("answer", "take_back")
        act = Act.answer if not mine else None if deed == "wait" else Act(deed)
        may = act is not None and act in searches.acts(before, mine, now)
        may = may and (deed != "answer" or not before.answered) and (deed != "take_back" or before.answered)
        if act is not None:
            try:
                await deeds[deed]()
                did = True
            except Refusal:
                did = False
            assert did == may, (deed, before)
        now += 15 * SECOND if deed == "wait" else SECOND
        await run(now)
        post = await searches.search_of(id, by=helper.id)
        assert (post.stage == Sought.open) == (post.ended_at is None)
        assert post.stage != Sought.open or now < post.until_at <= now + 30 * DAY
    now += 40 * DAY
    await run(now)
    post = await searches.search_of(id)
    assert post.stage != Sought.open and await told(item.person, post.path) == 0


async def test_the_list_has_ones_own_first_then_the_newest():
    by, old, new = await a_neighbour(), await a_post(words="A saw"), await a_post(words="A pan")
    mine = await a_post(by=by)

    posts = await search_listing.wanted(by, now=NOON)

    assert [each.id for each in posts.mine] == [mine.id]
    assert [each.id for each in posts.others] == [new.id, old.id]


async def test_who_was_suspended_looks_for_nothing():
    post = await a_post()
    await Person.update({Person.state: State.suspended}).where(Person.id == post.person)

    assert list((await search_listing.wanted(await a_neighbour(), now=NOON)).others) == []


async def test_home_says_that_somebody_answered_until_it_is_found():
    post, helper = await a_post(), await a_neighbour()
    by = await a_person_of(post.person)
    assert (await wanted_on_home(by, now=NOON)).waits == []

    await search_answers.answer(post.id, words="I have one", by=helper, now=NOON)
    [line] = (await wanted_on_home(by, now=NOON)).waits
    assert line.path == post.path

    await search_ending.found(post.id, by=by, now=NOON)
    assert (await wanted_on_home(by, now=NOON)).waits == []


async def test_the_pages_ask_show_what_is_there_already_and_take_an_answer(sign_in):
    from app.kit.clock import now

    item = await a_thing("Cordless drill", made_at=now())
    by, owner = await a_neighbour(name="Ana"), await a_person_of(item.person)
    browser = await sign_in(by)
    empty = await browser.get("/share/wanted")
    form = await browser.get("/share/wanted/new?q=A+drill")
    assert "Nobody looks for anything" in empty.text
    assert 'value="tools" selected' in form.text

    typed = {"words": "A drill", "details": "For one shelf", "category": "tools"}
    there = await browser.post("/share/wanted/new", data=typed)
    assert there.status_code == 422 and "Is it one of these?" in there.text and "Cordless drill" in there.text
    assert "For one shelf" in there.text and await ItemSearch.count() == 0

    posted = await browser.post("/share/wanted/new", data=typed | {"sure": "1"})
    assert "One neighbour who may have it was told." in posted.text
    path = posted.url.path

    browser = await sign_in(owner)
    shown = await browser.get(path)
    assert "Cordless drill" in shown.text and "Ana" in shown.text
    wrong = await browser.post(f"{path}/answer", data={})
    assert wrong.status_code == 422
    answered = await browser.post(f"{path}/answer", data={"item": str(item.id)})
    assert "They have been told." in answered.text and "Take my answer back" in answered.text

    browser = await sign_in(by)
    mine = await browser.get(path)
    assert f'href="/share/{item.id}"' in mine.text
    found = await browser.post(f"{path}/found", data={})
    assert f"{path}/return" in found.text
    again = await browser.post(f"{path}/return", data={})
    assert "It is looked for as before." in again.text


async def test_the_form_keeps_what_was_typed_when_a_day_is_wrong(sign_in):
    browser = await sign_in(await a_neighbour())

    wrong = await browser.post("/share/wanted/new", data={"words": "A drill", "first_on": "2020-01-01"})

    assert wrong.status_code == 422 and "A drill" in wrong.text and "2020-01-01" in wrong.text


@pytest.mark.parametrize(("many", "most"), [(1, 8), (40, 8)])
async def test_the_list_asks_the_database_as_little_for_many_as_for_one(sign_in, queries, many, most):
    from app.kit.clock import now

    for _ in range(many):
        await a_post(now=now())
    browser = await sign_in(await a_neighbour())
    queries.clear()

    assert (await browser.get("/share/wanted")).status_code == 200
    assert len(queries) <= most, queries


async def test_a_post_asks_the_database_as_little_with_many_answers(sign_in, queries):
    from app.kit.clock import now

    post = await a_post(now=now())
    for _ in range(12):
        await search_answers.answer(post.id, words="I have one", by=await a_neighbour(), now=now())
    browser = await sign_in(await a_person_of(post.person))
    queries.clear()

    assert (await browser.get(post.path)).status_code == 200
    assert len(queries) <= 9, queries


async def test_an_administrator_sees_who_looks_as_everybody_does_and_no_more():
    post = await a_post()
    await search_answers.answer(post.id, words="Hm", by=await a_neighbour(), now=NOON)
    boss = await a_person(role=RoleKind.administrator)

    assert await search_answers.answers_to(post, by=boss) == []
