"""Questions in GIFT: they go out as a file; they come in looked at first, then added to what is written."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import workshop
from app.author import pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.i18n import _
from app.web import Answer, Door, allow, download


@blueprint.get("/atelier/textes/<id:number>/questions")
@allow(policy.WRITE)
def questions(door: Door, number: int) -> Answer:
    page = pages.questions(door.read, number)
    return render_template("author/questions.html", page=page, said="")


@blueprint.get("/atelier/textes/<id:number>/questions.txt")
@allow(policy.WRITE)
def export_questions(door: Door, number: int) -> Answer:
    page = pages.questions(door.read, number)
    return download.gift(page.text, page.name)


@blueprint.post("/atelier/textes/<id:number>/questions/apercu")
@allow(policy.WRITE)
def preview_questions(door: Door, number: int) -> Answer:
    try:
        page, said = pages.questions(door.read, number, _given(door)), ""
    except Refused as refusal:
        page, said = pages.questions(door.read, number), refusal.message
    return render_template("author/questions.html", page=page, said=said), 422 if said or page.refused else 200


@blueprint.post("/atelier/textes/<id:number>/questions")
@allow(policy.WRITE)
def add_questions(door: Door, number: int) -> Answer:
    """Added once, to the text that was looked at: to another, what they would add is shown again."""
    page = pages.questions(door.read, number, door.form.get("gift", ""))
    seen = door.form.get("seen") == str(page.version)
    if page.already and not seen:
        return redirect(url_for("author.text", number=number, _anchor=f"questions.{page.count - len(page.shown)}"), 303)
    if not page.after or not seen:
        said = _("Le texte a changé entre-temps : voici ce qui s’ajouterait maintenant.") if page.after else ""
        return render_template("author/questions.html", page=page, said=said), 422
    workshop.write_text(door.write, number, page.after, seen=page.version, by=door.person.id, apart=True)
    return redirect(url_for("author.text", number=number, _anchor=f"questions.{page.count}"), 303)


def _given(door: Door) -> str:
    """The file, else what was pasted. Raises Refused."""
    try:
        given = door.upload("file").decode("utf-8-sig") or door.form.get("gift", "")
    except UnicodeDecodeError:
        raise Refused(_("Ce fichier n’est pas du texte en UTF-8 : enregistrez-le ainsi, puis recommencez.")) from None
    if not given.strip():
        raise Refused(_("Choisissez un fichier, ou collez des questions."))
    return given
