"""One neighbour blocks another: no key stays between the two, and only whoever blocked learns why."""

import asyncio

import pytest

from app import house
from app.features.household import rules
from app.features.household.tables import KeyHolding
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.skills import rules as skills
from app.kit.refusals import Missing, Refusal
from app.kit.words import kept
from tests.makers import NOON, a_household, a_login, a_person


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def a_home():
    """Ana and Cleo live together; Ben lives elsewhere, with Dora."""
    home, elsewhere = await a_household(), await a_household()
    ana, cleo = await a_person(name="Ana", home=home), await a_person(name="Cleo", home=home)
    ben, dora = await a_person(name="Ben", home=elsewhere), await a_person(name="Dora", home=elsewhere)
    return home, ana, cleo, ben, dora


async def held_by(home, holder, *, asked_by, agrees=True) -> int:
    key = await rules.ask_to_hold(home.id, holder.id, by=asked_by, now=NOON)
    if agrees:
        await rules.agree(key, by=holder, now=NOON)
    return key


async def blocks(by, other) -> None:
    await moderation.block(other.id, by=by, part_ways=house.PART_WAYS, now=NOON)


async def test_whoever_is_blocked_holds_the_key_no_longer_and_reads_what_anybody_reads_whose_key_is_taken_back():
    home, ana, cleo, ben, _ = await a_home()
    await rules.end(await held_by(home, ben, asked_by=cleo), by=ana, now=NOON)
    [ordinary] = await told(ben)
    await held_by(home, ben, asked_by=cleo)

    await blocks(ana, ben)
    assert await rules.holding_of(home.id) is None and await rules.holdings_of(ben) == []
    assert await told(ben) == [ordinary, ordinary]
    assert "Ana" not in ordinary and "Cleo" in ordinary
    assert (await told(ana))[-1].startswith("You blocked Ben. They no longer hold your key")
    assert (await told(cleo))[-1] == "Ben no longer holds your key"


async def test_whoever_blocks_one_of_the_household_gives_its_key_back_and_the_household_reads_that_they_did():
    home, ana, cleo, ben, _ = await a_home()
    await held_by(home, ben, asked_by=cleo)
    await blocks(ben, ana)
    assert await rules.holding_of(home.id) is None
    for member in (ana, cleo):
        assert (await told(member))[-1] == "Ben no longer holds your key"
        assert "block" not in " ".join(await told(member))
    assert (await told(ben))[-1].startswith("You blocked Ana. You no longer hold a key for Cleo")


@pytest.mark.parametrize("the_holder_blocks", [True, False])
async def test_a_request_that_waits_is_taken_back_unread(sign_in, the_holder_blocks):
    home, ana, cleo, ben, _ = await a_home()
    key = await held_by(home, ben, asked_by=cleo, agrees=False)
    by, other = (ben, ana) if the_holder_blocks else (ana, ben)

    await blocks(by, other)
    assert (await told(ben) == []) is not the_holder_blocks
    assert "asks you" not in " ".join(await told(ben))
    assert (await told(cleo))[-1] == "Ben cannot hold your key"
    assert (await told(by))[-1] == f"You blocked {other.name}. The request to hold a key has ended with it."
    assert "block" not in " ".join(await told(other))
    assert (await (await sign_in(ben)).get(f"/household/keys/{key}")).status_code == 404
    with pytest.raises(Missing):
        await rules.agree(key, by=ben, now=NOON)


async def test_keys_with_others_stay_where_they_are_also_with_somebody_who_lives_with_whoever_is_blocked():
    home, ana, _, ben, dora = await a_home()
    third = await a_household()
    key = await held_by(home, dora, asked_by=ana)
    another = await held_by(third, ben, asked_by=await a_person(home=third))

    await blocks(ana, ben)
    assert [each.id for each in await rules.holdings_of(dora)] == [key]
    assert [each.id for each in await rules.holdings_of(ben)] == [another]
    assert not any("block" in words for words in await told(ana))


async def test_nobody_of_the_household_asks_across_a_block_either_way():
    home, ana, cleo, ben, _ = await a_home()
    await a_login(ben)
    assert (await rules.candidates(home.id, "ben", by=cleo, today=NOON.date()))[0]
    for by, other in ((ana, ben), (ben, ana)):
        await blocks(by, other)
        assert (await rules.candidates(home.id, "ben", by=cleo, today=NOON.date()))[0] == []
        with pytest.raises(Missing):
            await rules.ask_to_hold(home.id, ben.id, by=cleo, now=NOON)
        await moderation.unblock(other.id, by=by)
    assert await rules.ask_to_hold(home.id, ben.id, by=cleo, now=NOON)


async def test_whoever_is_asked_while_they_are_blocked_is_not_left_with_a_request():
    for _ in range(5):
        home, ana, cleo, ben, _ = await a_home()
        deeds = [rules.ask_to_hold(home.id, ben.id, by=cleo, now=NOON), blocks(ana, ben)]
        answers = await asyncio.gather(*deeds, return_exceptions=True)
        assert all(each is None or isinstance(each, int | Refusal) for each in answers), answers
    assert not await KeyHolding.exists().where(KeyHolding.ended_at.is_null())


async def test_blocked_on_their_page_the_key_ends_and_no_page_of_theirs_says_why(sign_in):
    home, ana, _, ben, _ = await a_home()
    await held_by(home, ben, asked_by=ana)
    await skills.offer(skills.Offer("Carpentry"), by=ben, now=NOON)
    phone = await sign_in(ana)
    assert "Ben" in (await phone.post(f"/neighbours/{ben.id}/block")).text
    assert "You blocked Ben" in (await phone.get("/notices")).text
    phone = await sign_in(ben)
    for path in ("/", "/notices", "/household/keys", "/account/export"):
        page = (await phone.get(path)).text
        assert "You blocked" not in page and "blocked you" not in page, path
    assert "You no longer hold a key for Ana" in (await phone.get("/notices")).text
