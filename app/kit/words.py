"""Sentences that wait for their reader: kept as words and values, spoken in the reader's own language.

A rule never knows who will read. It says `say("%(name)s is already out.", name=item.name)`; the page, the notice or
the push speaks it. What a person typed in two languages is `written({"zh-Hans": …, "en": …})`.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

Value = str | int | date | datetime


class Tongue(Protocol):
    """A language with its catalogue: app/kit/languages.py has them."""

    @property
    def tag(self) -> str: ...

    def gettext(self, message: str) -> str: ...

    def ngettext(self, one: str, many: str, n: int) -> str: ...

    def value(self, value: Any) -> str: ...


@dataclass(frozen=True)
class Sentence:
    words: str
    values: dict[str, "Value | Sentence"] = field(default_factory=dict)
    many: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    def spoken(self, tongue: Tongue) -> str:
        """In that language; what people typed falls back to the first language they wrote."""
        if self.typed:
            return self.typed.get(tongue.tag) or next(iter(self.typed.values()))
        values = {name: _spoken(value, tongue) for name, value in self.values.items()}
        if self.many:
            return tongue.ngettext(self.words, self.many, int(str(self.values["n"]))) % values
        return tongue.gettext(self.words) % values

    def as_json(self) -> str:
        return json.dumps(_kept(self), ensure_ascii=False)

    def __str__(self) -> str:
        return (self.words % self.values) if not self.typed else next(iter(self.typed.values()))


def say(words: str, **values: Value | Sentence) -> Sentence:
    return Sentence(words, values)


def say_n(one: str, many: str, n: int, **values: Value | Sentence) -> Sentence:
    """One of them or many of them; `%(n)s` is the count."""
    return Sentence(one, {"n": n, **values}, many)


def written(typed: dict[str, str]) -> Sentence:
    return Sentence("", typed=typed)


def kept(text: str) -> Sentence:
    """What `as_json()` put away."""
    return _back(json.loads(text))


def _spoken(value: "Value | Sentence", tongue: Tongue) -> str:
    return value.spoken(tongue) if isinstance(value, Sentence) else tongue.value(value)


def _kept(value: "Value | Sentence") -> Any:
    if isinstance(value, Sentence):
        if value.typed:
            return {"typed": value.typed}
        plural = {"many": value.many} if value.many else {}
        return {"say": value.words, "with": {k: _kept(v) for k, v in value.values.items()}, **plural}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value


def _back(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "typed" in value:
        return written(value["typed"])
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    if "on" in value:
        return date.fromisoformat(value["on"])
    return Sentence(value["say"], {k: _back(v) for k, v in value["with"].items()}, value.get("many", ""))
