"""A deed happens once, however often its form is sent."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar, Request, post
from litestar.response import Redirect
from msgspec import Struct

from app.db import Clash, writing
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.viewer import WhoIsLooking
from app.features.people.tables import Capability
from app.kit import claims, deeds, limits
from app.kit.claims import Claim, kept_deed
from app.kit.clock import now
from app.kit.forms import filled
from app.kit.limits import Limit
from app.kit.refusals import Refusal
from app.kit.tables import Deed
from app.kit.words import say
from tests.makers import NOON, a_person


class Said(Struct):
    words: str


kept_together = writing


@post("/walls")
async def write_on_the_wall(request: Request) -> Redirect:
    """A small house of its own: one wall, on which neighbours write."""
    form = await filled(request, Said)
    async with writing():
        row = Capability(person=request.user.id, kind=form.meant.words, granted_at=NOON)
        await row.save()
        await asyncio.sleep(0.01)
        if form.meant.words == "rude":
            raise Refusal(say("Not like that."))
    if form.meant.words == "and then it fell":
        raise RuntimeError
    return Redirect(f"/walls/{row.id}", status_code=303)


def refused(_: Request, refusal: Refusal) -> Redirect:
    from litestar import Response

    return Response(str(refusal), status_code=refusal.status)


@pytest.fixture
async def wall(database):
    app = Litestar(
        [write_on_the_wall],
        middleware=[WhoIsLooking(False), deeds.DeedsHappenOnce()],
        exception_handlers={Refusal: refused},
        openapi_config=None,
    )
    # Litestar's own test client sends one request after another; twins must be under way together.
    door = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="http://testserver.local") as client:
        key = await open_door((await a_person()).id, place=Place("192.0.2"), now=now())
        client.cookies.set("key", key.token)
        yield client


def sent(wall, words, key, **more):
    return wall.post("/walls", data={"words": words, "_deed": key}, follow_redirects=False, **more)


async def test_the_same_form_twenty_times_at_once_is_done_once_and_answered_twenty_times(wall):
    key = str(uuid4())
    answers = await asyncio.gather(*[sent(wall, "hello", key) for _ in range(20)])
    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, answers[0].headers["location"])}
    assert await Capability.count() == 1


async def test_where_many_deeds_led_is_written_in_one_go_and_each_has_its_own(database, monkeypatch):
    begun, people = [], [(await a_person()).id for _ in range(20)]
    async with writing():
        for person in people:
            await Claim(person, "k", "")()
    monkeypatch.setattr(claims, "writing", lambda **how: begun.append(how) or writing(**how))

    await asyncio.gather(*[Claim(person, "k", "").completed(303, f"/{person}") for person in people])

    kept = [await kept_deed(person, "k") for person in people]
    assert [(each.status, each.location) for each in kept] == [(303, f"/{person}") for person in people]
    assert begun == [{"deed": False}]


async def test_days_later_the_same_form_still_gets_the_first_answer(wall):
    key = str(uuid4())
    first = await sent(wall, "hello", key)
    await deeds.purge(now() + timedelta(days=6))
    assert (await sent(wall, "hello", key)).headers["location"] == first.headers["location"]
    await deeds.purge(now() + timedelta(days=8))
    assert (await sent(wall, "hello", key)).headers["location"] != first.headers["location"]


async def test_what_was_done_before_the_house_fell_is_not_done_again_when_it_stands_again(wall):
    """Killed after the deed was kept and before its answer left: the claim stands, its answer never comes."""
    key = str(uuid4())
    await sent(wall, "hello", key)
    await Deed.update({Deed.status: None, Deed.location: "", Deed.at: now() - deeds.PATIENCE}).where(Deed.key == key)

    answers = [await sent(wall, "hello", key) for _ in range(2)]

    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, "/")] * 2
    assert await Capability.count() == 1


async def test_what_was_kept_before_a_fault_of_ours_is_not_done_again(wall, monkeypatch):
    monkeypatch.setattr(deeds, "PATIENCE", timedelta(0))
    key = str(uuid4())
    answers = [await sent(wall, "and then it fell", key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 303, 303]
    assert await Capability.count() == 1


async def test_a_deed_that_broke_after_its_try_was_counted_is_not_taken_for_done(wall, monkeypatch):
    monkeypatch.setattr(deeds, "PATIENCE", timedelta(0))
    key, ana = str(uuid4()), await a_person()
    many = Limit("walls", 9, timedelta(days=1))

    @asynccontextmanager
    async def counting():
        await limits.count(many, many.key(ana.id), NOON)
        async with kept_together():
            yield
            if await limits.counted(many, many.key(ana.id), NOON) == 1:
                raise RuntimeError

    monkeypatch.setattr(f"{__name__}.writing", counting)
    assert (await sent(wall, "I need help", key)).status_code == 500
    assert await limits.counted(many, many.key(ana.id), NOON) == 1 and await Capability.count() == 0
    again = await sent(wall, "I need help", key)
    assert again.status_code == 303 and again.headers["location"].startswith("/walls/")
    assert await Capability.count() == 1


async def test_a_deed_that_began_anew_after_a_clash_is_still_done_once(wall, monkeypatch):
    tries = []

    @asynccontextmanager
    async def clashing():
        if not tries:
            tries.append(1)
            with suppress(Clash):
                async with kept_together():
                    raise Clash
        async with kept_together():
            yield

    monkeypatch.setattr(f"{__name__}.writing", clashing)
    key = str(uuid4())
    answers = [await sent(wall, "hello", key) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert await Capability.count() == 1


async def test_who_is_refused_takes_no_claim_from_a_twin_who_was_not(database):
    refused, done = Claim(1, "key", "form"), Claim(1, "key", "form")
    with suppress(ZeroDivisionError):
        async with writing():
            await refused()
            raise ZeroDivisionError
    async with writing():
        await done()
    await refused.undone()
    assert await kept_deed(1, "key")


async def test_a_password_in_a_form_cannot_be_guessed_from_what_is_kept(wall, monkeypatch):
    fingerprints = []
    for house in (b"a", b"b"):
        monkeypatch.setattr(deeds, "secret", lambda _, house=house: house)
        key = str(uuid4())
        await sent(wall, "three plain words", key)
        row = await Deed.select(Deed.form).where(Deed.key == key).first()
        fingerprints.append(row["form"])
    assert len(set(fingerprints)) == 2


async def test_another_form_under_a_done_key_is_refused(wall):
    key = str(uuid4())
    await sent(wall, "hello", key)
    assert (await sent(wall, "something else", key)).status_code == 409
    assert await Capability.count() == 1


async def test_a_refused_form_may_be_mended_and_sent_again_under_its_key(wall):
    key = str(uuid4())
    assert (await sent(wall, "rude", key)).status_code == 422
    assert await Capability.count() == 0
    assert (await sent(wall, "kind", key)).status_code == 303


async def test_a_key_in_the_header_counts_the_same(wall):
    key = str(uuid4())
    for _ in range(2):
        answer = await wall.post(
            "/walls", data={"words": "hi"}, headers={"Idempotency-Key": key}, follow_redirects=False
        )
        assert answer.status_code == 303
    assert await Capability.count() == 1


async def test_a_form_with_a_file_has_another_boundary_each_time_and_is_still_the_same(wall):
    key, files = str(uuid4()), {"photo": ("a.txt", b"abc", "text/plain")}
    for _ in range(2):
        answer = await wall.post("/walls", data={"words": "hi", "_deed": key}, files=files, follow_redirects=False)
        assert answer.status_code == 303
    assert await Capability.count() == 1


async def test_two_neighbours_may_hold_the_same_key_by_chance(wall):
    key = str(uuid4())
    first = await sent(wall, "hello", key)
    other = await open_door((await a_person()).id, place=Place("192.0.2"), now=now())
    wall.cookies.set("key", other.token)
    assert (await sent(wall, "hello", key)).headers["location"] != first.headers["location"]


async def test_forms_without_a_key_are_just_done(wall):
    for _ in range(2):
        assert (await wall.post("/walls", data={"words": "hi"}, follow_redirects=False)).status_code == 303
    assert await Capability.count() == 2
    assert await Deed.count() == 0
