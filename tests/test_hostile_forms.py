"""Whatever is sent to whatever address: a page that says no, never a fault of ours."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from msgspec import Struct

from app.features.people.tables import Kind
from tests.doors import DOORS, MACHINES, PASSKEY_OPTIONS, PUSH, Door, a_world
from tests.makers import a_household, a_person, an_area

OURS = 500
FILES = (
    "/pocket",
    "/account/export",
    "/admin/roster/{upload_id:int}/refused.csv",
    "/alerts.atom",
    "/alerts/{alert_id:int}/cap",
    "/bookings/{booking_id:int}/ics",
    "/bookings/repeats/{series_id:int}/ics",
    "/share/items.csv",
)
TEXTS = (
    "a\x00b",
    "%(name)s %s %d %",
    "<script>alert(1)</script>{{ 7 * 7 }}",
    "'; DROP TABLE people; -- \" * ( ) : ^ NEAR",
    "-1",
    str(2**31),
    str(2**63),
    "9" * 5000,
    "9999-12-31",
    "//[x",
    "/\t\\example.org\r\nSet-Cookie: key=1",
    "a@b.c\ufffe\U0010ffff\u202e",
)
NO_TEXT = b"\xff\xed\xa0\x80"
URLENCODED, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


def _part(name: str, head: bytes, content: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name.encode(), head, content)


def field_names() -> list[str]:
    """Of every form of the house."""

    def below(shape: type) -> Iterator[type]:
        for each in shape.__subclasses__():
            yield each
            yield from below(each)

    forms = [shape for shape in below(Struct) if ".pages" in shape.__module__]
    return sorted({name for shape in forms for name in shape.__struct_fields__})


def bodies() -> Iterator[tuple[str, bytes]]:
    """(content type, body)"""
    names = field_names()
    for text in TEXTS:
        yield URLENCODED, urlencode(dict.fromkeys(names, text)).encode()
    yield URLENCODED, "&".join(f"{name}={quote_from_bytes(NO_TEXT)}" for name in names).encode()
    yield PARTS, b"".join(_part(name, b"", NO_TEXT) for name in names) + b"--b--\r\n"
    for head in (b'; filename="a.txt"', b"\r\nContent-Type: text/plain; charset=nonsense"):
        yield PARTS, b"".join(_part(name, head, b"1") for name in names) + b"--b--\r\n"
    escaped = b"\r\nContent-Type: text/plain; charset=unicode_escape"
    yield PARTS, b"".join(_part(name, escaped, b"\\ud800") for name in names) + b"--b--\r\n"
    yield PARTS, b"--b\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b--\r\n"
    yield PARTS, b"--b\r\nnot a header"
    yield "multipart/form-data", b"--b--\r\n"
    yield "multipart/form-data; boundary=\xff", b"--b--\r\n"
    yield URLENCODED + "; charset=nonsense", b"&;==&%&%zz=%" * 50
    yield "application/json", b'{"words": ["\\ud800"]}'
    yield ";;;", b"words=1"
    yield URLENCODED, b"x" * (256 * 1024 + 1)


async def _knock(browser, door: Door, path: str, **sent) -> str:
    """Empty, or what went wrong."""
    answer = await browser.request(door.method, path, follow_redirects=False, **sent)
    is_page = answer.status_code in (303, 304) or answer.headers["content-type"].startswith("text/html")
    plain = door in (*MACHINES, *PASSKEY_OPTIONS, *PUSH) or door.path in FILES
    fine = answer.status_code < OURS and (is_page or plain)
    return "" if fine else f"{door.method} {door.path}: {answer.status_code} to {str(sent)[:160]}"


@pytest.fixture
async def world(database):
    area = await an_area(name="1")
    return await a_world(await a_person(name="Lin Owner", home=await a_household(area=area)), area)


@pytest.fixture
async def officer(database):
    return await a_person(name="Ana", role=Kind.administrator)


async def test_no_body_breaks_any_deed(world, officer, sign_in):
    wrong = []
    for door in (each for each in DOORS if each.method != "GET"):
        browser = await sign_in(officer)
        for kind, body in bodies():
            sent = {"content": body, "headers": {"Content-Type": kind.encode("latin-1")}}
            wrong.append(await _knock(browser, door, door.path_with(world), **sent))
    assert "\n".join(filter(None, wrong)) == ""


async def test_no_address_breaks_any_page(world, officer, sign_in):
    wrong = []
    browser = await sign_in(officer)
    names = ("q", "page", "area", "category", "state", "role", "kind", "name", "parent", "token", "lang", "code")
    for door in (each for each in DOORS if each.method == "GET" and each.path not in ("/changes", "/metrics")):
        path = door.path_with(world)
        for words in [*(quote(text, safe="") for text in TEXTS), quote_from_bytes(NO_TEXT)]:
            query = "&".join(f"{name}={words}" for name in names)
            wrong.append(await _knock(browser, door, f"{path}?{query}"))
        for number in (2**31, 2**63, "9" * 5000, "%00"):
            wrong.append(await _knock(browser, door, door.path_with(dict.fromkeys(world, number))))
    assert "\n".join(filter(None, wrong)) == ""


@pytest.mark.parametrize(
    "words",
    [
        '{"say": "%(x)d %", "with": {}}',
        '{"say": "\\ud800", "with": {}}',
        '{"say": 1, "with": {}}',
        '{"typed": {}}',
        '{"say": "%(n)s", "with": {"n": "x"}, "many": "%(n)s"}',
        '{"at": "never"}',
        "[" * 2000,
        "1",
    ],
)
async def test_no_cookie_breaks_a_page(browser, words):
    browser.cookies.set("said", urlsafe_b64encode(f"/undo\n{words}".encode()).decode())
    assert (await browser.get("/sign-in")).status_code == 200
