"""What a WSGI server runs, and what `flask --app app.wsgi` commands."""

import gc
import os
from contextlib import suppress

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app
from app.assets import with_static
from app.config import Settings, WrongSetting
from app.outside import sign

try:
    settings = Settings.from_env(os.environ)
except WrongSetting as error:
    raise SystemExit(str(error)) from None
with suppress(sign.WrongKey):  # held from now on; `serve` refuses to start without it
    sign.key(settings.signing_key_file)
app = create_app(settings)
app.wsgi_app = with_static(app.wsgi_app, settings.assets_dir)  # type: ignore[method-assign, assignment]
if settings.trusted_proxies:
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
gc.collect()
gc.freeze()  # what is loaded stays: passing over it again and again cost a fifth of a page
gc.set_threshold(20_000, 20, 20)
