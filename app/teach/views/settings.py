"""What is chosen of a cohort, who leads it, and what becomes of it."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import cohorts as verbs
from app.actions import trainers
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/reglages")
@allow(policy.TEACH)
def cohort_settings(door: Door, number: int) -> Answer:
    page = pages.cohort_settings(door.read, door.person, number, done=door.query("fait", pages.DONE))
    return render_template("teach/cohort_settings.html", page=page, forms=forms.settings(page))


@blueprint.post("/cohortes/<id:number>/reglages")
@allow(policy.TEACH)
def change_cohort(door: Door, number: int) -> Answer:
    form = forms.SettingsForm(door.form)
    if form.validate():
        try:
            verbs.change_cohort(door.write, door.person.id, number, form.wanted(form.zone.data or ""))
        except Refused as refusal:
            form.blame(refusal)
        else:
            return _done(number, "enregistre")
    page = pages.cohort_settings(door.read, door.person, number)
    return render_template("teach/cohort_settings.html", page=page, forms=forms.settings(page, cohort=form)), 422


@blueprint.post("/cohortes/<id:number>/formateurs")
@allow(policy.TEACH)
def add_trainer(door: Door, number: int) -> Answer:
    form = forms.TrainerForm(door.form)
    try:
        trainers.add_trainer(door.write, door.person.id, number, form.email.data or "")
    except Refused as refusal:
        form.blame(refusal)
        page = pages.cohort_settings(door.read, door.person, number)
        return render_template("teach/cohort_settings.html", page=page, forms=forms.settings(page, trainer=form)), 422
    return _done(number, "ajoute")


@blueprint.post("/cohortes/<id:number>/formateurs/<id:trainer>/fin")
@allow(policy.TEACH)
def remove_trainer(door: Door, number: int, trainer: int) -> Answer:
    trainers.remove_trainer(door.write, door.person.id, number, trainer)
    if trainer == door.person.id:
        return redirect(url_for("teach.cohorts"), 303)
    return _done(number, "retire")


@blueprint.post("/cohortes/<id:number>/copie")
@allow(policy.TEACH)
def duplicate_cohort(door: Door, number: int) -> Answer:
    form = forms.CopyForm(door.form)
    if form.validate():
        try:
            made = verbs.duplicate_cohort(door.write, door.person.id, number, *form.wanted(), key=door.key)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("teach.cohort", number=made), 303)
    page = pages.cohort_settings(door.read, door.person, number)
    return render_template("teach/cohort_settings.html", page=page, forms=forms.settings(page, copy=form)), 422


@blueprint.post("/cohortes/<id:number>/archive")
@allow(policy.TEACH)
def archive_cohort(door: Door, number: int) -> Answer:
    verbs.archive_cohort(door.write, door.person.id, number)
    return _done(number, "archivee")


@blueprint.post("/cohortes/<id:number>/archive/fin")
@allow(policy.TEACH)
def restore_cohort(door: Door, number: int) -> Answer:
    verbs.restore_cohort(door.write, door.person.id, number)
    return _done(number, "restauree")


def _done(number: int, what: str) -> Answer:
    return redirect(url_for("teach.cohort_settings", number=number, fait=what), 303)
