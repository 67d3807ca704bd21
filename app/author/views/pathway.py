"""A pathway being written, and what is added to it."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import structure
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug:slug>")
@allow(policy.WRITE)
def pathway(door: Door, slug: str) -> Answer:
    page = pages.pathway(door.read, slug, door.query("fait", pages.DONE), door.choice("quoi"), door.choice("avant"))
    return render_template("author/pathway.html", page=page, form=forms.TitleForm())


@blueprint.post("/atelier/parcours/<slug:slug>/modules")
@allow(policy.WRITE)
def create_module(door: Door, slug: str) -> Answer:
    form = forms.TitleForm(door.form)
    if form.validate():
        try:
            made = structure.create_module(door.write, slug, form.wanted_title, by=door.person.id)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return done(slug, "ajoute", made.id)
    return render_template("author/pathway.html", page=pages.pathway(door.read, slug), form=form), 422


@blueprint.post("/atelier/parcours/<slug:slug>/modules/reprises")
@allow(policy.WRITE)
def borrow_module(door: Door, slug: str) -> Answer:
    try:
        made = structure.borrow(door.write, slug, door.form.get("use", ""), by=door.person.id)
    except Refused as refusal:
        form = forms.TitleForm()
        form.blame(refusal)
        return render_template("author/pathway.html", page=pages.pathway(door.read, slug), form=form), 422
    return done(slug, "ajoute", made.id)


@blueprint.post("/atelier/parcours/<slug:slug>/modules/<id:module>/copie")
@allow(policy.WRITE)
def detach_module(door: Door, slug: str, module: int) -> Answer:
    made = structure.detach(door.write, slug, module, by=door.person.id)
    return done(slug, "copie", made.id)


@blueprint.get("/atelier/parcours/<slug:slug>/modules/<id:module>/etape")
@allow(policy.WRITE)
def new_step(door: Door, slug: str, module: int) -> Answer:
    page = pages.new_step(door.read, slug, module)
    return render_template("author/new_step.html", page=page, form=forms.StepForm(formats=page.names))


@blueprint.post("/atelier/parcours/<slug:slug>/modules/<id:module>/etapes")
@allow(policy.WRITE)
def create_step(door: Door, slug: str, module: int) -> Answer:
    page = pages.new_step(door.read, slug, module)
    form = forms.StepForm(door.form, formats=page.names)
    if form.validate():
        try:
            made = structure.create_step(door.write, slug, module, form.wanted, by=door.person.id, key=door.key)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.text", number=made.id), 303)
    return render_template("author/new_step.html", page=page, form=form), 422


@blueprint.post("/atelier/parcours/<slug:slug>/retrait")
@allow(policy.WRITE)
def remove_pathway(door: Door, slug: str) -> Answer:
    structure.remove_pathway(door.write, slug, by=door.person.id)
    return redirect(url_for("author.workshop", retire=slug, _anchor="retires"), 303)


@blueprint.post("/atelier/parcours/<slug:slug>/retour")
@allow(policy.WRITE)
def restore_pathway(door: Door, slug: str) -> Answer:
    structure.restore_pathway(door.write, slug, by=door.person.id)
    return redirect(url_for("author.pathway", slug=slug), 303)


def done(slug: str, verb: str, number: int, *, at: str = "t", before: str | None = None) -> Answer:
    """Back to the tree, which says what was done. `at`: what of the line is shown first; `before`: where it stood."""
    anchor = f"{at}{number}" if verb != "retire" else "fait"
    return redirect(url_for("author.pathway", slug=slug, fait=verb, quoi=number, avant=before, _anchor=anchor), 303)
