"""Everyone who has an account: found, invited, given rights, closed."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import policy
from app.actions import accounts, mailed
from app.actions import people as verbs
from app.admin import forms, pages
from app.admin.blueprint import blueprint
from app.admin.views.numbers import number as to_number
from app.errors import Refused
from app.models import Role
from app.reads.everyone import State, Wanted
from app.web import Answer, Door, allow


@blueprint.get("/administration/personnes")
@allow(policy.ADMINISTER)
def people(door: Door) -> Answer:
    role, state = door.query("droit", tuple(Role)), door.query("etat", tuple(State))
    wanted = Wanted(door.query("q").strip(), Role(role) if role else None, State(state) if state else None)
    page = pages.people(door.read, wanted, to_number(door.query("page")) or 1)
    return render_template("admin/people.html", page=page, form=forms.NewPersonForm())


@blueprint.post("/administration/personnes")
@allow(policy.ADMINISTER)
def create_person(door: Door) -> Answer:
    form = forms.NewPersonForm(door.form)
    who, name = form.email.data or "", form.name.data or ""
    try:
        made = accounts.create_person(door.write, who, None, name=name, role=form.wanted_role, by=door.person.id)
    except Refused as refusal:
        form.blame(refusal)
        return render_template("admin/people.html", page=pages.people(door.read, Wanted(), 1), form=form), 422
    if door.settings.sends_mail:
        mailed.invite(door.write, made.id, made.email or "", by=door.person.id, key="created")
    return _back(made.id, "ecrit" if door.settings.sends_mail else "cree")


@blueprint.get("/administration/personnes/<id:number>")
@allow(policy.ADMINISTER)
def person(door: Door, number: int) -> Answer:
    page = pages.person(door.read, door.settings, door.person, number, done=door.query("fait"))
    return render_template("admin/person.html", page=page)


@blueprint.post("/administration/personnes/<id:number>/droits")
@allow(policy.ADMINISTER)
def set_roles(door: Door, number: int) -> Answer:
    wanted = {Role(name) for name in door.form.getlist("role") if name in set(Role)}
    try:
        sent = verbs.set_roles(door.write, number, wanted, by=door.person.id, mails=door.settings.sends_mail)
    except Refused as refusal:
        return _refused(door, number, refusal)
    return _back(number, "droits-ecrit" if sent else "droits")


@blueprint.post("/administration/personnes/<id:number>/fermeture")
@allow(policy.ADMINISTER)
def close_account(door: Door, number: int) -> Answer:
    try:
        verbs.close_account(door.write, number, by=door.person.id)
    except Refused as refusal:
        return _refused(door, number, refusal)
    return _back(number, "ferme")


@blueprint.post("/administration/personnes/<id:number>/ouverture")
@allow(policy.ADMINISTER)
def reopen_account(door: Door, number: int) -> Answer:
    verbs.reopen_account(door.write, number, by=door.person.id)
    return _back(number, "ouvert")


@blueprint.post("/administration/personnes/<id:number>/lien")
@allow(policy.ADMINISTER)
def issue_set_up_link(door: Door, number: int) -> Answer:
    """Shown once, on this answer alone; the trace says who made it."""
    try:
        token = verbs.issue_set_up_link(door.write, number, by=door.person.id)
    except Refused as refusal:
        return _refused(door, number, refusal)
    page = pages.person(door.read, door.settings, door.person, number, token=token)
    return render_template("admin/person.html", page=page)


def _back(number: int, done: str) -> Response:
    return redirect(url_for("admin.person", number=number, fait=done), 303)


def _refused(door: Door, number: int, refusal: Refused) -> Answer:
    page = pages.person(door.read, door.settings, door.person, number, alert=refusal.message)
    return render_template("admin/person.html", page=page), 422
