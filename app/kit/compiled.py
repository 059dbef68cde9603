"""Jinja's pages without what no page of ours needs, and what each of them says in a language put in its place."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.utils import internalcode
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.kit.languages import language, speaking

SETTLED = ("_", "icon", "asset", "language")  # asked with the same words, they say the same in every page of a language


class Names(Context):
    """No function of ours asks for the names around it (`pass_context`), and every page escapes, so a call is a call: a
    page makes a hundred, and Jinja looks at each three times first.
    """

    @internalcode
    def call(self, called: Any, /, *args: Any, _block_vars: Any = None, _loop_vars: Any = None, **values: Any) -> Any:
        return called(*args, **values)


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

    template_class = Page
    context_class = Names
    found: dict[str, Template]
    tag = ""  # in none: everything is asked for when it is drawn

    def in_language(self, tag: str) -> "Pages":
        own: Any = self.overlay()
        own.tag = tag
        own.found = {}
        return own

    @internalcode
    def get_template(
        self, name: Any, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Nothing is loaded again, and Jinja's own shelf has a lock."""
        if not self.tag or globals:
            return super().get_template(name, parent, globals)
        page = self.found.get(name)
        if page is None:
            page = self.found[name] = super().get_template(name, parent, globals)
        return page

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """In one dict: they are copied for each page that is drawn, and none is changed."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        page = super()._parse(source, name, filename)
        if not self.tag:
            return page
        before = speaking.set(language(self.tag))
        try:
            return PutInPlace(self.globals).visit(page)
        finally:
            speaking.reset(before)


class PutInPlace(NodeTransformer):
    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known = known

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        more = call.kwargs or call.dyn_args or call.dyn_kwargs
        if name not in SETTLED or more or not all(isinstance(each, nodes.Const) for each in call.args):
            return call
        said = self._known[name](*[each.as_const() for each in call.args])
        words = nodes.Const(str(said), lineno=call.lineno)
        return nodes.MarkSafe(words, lineno=call.lineno) if isinstance(said, Markup) else words
