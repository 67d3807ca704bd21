"""One function a page of the workshop: a constant number of statements, one frozen shape."""

from app.author.pages.arrangement import ArrangementPage, arrangement
from app.author.pages.conflict import ConflictPage, conflict
from app.author.pages.exchange import ImportFolderPage, folder_of, import_folder
from app.author.pages.improve import ImprovePage, improve
from app.author.pages.new_step import NewStepPage, new_step
from app.author.pages.paper import Paper, paper, reviewed_paper
from app.author.pages.pathway import DONE, PathwayPage, pathway
from app.author.pages.publication import PublicationPage, TextPublicationPage, publication, text_publication
from app.author.pages.questions import QuestionsPage, questions
from app.author.pages.replacement import ReplacementPage, replacement
from app.author.pages.review import ReviewPage, ReviewsPage, ReviewTextPage, review, review_text, reviews
from app.author.pages.text import TextPage, preview, text
from app.author.pages.versions import VersionsPage, versions
from app.author.pages.workshop import WorkshopPage, workshop

__all__ = [
    "DONE",
    "ArrangementPage",
    "ConflictPage",
    "ImportFolderPage",
    "ImprovePage",
    "NewStepPage",
    "Paper",
    "PathwayPage",
    "PublicationPage",
    "QuestionsPage",
    "ReplacementPage",
    "ReviewPage",
    "ReviewTextPage",
    "ReviewsPage",
    "TextPage",
    "TextPublicationPage",
    "VersionsPage",
    "WorkshopPage",
    "arrangement",
    "conflict",
    "folder_of",
    "import_folder",
    "improve",
    "new_step",
    "paper",
    "pathway",
    "preview",
    "publication",
    "questions",
    "replacement",
    "review",
    "review_text",
    "reviewed_paper",
    "reviews",
    "text",
    "text_publication",
    "versions",
    "workshop",
]
