"""The doors of who writes."""

from app.author.blueprint import blueprint
from app.author.views import (
    arrangement,
    documents,
    exchange,
    improve,
    paper,
    pathway,
    proposals,
    publication,
    questions,
    replacement,
    review,
    text,
    trying,
    workshop,
)

__all__ = [
    "arrangement",
    "blueprint",
    "documents",
    "exchange",
    "improve",
    "paper",
    "pathway",
    "proposals",
    "publication",
    "questions",
    "replacement",
    "review",
    "text",
    "trying",
    "workshop",
]
