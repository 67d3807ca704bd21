"""Everything that is written here, and a new pathway."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import structure
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.web import Answer, Door, allow


@blueprint.get("/atelier")
@allow(policy.WRITE)
def workshop(door: Door) -> Answer:
    page = pages.workshop(door.read, removed=door.choice("retire"))
    return render_template("author/workshop.html", page=page, form=forms.PathwayForm(), begun=forms.DocumentForm())


@blueprint.post("/atelier/parcours")
@allow(policy.WRITE)
def create_pathway(door: Door) -> Answer:
    form = forms.PathwayForm(door.form)
    if form.validate():
        try:
            slug = structure.create_pathway(door.write, form.wanted_title, form.wanted_formats, by=door.person.id)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.pathway", slug=slug), 303)
    page = pages.workshop(door.read)
    return render_template("author/workshop.html", page=page, form=form, begun=forms.DocumentForm()), 422
