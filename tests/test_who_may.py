"""Who may knock where: every page and every deed has a stated answer for every kind of person.

The doors below stand in for other people's things: the stranger's hand on them must find nothing (404), the wrong
role is told so (403), and a route that nobody has thought about fails.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from app.features.people.tables import Kind, State
from tests.doors import ANYBODY, DOORS, Door, a_world
from tests.makers import a_household, a_person, an_area

ROLES = (
    "stranger",
    "pending",
    "resident",
    "other steward",
    "steward",
    "space manager",
    "coordinator",
    "administrator",
    "suspended",
    "leaving",
)


@dataclass
class World:
    """A building with somebody's things in it, and everyone who might reach for them."""

    ids: dict[str, Any]
    people: dict[str, Any]


async def the_world() -> World:
    here, there = await an_area(name="1"), await an_area(name="2")
    owner = await a_person(name="Lin Owner", home=await a_household(area=here))
    people = {
        "stranger": None,
        "pending": await a_person(state=State.pending),
        "resident": await a_person(home=await a_household(area=here)),
        "other steward": await a_person(role=Kind.steward, area=there),
        "steward": await a_person(role=Kind.steward, area=here),
        "space manager": await a_person(role=Kind.space_manager),
        "coordinator": await a_person(role=Kind.coordinator),
        "administrator": await a_person(role=Kind.administrator),
        "suspended": await a_person(state=State.suspended),
        "leaving": await a_person(state=State.leaving),
    }
    return World(await a_world(owner, here), people)


def routes(app) -> list[tuple[str, str]]:
    return sorted(
        (method, route.path)
        for route in app.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method not in ("OPTIONS", "HEAD")
    )


def test_every_route_has_a_stated_answer(app):
    stated = {(door.method, door.path) for door in DOORS}
    assert sorted(set(routes(app)) - stated) == [], "say in tests/doors.py who may knock here"
    assert sorted(stated - set(routes(app))) == [], "tests/doors.py names doors that are gone"


def test_only_these_doors_are_open_to_strangers(app):
    public = {
        (method, route.path)
        for route in app.routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
        if handler.opt.get("public")
    }
    assert public == {(door.method, door.path) for door in DOORS if door.access == ANYBODY}


@pytest.mark.parametrize("role", ROLES)
async def test_each_kind_of_person_gets_the_stated_answer_everywhere(role, sign_in, browser, sweep):
    world = await the_world()
    wrong = []
    for door in DOORS:
        person = world.people[role]
        if person:
            await sign_in(person)
        else:
            browser.cookies.clear()
        answer = await knock(browser, door, world.ids)
        if answer.status_code != door.answer(role):
            wrong.append(f"{door.method} {door.path}: {answer.status_code}, not {door.answer(role)}")
        if answer.status_code in (303, 201, 204):
            await sweep()
            world = await the_world()
    assert wrong == []


async def knock(browser, door: Door, ids: dict[str, Any]):
    path = door.path_with(ids)
    if door.method == "GET":
        return await browser.get(path, follow_redirects=False)
    return await browser.request(door.method, path, data=door.said, follow_redirects=False)
