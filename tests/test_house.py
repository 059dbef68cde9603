"""The house keeps its own rules."""

from pathlib import Path

import pytest
from piccolo.columns import ForeignKey

from app import house
from app.config import ROOT
from app.features import FEATURES
from app.features.people.tables import Person
from app.piccolo_app import APP_CONFIG
from tests.makers import NOON, a_person


def features_that_know_people() -> set[str]:
    """By their tables, a column that points at a person, and by their rules, without which nothing comes into them."""
    return {
        table.__module__.split(".")[2]
        for table in APP_CONFIG.table_classes
        if table.__module__.startswith("app.features.") and has_rules(table.__module__.split(".")[2])
        for column in table._meta.columns
        if isinstance(column, ForeignKey) and column._foreign_key_meta.resolved_references is Person
    } | {"people"}


def has_rules(feature: str) -> bool:
    return any((ROOT / "app" / "features" / feature).glob("rules*"))


def test_a_feature_that_keeps_personal_data_can_show_and_forget_it():
    assert sorted(features_that_know_people() - set(house.MINE)) == [], "no `mine` in app/house.py"
    assert sorted(features_that_know_people() - set(house.FORGET)) == [], "no `forget` in app/house.py"


async def test_every_hook_answers_for_somebody_who_has_nothing():
    ana = await a_person()
    for mine in house.MINE.values():
        assert isinstance(await mine(ana.id), dict | list)
    for bring in house.ON_HOME:
        assert await bring(ana, now=NOON)


def test_every_feature_has_its_place_in_the_list():
    folders = {path.parent.name for path in (ROOT / "app" / "features").glob("*/__init__.py")}
    assert folders == set(FEATURES)


LONGEST = 250


@pytest.mark.parametrize("folder", ["app", "scripts"])
def test_no_room_grows_too_large(folder):
    large = {
        str(path.relative_to(ROOT)): lines
        for path in Path(ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert large == {}


def test_templates_hold_no_inline_style_script_or_handler():
    for path in (ROOT / "app").rglob("templates/**/*.html"):
        text = path.read_text()
        for forbidden in ("style=", "onclick=", "hx-on", "<script>", "javascript:", "|safe"):
            assert forbidden not in text, f"{forbidden} in {path.relative_to(ROOT)}"
