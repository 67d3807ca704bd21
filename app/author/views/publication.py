"""Look at what will be published, publish it, withdraw it."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import authoring, withdrawing
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Forbidden, Refused
from app.models import DocumentKind
from app.reads import publication as reads
from app.web import Answer, Door, allow


@blueprint.get("/atelier/parcours/<slug:slug>/publication")
@allow(policy.WRITE)
def publication(door: Door, slug: str) -> Answer:
    page = pages.publication(door.read, door.settings.media_dir, slug, done=door.choice("fait"))
    return render_template("author/publication.html", page=page, form=_asked(page.proposed), publishes=_may(door))


@blueprint.post("/atelier/parcours/<slug:slug>/editions")
@allow(policy.WRITE)
def publish(door: Door, slug: str) -> Answer:
    _publishing(door)
    form = forms.PublicationForm(door.form)
    together = reads.site(door.read, door.settings.media_dir).together(DocumentKind.PATHWAY, slug)
    if form.validate():
        try:
            number = authoring.publish(
                door.write, together, seen=form.seen.data or "", note=form.wanted_note,
                correctif=form.correctif.data, by=door.person.id,
            )  # fmt: skip
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.publication", slug=slug, fait=f"publiee-{number}"), 303)
    page = pages.publication(door.read, door.settings.media_dir, slug)
    status = 409 if form.seen.errors else 422
    return render_template("author/publication.html", page=page, form=form, publishes=True), status


@blueprint.post("/atelier/parcours/<slug:slug>/editions/<id:number>/retrait")
@allow(policy.WRITE)
def withdraw_edition(door: Door, slug: str, number: int) -> Answer:
    _publishing(door)
    withdrawing.withdraw_edition(door.write, slug, number, by=door.person.id)
    return redirect(url_for("author.publication", slug=slug, fait=f"retiree-{number}"), 303)


@blueprint.post("/atelier/parcours/<slug:slug>/archive")
@allow(policy.WRITE)
def archive_pathway(door: Door, slug: str) -> Answer:
    _publishing(door)
    withdrawing.archive_pathway(door.write, slug, by=door.person.id)
    return redirect(url_for("author.publication", slug=slug, _anchor="archive"), 303)


@blueprint.post("/atelier/parcours/<slug:slug>/archive/fin")
@allow(policy.WRITE)
def reinstate_pathway(door: Door, slug: str) -> Answer:
    _publishing(door)
    withdrawing.reinstate_pathway(door.write, slug, by=door.person.id)
    return redirect(url_for("author.publication", slug=slug, fait="retabli"), 303)


@blueprint.get("/atelier/textes/<id:number>/publication")
@allow(policy.WRITE)
def text_publication(door: Door, number: int) -> Answer:
    page = pages.text_publication(door.read, door.settings.media_dir, number, done=door.choice("fait"))
    form = _asked(page.proposed)
    return render_template("author/text_publication.html", page=page, form=form, publishes=_may(door))


@blueprint.post("/atelier/textes/<id:number>/publication")
@allow(policy.WRITE)
def publish_text(door: Door, number: int) -> Answer:
    _publishing(door)
    form, media = forms.PublicationForm(door.form), door.settings.media_dir
    document = reads.of_text(door.read, number)
    together = reads.site(door.read, media).together(document.kind, document.slug)
    page = pages.text_publication(door.read, media, number)
    if form.validate():
        try:
            seen = form.seen.data or ""
            authoring.publish(
                door.write, together, seen=seen, note=form.wanted_note, correctif=False, by=door.person.id
            )
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.text_publication", number=number, fait="oui"), 303)
    status = 409 if form.seen.errors else 422
    return render_template("author/text_publication.html", page=page, form=form, publishes=True), status


def _may(door: Door) -> bool:
    return policy.publishes(door.person, door.settings.publishing)


def _publishing(door: Door) -> None:
    """Raises Forbidden for who proposes."""
    if not _may(door):
        raise Forbidden


def _asked(proposed: reads.Proposed | None) -> forms.PublicationForm:
    """With the words of who proposed."""
    return forms.PublicationForm(data={"note": proposed.note, "correctif": proposed.correctif} if proposed else {})
