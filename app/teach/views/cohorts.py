"""One’s cohorts: the list, a new one, one of them."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import cohorts as verbs
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes")
@allow(policy.TEACH)
def cohorts(door: Door) -> Answer:
    return render_template("teach/cohorts.html", page=pages.cohorts(door.read, door.person), form=forms.CohortForm())


@blueprint.post("/cohortes")
@allow(policy.TEACH)
def create_cohort(door: Door) -> Answer:
    form = forms.CohortForm(door.form)
    if form.validate():
        try:
            number = verbs.create_cohort(door.write, door.person.id, form.wanted(door.person.zone), key=door.key)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("teach.cohort", number=number), 303)
    return render_template("teach/cohorts.html", page=pages.cohorts(door.read, door.person), form=form), 422


@blueprint.get("/cohortes/<id:number>")
@allow(policy.TEACH)
def cohort(door: Door, number: int) -> Answer:
    page = pages.cohort(door.read, door.person, number, pages.View.of(door.choice))
    return render_template("teach/cohort.html", page=page)
