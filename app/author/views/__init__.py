"""The doors of who writes."""

from app.author.blueprint import blueprint
from app.author.views import arrangement, pathway, review, text, workshop

__all__ = ["arrangement", "blueprint", "pathway", "review", "text", "workshop"]
