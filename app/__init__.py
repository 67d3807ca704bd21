"""Balises: learning paths for people who run associations."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Read config, open engines, register blueprints. Nothing else."""
    import os  # imports stand here so that the worker and the commands on texts do not load the web

    from flask import Flask

    from app import cli, web
    from app.accounts.views import blueprint as accounts
    from app.admin.views import blueprint as admin
    from app.attest.views import blueprint as attest
    from app.author.views import blueprint as author
    from app.config import ROOT, Settings
    from app.db import open_engines
    from app.learn.views import blueprint as learn
    from app.teach.views import blueprint as teach

    settings = settings or Settings.from_env(os.environ)
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=None)
    web.install(app, settings, open_engines(settings))
    app.register_blueprint(learn)
    app.register_blueprint(attest)
    app.register_blueprint(accounts)
    app.register_blueprint(teach)
    app.register_blueprint(author)
    app.register_blueprint(admin)
    cli.register(app)
    return app
