"""The languages we speak. English is the source; every other language is a gettext catalogue in app/locale."""

import gettext as gnu
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "locale"
NAMES = {"zh-Hans": "简体中文", "en": "English"}
SOURCE = "en"


@dataclass(frozen=True)
class Language:
    """One tongue: its catalogue, and how it writes days and times in the community's zone."""

    tag: str
    locale: Locale
    catalogue: gnu.NullTranslations

    def gettext(self, message: str) -> str:
        """Found beside its plural, too, where the catalogue has it only there: not every 3.11 of Python looks."""
        said = self.catalogue.gettext(message) if message else ""
        return self.catalogue.ngettext(message, message, 1) if said == message else said

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.catalogue.ngettext(one, many, n)

    def value(self, value: Any) -> str:
        if isinstance(value, datetime):
            return self.when(value)
        return self.day(value) if isinstance(value, date) else str(value)

    def when(self, moment: datetime) -> str:
        """Day and minute on the community's clock."""
        return f"{self.day(moment.astimezone(zone.get()).date())} {self.clock(moment)}"

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(zone.get()):%H:%M}"

    def day(self, on: date) -> str:
        return format_date(on, "M月d日 EEE" if self.tag.startswith("zh") else "EEE d MMM", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """From one day to another, their month said once: 1–7 May, 5月1日至7日."""
        chinese = self.tag.startswith("zh")
        whole = format_date(last, "M月d日" if chinese else "d MMM", locale=self.locale)
        if first == last:
            return whole
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.month}月{first.day}日至{last.day}日" if chinese else f"{first.day}–{whole}"
        return self.days(first, first) + ("至" if chinese else " – ") + whole

    def weekday(self, moment: datetime) -> str:
        return format_date(moment.astimezone(zone.get()).date(), "EEE", locale=self.locale)

    def month(self, moment: datetime) -> str:
        return format_date(moment.astimezone(zone.get()).date(), "MMM", locale=self.locale)

    def month_of(self, on: date) -> str:
        return format_date(on, "y年M月" if self.tag.startswith("zh") else "MMMM y", locale=self.locale)

    def initial(self, on: date) -> str:
        """Of its weekday, for the head of a month."""
        return format_date(on, "EEEEE", locale=self.locale)

    def long_day(self, on: date) -> str:
        return format_date(on, "long", locale=self.locale)

    def stamp(self, moment: datetime) -> str:
        return format_datetime(moment.astimezone(zone.get()), "yyyy-MM-dd HH:mm", locale=self.locale)

    def ago(self, moment: datetime, now: datetime) -> str:
        return format_timedelta(moment - now, add_direction=True, locale=self.locale)


@cache
def language(tag: str) -> Language:
    folder = tag.replace("-", "_")
    return Language(tag, Locale.parse(folder), _catalogue(LOCALES / folder / "LC_MESSAGES" / "messages.po"))


def _catalogue(po: Path) -> gnu.NullTranslations:
    """Straight from the .po file: no compiled file that could be stale."""
    if not po.exists():
        return gnu.NullTranslations()
    compiled = BytesIO()
    with po.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


speaking: ContextVar[Language] = ContextVar("speaking", default=language(SOURCE))
zone: ContextVar[ZoneInfo] = ContextVar("zone", default=ZoneInfo("Asia/Shanghai"))


def preferred(accept_language: str, offered: tuple[str, ...] = tuple(NAMES)) -> str:
    """The offered language that the browser ranks highest (RFC 9110, 12.5.4); Chinese of any kind reads zh-Hans."""
    for wanted in _ranked(accept_language):
        for tag in offered:
            if wanted == tag.lower() or wanted.partition("-")[0] == tag.partition("-")[0].lower():
                return tag
    return SOURCE if SOURCE in offered else offered[0]


def _ranked(accept_language: str) -> list[str]:
    ranked = []
    for place, part in enumerate(accept_language.lower().split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, tag.strip()))
        except ValueError:
            continue
    return [tag for rank, _, tag in sorted(ranked) if tag and rank < 0]


def of_text(text: str, otherwise: str) -> str:
    """The language that somebody's own words are in, as far as their letters tell: for `lang` and screen readers."""
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    if chinese * 2 > latin:
        return "zh-Hans"
    return "en" if latin else otherwise
