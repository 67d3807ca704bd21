"""One function a page of a cohort: a constant number of statements, one frozen shape."""

from app.teach.pages.assign import assign
from app.teach.pages.assignment import CHANGED, ROWS, assignment
from app.teach.pages.averages import averages
from app.teach.pages.cohort import View, cohort
from app.teach.pages.cohort_settings import DONE, cohort_settings
from app.teach.pages.cohorts import cohorts
from app.teach.pages.coming import coming_mails
from app.teach.pages.exports import table
from app.teach.pages.invite import invite, invite_card
from app.teach.pages.joining import code, join, leaving, own_cohorts, resume, resume_card
from app.teach.pages.member import marking, member
from app.teach.pages.message import MessagePage, message
from app.teach.pages.session import session
from app.teach.pages.sessions import sessions
from app.teach.pages.sharings import sharings, threads

__all__ = [
    "CHANGED",
    "DONE",
    "ROWS",
    "MessagePage",
    "View",
    "assign",
    "assignment",
    "averages",
    "code",
    "cohort",
    "cohort_settings",
    "cohorts",
    "coming_mails",
    "invite",
    "invite_card",
    "join",
    "leaving",
    "marking",
    "member",
    "message",
    "own_cohorts",
    "resume",
    "resume_card",
    "session",
    "sessions",
    "sharings",
    "table",
    "threads",
]
