"""How a pathway is lived, to make it better."""

from flask import render_template

from app import policy
from app.author import pages
from app.author.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug>/suivi")
@allow(policy.WRITE)
def improve(door: Door, slug: str) -> Answer:
    return render_template("author/improve.html", page=pages.improve(door.read, slug))
