"""Find and replace across a pathway."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import workshop
from app.author import pages
from app.author.blueprint import blueprint
from app.author.forms import ReplacementForm
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug>/remplacer")
@allow(policy.WRITE)
def replacement(door: Door, slug: str) -> Answer:
    page = pages.replacement(door.read, slug)
    return render_template("author/replacement.html", page=page, form=ReplacementForm(), done=door.query("fait"))


@blueprint.post("/atelier/parcours/<slug>/remplacer/apercu")
@allow(policy.WRITE)
def preview_replacement(door: Door, slug: str) -> Answer:
    form = ReplacementForm(door.form)
    valid = form.validate()
    page = pages.replacement(door.read, slug, *form.wanted if valid else ())
    return render_template("author/replacement.html", page=page, form=form, done=""), 200 if valid else 422


@blueprint.post("/atelier/parcours/<slug>/remplacer")
@allow(policy.WRITE)
def replace(door: Door, slug: str) -> Answer:
    """As many places as were shown: when there are others meanwhile, they are shown again."""
    form = ReplacementForm(door.form)
    valid = form.validate()
    page = pages.replacement(door.read, slug, *form.wanted if valid else ())
    if not valid or str(page.count) != form.count.data:
        return render_template("author/replacement.html", page=page, form=form, done=""), 422
    for each in page.changed:
        workshop.write_text(door.write, each.number, each.text, seen=each.version, by=door.person.id, apart=True)
    return redirect(url_for("author.replacement", slug=slug, fait=page.count), 303)
