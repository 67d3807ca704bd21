"""The doors of who administers."""

from app.admin.blueprint import blueprint
from app.admin.views import site

__all__ = ["blueprint", "site"]
