"""What the whole list says by what it no longer says: who moved to another door, and who is gone.

Nobody is guessed: a phone says who it is, and those without one (children, mostly) move only with somebody of their
household who has one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from app.features.roster.rules.register import Register, Someone
from app.features.roster.rules.report import Gone, Outcome, What
from app.kit.words import Sentence, say

Move = tuple[str, str]  # from one door to another


def moves_and_gone(
    register: Register, outcomes: list[Outcome], sign_in: Collection[int]
) -> tuple[list[Outcome], list[Gone]]:
    """The outcomes with the moves told in them, and who is missing. `sign_in` are the people who have a sign-in."""
    known = register.from_lists
    movers = [someone for someone in known if _moved(someone)]
    missing = [someone for someone in known if not someone.named]
    followers = _followers(register, movers, missing)
    for someone in (*movers, *followers):
        someone.leaves = someone.lived_at
    told = {someone.met_in: someone for someone in (*movers, *followers)}
    gone = [someone for someone in missing if someone not in followers]
    return [_told(outcome, told.get(outcome.number)) for outcome in outcomes], [_gone(each, sign_in) for each in gone]


def _moved(someone: Someone) -> bool:
    """At one new door, and at none of the old ones."""
    return len(someone.named) == 1 and bool(someone.lived_at) and not someone.named & someone.lived_at


def _followers(register: Register, movers: Iterable[Someone], missing: Iterable[Someone]) -> list[Someone]:
    """Those without a phone whose name turns up, once, behind the very door that a housemate moved to."""
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for mover in movers:
        for old in mover.lived_at:
            ways[old] |= mover.named
    arrived: defaultdict[Move, list[Someone]] = defaultdict(list)
    for new in register.everyone:
        if not new.id and not new.new_phone:
            for door in new.named:
                arrived[door, new.name].append(new)
    found = []
    for someone in missing:
        doors = {door for old in someone.lived_at for door in ways[old]}
        same = [new for door in doors for new in arrived[door, someone.name]]
        if not someone.phone and len(same) == 1:
            _become(register, someone, same[0])
            found.append(someone)
    register.everyone = [someone for someone in register.everyone if someone.seals or someone.id]
    return found


def _become(register: Register, someone: Someone, new: Someone) -> None:
    """What the list told of the one it took for somebody new is told of the one we know."""
    someone.homes += new.homes
    someone.named |= new.named
    someone.met_in = new.met_in
    for kind, told, kept in (
        ("skill", new.skills, someone.skills),
        ("need", new.needs, someone.needs),
        ("phone", new.notes, someone.notes),
    ):
        kept += [words for words in told if register.is_news(someone, kind, words)]
    someone.seals += new.seals
    new.seals = []


def _told(outcome: Outcome, someone: Someone | None) -> Outcome:
    if someone is None:
        return outcome
    why: tuple[Sentence, ...] = (say("Moved here from %(address)s.", address=", ".join(sorted(someone.lived_at))),)
    return replace(outcome, what=What.merged, why=why, moved=True)


def _gone(someone: Someone, sign_in: Collection[int]) -> Gone:
    return Gone(someone.id, someone.name, tuple(sorted(someone.lived_at)), someone.id in sign_in)
