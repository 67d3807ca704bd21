"""The sessions of a cohort: planned, moved, removed, put back, taken to a calendar."""

from urllib.parse import urlsplit

from flask import redirect, render_template, url_for

from app import policy
from app.actions import sessions as verbs
from app.errors import Refused
from app.outside import calendar
from app.reads import sessions as reads
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/seances")
@allow(policy.TEACH)
def sessions(door: Door, number: int) -> Answer:
    page = pages.sessions(door.read, door.person, number)
    return render_template("teach/sessions.html", page=page, form=forms.new_session())


@blueprint.post("/cohortes/<id:number>/seances")
@allow(policy.TEACH)
def create_session(door: Door, number: int) -> Answer:
    form = forms.SessionForm(door.form)
    if form.validate():
        try:
            verbs.create_session(door.write, door.person.id, number, form.wanted(), key=door.key)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("teach.sessions", number=number), 303)
    page = pages.sessions(door.read, door.person, number)
    return render_template("teach/sessions.html", page=page, form=form), 422


@blueprint.get("/cohortes/<id:number>/seances/<id:event>")
@allow(policy.TEACH)
def session(door: Door, number: int, event: int) -> Answer:
    page = pages.session(door.read, door.person, number, event)
    return render_template("teach/session.html", page=page, form=forms.session(page))


@blueprint.post("/cohortes/<id:number>/seances/<id:event>")
@allow(policy.TEACH)
def change_session(door: Door, number: int, event: int) -> Answer:
    form = forms.SessionForm(door.form)
    if form.validate():
        try:
            verbs.change_session(door.write, door.person.id, number, event, form.wanted())
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("teach.sessions", number=number), 303)
    page = pages.session(door.read, door.person, number, event)
    return render_template("teach/session.html", page=page, form=form), 422


@blueprint.post("/cohortes/<id:number>/seances/<id:event>/fin")
@allow(policy.TEACH)
def remove_session(door: Door, number: int, event: int) -> Answer:
    verbs.remove_session(door.write, door.person.id, number, event)
    return redirect(url_for("teach.sessions", number=number, _anchor="supprimees"), 303)


@blueprint.post("/cohortes/<id:number>/seances/<id:event>/retour")
@allow(policy.TEACH)
def restore_session(door: Door, number: int, event: int) -> Answer:
    verbs.restore_session(door.write, door.person.id, number, event)
    return redirect(url_for("teach.sessions", number=number), 303)


@blueprint.get("/cohortes/<id:number>/seances/<id:event>.ics")
@allow(policy.LEARN)
def export_session(door: Door, number: int, event: int) -> Answer:
    """For the calendar of who leads the cohort or is in it."""
    found, cohort = reads.seen_session(door.read, door.person.id, number, event)
    held, base = reads.meeting(found), door.settings.public_url
    meeting = calendar.Meeting(
        uid=f"seance-{event}@{urlsplit(base).hostname or 'balises'}",
        title=found.title,
        text="\n\n".join(part for part in (cohort, found.link) if part),
        place=found.place or found.link,
        starts=held.starts,
        ends=held.ends,
    )
    name = f'attachment; filename="seance-{event}.ics"'
    return calendar.ics(meeting), 200, {"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": name}
