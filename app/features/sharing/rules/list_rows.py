"""The rows of a list of things, read: what is said about each, or why it cannot be taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.features.roster.rules.plain import plain, several
from app.features.roster.rules.sheets import Unreadable, opened
from app.features.sharing.rules import list_words as words
from app.features.sharing.rules.drafts import LONGEST_GAP, LONGEST_LOAN, LONGEST_PART, MOST_PARTS
from app.features.sharing.rules.list_words import CATEGORY_OF, CONDITION_OF, MORE_NO, MORE_YES, fields_of, key
from app.features.sharing.rules.words import CATEGORIES, CONDITIONS
from app.kit.cells import unguarded
from app.kit.words import Sentence, say

MOST_ROWS, MOST_TEXT = 2000, 200_000
LONGEST_OF = {words.NAME: 80, words.ABOUT: 600, words.FETCH: 200, words.DEPOSIT: 120}
DAYS_OF = {words.LONGEST: (1, LONGEST_LOAN), words.GAP: (0, LONGEST_GAP)}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Row:
    """`said` has what the list says of the thing: an empty cell says nothing. `why` it is refused, if it is."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    keepers: tuple[str, ...] = ()
    why: tuple[Sentence, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not (self.said or self.keepers or self.why)

    @property
    def name(self) -> str:
        return str(self.said.get(words.NAME, ""))


def text_of(content: bytes) -> str:
    """The list as text, whatever it came as: CSV in any of the known encodings, or a spreadsheet. Raises Unreadable."""
    text = opened(content, known=fields_of).text
    if len(text) > MOST_TEXT:
        raise Unreadable(say("That list is too long. Send at most %(n)s rows at a time.", n=MOST_ROWS))
    return text


def rows_of(content: bytes) -> Iterator[Row]:
    """Below the headings. Raises Unreadable when there is no reading a single row."""
    sheet = opened(content, known=fields_of)
    columns = sheet.reading.columns
    if words.NAME not in columns:
        raise Unreadable(say("The file needs a row of headings, with at least the name (名称) of each thing."))
    for number, cells in sheet.rows():
        if number > MOST_ROWS + sheet.reading.headings:
            raise Unreadable(say("That list is too long. Send at most %(n)s rows at a time.", n=MOST_ROWS))
        if number > sheet.reading.headings:
            yield _row(number, {name: cell for name, cell in zip(columns, cells, strict=False) if name})


def _row(number: int, cells: dict[str, str]) -> Row:
    typed = {name: _tidy(cell) for name, cell in cells.items()}
    typed = {name: cell for name, cell in typed.items() if cell}
    said, why = dict[str, Any](), list[Sentence]()
    for name, cell in typed.items():
        if name != words.KEEPERS:
            try:
                said[name] = READ[name](name, cell)
            except _Mistake as mistake:
                why.append(mistake.sentence)
    if typed and words.NAME not in typed:
        why.insert(0, say("No name."))
    return Row(number, said, several(typed.get(words.KEEPERS, "")), tuple(why))


def _tidy(cell: str) -> str:
    """As it was typed, Chinese punctuation too, without what nobody sees."""
    lines = CONTROL.sub("", unguarded(cell).replace("\r\n", "\n")).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


class _Mistake(Exception):
    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence


def _line(name: str, cell: str) -> str:
    return _text(name, " ".join(cell.split()))


def _text(name: str, cell: str) -> str:
    if len(cell) > LONGEST_OF[name]:
        raise _Mistake(say("%(column)s: at most %(n)s characters.", column=words.WORDS[name], n=LONGEST_OF[name]))
    return cell


def _category(name: str, cell: str) -> str:
    if found := CATEGORY_OF.get(key(cell)):
        return found.value
    raise _Mistake(say("“%(word)s” is no category. We have: %(all)s.", word=cell[:40], all=_all(CATEGORIES)))


def _condition(name: str, cell: str) -> str:
    if found := CONDITION_OF.get(key(cell)):
        return found.value
    raise _Mistake(say("“%(word)s” is no condition. We have: %(all)s.", word=cell[:40], all=_all(CONDITIONS)))


def _all(known: Any) -> Sentence:
    """One after another, in the reader's language."""
    names = list(known.values())
    line: Sentence = names[0]
    for each in names[1:]:
        line = say("%(some)s, %(more)s", some=line, more=each)
    return line


def _parts(name: str, cell: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[;；、,，|\n]+", cell) if part.strip()]
    if len(parts) > MOST_PARTS or any(len(part) > LONGEST_PART for part in parts):
        raise _Mistake(
            say("At most %(n)s things that belong to it, of %(m)s characters each.", n=MOST_PARTS, m=LONGEST_PART)
        )
    return list(dict.fromkeys(parts))


def _days(name: str, cell: str) -> int:
    least, most = DAYS_OF[name]
    found = re.fullmatch(r"(\d{1,4})(?:\.0+)?\s*(?:天|日|days?)?", plain(cell), re.IGNORECASE)
    if found and least <= int(found[1]) <= most:
        return int(found[1])
    column = words.WORDS[name]
    raise _Mistake(say("%(column)s: a number from %(least)s to %(most)s.", column=column, least=least, most=most))


def _yes(name: str, cell: str) -> bool:
    word = plain(cell).casefold()
    if word in MORE_YES or word in MORE_NO:
        return word in MORE_YES
    raise _Mistake(say("%(column)s: yes or no.", column=words.WORDS[name]))


READ = {
    words.NAME: _line,
    words.CATEGORY: _category,
    words.ABOUT: _text,
    words.CONDITION: _condition,
    words.PARTS: _parts,
    words.FETCH: _line,
    words.LONGEST: _days,
    words.GAP: _days,
    words.DEPOSIT: _line,
    words.EMERGENCY: _yes,
}
