"""What we must be able to read again, and nobody else: sealed with a key of the house's own secret."""

import base64
import hashlib
import hmac
from typing import Any

from app.config import settings
from app.kit.secret import secret


def seal(words: str, purpose: str) -> str:
    """Each purpose has a key of its own: what was sealed for one opens for no other."""
    return _box(purpose).encrypt(words.encode()).decode()


def unseal(sealed: str, purpose: str) -> str | None:
    """None for what was not sealed here, or for another purpose."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def print_of(words: str, purpose: str) -> str:
    """By which short words are known again without being kept: keyed, since all of them could be tried."""
    return hmac.new(_key(purpose), words.encode(), hashlib.sha256).hexdigest()


def _box(purpose: str) -> Any:
    from cryptography.fernet import Fernet  # late: most processes never seal anything

    return Fernet(base64.urlsafe_b64encode(_key(purpose)))


def _key(purpose: str) -> bytes:
    return hmac.new(secret(settings().secret_file), f"kith {purpose}".encode(), hashlib.sha256).digest()
