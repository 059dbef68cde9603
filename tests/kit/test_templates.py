"""What templates print is safe, whoever typed it."""

from app.kit.languages import language, speaking
from app.kit.templates import drawing, environment, translated


def test_in_a_page_words_of_people_are_escaped_wherever_they_stand():
    page = environment((), asset="/static/{}".format).from_string(
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
