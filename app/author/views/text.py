"""One text being written: its form, what is typed, what it will look like."""

from flask import jsonify, redirect, render_template, request, url_for

from app import policy
from app.actions import workshop
from app.author import pages
from app.author.blueprint import blueprint
from app.author.posting import FIELDS, Sent, pictured, sent, worded
from app.content import pictures
from app.content.naming import slug_of
from app.errors import Conflict, Refused
from app.i18n import _
from app.reads import drafts
from app.web import Answer, Door, allow


@blueprint.get("/atelier/textes/<id:number>")
@allow(policy.WRITE)
def text(door: Door, number: int) -> Answer:
    raw = door.query("vue", ("brut",)) == "brut"
    removed = door.query("retire")
    gone = int(removed) if removed.isdecimal() and len(removed) < 10 else 0
    page = pages.text(door.read, door.settings.media_dir, number, raw=raw, removed=gone, gone=door.query("page"))
    return render_template("author/text.html", page=page, refused="")


@blueprint.post("/atelier/textes/<id:number>")
@allow(policy.WRITE, fields=FIELDS)
def write_text(door: Door, number: int) -> Answer:
    return _saved(door, number, sent(drafts.draft(door.read, number).path, door.form))


@blueprint.post("/atelier/textes/<id:number>/images")
@allow(policy.WRITE, fields=FIELDS, most=pictures.LARGEST + 1_000_000)
def add_picture(door: Door, number: int) -> Answer:
    """The picture goes to the folder of the text, its mark to the end of what is typed, and all of it is kept."""
    path, alt = drafts.draft(door.read, number).path, worded(door.form)
    try:
        picture = pictures.kept(door.upload("picture"))
        if not alt:
            raise Refused(_("Décrivez l’image : qui ne la voit pas lit ces mots à sa place."), "alt")
    except Refused as refusal:
        return _again(door, number, sent(path, door.form), refusal)
    media, by = door.settings.media_dir, door.person.id
    name = workshop.add_picture(door.write, number, slug_of(alt)[:40].strip("-"), picture, media, by=by)
    return _saved(door, number, sent(path, pictured(door.form, alt, name)))


def _saved(door: Door, number: int, given: Sent) -> Answer:
    """Keep what was typed, then what a button made of it."""
    by = door.person.id
    try:
        draft = workshop.write_text(door.write, number, given.text, seen=given.seen, by=by, apart=given.over)
        after = workshop.write_text(door.write, number, given.after, seen=draft.version, by=by, apart=given.removes)
    except Conflict as conflict:
        page = pages.conflict(door.read, number, conflict.mine)
        return render_template("author/conflict.html", page=page), 409
    except Refused as refusal:
        return _again(door, number, given, refusal)
    raw, gone = door.query("vue") or None, after.version if given.removes else None
    return redirect(url_for("author.text", number=number, vue=raw, retire=gone, _anchor=given.at or None), 303)


def _again(door: Door, number: int, given: Sent, refusal: Refused) -> Answer:
    page = pages.text(door.read, door.settings.media_dir, number, given.text)
    return render_template("author/text.html", page=page, refused=refusal.message), 422


@blueprint.post("/atelier/textes/<id:number>/apercu")
@allow(policy.WRITE, fields=FIELDS)
def preview_text(door: Door, number: int) -> Answer:
    """Writes nothing. A part of the page for who asks for it by script, else the page with what was typed in it."""
    given = sent(drafts.draft(door.read, number).path, door.form)
    if request.headers.get("HX-Request"):
        shown = pages.preview(door.read, door.settings.media_dir, number, given.text)
        return render_template("author/_preview.html", preview=shown)
    page = pages.text(door.read, door.settings.media_dir, number, given.text, raw="raw" in door.form)
    return render_template("author/text.html", page=page, refused="")


@blueprint.post("/atelier/textes/<id:number>/brouillon")
@allow(policy.WRITE, fields=FIELDS)
def keep_text(door: Door, number: int) -> Answer:
    """What is typed, kept as one types: answers the new version, or who wrote meanwhile."""
    given = sent(drafts.draft(door.read, number).path, door.form)
    try:
        draft = workshop.write_text(door.write, number, given.text, seen=given.seen, by=door.person.id)
    except Conflict as conflict:
        answer = jsonify(by=pages.conflict(door.read, number, conflict.mine).author)
        answer.status_code = 409
        return answer
    return jsonify(version=draft.version)


@blueprint.get("/atelier/textes/<id:number>/versions")
@allow(policy.WRITE)
def versions(door: Door, number: int) -> Answer:
    chosen = door.query("de")
    page = pages.versions(door.read, number, int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0)
    return render_template("author/versions.html", page=page)


@blueprint.post("/atelier/textes/<id:number>/versions/<id:version>/retour")
@allow(policy.WRITE)
def restore_text(door: Door, number: int, version: int) -> Answer:
    workshop.restore_text(door.write, number, version, by=door.person.id)
    return redirect(url_for("author.text", number=number), 303)
