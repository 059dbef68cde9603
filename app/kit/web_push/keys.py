"""The key by which push services know this installation. Every subscription is bound to it: another key, and each
phone must subscribe again.
"""

import base64
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from app.config import settings
from app.kit.secret import made_once, written_aside

Count = Callable[[], Awaitable[int]]


class NotAKey(Exception):
    """The file holds something else."""


class PhonesRelyOnIt(Exception):
    """So many subscriptions would be dead: the sentence is for the operator."""


@cache
def key(file: Path) -> ec.EllipticCurvePrivateKey:
    """Made at first need. A process keeps the one it began with, so `renew` wants a restart."""
    try:
        known = form.load_pem_private_key(made_once(file, _new), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NotAKey(f"{file} holds no key of ours; restore it from a backup.") from None
    if not isinstance(known, ec.EllipticCurvePrivateKey) or known.curve.name != "secp256r1":
        raise NotAKey(f"{file} holds a key of another kind; restore it from a backup.")
    return known


def public_key() -> str:
    """What browsers subscribe with: the uncompressed point, base64url without padding."""
    return written(key(settings().vapid_file))


def written(known: ec.EllipticCurvePrivateKey) -> str:
    return base64.urlsafe_b64encode(point(known.public_key())).rstrip(b"=").decode()


def point(public: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes: 0x04, x, y."""
    return public.public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint)


async def must_fit(file: Path, count: Count) -> None:
    """Raises PhonesRelyOnIt when the key is gone and phones subscribed with it: a new one would part us silently."""
    if not file.exists() and (phones := await count()):  # noqa: ASYNC240 (nobody waits for us)
        raise PhonesRelyOnIt(
            f"{file} is gone, and {phones} phones subscribed with it. Restore it from a backup, "
            "or let them subscribe again: kith vapid --new --force."
        )


async def renew(file: Path, *, count: Count, force: bool) -> None:
    """A new key in the place of the old one. Raises PhonesRelyOnIt unless forced."""
    if not force and (phones := await count()):
        raise PhonesRelyOnIt(f"{phones} phones subscribed with the key that is there; --force leaves them without.")
    written_aside(file, _new()).replace(file)
    key.cache_clear()


def _new() -> bytes:
    plain = form.NoEncryption()
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, plain)
