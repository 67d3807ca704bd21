"""Assign a pathway to a cohort, see it before it is confirmed, move its dates, give longer, withdraw."""

from flask import redirect, render_template, request, url_for

from app import policy
from app.actions import assignments as verbs
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/attribuer")
@allow(policy.TEACH)
def assign(door: Door, number: int) -> Answer:
    page = pages.assign(door.read, door.person, number)
    form = forms.AssignForm(starts_on=page.today.isoformat())
    return render_template("teach/assign.html", page=page, form=form)


@blueprint.post("/cohortes/<id:number>/attribuer")
@allow(policy.TEACH)
def preview_assignment(door: Door, number: int) -> Answer:
    form = forms.AssignForm(door.form)
    if form.validate():
        try:
            verbs.check(door.read, door.person.id, number, form.wanted())
        except Refused as refusal:
            form.blame(refusal)
        else:
            page = pages.assign(door.read, door.person, number, form.wanted())
            return render_template("teach/assign.html", page=page, form=form)
    return render_template("teach/assign.html", page=pages.assign(door.read, door.person, number), form=form), 422


@blueprint.post("/cohortes/<id:number>/attributions")
@allow(policy.TEACH)
def create_assignment(door: Door, number: int) -> Answer:
    form = forms.AssignForm(door.form)
    if form.validate():
        try:
            verbs.assign(door.write, door.person.id, number, form.wanted(), key=door.key)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("teach.cohort", number=number, _anchor="attribues"), 303)
    return render_template("teach/assign.html", page=pages.assign(door.read, door.person, number), form=form), 422


@blueprint.get("/cohortes/<id:number>/attributions/<id:given>/courriels")
@allow(policy.TEACH)
def coming_mails(door: Door, number: int, given: int) -> Answer:
    page = pages.coming_mails(door.read, door.person, number, given)
    return render_template("teach/coming_mails.html", page=page)


@blueprint.get("/cohortes/<id:number>/attributions/<id:given>")
@allow(policy.TEACH)
def assignment(door: Door, number: int, given: int) -> Answer:
    sheet, done = forms.whole(door.query("page")) or 1, door.query("fait", pages.CHANGED)
    among = frozenset(forms.places(request.args.getlist("m"))[: pages.ROWS])
    page = pages.assignment(door.read, door.person, number, given, among=among, sheet=sheet, done=done)
    return render_template("teach/assignment.html", page=page, forms=forms.of_assignment(page, members=among))


@blueprint.post("/cohortes/<id:number>/attributions/<id:given>/dates")
@allow(policy.TEACH)
def change_assignment(door: Door, number: int, given: int) -> Answer:
    form = forms.DatesForm(door.form)
    if form.validate():
        try:
            verbs.change_dates(door.write, door.person.id, number, given, form.dates())
        except Refused as refusal:
            form.blame(refusal)
        else:
            return _done(number, given, "dates")
    page = pages.assignment(door.read, door.person, number, given)
    return render_template("teach/assignment.html", page=page, forms=forms.of_assignment(page, dates=form)), 422


@blueprint.post("/cohortes/<id:number>/attributions/<id:given>/edition")
@allow(policy.TEACH)
def move_assignment(door: Door, number: int, given: int) -> Answer:
    wanted = forms.whole(door.form.get("edition"))
    verbs.move_edition(door.write, door.person.id, number, given, wanted)
    return _done(number, given, "edition")


@blueprint.post("/cohortes/<id:number>/attributions/<id:given>/report")
@allow(policy.TEACH)
def extend_assignment(door: Door, number: int, given: int) -> Answer:
    form = forms.ExtendForm(door.form)
    if form.validate():
        try:
            verbs.extend(door.write, door.person.id, number, given, forms.members(door.form), form.day())
        except Refused as refusal:
            form.blame(refusal)
        else:
            return _done(number, given, "report")
    chosen, sheet = forms.members(door.form), forms.whole(door.form.get("page")) or 1
    among = chosen if door.form.get("among") else ()
    page = pages.assignment(door.read, door.person, number, given, among=among, sheet=sheet)
    shown = forms.of_assignment(page, extend=form, members=chosen)
    return render_template("teach/assignment.html", page=page, forms=shown), 422


@blueprint.post("/cohortes/<id:number>/attributions/<id:given>/retrait")
@allow(policy.TEACH)
def withdraw_assignment(door: Door, number: int, given: int) -> Answer:
    verbs.withdraw(door.write, door.person.id, number, given)
    return redirect(url_for("teach.cohort", number=number, _anchor="attribues"), 303)


@blueprint.post("/cohortes/<id:number>/attributions/<id:given>/retour")
@allow(policy.TEACH)
def restore_assignment(door: Door, number: int, given: int) -> Answer:
    verbs.restore(door.write, door.person.id, number, given)
    return redirect(url_for("teach.cohort", number=number, _anchor="attribues"), 303)


def _done(number: int, given: int, what: str) -> Answer:
    return redirect(url_for("teach.assignment", number=number, given=given, fait=what), 303)
