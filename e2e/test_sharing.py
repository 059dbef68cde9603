"""A thing of the sharing board: offered, found, lent from hand to hand, kept longer, home with a scratch; its label."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.test_alerts import hard_for_some, sure
from e2e.test_first_day import EVERY_PHONE
from e2e.test_for_everybody import violations
from e2e.test_rooms import a_photo

PAIRS = [
    pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
    for pair, (tag, js) in enumerate(EVERY_PHONE)
]
CARD = "a[href^='/share/']"
# A camera that shows what the test holds in front of it: `seen` is what the code says.
CAMERA = """
globalThis.BarcodeDetector = class {
    async detect() { return globalThis.seen ? [{ rawValue: globalThis.seen }] : []; }
};
navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    setInterval(() => pen.fillRect(0, 0, 9, 9), 50);
    return canvas.captureStream(20);
};
"""


@pytest.fixture(scope="module")
def board():
    house = House("e2e.furnish")
    yield house
    house.close()


def in_days(n: int) -> str:
    return (datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=n)).isoformat()


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_from_the_cupboard_to_the_next_who_hears_that_it_is_broken(board, phone, pair, tag, js):
    """With scripts by keyboard alone, and the handover's code is scanned; without them by thumb, and it is typed."""
    ana, ben = phone(board, tag, js=js, keys=js), phone(board, tag, js=js, keys=js)
    cara = phone(board, tag, js=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)
    cara.sign_in(f"ben{(pair + 1) % 4}@example.org", PASSWORD)
    name = f"冲击钻 {pair}"

    item = offered(ana, name)
    assert not js or violations(ana) == []
    found(ben, name)
    assert ben.page.get_by_alt_text(f"{name} 的照片").count()
    assert not js or violations(ben) == []
    his = asked(ben, 0, 2)
    cara.open(item)
    hers = asked(cara, 9, 11)
    accepted(ana, his)
    accepted(ana, hers)
    assert not js or violations(ana) == []

    handed_over(ana, ben, his, scanned=js)
    assert not js or violations(ben) == []
    ben.tap(ben.page.locator("main form[action$='/renewal'] button"))
    ben.sees("Renewed once", num=1)

    ana.open(his)
    ana.press("It is back")
    ana.page.wait_for_url("**/return")
    assert not js or violations(ana) == []
    ana.pick(ana.page.locator("input[name=condition][value=broken]"))
    ana.fill("What happened to it?", "钻头卡住了")
    ana.tap(ana.page.locator("main form[action$='/return'] button"))
    ana.sees("It is back. They have been told.")

    cara.open("/notices")
    cara.tap(cara.page.locator("main li button.row", has_text=name))
    cara.page.wait_for_url(re.compile(r"/(loans|share)/\d+"))
    cara.open(item)
    cara.sees("Broken")
    assert "钻头卡住了" not in cara.page.locator("main").inner_text() or cara.page.locator("#care").count()


def offered(by: Phone, name: str) -> str:
    """The path of the thing's page."""
    by.open("/share")
    by.tap(by.page.locator("main a[href='/share/new']"))
    by.page.wait_for_url("**/share/new")
    by.fill("What do you call it?", name)
    by.page.locator("#f-photo").set_input_files({"name": "drill.png", "mimeType": "image/png", "buffer": a_photo()})
    by.fill("What does the photo show?", f"{name} 的照片")
    by.page.locator("select[name=category]").select_option("tools")
    by.tap(by.page.locator("summary", has_text=by.says("What belongs to it, and where it is fetched")))
    by.fill("What belongs to it?", "钻头\n手柄")
    by.tap(by.page.locator("main form.offering > button.wide"))
    by.sees("It is on the board.")
    by.page.wait_for_url(re.compile(r"/share/\d+$"))
    return by.page.url.removeprefix(by.house.url)


def found(by: Phone, name: str) -> None:
    by.open("/")
    by.press("Share")
    by.page.wait_for_url("**/share")
    by.fill("Search for a thing", name)
    with by.page.expect_response(re.compile(r"/share\?q=")):
        by.press("Search")
    by.tap(by.page.locator(f"main {CARD}", has_text=name))
    by.page.locator("h1", has_text=name).wait_for()


def asked(by: Phone, first: int, last: int) -> str:
    by.fill("First day", in_days(first))
    by.fill("Last day", in_days(last))
    by.press("Ask to borrow")
    by.sees("Asked. You hear what the owner says.")
    by.page.wait_for_url(re.compile(r"/loans/\d+$"))
    return by.page.url.removeprefix(by.house.url)


def accepted(by: Phone, loan: str) -> None:
    by.open("/loans")
    by.tap(by.page.locator(f"main a[href='{loan}']"))
    by.page.wait_for_url(f"**{loan}")
    by.press("Accept")
    by.sees("Agreed. Here is how to reach each other.")


def handed_over(giver: Phone, taker: Phone, loan: str, *, scanned: bool) -> None:
    giver.open(loan)
    giver.press("Hand it over")
    giver.page.wait_for_url("**/handover")
    giver.press("Show a code")
    code = giver.page.locator("main .code strong").inner_text().replace(" ", "")
    if scanned:
        scan(taker, f"{taker.house.url}{loan}/handover?code={code}")
        taker.page.wait_for_url("**/handover?code=*")
    else:
        taker.open(loan)
        taker.press("Take it")
        taker.page.wait_for_url("**/handover")
        taker.fill("The code that the other side shows", code)
    taker.press("It has changed hands")
    taker.sees("It has changed hands.")
    taker.page.wait_for_url(f"**{loan}")


