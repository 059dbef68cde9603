"""What a thing looks like: shown by its owner, seen by those it is for, and nothing of what should not come in."""

import asyncio
import re
import sys
from datetime import timedelta

import httpx
import pytest

from app.config import settings
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.people.tables import State
from app.features.sharing import rules
from app.features.sharing.rules import photos
from app.features.sharing.tables import Item
from app.kit import pictures
from app.kit.clock import now
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Picture
from tests.kit.test_pictures import HOSTILE, HTML, a_photo, files, uploads  # noqa: F401
from tests.makers import NOON, a_person, an_administrator
from tests.sharing import DAY, a_household, a_neighbour, an_item, owner_of
from tests.test_live import a_house
from tests.upload_storm import MANY, most_memory, storm

SHOWS = "An aluminium ladder against a wall"
LADDER = {"name": "Ladder", "kind": "lend", "category": "tools", "about": "Three metres long"}
KEPT = re.compile(r'name="kept_photo" value="([\w-]{43})"')


async def send(phone, path, upload, words=SHOWS, **said):
    sent = {"photo": ("ladder.jpg", upload, "image/jpeg")} if upload is not None else None
    return await phone.post(path, files=sent, data={"photo_words": words, **said})


# --- With the form for a new thing


async def test_a_photo_comes_with_the_form_and_stands_on_the_page_with_its_words(sign_in):
    ana = await a_neighbour()
    page = await send(await sign_in(ana), "/share/new", a_photo(), **LADDER)
    assert "It is on the board." in page.text and f'alt="{SHOWS}"' in page.text
    [row] = await Picture.select()
    item = await Item.select(Item.id).first()
    assert (row["owner"], row["page"]) == (ana.id, f"/share/{item['id']}")
    [token] = set(re.findall(r'src="/media/([\w-]{43})"', page.text))
    assert (await (await sign_in(await a_neighbour())).get(f"/media/{token}")).status_code == 200


async def test_a_form_that_is_refused_keeps_the_photo_and_says_so(sign_in):
    phone = await sign_in(await a_neighbour())
    page = await send(phone, "/share/new", a_photo(), name="", about="Three metres long")
    assert page.status_code == 422 and "Your photo is kept" in page.text and "Three metres long" in page.text
    [token] = KEPT.findall(page.text)
    assert (await phone.get(f"/media/{token}/small")).status_code == 200

    page = await send(phone, "/share/new", None, kept_photo=token, **LADDER)
    assert "It is on the board." in page.text and token in page.text
    assert await Picture.count() == 1 and len(files()) == 2


async def test_a_kept_photo_is_nobody_elses_and_the_next_one_takes_its_place(sign_in):
    ana, ben = await a_neighbour(), await a_neighbour()
    page = await send(await sign_in(ana), "/share/new", a_photo(), name="")
    [token] = KEPT.findall(page.text)
    phone = await sign_in(ben)
    assert (await phone.get(f"/media/{token}")).status_code == 404
    page = await send(phone, "/share/new", None, kept_photo=token, **LADDER)
    assert token not in page.text and (await Picture.select(Picture.page).first())["page"] == photos.NEW

    page = await send(await sign_in(ana), "/share/new", a_photo(90, 60), name="")
    assert KEPT.findall(page.text) != [token] and await Picture.count() == 1 and len(files()) == 2


async def test_a_photo_nobody_came_back_for_is_gone_after_a_day(sign_in):
    await send(await sign_in(await a_neighbour()), "/share/new", a_photo(), name="")
    [row] = await Picture.select(Picture.at)
    await photos.sweep(row["at"] + timedelta(hours=23))
    assert await Picture.count() == 1
    await photos.sweep(row["at"] + timedelta(hours=25))
    assert await Picture.count() == 0 and files() == []


async def test_a_photo_without_words_is_kept_and_the_words_are_asked_for(sign_in):
    page = await send(await sign_in(await a_neighbour()), "/share/new", a_photo(), words="", **LADDER)
    assert page.status_code == 422 and "Please say what it shows" in page.text and KEPT.findall(page.text)
    assert await Item.count() == 0


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_bad_upload_is_a_sentence_beside_the_field_and_nothing_is_stored(sign_in, what):
    upload, sentence = HOSTILE[what]
    page = await send(await sign_in(await a_neighbour()), "/share/new", upload, **LADDER)
    assert page.status_code == 422 and sentence in page.text and 'id="f-photo-wrong"' in page.text
    assert "Three metres long" in page.text and 'value="Ladder"' in page.text
    assert await Item.count() == 0 == await Picture.count() and files() == []


async def test_a_form_without_a_photo_needs_none(sign_in):
    page = await send(await sign_in(await a_neighbour()), "/share/new", None, words="", **LADDER)
    assert "It is on the board." in page.text


@pytest.mark.slow
async def test_five_hundred_broken_hostile_and_huge_uploads_break_nothing_and_leave_nothing():
    if sys.platform != "linux":
        pytest.skip("what a process has had is read from /proc")
    ana = await a_neighbour()
    key = await open_door(ana.id, place=Place("192.0.2"), now=now(), second=True)
    async with a_house(settings().data) as (base, house):
        known = {"cookies": {"key": key.token}, "headers": {"Sec-Fetch-Site": "same-origin"}}
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60, **known) as client:
            answers, faults = await storm(client)
        most = most_memory(house.pid)

    assert faults == [] and answers.total() == MANY and set(answers) <= {413, 422}
    assert await Item.count() == 0 and await Picture.count() <= 1
    assert len(files()) == 2 * await Picture.count(), "the last that was a picture after all waits"
    assert most < 300, most
    await photos.sweep(NOON + 10_000 * DAY)
    assert await Picture.count() == 0 and files() == []


