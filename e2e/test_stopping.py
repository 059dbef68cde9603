"""Whoever wants fewer letters presses the link in one of them, on whatever phone, and may think better of it."""

from collections.abc import Iterator

import pytest

from e2e.conftest import House
from e2e.test_for_everybody import violations

KIND = "Asks and skills"


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.mark.parametrize(("tag", "js"), [("zh-Hans", True), ("en", True), ("en", False)])
def test_a_kind_of_letter_is_stopped_and_wanted_again_without_signing_in(home, phone, tag, js):
    ana, link = phone(home, tag, js=js), home.run("e2e.stop", "asks")
    said = {"topic": ana.says(KIND), "by": ana.says("by e-mail")}

    ana.open(link)
    ana.press("Stop “%(topic)s” %(by)s", **said)
    ana.sees("“%(topic)s” no longer comes %(by)s.", **said)
    ana.press("I want them again")
    ana.sees("You get them again.")

    ana.press("Stop all everyday messages %(by)s", **said)
    ana.sees("Everyday messages no longer come %(by)s.", **said)
    ana.press("I want them again")
    ana.sees("You get them again.")


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_axe_finds_nothing_on_the_page_of_a_stop(home, phone, tag):
    ana = phone(home, tag)
    for topic in ("asks", "account", ""):
        ana.open(home.run("e2e.stop", topic))
        assert (topic, violations(ana)) == (topic, [])
    ana.press("Stop all everyday messages %(by)s", by=ana.says("by e-mail"))
    ana.sees("Stopped")
    assert violations(ana) == []
    ana.press("I want them again")
