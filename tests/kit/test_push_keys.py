"""The key by which push services know us: one, private, in the backup, and never changed by accident."""

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from app.config import WrongSetting, from_env
from app.kit.web_push import keys
from app.kit.web_push.vapid import Vapid
from tests.web_push_peers import unb64

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
ORIGINS = ("https://fcm.googleapis.com", "https://updates.push.services.mozilla.com", "https://web.push.apple.com")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "house" / "vapid.pem"


async def phones(number: int = 2) -> int:
    return number


async def nobody() -> int:
    return 0


def test_the_key_is_made_at_first_need_for_its_owner_only(file):
    public = unb64(keys.written(keys.key(file)))

    assert len(public) == 65 and public[0] == 4
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys.key.cache_clear()
    assert unb64(keys.written(keys.key(file))) == public


def test_of_many_processes_that_need_it_at_once_all_have_the_same(file):
    code = f"from pathlib import Path; from app.kit.web_push import keys; print(keys.written(keys.key(Path('{file}'))))"
    made = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(6)]

    assert len({process.communicate()[0] for process in made}) == 1
    assert [path.name for path in file.parent.iterdir()] == ["vapid.pem"]


@pytest.mark.parametrize("content", [b"", b"a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_something_else_is_told_and_left_as_it_is(file, content):
    file.parent.mkdir()
    file.write_bytes(content)

    with pytest.raises(keys.NotAKey, match="restore it"):
        keys.key(file)
    assert file.read_bytes() == content


async def test_another_key_is_refused_while_phones_rely_on_the_old_one(file):
    old = keys.written(keys.key(file))

    with pytest.raises(keys.PhonesRelyOnIt, match="2 phones"):
        await keys.renew(file, count=phones, force=False)
    assert keys.written(keys.key(file)) == old

    await keys.renew(file, count=phones, force=True)
    forced = keys.written(keys.key(file))
    await keys.renew(file, count=nobody, force=False)
    assert len({old, forced, keys.written(keys.key(file))}) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_key_that_was_lost_is_not_quietly_made_anew(file):
    await keys.must_fit(file, nobody)
    with pytest.raises(keys.PhonesRelyOnIt, match="backup"):
        await keys.must_fit(file, phones)

    keys.key(file)
    await keys.must_fit(file, phones)


def token(header: str) -> tuple[dict, dict]:
    """Claims and header of a token whose signature is that of the key it names."""
    scheme, _, rest = header.partition(" ")
    said = dict(each.strip().split("=", 1) for each in rest.split(","))
    first, claims, signature = said["t"].split(".")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(said["k"]))
    r, s = (int.from_bytes(unb64(signature)[at : at + 32], "big") for at in (0, 32))
    public.verify(encode_dss_signature(r, s), f"{first}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert scheme == "vapid"
    return json.loads(unb64(claims)), json.loads(unb64(first))


def test_each_service_gets_a_token_of_its_own_in_one_run(file):
    vapid = Vapid(keys.key(file), "mailto:ana@example.org")

    said = [token(vapid.header(origin, NOON))[0] for origin in (*ORIGINS, *ORIGINS)]

    assert [each["aud"] for each in said] == [*ORIGINS, *ORIGINS]
    assert {each["sub"] for each in said} == {"mailto:ana@example.org"}
    assert all(timedelta() < datetime.fromtimestamp(each["exp"], UTC) - NOON <= timedelta(hours=12) for each in said)
    assert token(vapid.header(ORIGINS[0], NOON))[1] == {"typ": "JWT", "alg": "ES256"}


def test_a_token_is_used_again_for_half_its_life(file):
    vapid = Vapid(keys.key(file), "https://kith.example.org/about")
    asked = [NOON + timedelta(minutes=10 * nth) for nth in range(24 * 6)]

    headers = [vapid.header(ORIGINS[0], at) for at in asked]

    assert len(set(headers)) == 4
    for at, header in zip(asked, headers, strict=True):
        left = datetime.fromtimestamp(token(header)[0]["exp"], UTC) - at
        assert timedelta(hours=6) < left <= timedelta(hours=12)
    assert sum(one != other for one, other in pairwise(headers)) == 3


def test_when_the_clock_was_set_back_the_token_is_not_one_of_tomorrow(file):
    vapid = Vapid(keys.key(file), "mailto:ana@example.org")
    vapid.header(ORIGINS[0], NOON + timedelta(days=2))

    claims, _ = token(vapid.header(ORIGINS[0], NOON))
    assert datetime.fromtimestamp(claims["exp"], UTC) - NOON <= timedelta(hours=12)


@pytest.mark.parametrize(
    "contact",
    ["mailto:ana@example.org", "mailto:a.b+push@mail.example.co.uk", "https://kith.example.org/about"],
)
def test_a_contact_is_one_that_services_can_write_to(contact):
    assert from_env({"KITH_CONTACT": contact}).contact == contact


@pytest.mark.parametrize(
    "contact",
    [
        "ana@example.org",
        "mailto:",
        "mailto:ana",
        "mailto:ana@localhost",
        "mailto:ana@kith.localhost",
        "mailto:ana@kith.local",
        "mailto:ana@KITH.LOCAL",
        "mailto:mailto:ana@example.org",
        "mailto: ana@example.org",
        "mailto:<ana@example.org>",
        "mailto:ana@example.org,ben@example.org",
        "mailto:ana@127.0.0.1",
        "mailto:ana@例子.org",
        "mailto:ana\u00a0b@example.org",
        "http://kith.example.org",
        "https://localhost/about",
        "https://kith.local",
        "https://127.0.0.1/about",
        "https://",
    ],
)
def test_a_contact_that_apple_refuses_stops_the_start(contact):
    with pytest.raises(WrongSetting, match="KITH_CONTACT"):
        from_env({"KITH_CONTACT": contact})
