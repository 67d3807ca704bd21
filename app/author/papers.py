"""A module on sheets of paper, and as a text to correct at work: the same blocks, set twice."""

from typing import Any

from app.author.pages import Paper
from app.content.blocks import Block
from app.i18n import ORIGINAL
from app.outside import odt, pdf


def module_pdf(paper: Paper) -> bytes:
    return pdf.document("module", module(paper))


def module(paper: Paper) -> dict[str, Any]:
    """Every word of it."""
    kept = [{"kind": each.kind, "lines": each.lines, "rows": each.rows, "heads": each.heads} for each in paper.blocks]
    return {"lang": ORIGINAL, "title": paper.title, "blocks": kept}


def module_odt(paper: Paper) -> bytes:
    return odt.document(paper.title, ORIGINAL, [_set(rank, each) for rank, each in enumerate(paper.blocks)])


def _set(rank: int, block: Block) -> odt.Block | odt.Table | odt.Points:
    match block.kind:
        case "table":
            return odt.Table(f"T{rank}", block.rows, block.heads)
        case "items" | "steps":
            return odt.Points(block.lines, numbered=block.kind == "steps")
    return block.kind, "\n".join(block.lines)
