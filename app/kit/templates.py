"""Jinja, with two additions: "skills/ask.html#steps" is the block `steps` of that page, and each language has pages of
its own, in which our words and drawings stand already.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from markupsafe import Markup

from app.kit.clock import now
from app.kit.labels import qr
from app.kit.languages import NAMES, language, speaking, zone
from app.kit.phones import dialled
from app.kit.words import Sentence

APP = Path(__file__).resolve().parents[1]


class Page(Template):
    """Every page has the same globals, so what it imports is made once. Jinja asks again at every import, and finds out
    by comparing all names: a quarter of a page full of icons.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class Block:
    """A part of a page that can be rendered alone."""

    def __init__(self, page: Template, name: str) -> None:
        self.page, self.name, self.blocks = page, name, page.blocks

    def render(self, **values: Any) -> str:
        return "".join(self.page.blocks[self.name](self.page.new_context(values)))


class Pages(Environment):
    """Made for one language. What a page says and draws without asking anybody (`_("Home")`, `icon("bell")`) was a
    third of its time; it is put in its place when the page is compiled.
    """

    tag = ""  # in none: everything is asked for when it is drawn

    def in_language(self, tag: str) -> "Pages":
        own: Any = self.overlay()
        own.tag = tag
        return own

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        page = super()._parse(source, name, filename)
        return PutInPlace(self).visit(page) if self.tag else page


class PutInPlace(NodeTransformer):
    def __init__(self, pages: Pages) -> None:
        self._icon: Callable[..., Markup] = pages.globals["icon"]  # type: ignore[assignment]
        self._tag = pages.tag

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if name not in ("_", "icon") or call.kwargs or not all(isinstance(each, nodes.Const) for each in call.args):
            return call
        said = [each.as_const() for each in call.args]
        known = _translated(self._tag, *said) if name == "_" else self._icon(*said)
        return nodes.MarkSafe(nodes.Const(str(known)), lineno=call.lineno)


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
    jinja.template_class = Page
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
