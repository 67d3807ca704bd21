"""One function a page: a constant number of statements, one frozen shape."""

from app.learn.pages.again import not_done, quiz_again, sitting
from app.learn.pages.catalogue import Wanted, catalogue, home
from app.learn.pages.format import format
from app.learn.pages.journey import as_markdown, journey, notebook, resume
from app.learn.pages.kits import case, kit, kits, sheet
from app.learn.pages.pathway import pathway
from app.learn.pages.result import result
from app.learn.pages.step import step
from app.learn.pages.summary import summary

__all__ = [
    "Wanted",
    "as_markdown",
    "case",
    "catalogue",
    "format",
    "home",
    "journey",
    "kit",
    "kits",
    "not_done",
    "notebook",
    "pathway",
    "quiz_again",
    "result",
    "resume",
    "sheet",
    "sitting",
    "step",
    "summary",
]
