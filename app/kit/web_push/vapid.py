"""Who is sending, as push services ask it (RFC 8292): one signed token for each of them, used again and again."""

import base64
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from app.kit.web_push.keys import written

LIFE = timedelta(hours=12)  # services refuse more than 24 h
HALF = LIFE / 2
MANY = 1000  # origins: a wildcard of the allow-list has any number of names


class Vapid:
    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        self._key, self._contact, self._public = key, contact, written(key)
        self._known: dict[str, tuple[datetime, str]] = {}

    def header(self, origin: str, now: datetime) -> str:
        """The value of `Authorization`. A service may keep its verdict on a token, so we renew it late."""
        made_at, header = self._known.get(origin, (now + LIFE, ""))
        if not made_at <= now < made_at + HALF:
            header = f"vapid t={self._token(origin, now)}, k={self._public}"
            if len(self._known) >= MANY:
                self._known.clear()
            self._known[origin] = now, header
        return header

    def _token(self, origin: str, now: datetime) -> str:
        claims: dict[str, str | int] = {"aud": origin, "exp": int((now + LIFE).timestamp()), "sub": self._contact}
        signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _part(claims: dict[str, str | int]) -> str:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
