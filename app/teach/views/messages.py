"""Write to some members of a cohort: choose, see what leaves, send."""

from dataclasses import replace
from datetime import timedelta

from flask import redirect, render_template, request, url_for

from app import policy
from app.actions import writing_to as verbs
from app.errors import Refused
from app.i18n import _
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow

SENT_MOST, SENT_WINDOW = 20, timedelta(hours=1)


@blueprint.get("/cohortes/<id:number>/ecrire")
@allow(policy.TEACH)
def message(door: Door, number: int) -> Answer:
    chosen, sent = forms.places(request.args.getlist("m")), forms.place(door.query("envoyes"))
    page = pages.message(door.read, door.person, number, chosen, sent=sent)
    return render_template("teach/message.html", page=page)


@blueprint.post("/cohortes/<id:number>/ecrire")
@allow(policy.TEACH)
def preview_message(door: Door, number: int) -> Answer:
    """Writes nothing: who would receive what."""
    chosen, text = forms.places(door.form.getlist("m")), door.form.get("text")
    page = pages.message(door.read, door.person, number, chosen, text=text or "")
    if text is None:
        return _shown(page, "")
    try:
        verbs.check(text, len(page.reached))
    except Refused as no:
        return _shown(page, no.message)
    return _shown(replace(page, seen=True), "")


@blueprint.post("/cohortes/<id:number>/envois")
@allow(policy.TEACH)
def send_message(door: Door, number: int) -> Answer:
    chosen, text = forms.places(door.form.getlist("m")), door.form.get("text", "")
    page = pages.message(door.read, door.person, number, chosen, text=text)
    if door.wait("write", str(door.person.id), SENT_MOST, SENT_WINDOW):
        return _shown(page, _("Vous avez beaucoup écrit depuis une heure : réessayez un peu plus tard."), 429)
    try:
        sent = verbs.write_to(door.write, door.person.id, number, chosen, text, key=door.key)
    except Refused as no:
        return _shown(page, no.message)
    return redirect(url_for("teach.message", number=number, envoyes=sent), 303)


def _shown(page: pages.MessagePage, error: str, status: int = 422) -> Answer:
    shown = render_template("teach/message.html", page=replace(page, error=error))
    return (shown, status) if error else shown
