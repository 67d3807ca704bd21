"""A pathway being written."""

from flask import render_template

from app import policy
from app.author import pages
from app.author.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug>")
@allow(policy.WRITE)
def pathway(door: Door, slug: str) -> Answer:
    return render_template("author/pathway.html", page=pages.pathway(door.read, slug))