def scan(by: Phone, seen: str) -> None:
    by.page.add_init_script(CAMERA)
    by.open("/share/scan")
    by.press("Open the camera")
    by.page.locator("#camera video").wait_for()
    assert violations(by) == []
    by.page.evaluate("it => { globalThis.seen = it }", seen)


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_a_label_is_printed_scanned_or_typed_and_says_what_makes_sense_now(board, phone, pair, tag, js):
    ana, ben, stranger = (phone(board, tag, js=js) for _ in range(3))
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)
    name = f"梯子 {pair}"
    item = offered(ana, name)

    ana.press("Its label")
    ana.page.wait_for_url("**/label")
    code = ana.page.locator(".sheet span").inner_text()
    assert not js or violations(ana) == []
    ana.open("/share/labels")
    assert not js or violations(ana) == []
    ana.page.get_by_label(name).check()
    ana.press("Make a sheet to print")
    assert ana.page.locator(".sheet li").count() == 1 and ana.page.locator(".sheet .qr").is_visible()
    assert not js or violations(ana) == []
    ana.page.emulate_media(media="print")
    assert not ana.page.locator("h1").is_visible() and ana.page.locator(".sheet li").is_visible()
    ana.page.emulate_media(media="screen")

    if js:
        scan(ben, f"{board.url}/q/{code.replace(' ', '').lower()}")
    else:
        ben.open("/share/scan")
        assert not ben.page.locator("#camera").is_visible()
        ben.fill("Or type the code", code.lower()[:-1])
        ben.press("Look it up")
        ben.sees("No label here has that code. It has eight letters and digits; please look again.")
        ben.fill("Or type the code", code.lower())
        ben.press("Look it up")
    ben.page.wait_for_url(re.compile(r"/q/\w{26}$"))
    label = ben.page.url
    assert not js or violations(ben) == []
    ben.press("Ask to borrow")
    ben.page.wait_for_url(re.compile(rf"{item}#"))
    his = asked(ben, 0, 2)
    accepted(ana, his)
    ana.open(label)
    ana.press("Hand the thing over")
    ana.page.wait_for_url("**/handover")

    stranger.open(label)
    assert name not in stranger.page.content()
    stranger.fill("Phone or e-mail", f"ben{pair}@example.org")
    stranger.fill("Password", PASSWORD)
    stranger.tap(stranger.page.locator("main").get_by_role("button", name=stranger.says("Sign in"), exact=True))
    stranger.page.wait_for_url(label)
    stranger.page.locator("h1", has_text=name).wait_for()

    ana.open(f"{item}/label")
    (sure if js else Phone.press)(ana, "Make a new label")
    ana.sees("A new label. The old one leads nowhere any more.")
    ben.open(label)
    ben.sees("This label leads nowhere any more, or not for you. The thing may have a new one.")


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_a_list_of_our_things_is_looked_over_and_comes_in(board, phone, tag, js):
    lin = phone(board, tag, js=js)
    lin.sign_in("lin@example.org", PASSWORD)
    name = f"折叠桌 {tag} {js}"
    lines = f"名称,类别,存放地点\r\n{name},家具,门房\r\n飞船,宇宙,\r\n"

    lin.open("/share/labels")
    lin.press("Bring in a list of ours")
    lin.press("Look the list over")
    lin.page.locator("#f-file-wrong").wait_for()
    lin.page.locator("#f-file").set_input_files(
        {"name": "物品.csv", "mimeType": "text/csv", "buffer": lines.encode("gb18030")}
    )
    lin.press("Look the list over")
    lin.sees("The refused rows stay out; the others come in.")
    assert not js or violations(lin) == []
    lin.press("Bring it in")
    lin.sees("The list is in: %(made)s new, %(merged)s changed.", made=1, merged=0)
    lin.page.get_by_label(name).wait_for()
    assert name in lin.page.request.get(f"{board.url}/share/items.csv").text()


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_the_pages_of_labels_are_for_everybody(board, phone, tag):
    ana = phone(board, tag, theme="dark" if tag == "en" else "light")
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.page.route("**/changes", lambda route: route.abort())  # nothing is put anew while keys are counted
    item = offered(ana, f"水桶 {tag}")
    ana.page.add_init_script(CAMERA)
    paths = ("/share/scan", "/share/labels", "/share/labels/sheet", f"{item}/label", item)
    wrong = {path: hard_for_some(ana, path) for path in paths}
    assert {path: hard for path, hard in wrong.items() if hard} == {}


def test_where_the_camera_is_refused_the_code_is_typed(board, phone):
    ben = phone(board)
    ben.sign_in("ben0@example.org", PASSWORD)
    ben.page.add_init_script(
        CAMERA + "navigator.mediaDevices.getUserMedia = async () => { throw new Error('denied'); };"
    )
    ben.open("/share/scan")

    ben.press("Open the camera")

    ben.sees("The camera does not open here. Type the code below.")
    assert ben.page.locator("#camera video").count() == 0
