"""The averages of a cohort: read them, establish one for a session."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import averages as verbs
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/moyennes")
@allow(policy.TEACH)
def averages(door: Door, number: int) -> Answer:
    return render_template("teach/averages.html", page=pages.averages(door.read, door.person, number))


@blueprint.post("/cohortes/<id:number>/moyennes")
@allow(policy.TEACH)
def establish_average(door: Door, number: int) -> Answer:
    uid, event = door.form.get("uid", ""), forms.place(door.form.get("seance", ""))
    try:
        verbs.establish(door.write, door.person.id, number, event, uid)
    except Refused as no:
        page = pages.averages(door.read, door.person, number, error=no.message, about=uid)
        return render_template("teach/averages.html", page=page), 422
    return redirect(url_for("teach.averages", number=number), 303)
