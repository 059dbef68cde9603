import gzip
import re
from itertools import product
from types import SimpleNamespace

import brotli
import pytest

from app import build_static
from app.config import ROOT
from app.kit.forms import Form, blank
from app.kit.paging import Paged
from app.kit.static_files import Shelf
from app.kit.templates import environment
from app.kit.words import say

TEMPLATES = [*(ROOT / "app").glob("**/templates/**/*.html")]
SCRIPTS = [*(ROOT / "static").glob("**/*.js")]
SHEETS = [*(ROOT / "static" / "css").glob("**/*.css")]
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
HERE = SimpleNamespace(name="百川里社区")
LIN = SimpleNamespace(id=7, name="林阿姨", look="auto", large_text=False, unread=3, photo="", agreed=True)

# what is written with ... on what. 4.5:1 for words, 3:1 for edges of what can be touched (WCAG 2.2, 1.4.3 and 1.4.11)
WORDS = [
    *product(("ink", "ink-soft", "brand"), ("paper", "sheet", "wash", "well", "lamp", "raised")),
    *product(("lantern",), ("paper", "sheet", "glow", "lamp")),
    *product(("harm",), ("paper", "sheet", "harm-wash")),
    ("ink", "harm-wash"),
    ("ink", "glow"),
    ("safe", "safe-wash"),
    ("safe", "sheet"),
    ("info", "info-wash"),
    ("on-calm", "calm"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("on-harm", "harm"),
    ("paper", "ink"),
    ("paper", "lantern"),
    *((f"on-{level}", level) for level in ("notice", "caution", "urgent", "critical", "exercise")),
    ("on-exercise", "exercise-band"),
    *((f"hue-{n}", f"hue-{n}-wash") for n in range(1, 6)),
]
EDGES = [*product(("edge", "lantern"), ("paper", "sheet")), ("brand", "sheet"), ("brand", "well")]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    build_static.build()
    return Shelf()


@pytest.fixture(scope="module")
def jinja(shelf):
    tabs = [("/", "Home", "house", ()), ("/neighbours", "Neighbours", "users", ("asks",))]
    return environment((), asset=shelf.url, tabs=tabs)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize(("over", "under", "least"), [*((*p, 4.5) for p in WORDS), *((*p, 3.0) for p in EDGES)])
def test_everything_can_be_read_by_day_and_by_night(over, under, least, night):
    assert contrast(colour(over, night), colour(under, night)) >= least


def colour(name: str, night: bool) -> tuple[float, ...]:
    pair = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert pair, name
    code = pair[2] if night else pair[1]
    return tuple(int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2.2, relative luminance."""
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in (
            [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in each] for each in (one, other)
        )
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_a_first_visit_carries_little(shelf):
    scripts = [shelf.assets[shelf.files[name]].codings["br"] for name in shelf.files if name.startswith("js/")]
    sheet = shelf.assets[shelf.files["css/kith.css"]].codings["gzip"]
    sprite = shelf.assets[shelf.files["icons.svg"]].codings["br"]

    assert sum(map(len, scripts)) < 35_000
    assert len(sheet) < 20_000
    assert sum(map(len, scripts)) + len(sheet) + len(sprite) < 60_000


def test_old_browsers_get_the_day_in_plain_colours(shelf):
    sheet = shelf.assets[shelf.files["css/kith.css"]].codings["identity"].decode()

    plain = sheet[sheet.index("@supports not (color:light-dark") :]
    used = set(re.findall(r"(--[\w-]+): light-dark", TOKENS))
    assert used == set(re.findall(r"(--[\w-]+):", plain))
    assert "light-dark(" not in plain.replace("(color:light-dark(", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_needs_what_our_headers_forbid(path):
    html = path.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|hx-on|javascript:|\bjs:", html)
    assert not re.search(r"hx-trigger=\"[^\"]*\[", html)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_icon_that_a_template_names_is_drawn(path):
    drawn = set((ROOT / "static" / "icons" / "names.txt").read_text().split())

    named = set(re.findall(r"\bicon\(\"([\w-]+)\"|icon_name=\"([\w-]+)\"", path.read_text()))
    assert {one or other for one, other in named} <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_class_that_a_template_names_has_looks(path):
    dressed = set(re.findall(r"\.([a-zA-Z][\w-]*)", build_static.stylesheet()))

    html = re.sub(r"\w*-?\{[{%].*?[%}]\}[\w-]*", " ", path.read_text())
    assert set(" ".join(re.findall(r'class="([^"]*)"', html)).split()) <= dressed


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_sheets_and_scripts_keep_to_the_house(path):
    text = path.read_text()

    assert len(text.splitlines()) < 200
    assert not re.search(r"!important|\beval\(|new Function|innerHTML\s*=|\.style\b|https?://(?!www\.w3\.org)", text)
    if path.suffix == ".css":
        assert not re.search(r"(?<![\w-])((margin|padding|border)-)?(left|right|top|bottom):", text)
        assert not re.search(r"[^-\w](width|height):", re.sub(r"\((min|max)-(width|height):", "", text))
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= set(re.findall(r"(--[\w-]+):", TOKENS))


def render(jinja, source: str, **values) -> str:
    known = {"viewer": None, "here": HERE, "path": "/", "number": "0badc0de", "said": None}
    return jinja.from_string(source).render(**known | values)


def test_a_page_for_a_stranger_and_for_a_neighbour(jinja):
    source = '{% extends "base.html" %}{% block main %}<h1>Hello</h1>{% endblock %}'

    stranger = render(jinja, source)
    neighbour = render(jinja, source, viewer=LIN, path="/neighbours/3")

    assert "hx-sse:connect" not in stranger
    assert 'href="/sign-in"' in stranger
    assert 'data-viewer="7"' in neighbour
    assert "3 unread" in neighbour
    assert neighbour.count("<h1>") == 1
    assert "<hx-partial" not in neighbour


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", [("/", "page")]),
        ("/neighbours", [("/neighbours", "page")]),
        ("/neighbours/3", [("/neighbours", "true")]),
        ("/asks/3", [("/neighbours", "true")]),
        ("/neighboursandmore", []),
        ("/account", []),
    ],
)
def test_the_tab_under_which_a_page_stands_is_marked(jinja, path, marked):
    page = render(jinja, '{% extends "base.html" %}', viewer=LIN, path=path)

    assert re.findall(r'href="(\S+)" aria-current="(\w+)"', page) == marked


def test_the_readers_own_look_wins_over_the_phones(jinja):
    night_owl = SimpleNamespace(**vars(LIN) | {"look": "dark", "large_text": True})

    page = render(jinja, '{% extends "base.html" %}', viewer=night_owl)

    assert 'data-look="dark" data-text="large"' in page
    assert page.count('name="theme-color"') == 2
    assert "prefers-color-scheme" not in page


def test_what_was_said_is_a_toast_on_the_page_and_a_partial_beside_a_block(jinja):
    said = {"sentence": say("%(name)s was asked.", name="陈伯"), "undo": "/asks/3/withdrawal"}

    page = render(jinja, '{% extends "base.html" %}', viewer=LIN, said=said)
    base = jinja.get_template("base.html")
    partial = "".join(base.blocks["said_partial"](base.new_context({"said": said})))

    assert page.count("陈伯 was asked.") == 1
    assert 'action="/asks/3/withdrawal"' in page
    assert '<hx-partial hx-target="#said"' in partial
    assert "陈伯 was asked." in partial


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_beside_each_field(jinja):
    form = Form({"words": "木工 <b>", "when": "", "kind": "b", "days": ["sat"], "phone": "123", "emergency": "1"})
    form.errors = {"words": say("At least %(least)s characters, please.", least=5), "": say("Not today.")}
    source = """{% import "_field.html" as f %}{% call f.errors(form) %}
        {{ f.field(form, "words", "What can you do?", hint="In your own words.") }}
        {{ f.words(form, "when", "When?", optional=true) }}
        {{ f.choice(form, "kind", "Kind", [("a", "A"), ("b", "B", "the second")]) }}
        {{ f.choice(form, "far", "How far?", [("x", "X")], as="select", nothing="Choose") }}
        {{ f.choices(form, "days", "Days", [("sat", "Saturday"), ("sun", "Sunday")]) }}
        {{ f.tick(form, "emergency", "In an emergency too") }}
        {{ f.field(form, "password", "Password", type="password", autocomplete="current-password") }}
        {% endcall %}"""

    html = render(jinja, source, form=form)

    assert '<a href="#f-words">“What can you do?” At least 5 characters, please.</a>' in html
    assert html.index('class="errors"') < html.index('id="f-words"')
    assert "<li>Not today.</li>" in html
    assert "2 things to put right" in html
    assert 'value="木工 &lt;b&gt;"' in html
    assert 'aria-invalid="true" aria-describedby="f-words-hint f-words-wrong"' in html
    assert re.search(r'value="b" checked', html)
    assert not re.search(r'value="a"[^>]* checked', html)
    assert re.search(r'value="sat" id="f-days" checked', html)
    assert re.search(r'name="emergency" value="1" checked', html)
    assert html.count('aria-invalid="true"') == 1
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert all(f'id="{each}"' in html for each in described)
    assert all(f'id="{each}"' in html for each in re.findall(r'for="([^"]+)"', html))


def test_a_password_never_comes_back_from_the_server(jinja):
    html = render(jinja, '{% import "_field.html" as f %}{{ f.field(form, "password", "Password", type="password") }}',
                  form=Form({"password": "hunter2"}))  # fmt: skip

    assert "hunter2" not in html


def test_a_fresh_form_shows_nothing_wrong(jinja):
    source = '{% import "_field.html" as f %}{{ f.errors(form) }}{{ f.tick(form, "a", "A") }}'

    html = render(jinja, source, form=blank())

    assert "wrong" not in html
    assert "checked" not in html


def test_parts_that_lists_are_made_of(jinja):
    people = Paged([LIN], 2, True)
    source = """
        {% from "_person.html" import avatar, person_row %}{% from "_chip.html" import chip %}
        {% from "_pager.html" import pager %}{% from "_empty.html" import empty %}{% from "_steps.html" import steps %}
        {% from "_bars.html" import meter, bars %}{% from "_deed.html" import verb %}
        {% call person_row(person, below="3 号楼", href="/neighbours/7") %}{{ chip("可借", "safe") }}{% endcall %}
        {{ person_row(person) }}{{ pager(people, {"q": "木工"}) }}
        {{ empty("Nothing yet", "Be the first.", "gift", "/x", "Go") }}
        {{ steps([("done", "Asked", "yesterday"), ("now", "Accepted", ""), ("later", "Done", "")], "Where it stands") }}
        {{ meter([(79, "safe"), (2, "harm")], "79%") }}{{ bars([("3 号楼", 12), ("4 号楼", 3)]) }}
        {{ verb("/asks/3/acceptance", "Accept", target="#ask") }}"""

    html = render(jinja, source, person=LIN, people=people)

    assert '<a class="row" href="/neighbours/7">' in html
    assert ">林</span>" in html
    assert "q=%E6%9C%A8%E5%B7%A5&amp;page=3" in html
    assert 'aria-current="step"' in html
    assert re.search(r'class="harm" x="79%" width="2%"', html)
    assert 'width="25.0%"' in html
    assert re.search(r'name="_deed" value="[0-9a-f-]{36}"', html)


def test_the_three_pages_of_trouble_say_a_sentence_and_a_way_on(jinja):
    said = say("The drill is already out.")

    known = {"viewer": LIN, "here": HERE, "path": "/share/3", "number": "0badc0de", "said": None}
    refusal = SimpleNamespace(sentence=said, status=409)

    refused = jinja.get_template("refusal.html").render(**known, refusal=refusal)
    broken = jinja.get_template("error.html").render(**known | {"viewer": None, "here": None}, sentence=said)

    for page in (refused, broken):
        assert "The drill is already out." in page
        assert "0badc0de" in page
        assert page.count("<h1>") == 1
        assert 'href="/"' in page
    assert re.search(r'id="refusal"[^>]* role="alert"><h1>The drill', refused)
    assert refused.count('id="refusal"') == 1


def test_beside_a_page_that_stays_a_refusal_is_a_line_in_its_live_region(jinja):
    refusal = SimpleNamespace(sentence=say("The drill is already out."), status=409)
    page = jinja.get_template("refusal.html")

    line = "".join(page.blocks["refusal"](page.new_context({"refusal": refusal})))

    assert re.search(r'^\s*<div id="refusal"[^>]* role="alert">.*The drill is already out.', line, re.DOTALL)
    assert "<h1>" not in line


def test_compressed_twins_are_smaller(shelf):
    for name in ("css/kith.css", "icons.svg", "js/htmx.js"):
        codings = shelf.assets[shelf.files[name]].codings
        assert len(codings["br"]) < len(codings["gzip"]) < len(codings["identity"])
        assert brotli.decompress(codings["br"]) == gzip.decompress(codings["gzip"]) == codings["identity"]


def test_what_looks_again_by_itself_has_a_name_and_stays_in_place():
    """An answer that puts a new element in place would lose the look that was asked for meanwhile."""
    listening = [tag for path in TEMPLATES for tag in re.findall(r"<[^>]*data-channel[^>]*>", path.read_text())]

    assert listening
    for tag in listening:
        assert ' id="' in tag and 'hx-trigger="look' in tag and 'hx-swap="outerMorph"' in tag, tag
