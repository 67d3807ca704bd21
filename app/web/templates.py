"""Templates as they are compiled: once by language, with what cannot change said in advance (docs/decisions/0017)."""

from collections.abc import Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, has_app_context
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.i18n import get_lang

SAME = ("_", "icon", "static_url", "url_for")
"""What says the same to every reader of a language when it is given constants alone."""


class Macros(Template):
    """Templates here have the names of their environment and no others: what one imports is made once."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Compiled(Environment):
    """A template is compiled in the language of its first reader, for the readers of that language alone."""

    template_class = Macros

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._by_language: dict[tuple[str, str], Template] = {}

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        key = (get_lang(), name)
        found = self._by_language.get(key)
        if found is None or (self.auto_reload and not found.is_up_to_date):
            if self.loader is None:
                raise TypeError("no loader for this environment specified")
            found = self._by_language[key] = self.loader.load(self, name, self.make_globals(globals))
        return found

    def _generate(self, source: nodes.Template, *rest: Any, **named: Any) -> str:
        if has_app_context():
            source = _Said(self, set(_own_names(source))).visit(source)
        return super()._generate(source, *rest, **named)


class _Said(NodeTransformer):
    """Puts its answer in the place of a call that will always answer the same."""

    def __init__(self, environment: Environment, own: set[str]) -> None:
        globals: dict[str, Any] = environment.globals
        self.known = {name: globals[name] for name in SAME if name in globals and name not in own}

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        named = node.node.name if isinstance(node.node, nodes.Name) else ""
        constant = all(isinstance(each, nodes.Const) for each in node.args)
        if named not in self.known or not constant or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        answer = self.known[named](*(each.value for each in node.args if isinstance(each, nodes.Const)))
        return nodes.Const(answer, lineno=node.lineno, environment=node.environment)


def _own_names(source: nodes.Template) -> Iterator[str]:
    """Names that a template gives to something of its own."""
    yield from (each.name for each in source.find_all(nodes.Name) if each.ctx != "load")
    yield from (each.name for each in source.find_all(nodes.Macro))
    for each in source.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in each.names)


@lru_cache(200)
def icon(name: str) -> Markup:
    """A drawing of parts/icons.html."""
    drawn: Markup = current_app.jinja_env.get_template("parts/icons.html").module.icon(name)  # type: ignore[attr-defined]
    return drawn


@lru_cache(4096, typed=True)
def url_for(endpoint: str, **values: Any) -> str:
    """An address of this site; the same for everybody."""
    return current_app.url_for(endpoint, **values)
