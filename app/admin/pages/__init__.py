"""One function a page of who administers: a constant number of statements, one frozen shape."""

from app.admin.pages.cohort import cohort
from app.admin.pages.cohorts import cohorts
from app.admin.pages.home import HomePage, home
from app.admin.pages.journal import JournalPage, journal
from app.admin.pages.mails import MailPage, MailsPage, mail, mails

__all__ = ["HomePage", "JournalPage", "MailPage", "MailsPage", "cohort", "cohorts", "home", "journal", "mail", "mails"]
