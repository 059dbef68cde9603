"""A page weighs little: the first visit at most 100 KB over the wire, later ones 15, scripts 35."""

import re

import httpx
import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD

KB = 1024
LATER = ("/", "/account")


@pytest.fixture(scope="module")
def visitor():
    house = House("e2e.furnish")
    headers = {"Accept-Encoding": "br, gzip", "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=house.url, headers=headers, follow_redirects=True) as client:
        client.post("/sign-in", data={"login": "lin@example.org", "password": PASSWORD})
        yield client
    house.close()


def over_the_wire(visitor: httpx.Client, path: str) -> int:
    with visitor.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        return sum(len(part) for part in answer.iter_raw())


def parts(html: str) -> set[str]:
    """What the page makes a browser fetch: styles, scripts, pictures and the icon sprite."""
    named = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)
    return {path for path in named if "touch-180" not in path} | {"/manifest.webmanifest"}


def scripts_of(visitor: httpx.Client, path: str) -> set[str]:
    """A script and the modules it imports."""
    found = {path}
    for name in re.findall(r'(?:from|import)\s*"([^"]+)"', visitor.get(path).text):
        found |= scripts_of(visitor, str(httpx.URL(path).join(name)))
    return found


def test_the_first_visit_takes_at_most_100_kb(visitor):
    fetched = parts(visitor.get("/").text)
    fetched |= {each for path in fetched if path.endswith(".js") for each in scripts_of(visitor, path)}
    total = over_the_wire(visitor, "/") + sum(over_the_wire(visitor, path) for path in sorted(fetched))
    print(f"first visit: {total / KB:.1f} KB in {len(fetched) + 1} files")
    assert total <= 100 * KB


def test_scripts_take_at_most_35_kb(visitor):
    names = {path for path in parts(visitor.get("/").text) if path.endswith(".js")} | {"/sw.js"}
    total = sum(over_the_wire(visitor, each) for name in names for each in sorted(scripts_of(visitor, name)))
    print(f"scripts: {total / KB:.1f} KB")
    assert total <= 35 * KB


@pytest.mark.parametrize("path", LATER)
def test_a_later_page_takes_at_most_15_kb(visitor, path):
    weight = over_the_wire(visitor, path)
    print(f"{path}: {weight / KB:.1f} KB")
    assert weight <= 15 * KB
