"""What a WSGI server runs, and what `flask --app app.wsgi` commands."""

import os

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app
from app.assets import with_static
from app.config import Settings, WrongSetting

try:
    settings = Settings.from_env(os.environ)
except WrongSetting as error:
    raise SystemExit(str(error)) from None
app = create_app(settings)
app.wsgi_app = with_static(app.wsgi_app, settings.assets_dir)  # type: ignore[method-assign, assignment]
if settings.trusted_proxies:
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
