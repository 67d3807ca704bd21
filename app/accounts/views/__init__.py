"""The doors of the account: coming in and going out, what is one’s own, one-time links."""

from app.accounts.blueprint import blueprint
from app.accounts.views import coming, links, mailed, own, profile

__all__ = ["blueprint", "coming", "links", "mailed", "own", "profile"]