# --- Of a thing that is there


async def six(item, by) -> list[str]:
    return [await rules.add_photo(item.id, a_photo(), f"Side {n}", by=by, now=NOON) for n in range(6)]


async def shown(item) -> list[str]:
    return [each.token for each in (await rules.photos_of([item.id]))[item.id]]


async def test_six_are_enough_and_the_main_one_is_whichever_its_owner_says():
    ladder = await an_item()
    ana = await owner_of(ladder)
    tokens = await six(ladder, ana)
    with pytest.raises(Refusal) as no:
        await rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON)
    assert no.value.beside == "photo" and len(files()) == 12

    await rules.put_first(ladder.id, tokens[3], by=ana, now=NOON)
    assert await shown(ladder) == [tokens[3], *tokens[:3], *tokens[4:]]
    assert (await pictures.open(tokens[3])).words == "Side 3"


async def test_of_nine_at_once_six_are_kept_and_nothing_is_left_of_the_others():
    ladder = await an_item()
    ana = await owner_of(ladder)
    answers = await asyncio.gather(
        *[rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON) for _ in range(9)], return_exceptions=True
    )
    kept = [each for each in answers if isinstance(each, str)]
    assert len(kept) == 6 and sum(isinstance(each, Refusal) for each in answers) == 3
    assert sorted(await shown(ladder)) == sorted(kept) and len(files()) == 12


async def test_one_that_is_taken_away_can_be_taken_back_for_a_day(sign_in):
    ladder = await an_item()
    ana = await owner_of(ladder)
    token = await rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON)
    phone = await sign_in(ana)
    page = await phone.post(f"{ladder.path}/photos/{token}/removal")
    assert "The photo is gone." in page.text and f"{ladder.path}/photos/{token}/return" in page.text
    assert await shown(ladder) == []
    assert (await (await sign_in(await a_neighbour())).get(f"/media/{token}")).status_code == 404

    await (await sign_in(ana)).post(f"{ladder.path}/photos/{token}/return")
    assert await shown(ladder) == [token]

    await rules.remove_photo(ladder.id, token, by=ana, now=NOON)
    await photos.sweep(NOON + 2 * DAY)
    assert files() == []
    with pytest.raises(Missing):
        await rules.return_photo(ladder.id, token, by=ana, now=NOON + 2 * DAY)


async def test_none_comes_back_where_there_is_no_room_for_it():
    ladder = await an_item()
    ana = await owner_of(ladder)
    first, *_ = await six(ladder, ana)
    await rules.remove_photo(ladder.id, first, by=ana, now=NOON)
    await rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON)
    with pytest.raises(Taken):
        await rules.return_photo(ladder.id, first, by=ana, now=NOON)


async def test_whose_they_are():
    boss, home = await an_administrator(), await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    for item, by, owner in (
        (await an_item(by=ana), ana, ana.id),
        (await an_item(household=home.id), ben, ben.id),
        (await an_item(keepers=(ana,)), boss, 0),
    ):
        token = await rules.add_photo(item.id, a_photo(), SHOWS, by=by, now=NOON)
        assert (await pictures.open(token)).owner == owner


async def test_only_those_who_answer_for_it_add_and_remove_and_only_what_is_of_it():
    ladder, other, ben = await an_item(), await an_item(), await a_neighbour()
    ana = await owner_of(ladder)
    token = await rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON)
    for deed in (
        rules.add_photo(ladder.id, a_photo(), SHOWS, by=ben, now=NOON),
        rules.put_first(ladder.id, token, by=ben, now=NOON),
        rules.remove_photo(ladder.id, token, by=ben, now=NOON),
        rules.return_photo(ladder.id, token, by=ben, now=NOON),
    ):
        with pytest.raises(NotYours):
            await deed
    for deed in (rules.put_first, rules.remove_photo, rules.return_photo):
        with pytest.raises(Missing):
            await deed(other.id, token, by=await owner_of(other), now=NOON)
    assert await shown(ladder) == [token] and len(files()) == 2


async def test_a_photo_is_for_those_who_see_the_thing(sign_in):
    ana = await a_neighbour()
    ladder = await an_item(by=ana, audience="building", area=None)
    token = await rules.add_photo(ladder.id, a_photo(), SHOWS, by=ana, now=NOON)
    for person, status in ((ana, 200), (await a_neighbour(), 404), (await a_person(state=State.suspended), 404)):
        assert (await (await sign_in(person)).get(f"/media/{token}")).status_code == status


@pytest.mark.parametrize(("upload", "words", "sentence"), [(HTML, SHOWS, "no photo we can read"), (a_photo(), " ", "Please say what it shows"), (b"", SHOWS, "choose a photo")])  # fmt: skip  # noqa: E501
async def test_what_is_wrong_with_another_photo_is_said_beside_its_field(sign_in, upload, words, sentence):
    ladder = await an_item()
    page = await send(await sign_in(await owner_of(ladder)), f"{ladder.path}/photos", upload, words)
    assert page.status_code == 422 and sentence in page.text
    assert await Picture.count() == 0 and not list((settings().data / "uploads").glob("*/*"))
