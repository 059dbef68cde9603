"""Who is who: each row of a list is somebody new, somebody met already, or nobody at all. Nothing is written here."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.features.roster.rules.addresses import Address
from app.features.roster.rules.reading import Blank, Refused, Resident, Row
from app.features.roster.rules.report import Outcome, What
from app.kit.words import Sentence, say

Seal = Callable[..., str]


@dataclass(eq=False, slots=True)
class Someone:
    """A person of the list. `id` is 0 until they are written; what stands in the lists below is still to be written.

    `lived_at` are the doors at which we knew them before, `named` those at which this list has them, and `leaves` those
    at which they no longer live.
    """

    name: str
    phone: str = ""
    id: int = 0
    edited: bool = False
    doors: set[str] = field(default_factory=set)
    knows: set[str] = field(default_factory=set)
    met_in: int = 0
    new_phone: str = ""
    homes: list[Address] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    lived_at: frozenset[str] = frozenset()
    named: set[str] = field(default_factory=set)
    leaves: frozenset[str] = frozenset()


class Register:
    """What the house knows, and what the list adds to it, row by row."""

    def __init__(
        self, secret: bytes, known: Iterable[Someone] = (), seals: dict[str, int | None] | None = None
    ) -> None:
        self.everyone: list[Someone] = []
        self._secret, self._seals, self._rows = secret, seals or {}, dict[str, tuple[Someone | None, int]]()
        self._behind: dict[tuple[str, str], list[Someone]] = {}
        self._called: dict[tuple[str, str], Someone] = {}
        self._by_id: dict[int, Someone] = {}
        for someone in known:
            someone.lived_at = frozenset(someone.doors)
            self._add(someone)

    def take(self, row: Row) -> Outcome:
        if isinstance(row, Blank):
            return Outcome(row.number, What.blank)
        if isinstance(row, Refused):
            return Outcome(row.number, What.refused, why=(row.reason,))
        seal = self.sealed(
            "row", row.address.label, row.name, row.phone.number, row.phone.note, *row.skills, *row.needs
        )
        if seal in self._rows or seal in self._seals:
            return self._again(row, seal)
        return self._told(row, seal)

    @property
    def from_lists(self) -> list[Someone]:
        """Those whom an earlier list brought."""
        ids = {person for person in self._seals.values() if person}
        return [someone for someone in self.everyone if someone.id in ids]

    def sealed(self, *facts: str | int) -> str:
        told = "\x1f".join(str(fact).casefold() for fact in facts)
        return hmac.new(self._secret, told.encode(), hashlib.sha256).hexdigest()

    def _again(self, row: Resident, seal: str) -> Outcome:
        """The same words as before, in this list or in an earlier one."""
        if seal in self._rows:
            return Outcome(row.number, What.merged, row, (_pasted(self._rows[seal][1]),))
        someone = self._by_id.get(self._seals[seal] or 0)
        self._rows[seal] = (someone, row.number)
        if someone:
            someone.named.add(row.address.label)
        if someone and someone.met_in:
            return Outcome(row.number, What.merged, row, (_same(someone.met_in),))
        if someone:
            someone.met_in = row.number
        return Outcome(row.number, What.unchanged, row, (say("An earlier list said the same."),))

    def _told(self, row: Resident, seal: str) -> Outcome:
        someone, why = self._who(row)
        met_in = someone.met_in if someone else 0
        if someone is None:
            someone = Someone(row.name)
            self.everyone.append(someone)
            what, because = What.made, [why] if why else []
        elif met_in:
            what, because = What.merged, [why or _same(met_in)]
        else:
            what, because = What.unchanged, [why] if why else []
        someone.named.add(row.address.label)
        added = self._unite(someone, row)
        if what == What.unchanged and added:
            what = What.merged
            because = [*because, say("Somebody we know; the list adds to it.")]
        if row.phone.note:
            because.append(say("“%(phone)s” cannot be right as a phone: kept as a note.", phone=row.phone.note))
        someone.met_in = someone.met_in or row.number
        someone.seals.append(seal)
        self._rows[seal] = (someone, row.number)
        return Outcome(row.number, what, row, tuple(because))

    def _who(self, row: Resident) -> tuple[Someone | None, Sentence | None]:
        """By door and name; where two behind one door bear one name, the phone tells them apart."""
        here = self._behind.get((row.address.label, row.name), [])
        phone = row.phone.number
        if not phone:
            return (here[0], None) if here else (None, None)
        for someone in here:
            if phone in (someone.phone, someone.new_phone):
                return someone, None
        if elsewhere := self._called.get((row.name, phone)):
            return elsewhere, say("The same name and phone as at another door: one person with two homes.")
        for someone in here:
            # Those who changed their phone themselves are still who they are; the list's phone is the old one.
            if someone.edited or not (someone.phone or someone.new_phone):
                return someone, None
        return None, say("The same name behind the same door, but another phone: another person.") if here else None

    def _unite(self, someone: Someone, row: Resident) -> bool:
        """Adds what is new; never replaces what is there, nor gives back what its person took away."""
        before = self._size(someone)
        if row.address.label not in someone.doors:
            someone.homes.append(row.address)
            someone.doors.add(row.address.label)
        if row.phone.number and not (someone.phone or someone.new_phone or someone.edited):
            someone.new_phone = row.phone.number
        self._index(someone)
        for kind, told, new in (
            ("skill", row.skills, someone.skills),
            ("need", row.needs, someone.needs),
            ("phone", (row.phone.note,) if row.phone.note else (), someone.notes),
        ):
            for words in told:
                if self.is_news(someone, kind, words):
                    someone.knows.add(f"{kind} {words.casefold()}")
                    new.append(words)
        return self._size(someone) > before

    def is_news(self, someone: Someone, kind: str, words: str) -> bool:
        known = f"{kind} {words.casefold()}" in someone.knows
        return not known and not (someone.id and self.sealed(kind, someone.id, words) in self._seals)

    def _size(self, someone: Someone) -> int:
        added = [*someone.homes, *someone.skills, *someone.needs, *someone.notes]
        return len(added) + bool(someone.new_phone)

    def _add(self, someone: Someone) -> None:
        self.everyone.append(someone)
        self._by_id[someone.id] = someone
        self._index(someone)

    def _index(self, someone: Someone) -> None:
        for door in someone.doors:
            behind = self._behind.setdefault((door, someone.name), [])
            if someone not in behind:
                behind.append(someone)
        if phone := someone.phone or someone.new_phone:
            self._called.setdefault((someone.name, phone), someone)


def _pasted(number: int) -> Sentence:
    return say("Pasted twice: the same as row %(row)s.", row=number)


def _same(number: int) -> Sentence:
    return say("The same person as in row %(row)s: same door, same name.", row=number)
