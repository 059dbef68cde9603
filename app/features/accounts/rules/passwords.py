"""Passwords: argon2id at 19 MiB, two rounds, one lane (OWASP), two at a time, off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kit.refusals import Refusal
from app.kit.words import say

LEAST, MOST = 8, 200
AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# However many come at once, two are reckoned and the others wait. Threads of their own: each keeps the 19 MiB of its
# last one, and among the six that everything else uses all six would come to keep them.
_threads = ThreadPoolExecutor(AT_ONCE, "password")


async def hashed(password: str) -> str:
    """Raises Refusal for one that is too short, too long, or among those everybody tries first."""
    if not LEAST <= len(password) <= MOST:
        raise Refusal(say("At least %(least)s characters, please.", least=LEAST), beside="password")
    if len(set(password)) < 4 or password.lower() in COMMON:
        raise Refusal(say("Everybody tries that one first. Three words are better."), beside="password")
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def fits(kept: str | None, password: str) -> bool:
    """Takes as long for an account that does not exist."""
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_threads, _fits, kept, password[: MOST + 1])
    return right and kept is not None


def _fits(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody lives here")


COMMON = {
    "password", "password1", "password123", "12345678", "123456789", "1234567890", "qwertyuiop", "qwerty123",
    "11223344", "88888888", "66666666", "iloveyou", "woaini1314", "woaini520", "1qaz2wsx", "abcd1234", "a1234567",
    "letmein1", "admin123", "administrator", "welcome1", "sunshine", "football", "5201314a",
}  # fmt: skip
