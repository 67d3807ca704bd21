"""A module goes out as one document to be read over: to its authors, and to who holds the link of a review."""

from app import policy
from app.author import pages, papers
from app.author.blueprint import blueprint
from app.web import Answer, Door, allow, download


@blueprint.get("/atelier/textes/<id:number>/module.pdf")
@allow(policy.WRITE)
def export_module(door: Door, number: int) -> Answer:
    paper = pages.paper(door.read, number)
    return download.pdf(papers.module_pdf(paper), paper.name)


@blueprint.get("/atelier/textes/<id:number>/module.odt")
@allow(policy.WRITE)
def export_module_odt(door: Door, number: int) -> Answer:
    paper = pages.paper(door.read, number)
    return download.odt(papers.module_odt(paper), paper.name)


@blueprint.get("/relecture/<secret:token>/<id:number>/module.pdf")
@allow(policy.PUBLIC)
def export_reviewed_module(door: Door, token: str, number: int) -> Answer:
    paper = pages.reviewed_paper(door.read, token, number)
    return download.pdf(papers.module_pdf(paper), paper.name)


@blueprint.get("/relecture/<secret:token>/<id:number>/module.odt")
@allow(policy.PUBLIC)
def export_reviewed_module_odt(door: Door, token: str, number: int) -> Answer:
    paper = pages.reviewed_paper(door.read, token, number)
    return download.odt(papers.module_odt(paper), paper.name)
