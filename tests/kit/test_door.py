"""The front door: who may come in, what every answer carries, and how the house says no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request

from app import machine
from app.kit.same_site import is_ours
from tests.makers import a_community, a_person, an_administrator

OURS = "http://127.0.0.1:8000"
HTMX = {"HX-Request": "true", "HX-Target": "main"}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site", "origin": OURS}, False),
        ({"origin": OURS}, True),
        ({"origin": "http://127.0.0.1:8001"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_our_own_pages_may_change_something(headers, ours):
    assert is_ours(headers, OURS) is ours


async def test_another_site_cannot_post_in_my_name(sign_in):
    browser = await sign_in(await a_person(name="Ana"))
    said = {"name": "Mallory"}
    answer = await browser.post("/account/settings", data=said, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "another site" in answer.text
    assert "Ana" in (await browser.get("/account")).text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/static/nothing.css", "/healthz", "/account"])
async def test_every_answer_carries_the_safe_headers(browser, path):
    answer = await browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy


async def test_private_answers_are_never_stored(sign_in):
    answer = await (await sign_in(await a_person())).get("/account")
    assert answer.headers["cache-control"] == "no-store"
    for word in ("HX-Request", "HX-Target", "Accept-Language", "Cookie"):
        assert word in answer.headers["vary"]


async def test_an_address_that_nobody_has_is_a_page_in_the_readers_language_with_a_number(sign_in):
    browser = await sign_in(await a_person(language="zh-Hans"))
    answer = await browser.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "<html" in answer.text and 'lang="zh-Hans"' in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_a_wrong_method_is_a_page_too(browser):
    answer = await browser.post("/healthz")
    assert answer.status_code == 405 and "<html" in answer.text


async def test_a_form_of_more_than_256_kb_is_refused_with_a_sentence(sign_in):
    browser = await sign_in(await a_person(name="Ana"))
    answer = await browser.post("/account/settings", data={"name": "x" * 300_000})
    assert answer.status_code == 413 and "256 KB" in answer.text


async def test_something_broken_gives_a_number_and_no_secret(browser, monkeypatch):
    from app.features.community import rules as community

    async def broken():
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(community, "here", broken)
    answer = await browser.get("/sign-in")
    assert answer.status_code == 500 and "secret is" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


async def test_beside_a_page_that_stays_trouble_is_one_line_and_not_a_page(sign_in, monkeypatch):
    browser = await sign_in(await a_person(name="Ana"))
    nowhere = await browser.get("/nowhere", headers=HTMX)
    large = await browser.post("/account/settings", data={"name": "x" * 300_000}, headers=HTMX)

    async def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("app.features.notices.rules.page_of", broken)
    ours = await browser.get("/notices", headers=HTMX)

    for answer, status in ((nowhere, 404), (large, 413), (ours, 500)):
        assert (answer.status_code, answer.headers["hx-retarget"]) == (status, "#refusal")
        assert answer.text.strip().startswith('<div id="refusal"') and "<html" not in answer.text
    assert ours.headers["x-request-id"] in ours.text


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/asks/abc", "/asks/1/acceptance", "/notices/count/x"])
async def test_who_is_signed_in_stays_so_at_an_address_that_is_not_there(sign_in, path):
    browser = await sign_in(await a_person(name="Ana", language="zh-Hans"))
    answer = await browser.get(path)
    assert answer.status_code in (404, 405) and 'id="bell"' in answer.text and "/sign-in" not in answer.text
    assert '<html lang="zh-Hans"' in answer.text
    browser.cookies.clear()
    assert "/sign-in" in (await browser.get(path)).text


async def test_the_house_says_that_it_lives_and_is_ready(browser):
    assert (await browser.get("/healthz")).text == "ok"
    assert ((await browser.get("/readyz")).status_code, (await browser.get("/readyz")).text) == (200, "ready")


async def test_figures_are_for_the_operator_only(browser):
    await browser.get("/healthz")
    assert (await browser.get("/metrics")).status_code == 404


@pytest.mark.parametrize(("headers", "near"), [([], True), (["x-forwarded-for"], False), (["forwarded"], False)])
def test_a_proxy_on_this_machine_is_not_the_operator(headers, near):
    sent = [(name.encode(), b"for=203.0.113.9") for name in headers]
    assert machine._near(Request({"type": "http", "client": ("127.0.0.1", 1), "headers": sent})) is near


async def test_the_page_for_administrators_is_not_for_others(sign_in):
    assert (await (await sign_in(await a_person())).get("/admin")).status_code in (403, 404)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_passes_by_luck(site, origin):
    if site != "same-origin":
        assert not is_ours({"sec-fetch-site": site, "origin": origin}, OURS)


async def test_a_name_that_is_markup_is_shown_as_typed(sign_in):
    await a_community()
    answer = await (await sign_in(await an_administrator(name="<script>alert(1)</script>"))).get("/account")
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text
