"""What must be provable for a while, and gone with its person: sealed with that person's own key.

The key is made of a half that lies in the database and of the house's own secret, so neither a dump nor the secret
alone opens anything; when the half is destroyed, nothing does.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from app.config import settings
from app.db import writing
from app.kit.secret import secret
from app.kit.tables import OwnKey

NONCE = 12  # bytes: NIST SP 800-38D, 8.2


async def seal_for(person: int, words: str, *, now: datetime) -> str:
    """Bound to the person: it does not open under anybody else's number."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: few requests seal anything

    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(_key(await _half(person, now))).encrypt(nonce, words.encode(), _bond(person))
    return base64.urlsafe_b64encode(sealed).decode()


async def unseal_for(person: int, sealed: str) -> str | None:
    """None when the key was destroyed, or when it was sealed for somebody else."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    row = await OwnKey.select(OwnKey.half).where(OwnKey.person == person).first()
    try:
        raw = base64.urlsafe_b64decode(sealed)
        plain = AESGCM(_key(row["half"])).decrypt(raw[:NONCE], raw[NONCE:], _bond(person)) if row else None
    except (InvalidTag, ValueError):
        plain = None
    return plain.decode() if plain is not None else None


async def forget(person_id: int, *, now: datetime) -> None:
    """Erasure: what was sealed for them is noise from now on, also where a copy of it lies."""
    await OwnKey.delete().where(OwnKey.person == person_id)


async def _half(person: int, now: datetime) -> str:
    """Of many who seal for somebody at once, all use the first one's half."""
    async with writing():
        row = OwnKey(person=person, half=secrets.token_hex(32), made_at=now)
        await OwnKey.insert(row).on_conflict(target=OwnKey.person, action="DO NOTHING")
        kept = await OwnKey.select(OwnKey.half).where(OwnKey.person == person).first()
        return str(kept["half"]) if kept else row.half


def _key(half: str) -> bytes:
    return hmac.new(secret(settings().secret_file), f"own key {half}".encode(), hashlib.sha256).digest()


def _bond(person: int) -> bytes:
    return f"person:{person}".encode()
