"""Kits and their pages, self-diagnostics, examples: begun, taken away, given back."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import documents
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.models import DocumentKind
from app.web import Answer, Door, allow


@blueprint.post("/atelier/textes")
@allow(policy.WRITE)
def create_document(door: Door) -> Answer:
    form = forms.DocumentForm(door.form)
    if form.validate():
        kind = DocumentKind(form.kind.data)
        made = documents.create_document(door.write, kind, form.wanted_title, by=door.person.id)
        return redirect(url_for("author.text", number=made.id), 303)
    page = pages.workshop(door.read)
    return render_template("author/workshop.html", page=page, form=forms.PathwayForm(), begun=form), 422


@blueprint.post("/atelier/textes/<id:number>/pages")
@allow(policy.WRITE)
def create_page(door: Door, number: int) -> Answer:
    form = forms.PageForm(door.form)
    if form.validate():
        try:
            made = documents.create_page(door.write, number, form.kind.data, form.wanted_title, by=door.person.id)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.text", number=made.id), 303)
    page, why = pages.text(door.read, door.settings.media_dir, number), [*form.title.errors, *form.kind.errors]
    refused, title = " ".join(why), form.title.data or ""
    return render_template("author/text.html", page=page, refused=refused, typed_title=title), 422


@blueprint.post("/atelier/textes/<id:number>/retrait")
@allow(policy.WRITE)
def remove_document(door: Door, number: int) -> Answer:
    front = documents.remove_document(door.write, number, by=door.person.id)
    if front.removed_at is not None:
        return redirect(url_for("author.workshop", retire=number, _anchor="retires"), 303)
    return redirect(url_for("author.text", number=front.id, page=number, _anchor="fait"), 303)


@blueprint.post("/atelier/textes/<id:number>/retour")
@allow(policy.WRITE)
def restore_document(door: Door, number: int) -> Answer:
    documents.restore_document(door.write, number, by=door.person.id)
    return redirect(url_for("author.text", number=number), 303)
