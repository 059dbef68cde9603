"""What is done after the deed: letters, which take seconds and a mail server."""

from datetime import datetime

from app.features.accounts import rules
from app.kit.later import Job


async def letter(person: int, sentence: str, to: str, now: datetime) -> None:
    await rules.send_letter(person, sentence, to, now=now)


async def reset_letter(person: int, until: str, now: datetime) -> None:
    await rules.send_reset_letter(person, until, now=now)


JOBS: dict[str, Job] = {"accounts.letter": letter, "accounts.reset_letter": reset_letter}
