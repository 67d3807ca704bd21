"""Ask an administrator to publish, where only they do."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import proposing
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.models import DocumentKind
from app.reads import publication as reads
from app.web import Answer, Door, allow


@blueprint.post("/atelier/parcours/<slug:slug>/propositions")
@allow(policy.WRITE)
def propose(door: Door, slug: str) -> Answer:
    form = forms.PublicationForm(door.form)
    if _proposed(door, form, DocumentKind.PATHWAY, slug):
        return redirect(url_for("author.publication", slug=slug, _anchor="attend"), 303)
    page = pages.publication(door.read, door.settings.media_dir, slug)
    status = 409 if form.seen.errors else 422
    return render_template("author/publication.html", page=page, form=form, publishes=False), status


@blueprint.post("/atelier/parcours/<slug:slug>/propositions/fin")
@allow(policy.WRITE)
def withdraw_proposal(door: Door, slug: str) -> Answer:
    proposing.withdraw(door.write, DocumentKind.PATHWAY, slug, by=door.person.id)
    return redirect(url_for("author.publication", slug=slug), 303)


@blueprint.post("/atelier/textes/<id:number>/propositions")
@allow(policy.WRITE)
def propose_text(door: Door, number: int) -> Answer:
    form, document = forms.PublicationForm(door.form), reads.of_text(door.read, number)
    page = pages.text_publication(door.read, door.settings.media_dir, number)
    if _proposed(door, form, document.kind, document.slug):
        return redirect(url_for("author.text_publication", number=number, _anchor="attend"), 303)
    status = 409 if form.seen.errors else 422
    return render_template("author/text_publication.html", page=page, form=form, publishes=False), status


@blueprint.post("/atelier/textes/<id:number>/propositions/fin")
@allow(policy.WRITE)
def withdraw_text_proposal(door: Door, number: int) -> Answer:
    document = reads.of_text(door.read, number)
    proposing.withdraw(door.write, document.kind, document.slug, by=door.person.id)
    return redirect(url_for("author.text_publication", number=number), 303)


def _proposed(door: Door, form: forms.PublicationForm, kind: DocumentKind, slug: str) -> bool:
    together = reads.site(door.read, door.settings.media_dir).together(kind, slug)
    if not form.validate():
        return False
    note, correctif = form.wanted_note, bool(form.correctif.data) and kind is DocumentKind.PATHWAY
    try:
        proposing.propose(
            door.write, together, seen=form.seen.data or "", note=note, correctif=correctif, by=door.person.id
        )
    except Refused as refusal:
        form.blame(refusal)
        return False
    return True
