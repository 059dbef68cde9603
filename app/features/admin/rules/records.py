"""The audit, newest first: who did what about whom, and when. Names, never values."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import CAPABILITIES, KINDS, OF_A_HOUSEHOLD, OF_A_PERSON
from app.kit.paging import Paged, paged, window
from app.kit.words import Sentence, say

FIELDS: dict[str, Sentence] = {
    "name": say("name"),
    "phone": say("phone"),
    "email": say("e-mail"),
    "language": say("language"),
    "look": say("look"),
    "large_text": say("text size"),
    "photo": say("photo"),
    "state": say("state"),
    "address": say("address"),
    "sort": say("order"),
    "contact_name": say("emergency contact"),
    "contact_relation": say("emergency contact"),
    "contact_phone": say("emergency contact"),
    "key_words": say("who holds a key"),
    "claimed_needs": say("claimed needs"),
    "phone_notes": say("phone note"),
    **{name: field.words for name, field in (OF_A_PERSON | OF_A_HOUSEHOLD).items()},
    **{str(kind): words for kind, words in KINDS.items()},
    **CAPABILITIES,
}

# What is named by its kind and number, where it is no person: the word, and where it can be seen.
ABOUT: dict[str, tuple[Sentence, str]] = {
    "area": (say("an area"), "/admin/areas/"),
    "household": (say("a household"), "/admin/households/"),
    "community": (say("the community"), ""),
    "roster": (say("a roster"), ""),
    "roster_import": (say("a list of residents"), ""),
    "roster_upload": (say("a list of residents"), "/admin/roster/"),
}


class Entry(Struct):
    id: int
    at: datetime
    did: str
    about: str
    fields: str
    who: int | None
    who_name: str | None
    concerns: int | None
    whom: str | None

    @property
    def thing(self) -> Sentence:
        kind = self.about.partition(":")[0]
        return ABOUT[kind][0] if kind in ABOUT else say("%(name)s", name=self.about)

    @property
    def path(self) -> str:
        """Empty for what cannot be looked at, or is no longer there."""
        kind, _, number = self.about.partition(":")
        where = ABOUT[kind][1] if kind in ABOUT else ""
        return where + number if where and "removed" not in self.did else ""

    @property
    def details(self) -> list[Sentence]:
        return [FIELDS.get(name) or say("%(name)s", name=name) for name in json.loads(self.fields)]


_records = prepared_sql(
    "SELECT audit.id, audit.at, audit.did, audit.about, audit.fields, audit.who, doers.name AS who_name, "
    "audit.concerns, theirs.name AS whom FROM audit LEFT JOIN people AS doers ON doers.id = audit.who "
    "LEFT JOIN people AS theirs ON theirs.id = audit.concerns ORDER BY audit.id DESC LIMIT {} OFFSET {}",
    Entry,
)


async def records(number: int = 1) -> Paged[Entry]:
    return paged(list(await _records(*window(number))), number)
