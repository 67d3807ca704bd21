"""One text being written: its form, what is typed, what it will look like."""

from flask import jsonify, redirect, render_template, request, url_for

from app import policy
from app.actions import workshop
from app.author import pages
from app.author.blueprint import blueprint
from app.author.posting import FIELDS, sent
from app.errors import Conflict, Refused
from app.reads import drafts
from app.web import Answer, Door, allow


@blueprint.get("/atelier/textes/<id:number>")
@allow(policy.WRITE)
def text(door: Door, number: int) -> Answer:
    raw = door.query("vue", ("brut",)) == "brut"
    page = pages.text(door.read, door.settings.media_dir, number, raw=raw)
    return render_template("author/text.html", page=page, refused="")


@blueprint.post("/atelier/textes/<id:number>")
@allow(policy.WRITE, fields=FIELDS)
def write_text(door: Door, number: int) -> Answer:
    given = sent(drafts.draft(door.read, number).path, door.form)
    by = door.person.id
    try:
        draft = workshop.write_text(door.write, number, given.text, seen=given.seen, by=by, apart=given.over)
        workshop.write_text(door.write, number, given.after, seen=draft.version, by=by, apart=given.removes)
    except Conflict as conflict:
        page = pages.conflict(door.read, number, conflict.mine)
        return render_template("author/conflict.html", page=page), 409
    except Refused as refusal:
        shown = pages.text(door.read, door.settings.media_dir, number, given.text)
        return render_template("author/text.html", page=shown, refused=refusal.message), 422
    return redirect(url_for("author.text", number=number, vue=door.query("vue") or None, _anchor=given.at or None), 303)


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
