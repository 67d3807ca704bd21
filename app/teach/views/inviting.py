"""Inviting people to a cohort that one leads."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import invitations, lists, matching
from app.actions.invitations import By
from app.errors import Refused
from app.reads.invitations import Sorted
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.teach.pages.invite import DONE
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/inviter")
@allow(policy.TEACH)
def invite(door: Door, number: int) -> Answer:
    here, about = _number(door.query("page")), _number(door.query("n"))
    done = door.query("fait", DONE)
    page = pages.invite(door.read, door.person, door.settings, number, page=here, done=done, about=about)
    return render_template("teach/invite.html", page=page, link=forms.LinkForm(), people=forms.PeopleForm())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@blueprint.get("/cohortes/<id:number>/inviter/affiche")
@allow(policy.TEACH)
def invite_card(door: Door, number: int) -> Answer:
    page = pages.invite_card(door.read, door.person, door.settings, number)
    return render_template("teach/invite_card.html", page=page)


@blueprint.post("/cohortes/<id:number>/inviter/lien")
@allow(policy.TEACH)
def open_link(door: Door, number: int) -> Answer:
    form = forms.LinkForm(door.form)
    if form.validate():
        try:
            invitations.open_link(door.write, _by(door), number, *form.numbers)
            return _done(number, "lien")
        except Refused as refusal:
            form.blame(refusal)
    page = pages.invite(door.read, door.person, door.settings, number)
    return render_template("teach/invite.html", page=page, link=form, people=forms.PeopleForm()), 422


@blueprint.post("/cohortes/<id:number>/inviter/lien/fermeture")
@allow(policy.TEACH)
def revoke_link(door: Door, number: int) -> Answer:
    invitations.revoke_link(door.write, door.person.id, number)
    return _done(number, "ferme")


@blueprint.post("/cohortes/<id:number>/inviter/verification")
@allow(policy.TEACH)
def check_invitations(door: Door, number: int) -> Answer:
    """Nothing is written: what would become of each line is shown, and sent back to be confirmed."""
    form, settings = forms.PeopleForm(door.form), door.settings
    pages.invite(door.read, door.person, settings, number)  # theirs, before anything is read of the file
    try:
        sent = _sent(door)
        found = invitations.check(door.read, door.person.id, number, sent)
    except Refused as refusal:
        form.blame(refusal)
        page = pages.invite(door.read, door.person, settings, number)
        return render_template("teach/invite.html", page=page, link=forms.LinkForm(), people=form), 422
    page = pages.invite(door.read, door.person, settings, number, sorted_=found, text=lists.as_text(found.new))
    return render_template("teach/invite.html", page=page, link=forms.LinkForm(), people=form)


def _sent(door: Door) -> Sorted:
    """A file where one was chosen, else what was pasted."""
    content = door.upload("file")
    return lists.read_table(content) if content else lists.read_text(door.form.get("addresses", ""))


@blueprint.post("/cohortes/<id:number>/inviter/invitations")
@allow(policy.TEACH)
def create_invitations(door: Door, number: int) -> Answer:
    form = forms.PeopleForm()
    try:
        sent = lists.read_table(door.form.get("lines", "").encode())
        people = invitations.invite(door.write, _by(door), number, sent)
    except Refused as refusal:
        door.undo()
        form.blame(refusal)
        page = pages.invite(door.read, door.person, door.settings, number)
        return render_template("teach/invite.html", page=page, link=forms.LinkForm(), people=form), 422
    return _done(number, "invitees", people)


@blueprint.post("/cohortes/<id:number>/inviter/reconnues")
@allow(policy.TEACH)
def match_invitations(door: Door, number: int) -> Answer:
    people = matching.match(door.write, door.person.id, number, forms.places(door.form.getlist("who")))
    return _done(number, "reconnues", people)


@blueprint.post("/cohortes/<id:number>/inviter/<id:invitation>/renvoi")
@allow(policy.TEACH)
def resend_invitation(door: Door, number: int, invitation: int) -> Answer:
    invitations.resend(door.write, _by(door), number, invitation)
    return _done(number, "renvoyee", invitation)


@blueprint.post("/cohortes/<id:number>/inviter/<id:invitation>/retrait")
@allow(policy.TEACH)
def withdraw_invitation(door: Door, number: int, invitation: int) -> Answer:
    invitations.withdraw(door.write, door.person.id, number, invitation)
    return _done(number, "retiree", invitation)


@blueprint.post("/cohortes/<id:number>/inviter/<id:invitation>/retablissement")
@allow(policy.TEACH)
def restore_invitation(door: Door, number: int, invitation: int) -> Answer:
    invitations.restore(door.write, door.person.id, number, invitation)
    return _done(number, "retablie", invitation)


def _by(door: Door) -> By:
    me = door.person
    return By(me.id, me.name or "", me.email, me.lang, door.settings.secret_key)


def _done(number: int, what: str, about: int | None = None) -> Answer:
    return redirect(url_for("teach.invite", number=number, fait=what, n=about), 303)
