"""Every page for everybody: screen readers, keyboards, large text, dark rooms, both languages."""

import json
from collections.abc import Iterator

import pytest

from app.config import ROOT
from e2e.conftest import PHONE, House, Phone
from e2e.furnish import PASSWORD

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STRANGERS = ("/", "/sign-in", "/join", "/join/nosuchcode", "/offline", "/nowhere")
SIGNED_IN = ("/", "/account", "/account/sessions", "/nowhere")
LOOKS = [(tag, theme) for tag in ("en", "zh-Hans") for theme in ("light", "dark")]


@pytest.fixture(scope="module")
def furnished() -> Iterator[House]:
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def lin(furnished, phone):
    def signed_in(tag: str = "en", **more: object) -> Phone:
        hers = phone(furnished, tag, **more)
        hers.sign_in("lin@example.org", PASSWORD)
        return hers

    return signed_in


def violations(phone: Phone) -> list[str]:
    """What axe finds on the whole page: rule, and the first element that breaks it.

    The screen is made as tall as the page: axe calls whatever lies under the tab bar until it is scrolled too small.
    """
    tall = phone.page.evaluate("document.documentElement.scrollHeight")
    phone.page.set_viewport_size(PHONE | {"height": max(tall, PHONE["height"])})
    found = phone.page.evaluate(f"async () => {{ {AXE}; return await axe.run(document, {json.dumps(RULES)}) }}")
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]


@pytest.mark.parametrize(("tag", "theme"), LOOKS)
def test_axe_finds_nothing_on_a_page_for_strangers(furnished, phone, tag, theme):
    stranger = phone(furnished, tag, theme=theme)
    for path in STRANGERS:
        stranger.open(path)
        assert (path, violations(stranger)) == (path, [])


@pytest.mark.parametrize(("tag", "theme"), LOOKS)
def test_axe_finds_nothing_on_a_page_for_neighbours(lin, tag, theme):
    hers = lin(tag, theme=theme)
    for path in SIGNED_IN:
        hers.open(path)
        assert (path, violations(hers)) == (path, [])


CLIPPED = """() => [...document.querySelectorAll('body *')].filter(it => {
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    if (!box.width || !box.height || it.closest('.unseen, [hidden], svg') || !it.textContent.trim()) return false;
    const hides = value => value !== 'visible' && value !== 'auto' && value !== 'scroll';
    return (hides(style.overflowX) && it.scrollWidth > it.clientWidth + 2)
        || (hides(style.overflowY) && it.scrollHeight > it.clientHeight + 2);
}).map(it => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_text_at_200_percent_is_clipped_nowhere_and_scrolls_one_way(lin, tag):
    hers = lin(tag)
    for path in SIGNED_IN:
        page = hers.open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert (path, wide <= screen, page.evaluate(CLIPPED)) == (path, True, [])


MARK = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(it => it.checkVisibility({visibilityProperty: true}) && !it.disabled && !it.closest('dialog:not([open])'))
    .filter(it => it.type !== 'radio' || it.checked || !document.querySelector(`[name="${it.name}"]:checked`))
    .map((it, n) => { it.dataset.reach = n; return it.outerHTML.slice(0, 100) })"""


def test_everything_that_can_be_pressed_is_reached_by_keyboard_and_shows_it(lin):
    hers = lin()
    for path in SIGNED_IN:
        page = hers.open(path)
        wanted = page.evaluate(MARK)
        reached = set()
        for _ in range(len(wanted) + 20):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.dataset.reach ?? ''"))
        missed = [wanted[n] for n in range(len(wanted)) if str(n) not in reached]
        assert (path, missed) == (path, [])


def test_what_a_thumb_presses_is_48_pixels_high(lin):
    hers = lin()
    small = """() => [...document.querySelectorAll(`main button, main .btn, nav a, header a, main select,
        main input:not([type=hidden], [type=checkbox], [type=radio])`)]
        .filter(it => it.checkVisibility() && it.getBoundingClientRect().height < 47.5)
        .map(it => it.outerHTML.slice(0, 100))"""
    for path in SIGNED_IN:
        assert (path, hers.open(path).evaluate(small)) == (path, [])
