"""A push opens for one browser and for nobody else, as the RFC, http_ece and npm's web-push-testing read it."""

from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as some

from app.kit.web_push import keys
from app.kit.web_push.sealing import LONGEST, AlreadyUsed, BadKeys, TooLong, checked_keys, prepare, seal
from app.kit.web_push.vapid import Vapid
from tests.web_push_peers import Browser, b64, unb64, web_push_testing

# RFC 8291, appendix A
RFC_PLAIN = b"When I grow up, I want to be a watermelon"
RFC_SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RFC_BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RFC_AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RFC_SALT = "DGv6ra1nlYgDCS1FRnbzlw"
RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_for_the_keys_and_the_salt_of_the_rfc_it_is_the_body_of_the_rfc():
    browser = Browser(private(RFC_BROWSER), unb64(RFC_AUTH))

    for auth in (b"", browser.auth):
        pair = prepare(browser.p256dh, auth, key=private(RFC_SENDER))
        body = seal(browser.p256dh, browser.auth, RFC_PLAIN, pair=pair, salt=unb64(RFC_SALT))

        assert b64(body) == RFC_BODY
        assert browser.opens(body) == RFC_PLAIN


@settings(deadline=None)
@given(plain=some.binary(min_size=1, max_size=LONGEST), auth=some.binary(min_size=16, max_size=16))
def test_with_a_pair_or_without_it_opens_to_the_same(plain, auth):
    browser = Browser(auth=auth)

    pairs = (prepare(browser.p256dh), prepare(browser.p256dh, auth), prepare(browser.p256dh, b"another's".ljust(16)))
    bodies = [*(seal(browser.p256dh, auth, plain, pair=pair) for pair in pairs), seal(browser.p256dh, auth, plain)]

    assert {browser.opens(body) for body in bodies} == {plain}
    assert len({len(body) for body in bodies}) == 1 and len(bodies[0]) <= 4096
    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 4, "salt and key are fresh"


def test_the_longest_fills_the_one_record_and_a_byte_more_is_refused():
    browser = Browser()
    for pair in (prepare(browser.p256dh), None):
        assert len(seal(browser.p256dh, browser.auth, b"x" * LONGEST, pair=pair)) == 4096
    for pair in (prepare(browser.p256dh), None):
        with pytest.raises(TooLong):
            seal(browser.p256dh, browser.auth, b"x" * (LONGEST + 1), pair=pair)


def test_a_pair_seals_one_message_to_one_browser():
    ana, ben = Browser(), Browser()
    pair = prepare(ana.p256dh)

    with pytest.raises(AlreadyUsed):
        seal(ben.p256dh, ben.auth, b"hello", pair=pair)
    seal(ana.p256dh, ana.auth, b"hello", pair=pair)
    with pytest.raises(AlreadyUsed):
        seal(ana.p256dh, ana.auth, b"hello", pair=pair)


def test_nobody_chooses_the_salt_of_a_pair_made_on_the_spot():
    with pytest.raises(ValueError, match="salt"):
        seal(Browser().p256dh, bytes(16), b"hello", salt=bytes(16))


def test_another_browser_opens_nothing():
    ana = Browser()
    body = seal(ana.p256dh, ana.auth, b"hello", pair=prepare(ana.p256dh))

    for other in (Browser(), Browser(ana.key, bytes(16))):
        with pytest.raises(http_ece.ECEException):
            other.opens(body)


def test_one_bit_changed_anywhere_and_it_is_refused():
    """Every bit but those of the record's size: a record that says it may be longer is still this one."""
    browser = Browser()
    body = seal(browser.p256dh, browser.auth, b"help is on its way", pair=prepare(browser.p256dh))
    assert browser.opens(body)

    for bit in range(len(body) * 8):
        if not 16 * 8 <= bit < 20 * 8:
            changed = bytearray(body)
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises((http_ece.ECEException, ValueError)):
                browser.opens(bytes(changed))


async def test_npm_opens_it_too_and_refuses_one_bit_and_another_signer(tmp_path):
    vapid = Vapid(keys.key(tmp_path / "vapid.pem"), "mailto:ana@example.org")
    public, browser = keys.written(keys.key(tmp_path / "vapid.pem")), Browser()
    says = vapid.header("https://push.example.org", datetime.now(UTC))
    other = Vapid(keys.key(tmp_path / "other.pem"), "mailto:ana@example.org")
    whole = [
        seal(browser.p256dh, browser.auth, "停水了".encode(), pair=prepare(browser.p256dh)),
        seal(browser.p256dh, browser.auth, "停水了".encode()),
    ]
    broken = [body[:-1] + bytes([body[-1] ^ 1]) for body in whole]

    answers = web_push_testing(
        [
            *(browser.for_node(body, public, says) for body in (*whole, *broken)),
            browser.for_node(whole[0], public, other.header("https://push.example.org", datetime.now(UTC))),
        ]
    )

    assert answers[:2] == [{"read": "停水了"}] * 2
    assert all("refused" in answer for answer in answers[2:]) and len(answers) == 5


def test_the_keys_of_a_browser_are_believed():
    browser = Browser()
    plain, padded = b64(browser.p256dh), b64(browser.p256dh) + "="
    assert checked_keys(plain, b64(browser.auth)) == checked_keys(padded, b64(browser.auth) + "==")
    assert checked_keys(plain, b64(browser.auth)) == (browser.p256dh, browser.auth)


GOOD = Browser()
BESIDE = bytearray(GOOD.p256dh)
BESIDE[-1] ^= 1


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", b64(GOOD.auth)),
        (b64(GOOD.p256dh[:64]), b64(GOOD.auth)),
        (b64(GOOD.p256dh + b"\0"), b64(GOOD.auth)),
        (b64(bytes(BESIDE)), b64(GOOD.auth)),
        (b64(b"\4" + bytes(64)), b64(GOOD.auth)),
        (b64(b"\2" + GOOD.p256dh[1:33]), b64(GOOD.auth)),
        (b64(b"\6" + GOOD.p256dh[1:]), b64(GOOD.auth)),
        (b64(GOOD.p256dh)[:-1] + "!", b64(GOOD.auth)),
        ("键" * 87, b64(GOOD.auth)),
        (b64(GOOD.p256dh), ""),
        (b64(GOOD.p256dh), "AA"),
        (b64(GOOD.p256dh), b64(bytes(15))),
        (b64(GOOD.p256dh), b64(bytes(17))),
        (b64(GOOD.p256dh), "A" * 10**5),
    ],
    ids=lambda _: "keys",  # they are new at each run, and runners must agree on names
)
def test_keys_that_no_browser_makes_are_refused(p256dh, auth):
    with pytest.raises(BadKeys):
        checked_keys(p256dh, auth)
