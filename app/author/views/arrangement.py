"""A module or a step of a pathway: moved, copied, renamed, taken away, given back."""

from flask import render_template

from app import policy
from app.actions import arranging, structure
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.author.views.pathway import done
from app.errors import Refused
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug:slug>/rangement/<id:number>")
@allow(policy.WRITE)
def arrangement(door: Door, slug: str, number: int) -> Answer:
    page = pages.arrangement(door.read, slug, number)
    return render_template("author/arrangement.html", page=page, form=forms.TitleForm(), refused="")


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/rang")
@allow(policy.WRITE)
def shift(door: Door, slug: str, number: int) -> Answer:
    """One place up or down from where the page showed it."""
    up = door.form.get("sens") != "descendre"
    before = pages.arrangement(door.read, slug, number).entry
    arranging.shift(door.write, slug, number, up=up, by=door.person.id, seen=door.query("de"))
    return done(slug, "deplace", number, at="h" if up else "b", before=f"{before.module}-{before.rank}")


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/place")
@allow(policy.WRITE)
def place(door: Door, slug: str, number: int) -> Answer:
    page = pages.arrangement(door.read, slug, number)
    try:
        module, rank = forms.PlaceForm(door.form).place
        arranging.place(door.write, slug, number, module, rank, by=door.person.id)
    except Refused as refusal:
        shown = {"page": page, "form": forms.TitleForm(), "refused": refusal.message}
        return render_template("author/arrangement.html", **shown), 422
    return done(slug, "deplace", number, before=f"{page.entry.module}-{page.entry.rank}")


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/titre")
@allow(policy.WRITE)
def rename(door: Door, slug: str, number: int) -> Answer:
    form = forms.TitleForm(door.form)
    if form.validate():
        try:
            structure.rename(door.write, slug, number, form.wanted_title, by=door.person.id)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return done(slug, "nomme", number)
    page = pages.arrangement(door.read, slug, number)
    return render_template("author/arrangement.html", page=page, form=form, refused=""), 422


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/copie")
@allow(policy.WRITE)
def duplicate(door: Door, slug: str, number: int) -> Answer:
    made = structure.duplicate(door.write, slug, number, by=door.person.id, key=door.key)
    return done(slug, "copie", made.id)


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/retrait")
@allow(policy.WRITE)
def remove(door: Door, slug: str, number: int) -> Answer:
    structure.remove(door.write, slug, number)
    return done(slug, "retire", number)


@blueprint.post("/atelier/parcours/<slug:slug>/rangement/<id:number>/retour")
@allow(policy.WRITE)
def restore(door: Door, slug: str, number: int) -> Answer:
    structure.restore(door.write, slug, number, by=door.person.id)
    return done(slug, "rendu", number)
