"""What templates print is as safe as markupsafe makes it."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from app.kit.languages import language, speaking
from app.kit.templates import Pages, drawing, translated


class Bold:
    def __html__(self):
        return "<b>bold</b>"

    def __str__(self):
        return "<b>"


class Loud(str):
    """Not quite a str, so nothing is taken for granted."""


@given(st.text() | st.text("<>&\"'a木") | st.integers() | st.floats() | st.none() | st.booleans())
def test_whatever_is_printed_is_escaped(value):
    assert str(Pages.printed(value)) == str(escape(value))


def test_what_is_html_already_stays_and_what_only_looks_like_text_does_not():
    assert Pages.printed(Markup("<i>")) == "<i>"
    assert Pages.printed(Bold()) == "<b>bold</b>"
    assert Pages.printed(Loud("<i>")) == "&lt;i&gt;"


def test_in_a_page_words_of_people_are_escaped_wherever_they_stand():
    page = Pages().from_string(
        "{% macro card(name) %}<b>{{ name }}</b>{% endmacro %}"
        '<p title="{{ name }}">{{ name }}{{ card(name) }}{{ card(name)|upper }}{{ "a" ~ name }}{{ [name] }}</p>'
    )
    html = page.render(name="<script>\"'&").lower()

    assert "<script" not in html and html.count("&lt;script&gt;&#34;") == 6
    assert html.count("<b>") == 2


def test_a_sentence_keeps_its_values_safe_and_its_percent_signs_right():
    speaking.set(language("en"))
    assert translated("%(name)s is here", name="<Ana>") == "&lt;Ana&gt; is here"
    assert translated("100 %% of it") == "100 % of it"


def test_an_icon_is_drawn_once():
    icon = drawing("/static/icons.svg")
    assert icon("bell", "glass") is icon("bell", "glass")
    assert 'class="icon glass"' in icon("bell", "glass") and "#bell" in icon("bell") and 'class="icon"' in icon("bell")
