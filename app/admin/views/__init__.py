"""The doors of who administers."""

from app.admin.blueprint import blueprint
from app.admin.views import attestations, cohorts, mails, people, settings, site

__all__ = ["attestations", "blueprint", "cohorts", "mails", "people", "settings", "site"]
