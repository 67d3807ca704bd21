"""The doors of a visitor and of a learner: each fetches one page or does one verb."""

from app.learn.blueprint import blueprint
from app.learn.views import diagnostics, journey, kits, pathways, plan, site, steps

__all__ = ["blueprint", "diagnostics", "journey", "kits", "pathways", "plan", "site", "steps"]
