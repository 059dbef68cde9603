"""Every page for everybody: screen readers, keyboards, large text, dark rooms, both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from app.config import ROOT
from e2e import pages
from e2e.conftest import PHONE, House, Phone

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
STRANGERS = (
    "/",
    "/sign-in",
    "/reset",
    "/reset/asked",
    "/privacy",
    "/about",
    "/join",
    "/join/nosuchcode",
    "/help/ask",
    "/help/by",
    "/answer",
    "/offline",
    "/nowhere",
)
LANGUAGES = ("en", "zh-Hans")


@pytest.fixture(scope="module")
def demo() -> Iterator[House]:
    house = House("app", "seed", "demo")
    yield house
    house.close()


@pytest.fixture(scope="module")
def tours(demo) -> dict[str, list[str]]:
    """An example of every page, as the administrator or the resident comes upon it by following links."""
    return pages.tours(demo)


@pytest.fixture
def somebody(demo, phone):
    def signed_in(role: str, tag: str = "en", **more: object) -> Phone:
        theirs = phone(demo, tag, **more)
        theirs.sign_in(*demo.demo_sign_in(role))
        theirs.open("/account").locator("select[name=language]").select_option(tag)
        with theirs.page.expect_navigation():
            theirs.page.locator("form[action='/account/settings'] button").click()
        assert theirs.page.locator("html").get_attribute("lang") == tag
        return theirs

    return signed_in


def test_every_page_is_on_a_tour(tours):
    missed = pages.patterns() - {pages.pattern_of(path) for tour in tours.values() for path in tour}
    assert missed == set(), "no link leads to these pages: nobody would find them, and no test looks at them"


# axe judges no colour before a picture: where there is a plain colour under it, it judges that one.
FLAT = """() => document.querySelectorAll('*').forEach(it => {
    const {backgroundImage, backgroundColor} = getComputedStyle(it);
    if (backgroundImage !== 'none' && !backgroundColor.startsWith('rgba')) it.style.backgroundImage = 'none';
})"""


def violations(phone: Phone) -> list[str]:
    """What axe finds on the whole page by day, and of its colours by night, since nothing else differs then: rule, and
    the first element that breaks it.

    The screen is made as tall as the page: axe calls whatever lies under the tab bar until it is scrolled too small.
    """
    page = phone.page
    page.wait_for_load_state()
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(PHONE | {"height": max(tall, PHONE["height"])})
    page.evaluate(AXE)
    page.evaluate(FLAT)
    found = []
    for theme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour is caught halfway
        wrong = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", rules)
        found += [f"{theme}, {each['id']}: {each['nodes'][0]['html'][:120]}" for each in wrong]
    return found


def test_axe_sees_what_cannot_be_read_by_day_or_by_night(demo, phone):
    """So that its silence means something."""
    stranger = phone(demo)
    for theme, faint in (("light", "#ccc"), ("dark", "#444")):
        page = stranger.open("/about")
        page.evaluate("faint => document.querySelector('h1').style.color = faint", faint)  # on the sky
        assert [each.split(":")[0] for each in violations(stranger)] == [f"{theme}, color-contrast"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_axe_finds_nothing_on_a_page_for_strangers(demo, phone, tag):
    stranger = phone(demo, tag)
    for path in STRANGERS:
        stranger.open(path)
        assert (path, violations(stranger)) == (path, [])


@pytest.mark.parametrize("role", pages.WALKERS)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_axe_finds_nothing_on_any_page(somebody, tours, role, tag):
    theirs = somebody(role, tag)
    found = {}
    for path in tours[role]:
        theirs.open(path)
        found[path] = violations(theirs)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


CLIPPED = """() => [...document.querySelectorAll('body *')].filter(it => {
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    const unseen = box.width <= 1 || box.height <= 1 || it.closest('.unseen, [hidden], svg');
    if (unseen || !it.textContent.trim()) return false;
    const hides = value => value !== 'visible' && value !== 'auto' && value !== 'scroll';
    return (hides(style.overflowX) && it.scrollWidth > it.clientWidth + 2)
        || (hides(style.overflowY) && it.scrollHeight > it.clientHeight + 2);
}).map(it => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("role", pages.WALKERS)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_text_at_200_percent_is_clipped_nowhere_and_scrolls_one_way(somebody, tours, role, tag):
    theirs = somebody(role, tag)
    found = {}
    for path in tours[role]:
        page = theirs.open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        found[path] = [*page.evaluate(CLIPPED), *([f"{wide} pixels wide"] if wide > screen else [])]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


# Of a group of radio buttons Tab reaches the chosen one, or the first; the arrows reach the others.
MARK = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(it => it.checkVisibility({visibilityProperty: true}) && !it.disabled && !it.closest('dialog:not([open])'))
    .filter(it => it.type !== 'radio' || it === [...it.form.elements[it.name]].reduce((a, b) => b.checked ? b : a))
    .map((it, n) => { it.dataset.reach = n; return it.outerHTML.slice(0, 100) })"""


def unreached(page: Page) -> list[str]:
    """What can be pressed and is not come upon by the Tab key."""
    wanted, reached = page.evaluate(MARK), set()
    for _ in range(len(wanted) + 20):
        if reached.issuperset(map(str, range(len(wanted)))):
            break
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.reach ?? ''"))
    return [wanted[n] for n in range(len(wanted)) if str(n) not in reached]


@pytest.mark.parametrize("role", pages.WALKERS)
def test_everything_that_can_be_pressed_is_reached_by_keyboard(somebody, tours, role):
    theirs = somebody(role)
    theirs.page.route("**/changes", lambda route: route.abort())  # nothing is put anew while keys are counted
    found = {path: unreached(theirs.open(path)) for path in tours[role]}
    assert {path: missed for path, missed in found.items() if missed} == {}


SMALL = """() => [...document.querySelectorAll(`main button, main .btn, nav a, header a, main select,
    main input:not([type=hidden], [type=checkbox], [type=radio], [type=file])`)]
    .filter(it => it.checkVisibility() && it.getBoundingClientRect().height < 47.5)
    .map(it => it.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("role", pages.WALKERS)
def test_what_a_thumb_presses_is_48_pixels_high(somebody, tours, role):
    theirs = somebody(role)
    found = {path: theirs.open(path).evaluate(SMALL) for path in tours[role]}
    assert {path: small for path, small in found.items() if small} == {}
