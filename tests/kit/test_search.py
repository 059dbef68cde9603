import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from piccolo.querystring import QueryString

from app.db import DB, writing
from app.kit.search import Index, asked

SHELF = Index("words_for_tests")
SKILLS = {
    1: "木工 修门窗",
    2: "电工，换灯",
    3: "护士 急救",
    4: "woodwork and carving",
    5: "Plywood",
    6: "木工 with my own drill",
    7: "Ｗｏｏｄ　ｆｌｏｏｒｓ",
    8: "café lessons",
    9: "手工皂",
}


@pytest.fixture(autouse=True)
async def shelf(database):
    for statement in SHELF.create_sql(DB.engine_type):
        await DB.run_ddl(statement)
    yield
    await DB.run_ddl(f"DROP TABLE {SHELF.name}")


async def hits(text: str, **how: bool) -> list[int]:
    sql = QueryString(f"SELECT id FROM {SHELF.hits} AS hits ORDER BY score, id", asked(text, **how))
    return [row["id"] for row in await DB.run_querystring(sql)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("木工", {1, 6}),
        ("电工", {2}),
        ("护士", {3}),
        ("工", {1, 2, 6, 9}),
        ("木", {1, 6}),
        ("窗", {1}),
        ("修门窗", {1}),
        ("修窗", set()),
        ("wood", {4, 7}),
        ("WOOD", {4, 7}),
        ("木工 drill", {6}),
        ("木工drill", {6}),
        ("drill 木工", {6}),
        ("cafe", {8}),
        ("CAFÉ", {8}),
        ("士急", set()),
    ],
)
async def test_neighbours_are_found_by_the_words_people_type(typed, found):
    await SHELF.put(SKILLS.items())
    assert set(await hits(typed)) == found


@pytest.mark.parametrize(
    "typed",
    [
        *('"', "*", "(", ":", "-", "^", "'", "\\", "NEAR", "NEAR(", "AND", "a AND", '"a', "a*b", "words:a", "<->", "!"),
        *("🔧", "!!! ---", "{}", "%s", "?", "$1", "\x00", "", "木" * 500, "木 " * 250, "wood " * 100, "x" * 500),
    ],
)
async def test_nothing_that_can_be_typed_breaks_the_search(typed):
    await SHELF.put(SKILLS.items())
    await hits(typed)
    await hits(typed, any_of_it=True)


@pytest.mark.parametrize("typed", ["", "  ", "🔧", "*", "。！"])
async def test_what_has_no_letter_finds_nobody(typed):
    await SHELF.put(SKILLS.items())
    assert await hits(typed) == []


async def test_a_whole_question_finds_those_who_can_do_any_of_it():
    await SHELF.put(SKILLS.items())
    assert set(await hits("谁会木工或者电工？", any_of_it=True)) == {1, 2, 6}


async def test_who_says_it_more_often_stands_before_who_says_it_once():
    await SHELF.put([(1, "护士 护士 家政"), (2, "护士 家政 家政"), (3, "护士 护士 护士")])
    assert await hits("护士") == [3, 1, 2]


async def test_new_words_take_the_place_of_the_old_and_the_dropped_are_gone():
    await SHELF.put(SKILLS.items())

    await SHELF.put([(1, "电工")])
    await SHELF.drop([2])

    assert (await hits("电工"), await hits("修门窗")) == ([1], [])


async def test_words_that_a_failed_deed_wrote_are_not_found():
    async def a_deed_that_breaks():
        async with writing():
            await SHELF.put([(1, "木工")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await a_deed_that_breaks()
    assert await hits("木工") == []


texts = st.text(st.sampled_from("木工电护士ab1'\"*:-()&|!<>，。🔧 "), max_size=12)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(documents=st.lists(texts, min_size=1, max_size=6), typed=texts)
async def test_both_engines_find_what_a_reader_would(documents, typed):
    await SHELF.drop(range(10))
    await SHELF.put(enumerate(documents))
    assert set(await hits(typed)) == {n for n, words in enumerate(documents) if reads(words, typed)}


def reads(words: str, typed: str) -> bool:
    """By eye, without pairs and without a database: Chinese stands somewhere in it, a word begins one of its words."""
    there, wanted = (re.findall("[一-鿿]+|[a-z0-9]+", text) for text in (words, typed))
    return bool(wanted) and all(any(begins_or_stands_in(each, word) for word in there) for each in wanted)


def begins_or_stands_in(part: str, word: str) -> bool:
    return word.startswith(part) if part.isascii() else part in word
