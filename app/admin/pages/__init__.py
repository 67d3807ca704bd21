"""One function a page of who administers: a constant number of statements, one frozen shape."""

from app.admin.pages.attestations import AttestationsPage, attestations
from app.admin.pages.cohort import cohort
from app.admin.pages.cohorts import cohorts
from app.admin.pages.home import HomePage, home
from app.admin.pages.journal import JournalPage, journal
from app.admin.pages.mails import MailPage, MailsPage, mail, mails
from app.admin.pages.people import PeoplePage, PersonPage, people, person
from app.admin.pages.site import SitePage, site

__all__ = [
    "AttestationsPage",
    "HomePage",
    "JournalPage",
    "MailPage",
    "MailsPage",
    "PeoplePage",
    "PersonPage",
    "SitePage",
    "attestations",
    "cohort",
    "cohorts",
    "home",
    "journal",
    "mail",
    "mails",
    "people",
    "person",
    "site",
]
