"""The door: who comes in, with which session, in which language, and what everyone gets in answer."""

from flask import Flask
from flask.sessions import NullSession, SecureCookieSessionInterface
from flask_compress import Compress
from werkzeug.wrappers import Request

from app.config import Settings
from app.db import Engines
from app.web import address, headers, trial, words, wrong
from app.web.door import Answer, Door, allow, here
from app.web.login import login_manager

__all__ = ["Answer", "Door", "allow", "install"]

PACKED = ["text/html", "text/plain", "text/markdown", "application/json", "image/svg+xml"]


def install(app: Flask, settings: Settings, engines: Engines) -> None:
    app.extensions |= {"settings": settings, "engines": engines}
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "PREFERRED_URL_SCHEME": "https" if settings.https_only else "http",
        "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_request_bytes,
        "MAX_FORM_PARTS": 500,
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_MIMETYPES": PACKED,
        "COMPRESS_LEVEL": 6,
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_ZSTD_LEVEL": 1,  # 3 % heavier than 3, and 3 % of a page's time spared
        "COMPRESS_STREAMS": False,
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
        "REMEMBER_COOKIE_NAME": "unused",
    }
    app.session_interface = _NoSession()
    Compress(app)
    login_manager().init_app(app, add_context_processor=False)  # templates know `me` alone
    address.install(app)
    headers.install(app, settings)
    trial.install(app)
    words.install(app)
    wrong.install(app)
    app.teardown_request(lambda _error: here().close())


class _NoSession(SecureCookieSessionInterface):
    """Nothing of a session lives in a cookie: see the sign-ins."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return NullSession()
