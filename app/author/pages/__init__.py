"""One function a page of the workshop: a constant number of statements, one frozen shape."""

from app.author.pages.pathway import PathwayPage, pathway
from app.author.pages.workshop import WorkshopPage, workshop

__all__ = ["PathwayPage", "WorkshopPage", "pathway", "workshop"]
