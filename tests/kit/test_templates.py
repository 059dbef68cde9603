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


def test_in_each_language_a_page_says_and_draws_what_it_would_when_it_asked_for_everything():
    pages = environment((), asset="/static/{}".format)
    said = (
        '{% macro twice(words) %}{{ words }} {{ words|upper }}{% endmacro %}{{ _("Home") }}{{ icon("bell", "glass") }}'
        '{{ twice(_("Help")) }}{{ _("Hello, %(name)s", name=name) }}{{ icon(sign) }}<p title="{{ _("Spaces") }}">'
    )
    for tag, home in (("en", "Home"), ("zh-Hans", "首页")):
        speaking.set(language(tag))
        drawn = pages.in_language(tag).from_string(said).render(name="<Ana>", sign="house")
        assert drawn == pages.from_string(said).render(name="<Ana>", sign="house")
        assert drawn.startswith(home) and "&lt;Ana&gt;" in drawn and "#house" in drawn


def test_what_stands_in_a_page_is_looked_up_once_and_never_again(monkeypatch):
    said = '{{ _("Home") }}{{ icon("bell") }}<link href="{{ asset("a&b.css") }}" lang="{{ language() }}">'
    page = environment((), asset="/static/{}".format).in_language("zh-Hans").from_string(said)
    for name in ("_", "icon", "asset", "language"):
        monkeypatch.setitem(page.globals, name, None)

    drawn = page.render()
    assert drawn.startswith("首页<svg") and drawn.endswith('<link href="/static/a&amp;b.css" lang="zh-Hans">')
