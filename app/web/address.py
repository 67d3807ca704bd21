"""What an address may hold: every piece of a path and of a query is bounded before anything reads it."""

import re
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError
from werkzeug.wrappers import Response

from app.i18n import _

QUERY_MAX = 400
ID_MAX = 2**63 - 1
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_HOSTILE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]")


class Unreadable(BadRequest):
    """400, with a sentence of ours."""


class SlugConverter(BaseConverter):
    """A name made for addresses: small letters, digits, hyphens."""

    regex = "[a-z0-9][a-z0-9-]{0,119}"


class UidConverter(BaseConverter):
    """What names a step for ever."""

    regex = "[a-z0-9][a-z0-9-]{0,39}"


class SecretConverter(BaseConverter):
    """What a one-time link holds: 128 random bits."""

    regex = "[A-Za-z0-9_-]{22}"


class ProofConverter(BaseConverter):
    """What only we can have written: a signature of 128 bits."""

    regex = "[0-9a-f]{32}"


class IdConverter(IntegerConverter):
    """A row's number, in plain digits, that both databases can hold."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 0 < number <= ID_MAX or value.startswith("0"):
            raise ValidationError
        return number


def install(app: Flask) -> None:
    app.url_map.converters |= {"slug": SlugConverter, "uid": UidConverter, "id": IdConverter, "secret": SecretConverter}
    app.url_map.converters["proof"] = ProofConverter
    app.before_request(_without_last_slash)


def _without_last_slash() -> Response | None:
    """Somebody typed one slash more than the address has: it leads to the page all the same."""
    path = own_path(request.path.rstrip("/"))
    lost = isinstance(request.routing_exception, NotFound) and request.path.endswith("/")
    adapter = current_app.create_url_adapter(request) if lost and path != "/" else None
    if adapter is None or request.method not in ("GET", "HEAD") or not adapter.test(path, "GET"):
        return None
    return redirect(request.full_path.replace(request.path, path, 1).rstrip("?"), 308)


def bounded(value: str) -> str:
    """A query's value as it came. Raises Unreadable."""
    if len(value) > QUERY_MAX or _HOSTILE.search(value):
        raise Unreadable(_("L’adresse de cette page contient une valeur que nous ne pouvons pas lire."))
    return value


def word(value: str) -> str:
    """A query's value that names something: small letters, digits, hyphens. Raises Unreadable."""
    if value and not _WORD.fullmatch(value):
        raise Unreadable(_("L’adresse de cette page contient une valeur que nous ne pouvons pas lire."))
    return value


def site_of(address: str) -> str:
    """The host and port of an address; « » for what is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def own_path(path: str, otherwise: str = "/") -> str:
    """`path` when it stays on this site, else `otherwise`."""
    if not path.startswith("/") or path[1:2] in ("/", "\\") or len(path) > 2000 or _HOSTILE.search(path):
        return otherwise
    try:
        parts = urlsplit(path)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc or "\\" in path else path
