"""The doors of a cohort, of who leads it and of who is in it: each fetches one page or does one verb."""

from app.teach.blueprint import blueprint
from app.teach.views import cohorts, inviting, joining, members, settings, sharing

__all__ = ["blueprint", "cohorts", "inviting", "joining", "members", "settings", "sharing"]
