"""The doors of who administers."""

from app.admin.blueprint import blueprint
from app.admin.views import mails, site

__all__ = ["blueprint", "mails", "site"]
