"""One function a page of the workshop: a constant number of statements, one frozen shape."""

from app.author.pages.conflict import ConflictPage, conflict
from app.author.pages.pathway import PathwayPage, pathway
from app.author.pages.text import TextPage, preview, text
from app.author.pages.workshop import WorkshopPage, workshop

__all__ = [
    "ConflictPage",
    "PathwayPage",
    "TextPage",
    "WorkshopPage",
    "conflict",
    "pathway",
    "preview",
    "text",
    "workshop",
]
