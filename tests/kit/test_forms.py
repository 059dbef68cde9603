"""Forms: every mistake is said beside its field, and nothing that was typed is lost."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from app.kit.forms import Line, Phone, Words, read
from app.kit.phones import dialled


class Colour(StrEnum):
    red = "red"
    green = "green"


class Ladder(Struct):
    words: Annotated[str, Words(10, least=2)]
    colour: Colour
    steps: int
    from_on: date
    phone: Annotated[str, Phone("CN")] = ""
    details: Line = ""
    outdoors: bool = False
    keepers: list[int] = msgspec.field(default_factory=list)
    until_on: date | None = None


GOOD = {"words": [" tall "], "colour": ["red"], "steps": ["7"], "from_on": ["2026-05-31"]}


def test_a_good_form_says_what_was_meant():
    form = read({**GOOD, "phone": ["138 1234 5678"], "outdoors": ["1"], "keepers": ["1", "2"]}, Ladder)
    assert form
    assert form.meant == Ladder(
        words="tall",
        colour=Colour.red,
        steps=7,
        from_on=date(2026, 5, 31),
        phone="+8613812345678",
        outdoors=True,
        keepers=[1, 2],
    )


def test_every_mistake_is_said_at_once_and_what_was_typed_stays():
    typed = {
        "words": ["much too long for it"],
        "colour": ["blue"],
        "steps": ["seven"],
        "from_on": ["2026-02-31"],
        "phone": ["12"],
        "details": ["x" * 121],
        "keepers": ["one"],
        "until_on": ["tomorrow"],
    }
    form = read(typed, Ladder)
    assert not form
    assert set(form.errors) == set(typed)
    assert form.values["words"] == "much too long for it"
    assert form.meant is None


def test_an_empty_field_is_missing_or_its_default():
    form = read({"words": ["  "], "details": [""], "until_on": [""]}, Ladder)
    assert set(form.errors) == {"words", "colour", "steps", "from_on"}
    assert str(form.errors["words"]) == "Please fill this in."


@pytest.mark.parametrize(("ticked", "yes"), [(["1"], True), (["on"], True), ([], False), (["0"], False), ([""], False)])
def test_a_box_is_ticked_or_not(ticked, yes):
    assert read({**GOOD, "outdoors": ticked}, Ladder).meant.outdoors is yes


@given(st.dictionaries(st.sampled_from(list(Ladder.__struct_fields__)), st.lists(st.text(), max_size=3)))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_form_breaks_the_reader(typed):
    form = read(typed, Ladder)
    assert bool(form) == (form.meant is not None)


@pytest.mark.parametrize(
    ("kept", "read_out"),
    [("+8613800138000", "+86 138 0013 8000"), ("+442079460000", "+44 20 7946 0000"), ("ext. 12", "ext. 12")],
)
def test_a_phone_number_is_shown_in_groups(kept, read_out):
    assert dialled(kept) == read_out
