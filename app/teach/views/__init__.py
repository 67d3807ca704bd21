"""The doors of a cohort, of who leads it and of who is in it: each fetches one page or does one verb."""

from app.teach.blueprint import blueprint
from app.teach.views import (
    assignments,
    averages,
    cohorts,
    exports,
    inviting,
    joining,
    members,
    messages,
    sessions,
    settings,
    sharing,
)

__all__ = [
    "assignments",
    "averages",
    "blueprint",
    "cohorts",
    "exports",
    "inviting",
    "joining",
    "members",
    "messages",
    "sessions",
    "settings",
    "sharing",
]
