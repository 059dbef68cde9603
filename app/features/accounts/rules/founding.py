"""The first day: whoever opens the printed link makes the community and becomes its first administrator."""

from datetime import datetime

from app.db import writing
from app.features.accounts.rules.logins import keep_login
from app.features.accounts.rules.passwords import hashed
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit import audit
from app.kit.refusals import Missing
from app.kit.words import say


async def found(
    token: str,
    *,
    name: str,
    languages: list[str],
    zone: str,
    region: str,
    area_kinds: list[str],
    administrator: str,
    login: str,
    password: str,
    language: str,
    now: datetime,
) -> int:
    """All or nothing: the community and its administrator, whose id comes back. The link opens once."""
    await _opens(token)
    kept = await hashed(password)
    async with writing():
        await _opens(token)
        await community.found(name=name, languages=languages, zone=zone, region=region, area_kinds=area_kinds, now=now)
        person = await people.add_person(name=administrator, language=language, now=now)
        await people.give_role(person, Kind.administrator, area=None, by=person, now=now)
        await keep_login(person, login, kept, now=now)
        await people.consent(person, "terms", by=person, now=now)
        await audit.note("community made", who=person, about="community:1", now=now)
    return person


async def _opens(token: str) -> None:
    if not await community.is_set_up_link(token):
        raise Missing(say("This set-up link is not valid any more. The newest one is printed at every start."))
