"""What every template may say: language, dates, typography, the token's field, the address of a static file."""

import secrets
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, current_app, request
from jinja2 import StrictUndefined
from jinja2.utils import urlize
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException, SecurityError

from app import i18n, policy
from app.assets import Assets
from app.config import Settings
from app.i18n import ORIGINAL, ngettext
from app.web import templates
from app.web.address import QUERY_MAX, own_path, site_of
from app.web.door import SAFE, here

THEMES = ("light", "dark")
_spoken = i18n._


def install(app: Flask) -> None:
    app.jinja_environment = templates.Compiled  # type: ignore[assignment]  # Flask says so of its own class alone
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {
        "_": sentence,
        "ngettext": ngettext,
        "said": said,
        "foreign": foreign,
        "get_lang": i18n.get_lang,
        "csrf": csrf,
        "icon": templates.icon,
        "url_for": templates.url_for,
        "new_key": new_key,
        "static_url": static_url,
        "steps_done": i18n.steps_done,
        "settings": app.extensions["settings"],
    }
    app.jinja_env.filters |= {
        "typo": typo,
        "minutes": i18n.minutes,
        "day": day,
        "moment": moment,
        "linked": linked,
        "weight": i18n.weight,
    }
    app.context_processor(_visitor)


def _visitor() -> dict[str, Any]:
    theme = request.cookies.get("theme", "")
    return {
        "me": here().me,
        "site": here().site,
        "may": lambda capability: policy.may(here().me, policy.Capability(capability)),
        "lang": i18n.get_lang(),
        "theme": theme if theme in THEMES else "",
        "path": _path(),
        "at": request.path,
        "trial": here().trial,
    }


def _path() -> str:
    """Where a visitor comes back to after a detour: this page, or the one that led here."""
    path = request.full_path.rstrip("?")
    if request.method not in SAFE:
        path = _back(request.referrer or "")
    if request.blueprint == "accounts":
        path = request.args.get("suite") or _posted("suite") or "/"
    return own_path(path) if len(path) <= QUERY_MAX else request.path


def _posted(name: str) -> str:
    """What the form says, « » where it could not be read: the page about that must still be shown."""
    try:
        return here().form.get(name, "")
    except HTTPException:
        return ""


def _back(address: str) -> str:
    """The path of the page that led here, when it is one of ours."""
    try:
        if not address or site_of(address) != request.host:
            return "/"
        came_from = urlsplit(address)
    except (SecurityError, ValueError):
        return "/"
    return urlunsplit(("", "", came_from.path, came_from.query, ""))


def csrf() -> Markup:
    return _hidden("_token", here().token())


def new_key() -> Markup:
    return _hidden("key", secrets.token_hex(16))


def _hidden(name: str, value: str) -> Markup:
    return Markup(f'<input type="hidden" name="{name}" value="{value}">')  # noqa: S704  # both are ours: letters, digits


def static_url(name: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return _assets(settings).url(name)


@cache
def _assets(settings: Settings) -> Assets:
    return Assets.load(settings.assets_dir)


def sentence(message: str, /, **values: object) -> str:
    """The sentence in the reader's language; what is put in it may be marked up, as `said` does."""
    if not any(isinstance(value, Markup) for value in values.values()):
        return _spoken(message, **values)
    dressed = {name: i18n.typo(value) if type(value) is str else value for name, value in values.items()}
    return Markup(escape(_spoken(message))) % dressed  # noqa: S704  # escaped just here


def said(text: str, lang: str) -> Markup:
    """A text of the courses, marked as being in another language than the page where it is."""
    words = i18n.typo(text, lang)
    return Markup('<span lang="{}">{}</span>').format(lang, words) if foreign(lang) else escape(words)


def foreign(lang: str) -> bool:
    """Whether it is another language than the reader's."""
    return lang != i18n.get_lang()


def typo(text: object, lang: str = ORIGINAL) -> str:
    """A text of the courses, in the language it is written in; what the interface says has its typography already."""
    return text if isinstance(text, Markup) else i18n.typo(str(text), lang)


@lru_cache(2048)
def linked(text: str, lang: str = ORIGINAL) -> Markup:
    """A source of the courses, its addresses made into links; every page of a pathway says the same ones."""
    return Markup(urlize(escape(typo(text, lang)), rel="noopener external"))  # noqa: S704  escaped just here


def day(when: date) -> Markup:
    words = i18n.day(i18n.in_zone(when, _zone()) if isinstance(when, datetime) else when)
    return Markup("1<sup>er</sup>{}").format(words[3:]) if words.startswith("1er") else Markup("{}").format(words)


def moment(when: datetime) -> str:
    return i18n.moment(when, _zone())


def _zone() -> str:
    me = here().me
    return me.zone if me else i18n.ZONE
