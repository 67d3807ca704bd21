"""The doors of who writes."""

from app.author.blueprint import blueprint
from app.author.views import pathway, text, workshop

__all__ = ["blueprint", "pathway", "text", "workshop"]
