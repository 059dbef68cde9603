"""A push goes to push services that we know and nowhere else, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.config import WrongSetting, from_env
from app.kit.web_push.endpoints import LONGEST, Foreign, Origins, is_open, origin_of
from tests.ssrf import SPELLINGS

KNOWN = Origins.from_setting("")


def allowed(text: str) -> Origins:
    return Origins.from_setting(from_env({"KITH_PUSH_ORIGINS": text}).push_origins)


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://fcm.googleapis.com/fcm/send/dQw4:APA91b-x_y", "https://fcm.googleapis.com"),
        ("https://fcm.googleapis.com:443/wp/x", "https://fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://updates.push.services.mozilla.com"),
        ("https://web.push.apple.com/QGx?y=1", "https://web.push.apple.com"),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQ%2f%2b", "https://wns2-par02p.notify.windows.com"),
    ],
)
def test_the_four_services_of_todays_browsers_are_known(endpoint, origin):
    assert origin_of(endpoint, KNOWN) == origin
    assert not KNOWN.near(origin)


def test_there_are_enough_of_them():
    assert len(SPELLINGS) >= 30 and len(set(SPELLINGS)) == len(SPELLINGS)


@pytest.mark.parametrize("endpoint", [each.format(port=8443) for each in SPELLINGS])
def test_every_way_to_write_another_place_is_foreign(endpoint):
    with pytest.raises(Foreign):
        origin_of(endpoint, KNOWN)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "http://fcm.googleapis.com/x",
        "ftp://fcm.googleapis.com/x",
        "https:fcm.googleapis.com/x",
        "https:///fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:0443/x",
        "https://fcm.googleapis.com:/x",
        "https://fcm.googleapis.com./x",
        "https://sub.fcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://.push.apple.com/x",
        "https://a..push.apple.com/x",
        "https://evilpush.apple.com/x",
        "https://web.push.apple.com.evil.example/x",
        "https://web.push.apple.com\n/x",
        "https://web.push.apple.com/x\n",
        "https://web.push.apple.com/x y",
        "https://web.push.apple.com/\u540d",
        " https://web.push.apple.com/x",
        "https://web.push.apple.com/" + "x" * LONGEST,
    ],
)
def test_what_no_browser_would_send_is_foreign_too(endpoint):
    with pytest.raises(Foreign):
        origin_of(endpoint, KNOWN)


@given(some.text(max_size=40), some.sampled_from(["https://", "https://web.push.apple.com", "https://a@", ""]))
def test_whatever_is_believed_begins_with_its_own_origin_and_a_slash(text, begins):
    endpoint = begins + text
    try:
        origin = origin_of(endpoint, KNOWN)
    except Foreign:
        return
    rest = endpoint.removeprefix(origin).removeprefix(":443")
    assert origin in KNOWN and (rest == "" or rest[0] == "/") and endpoint.isascii() and "\\" not in endpoint


def test_an_operator_names_other_services_and_those_may_stand_next_door():
    own = allowed("https://push.example.org:8443, https://localhost:9000/,https://*.push.apple.com")

    assert origin_of("https://push.example.org:8443/x", own) == "https://push.example.org:8443"
    assert origin_of("https://localhost:9000/x", own) == "https://localhost:9000"
    assert own.near("https://push.example.org:8443") and own.near("https://localhost:9000")
    assert origin_of("https://web.push.apple.com/x", own) == "https://web.push.apple.com"
    assert not own.near("https://web.push.apple.com")
    for foreign in ("https://fcm.googleapis.com/x", "https://push.example.org/x", "https://localhost/x"):
        with pytest.raises(Foreign):
            origin_of(foreign, own)


def test_a_known_service_is_never_next_door_even_if_named():
    named = allowed("https://fcm.googleapis.com:443,https://127.0.0.1:9000,https://[::1]:9000")

    assert origin_of("https://fcm.googleapis.com/x", named) and not named.near("https://fcm.googleapis.com")
    assert origin_of("https://127.0.0.1:9000/x", named) and named.near("https://[::1]:9000")


@pytest.mark.parametrize(
    "text",
    [
        "http://push.example.org",
        "push.example.org",
        "https://*",
        "https://*.org",
        "https://ana@push.example.org",
        "https://push.example.org/x",
        "https://push.example.org:99999",
        "https://a.*.example.org",
    ],
)
def test_a_list_that_would_let_anything_through_stops_the_start(text):
    with pytest.raises(WrongSetting, match="KITH_PUSH_ORIGINS"):
        from_env({"KITH_PUSH_ORIGINS": text})


@pytest.mark.parametrize("address", ["142.250.74.10", "17.57.146.20", "2a00:1450:4001:80b::200a", "64:ff9b::808:808"])
def test_addresses_out_in_the_world_are_open(address):
    assert is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.1.2", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "", "here",
    ],
)  # fmt: skip
def test_addresses_of_our_own_are_not(address):
    assert not is_open(address)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        ("http://proxy.lan:3128", (("*", "http://proxy.lan:3128"),)),
        ("socks5h://u:p=w@10.0.0.1:1080", (("*", "socks5h://u:p=w@10.0.0.1:1080"),)),
        (
            "fcm.googleapis.com=http://a:1, *.push.apple.com=https://b",
            (("fcm.googleapis.com", "http://a:1"), ("*.push.apple.com", "https://b")),
        ),
    ],
)
def test_the_way_to_a_service_may_lead_through_a_proxy(text, pairs):
    assert from_env({"KITH_PUSH_PROXY": text}).push_proxy == pairs


@pytest.mark.parametrize(
    "text", ["proxy.lan:3128", "ftp://proxy", "a=b", "http://a,http://b", "a b=http://c", "http://"]
)
def test_a_proxy_that_is_none_stops_the_start(text):
    with pytest.raises(WrongSetting, match="KITH_PUSH_PROXY"):
        from_env({"KITH_PUSH_PROXY": text})


def test_certificates_that_cannot_be_read_stop_the_start(tmp_path):
    assert from_env({"SSL_CERT_FILE": ""}).ca_file == ""
    with pytest.raises(WrongSetting, match="SSL_CERT_FILE"):
        from_env({"SSL_CERT_FILE": str(tmp_path / "none.pem")})
