"""One function a page: a constant number of statements, one frozen shape."""

from app.learn.pages.again import not_done, quiz_again, sitting, unsent
from app.learn.pages.board_note import BoardNotePage, board_note
from app.learn.pages.catalogue import Wanted, catalogue, home
from app.learn.pages.diagnostic import diagnostic, diagnostics, sat
from app.learn.pages.edition import edition
from app.learn.pages.format import format
from app.learn.pages.former import former_step, former_url, pathway_instead
from app.learn.pages.journey import as_markdown, journey, notebook, resume
from app.learn.pages.kits import case, case_instead, kit, kit_instead, kits, sheet, tool
from app.learn.pages.measured import measured_time
from app.learn.pages.pathway import pathway
from app.learn.pages.placement import MOMENTS, placement
from app.learn.pages.plan import deadline, plan
from app.learn.pages.result import result
from app.learn.pages.shapes import StepAsked, StepPage
from app.learn.pages.start import start
from app.learn.pages.step import asked, step
from app.learn.pages.stint import stint
from app.learn.pages.summary import summary

__all__ = [
    "MOMENTS",
    "BoardNotePage",
    "StepAsked",
    "StepPage",
    "Wanted",
    "as_markdown",
    "asked",
    "board_note",
    "case",
    "case_instead",
    "catalogue",
    "deadline",
    "diagnostic",
    "diagnostics",
    "edition",
    "format",
    "former_step",
    "former_url",
    "home",
    "journey",
    "kit",
    "kit_instead",
    "kits",
    "measured_time",
    "not_done",
    "notebook",
    "pathway",
    "pathway_instead",
    "placement",
    "plan",
    "quiz_again",
    "result",
    "resume",
    "sat",
    "sheet",
    "sitting",
    "start",
    "step",
    "stint",
    "summary",
    "tool",
    "unsent",
]
