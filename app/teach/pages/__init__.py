"""One function a page of a cohort: a constant number of statements, one frozen shape."""

from app.teach.pages.cohort import cohort
from app.teach.pages.cohort_settings import DONE, cohort_settings
from app.teach.pages.cohorts import cohorts

__all__ = ["DONE", "cohort", "cohort_settings", "cohorts"]
