"""A trial's pages are the player's own, under its address: what enters there finds another site, what leaves stays."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import Gone, NotFound

from app import trials
from app.web.door import TRIAL, here

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAYER = ("learn", "attest")
"""The rooms that a trial has; nobody signs in, teaches or writes there."""
ALSO = ("accounts.language",)
_PLACE = re.compile(rf"{trials.ROOT}(?P<token>[A-Za-z0-9_-]{{22}})(?P<path>/.*)?")
_TAG = re.compile(r"<[a-z][^<>]*>", re.I)
_ADDRESS = re.compile(
    r'(?<=[\s"])((?:href|src|action|formaction|data-[a-z-]+|hx-[a-z-]+)=")(?=/(?!/|static/|atelier|essai/))'
)
"""An address of ours but for what is the same everywhere, and for the way back."""


class Over(Gone):
    """410: its day is past."""


class Outside(NotFound):
    """404: a page that no trial has."""


def install(app: Flask) -> None:
    app.wsgi_app = _within(app.wsgi_app)  # type: ignore[method-assign, assignment]

    @app.before_request
    def stay_in_the_player() -> None:
        if TRIAL not in request.environ:
            return
        if here().trial is None:
            raise Over
        if request.endpoint and request.blueprint not in PLAYER and request.endpoint not in ALSO:
            raise Outside

    @app.after_request
    def stay_in_the_trial(response: Response) -> Response:
        trial = here().trial
        if trial is None:
            return response
        response.headers["X-Robots-Tag"] = "noindex"
        if "Location" in response.headers:
            response.headers["Location"] = _led(response.headers["Location"], trial.root)
        if response.mimetype == "text/html" and not response.direct_passthrough:
            response.set_data(_TAG.sub(lambda tag: _ADDRESS.sub(rf"\1{trial.root}", tag[0]), response.get_data(True)))
        return response


def _within(app: "WSGIApplication") -> "WSGIApplication":
    """Takes the trial out of the address: every room behind sees the address that it knows."""

    def found(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if place := _PLACE.fullmatch(environ["PATH_INFO"]):
            environ[TRIAL] = place["token"]
            environ["PATH_INFO"] = place["path"] or "/"
        return app(environ, start)

    return found


def _led(address: str, root: str) -> str:
    """Where an answer leads, inside."""
    own = address.startswith("/") and not address.startswith(("//", trials.ROOT))
    return f"{root}{address}" if own else address
