"""The doors of who writes."""

from app.author.blueprint import blueprint
from app.author.views import arrangement, improve, pathway, publication, review, text, workshop

__all__ = ["arrangement", "blueprint", "improve", "pathway", "publication", "review", "text", "workshop"]
