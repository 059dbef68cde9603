"""Letters to somebody's e-mail: written when they are sent, so that no address and no link waits in a queue."""

import secrets
from datetime import datetime

from msgspec import Struct

from app.config import settings
from app.db import prepared_sql
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.kit import later, mail
from app.kit.languages import Language, language
from app.kit.sealing import seal, unseal
from app.kit.words import Sentence, kept, say

SECURITY = "/account/security"


class Reader(Struct):
    """Who reads a letter. `email` is what they sign in with, or else what is on file."""

    name: str
    language: str
    email: str | None
    on_file: str
    state: str
    holds_a_role: bool

    @property
    def address(self) -> str:
        return self.email or self.on_file

    @property
    def own_address(self) -> str:
        """That nobody else at the desk could have written down: an officer's is what they sign in with."""
        return self.email or ("" if self.holds_a_role else self.on_file)


_reader = prepared_sql(
    "SELECT people.name, people.language, logins.email, people.email AS on_file, people.state, EXISTS (SELECT 1 "
    "FROM roles WHERE roles.person = people.id AND roles.ended_at IS NULL) AS holds_a_role "
    "FROM people LEFT JOIN logins ON logins.person = people.id WHERE people.id = {}",
    Reader,
)


async def reader(person_id: int) -> Reader | None:
    return await _reader.first(person_id)


def by_mail() -> bool:
    """Does this house send letters at all?"""
    return settings().smtp is not None


async def tell_them(person_id: int, sentence: Sentence, *, now: datetime, also_to: str = "") -> None:
    """By every road that reaches them, from the deed's own transaction: what opens somebody's door was changed.

    `also_to` is the address they had until now, which no road knows any more: whoever changed it may be somebody else.
    """
    await notices.tell(person_id, sentence, path=SECURITY, now=now, topic="account", urgency=Urgency.soon)
    if also_to and by_mail():
        key, sealed = f"letter:{secrets.token_hex(8)}", seal(also_to, "letter")
        await later.at(now, "accounts.letter", key=key, person=person_id, sentence=sentence.as_json(), to=sealed)


async def send_letter(person: int, sentence: str, to: str, *, now: datetime) -> None:
    """To the address that `to` holds, sealed; nothing for whoever is gone."""
    who, address = await reader(person), unseal(to, "letter")
    if who is None or not address:
        return
    tongue, place = await spoken_to(who)
    subject = say("Your account at %(place)s", place=place)
    not_you = say("Was that not you? Then tell your steward or the committee at once, and look here:")
    await post(address, subject, [kept(sentence), not_you, SECURITY], who=who, tongue=tongue, place=place)


async def spoken_to(who: Reader) -> tuple[Language, str]:
    """In their language, or the community's first; and what the community is called."""
    here = await community.here()
    tag = who.language or (here.languages[0] if here else "en")
    return language(tag), here.name if here else "Kith"


async def post(
    address: str, subject: Sentence, lines: list[Sentence | str], *, who: Reader, tongue: Language, place: str
) -> None:
    """Raises what the mail server's trouble raises. A line that is a path is written out as an address."""
    by = settings().smtp
    if by is None:
        return
    hello = say("Dear %(name)s,", name=who.name)
    said = [each.spoken(tongue) if isinstance(each, Sentence) else settings().base_url + each for each in lines]
    text = "\n\n".join([hello.spoken(tongue), *said, place]) + "\n"
    await mail.send(by, to=address, name=place, subject=subject.spoken(tongue), text=text, tag=tongue.tag)
