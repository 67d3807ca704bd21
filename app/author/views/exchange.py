"""A document goes out as an archive of its folder, and comes in: looked at first, then taken whole."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import importing
from app.author import pages
from app.author.blueprint import blueprint
from app.content import archive
from app.errors import Refused
from app.i18n import _
from app.outside import waiting
from app.web import Answer, Door, allow, download


@blueprint.get("/atelier/textes/<id:number>/dossier.zip")
@allow(policy.WRITE)
def export_folder(door: Door, number: int) -> Answer:
    """Of the document that a text belongs to, as it is drafted."""
    slug, files = pages.folder_of(door.read, door.settings.media_dir, number)
    return download.archive(archive.pack(files), slug)


@blueprint.get("/atelier/import")
@allow(policy.WRITE)
def import_folder(door: Door) -> Answer:
    page = pages.import_folder(door.read, door.settings.media_dir)
    return render_template("author/import_folder.html", page=page, said="")


FORM = 100_000
"""Bytes that a form sends around its file."""


@blueprint.post("/atelier/import")
@allow(policy.WRITE, most=archive.LARGEST + FORM)
def check_import(door: Door) -> Answer:
    content = door.upload("file")
    if not content:
        return _again(door, _("Choisissez une archive ZIP sur votre appareil."))
    held = waiting.keep(door.settings.temporary_dir, door.person.id, content)
    page = pages.import_folder(door.read, door.settings.media_dir, content, held)
    return render_template("author/import_folder.html", page=page, said=""), 422 if page.refused else 200


@blueprint.post("/atelier/imports")
@allow(policy.WRITE)
def create_import(door: Door) -> Answer:
    content = waiting.get(door.settings.temporary_dir, door.person.id, door.form.get("archive", ""))
    if content is None:
        return _again(door, _("Cette archive n’est plus là : choisissez-la de nouveau."))
    files, refused = archive.unpack(content)
    if refused:
        return _again(door, " ".join(map(str, refused)))
    try:
        seen = door.form.get("seen", "")
        prefix = importing.take_folder(door.write, files, door.settings.media_dir, seen=seen, by=door.person.id)
    except Refused as refusal:
        return _again(door, refusal.message)
    slug = prefix.split("/")[1] if prefix.startswith("pathways/") else ""
    return redirect(url_for("author.pathway", slug=slug) if slug else url_for("author.workshop"), 303)


def _again(door: Door, said: str) -> Answer:
    page = pages.import_folder(door.read, door.settings.media_dir)
    return render_template("author/import_folder.html", page=page, said=said), 422
