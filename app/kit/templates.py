"""What every page may say and draw, and how a page, or "skills/ask.html#steps", the block `steps` of it, is found."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from markupsafe import Markup

from app.kit.clock import now
from app.kit.compiled import Block, Pages
from app.kit.labels import qr
from app.kit.languages import NAMES, language, speaking, zone
from app.kit.phones import dialled
from app.kit.words import Sentence

APP = Path(__file__).resolve().parents[1]


class PagesAndBlocks(JinjaTemplateEngine):
    def get_template(self, template_name: str) -> Any:
        name, _, block = template_name.partition("#")
        page = self._spoken(speaking.get().tag).get_template(name)
        return Block(page, block) if block else page

    @cache  # noqa: B019 (there is one engine, and it lives as long as the house)
    def _spoken(self, tag: str) -> Pages:
        pages: Any = self.engine
        return pages.in_language(tag)


def template_config(features: tuple[str, ...], **more: Any) -> TemplateConfig:
    """Shared pages from app/templates; "skills/ask.html" from the feature's own folder."""
    return TemplateConfig(instance=PagesAndBlocks.from_environment(environment(features, **more)))


def environment(features: tuple[str, ...], **more: Any) -> Pages:
    own = {name: FileSystemLoader(APP / "features" / name / "templates") for name in features}
    jinja = Pages(
        loader=ChoiceLoader([FileSystemLoader(APP / "templates"), PrefixLoader(own)]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: speaking.get().gettext(text),
        lambda one, many, n: speaking.get().ngettext(one, many, n),
        newstyle=True,
    )
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.globals |= {"deed": lambda: str(uuid4()), "language": lambda: speaking.get().tag, "languages": NAMES} | more
    jinja.globals["qr"] = qr
    jinja.globals |= {"spoken_tag": spoken_tag, "in_its_language": in_its_language}
    jinja.globals["icon"] = drawing(more["asset"]("icons.svg"))
    jinja.globals["_"] = jinja.globals["gettext"] = translated
    jinja.globals["ngettext"] = counted
    jinja.filters |= FILTERS
    return jinja


def translated(words: str, **values: Any) -> Markup:
    """_("…") in templates. Most have no values, and are looked up once a language."""
    tag = speaking.get().tag
    return Markup(language(tag).gettext(words)) % values if values else _translated(tag, words)  # noqa: S704


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """ngettext("…", "…", n) in templates."""
    words = speaking.get().ngettext(one, many, num)
    return Markup(words) % {"num": num, **values} if values else Markup(words % {"num": num})  # noqa: S704


@lru_cache(maxsize=4096)
def _translated(tag: str, words: str) -> Markup:
    return Markup(language(tag).gettext(words)) % {}  # noqa: S704 (translators are trusted, as templates are)


def drawing(address: str) -> Callable[..., Markup]:
    """icon("bell"): one of the drawings in static/icons/names.txt. Always beside words, so screen readers skip it."""

    @cache
    def icon(name: str, look: str = "") -> Markup:
        return DRAWN.format(look=f" {look}" if look else "", address=address, name=name)

    return icon


DRAWN = Markup(
    '<svg class="icon{look}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    '<use href="{address}#{name}"/></svg>'
)


def spoken(sentence: Sentence | str) -> str:
    return sentence.spoken(speaking.get()) if isinstance(sentence, Sentence) else sentence


def told(value: Any) -> str:
    """Whatever it is, as its reader says it: with the year, for what is kept long."""
    if isinstance(value, datetime):
        return speaking.get().stamp(value)
    if isinstance(value, date):
        return speaking.get().long_day(value)
    return spoken(value) if isinstance(value, Sentence) else str(value)


def spoken_tag(sentence: Sentence) -> str:
    """The language in which something that people typed comes out for this reader; empty for our own words."""
    tag = speaking.get().tag
    return tag if tag in sentence.typed else next(iter(sentence.typed), "")


def in_its_language(sentence: Sentence) -> Markup:
    """` lang="…"` where the words are in another language than the page."""
    tag = spoken_tag(sentence)
    return LANG.format(tag) if tag and tag != speaking.get().tag else Markup()


LANG = Markup(' lang="{}"')
FILTERS: dict[str, Callable[..., str]] = {
    "spoken": spoken,
    "told": told,
    "dialled": dialled,
    "when": lambda moment: speaking.get().when(moment),
    "clock": lambda moment: speaking.get().clock(moment),
    "day": lambda on: speaking.get().day(on),
    "weekday": lambda moment: speaking.get().weekday(moment),
    "month": lambda moment: speaking.get().month(moment),
    "month_of": lambda on: speaking.get().month_of(on),
    "initial": lambda on: speaking.get().initial(on),
    "day_number": lambda moment: str(moment.astimezone(zone.get()).day),
    "long_day": lambda on: speaking.get().long_day(on),
    "stamp": lambda moment: speaking.get().stamp(moment),
    "ago": lambda moment: speaking.get().ago(moment, now()),
}
