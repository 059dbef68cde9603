"""Who looked: every look at what is sensitive is noted, and its owner reads the list."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.paging import Paged, paged, window
from app.kit.words import Sentence, say

# What was looked at, by the name it has in the audit.
SEEN: dict[str, Sentence] = {
    "needs": say("your special needs"),
    "emergency_contact": say("your emergency contact"),
    "key_holder": say("where a key to your home is"),
    "claimed_needs": say("what a list says about you"),
    "phone_notes": say("a phone number that a list has for you"),
    "need_contact": say("your phone and door, for whoever takes your need"),
    "event_needs": say("what you need at an event"),
    "need_details": say("the private part of your need"),
}


class Look(Struct):
    at: datetime
    did: str
    fields: str
    who: int | None
    name: str | None
    photo: str | None

    @property
    def seen(self) -> list[Sentence]:
        """Empty for a look at the whole person."""
        return [SEEN[name] for name in json.loads(self.fields) if name in SEEN]


# Whatever any feature notes as "… looked at": the words in which the audit speaks of looking.
_looks = prepared_sql(
    "SELECT audit.at, audit.did, audit.fields, audit.who, people.name, people.photo FROM audit "
    "LEFT JOIN people ON people.id = audit.who WHERE audit.concerns = {0} AND audit.did LIKE '%looked at' "
    "AND (audit.who IS NULL OR audit.who <> {0}) ORDER BY audit.id DESC LIMIT {1} OFFSET {2}",
    Look,
)


async def looks(person_id: int, number: int = 1) -> Paged[Look]:
    return paged(list(await _looks(person_id, *window(number))), number)


async def note_looks(seen: Mapping[int, Iterable[str]], *, household: int, by: Neighbour, now: datetime) -> None:
    """By person, which of their fields were shown. Looking at one's own is nobody's news."""
    async with writing():
        for person, fields in sorted(seen.items()):
            shown = list(fields)
            if shown and person != by.id:
                about = f"household:{household}"
                await audit.note("household looked at", who=by.id, about=about, now=now, concerns=person, fields=shown)
