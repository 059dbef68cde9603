"""A message that only one browser can open (RFC 8291, in one record of RFC 8188)."""

import base64
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from app.kit.web_push.keys import point

LONGEST = 3993  # bytes: more would need a second record, which RFC 8291 forbids
RECORD = (4096).to_bytes(4, "big")
CURVE = ec.SECP256R1()


class TooLong(Exception):
    """More than one record holds: say it shorter."""


class BadKeys(Exception):
    """No browser makes such keys."""


class AlreadyUsed(Exception):
    """A pair seals one message; the next needs a new one."""


@dataclass
class Pair:
    """A fresh key and salt for one message to one browser, and the secret they share: reckoned before it is needed,
    kept in memory only.
    """

    p256dh: bytes
    public: bytes
    shared: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    auth: bytes = field(repr=False, default=b"")
    keys: tuple[bytes, bytes] = field(repr=False, default=(b"", b""))
    used: bool = False

    def spend(self, p256dh: bytes) -> None:
        if self.used or p256dh != self.p256dh:
            raise AlreadyUsed
        self.used = True


def prepare(p256dh: bytes, auth: bytes = b"", *, key: ec.EllipticCurvePrivateKey | None = None) -> Pair:
    """The slow half of sealing; with `auth` all but the last step. `key` is for the RFC's example. Raises BadKeys."""
    key = key or ec.generate_private_key(CURVE)
    pair = Pair(p256dh, point(key.public_key()), key.exchange(ec.ECDH(), _on_the_curve(p256dh)), os.urandom(16), auth)
    if auth:
        pair.keys = _derived(pair, auth, pair.salt)
    return pair


def seal(p256dh: bytes, auth: bytes, plain: bytes, *, pair: Pair | None = None, salt: bytes | None = None) -> bytes:
    """The body of a push, `Content-Encoding: aes128gcm`. `salt` is for the RFC's own example: leave it to chance."""
    if len(plain) > LONGEST:
        raise TooLong
    if not plain or (salt and not pair):
        raise ValueError("an empty message, or a salt without a pair")
    pair = pair or prepare(p256dh, auth)
    pair.spend(p256dh)
    if salt is None and auth == pair.auth:
        content_key, nonce = pair.keys
    else:
        content_key, nonce = _derived(pair, auth, salt or pair.salt)
    # RFC 8188, 2: the last record of a message ends in 2
    record = AESGCM(content_key).encrypt(nonce, plain + b"\2", None)
    return b"".join((salt or pair.salt, RECORD, b"\x41", pair.public, record))


def _derived(pair: Pair, auth: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The key and the nonce of the one record."""
    # RFC 8291, 3.4: what both sides know, bound to both their keys
    info = b"WebPush: info\0" + pair.p256dh + pair.public + b"\1"
    secret = _mac(_mac(auth, pair.shared), info)
    # RFC 8188, 2.2 and 2.3
    pseudo_random = _mac(salt, secret)
    content_key = _mac(pseudo_random, b"Content-Encoding: aes128gcm\0\1")[:16]
    return content_key, _mac(pseudo_random, b"Content-Encoding: nonce\0\1")[:12]


def checked_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """As a browser's `PushSubscription.toJSON()` writes them. Raises BadKeys."""
    key, secret = _bytes(p256dh, 65), _bytes(auth, 16)
    _on_the_curve(key)
    return key, secret


def _on_the_curve(p256dh: bytes) -> ec.EllipticCurvePublicKey:
    if len(p256dh) != 65 or p256dh[0] != 4:
        raise BadKeys
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    except ValueError:
        raise BadKeys from None


def _bytes(text: str, size: int) -> bytes:
    plain = text.rstrip("=")
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadKeys from None
    if len(content) != size:
        raise BadKeys
    return content


def _mac(key: bytes, message: bytes) -> bytes:
    """Not by `hmac.digest`: it lets go of the interpreter each time, which is dear beside a busy thread."""
    mac = HMAC(key, SHA256())
    mac.update(message)
    return mac.finalize()
