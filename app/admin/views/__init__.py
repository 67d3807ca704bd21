"""The doors of who administers."""

from app.admin.blueprint import blueprint
from app.admin.views import cohorts, mails, people, settings, site

__all__ = ["blueprint", "cohorts", "mails", "people", "settings", "site"]
