"""Joining a cohort by a link, a code or a card; where one is, and leaving."""

from datetime import timedelta

from flask import redirect, render_template, url_for

from app import policy
from app.actions import accepting, cards, invitations, memberships, merging
from app.errors import Refused
from app.models import opening
from app.reads.invitations import link_by_code
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow
from app.web.guests import guest_by

CODES_BY_PLACE, WINDOW = 100, timedelta(minutes=15)
"""A room of learners shares one address; a code has forty bits."""
GO_ON, CHOICES, JOIN = "/continuer", ("join", "leave"), "join"


@blueprint.get("/rejoindre")
@allow(policy.PUBLIC)
def code(door: Door) -> Answer:
    return render_template("teach/code.html", page=pages.code(), form=forms.CodeForm())


@blueprint.post("/rejoindre")
@allow(policy.PUBLIC)
def find_code(door: Door) -> Answer:
    form, key = forms.CodeForm(door.form), door.settings.secret_key
    if form.validate():
        if wait := door.wait("cohort code", door.place, CODES_BY_PLACE, WINDOW):
            page = pages.code(forms.too_many_codes(wait))
            return render_template("teach/code.html", page=page, form=form), 429, {"Retry-After": str(wait)}
        found = link_by_code(door.read, opening.code_hash(key, form.typed))
        if found is not None:
            return redirect(url_for("teach.join", token=opening.token(key, opening.LINK, found)), 303)
        form.refuse()
    return render_template("teach/code.html", page=pages.code(), form=form), 422


@blueprint.get("/rejoindre/<secret:token>")
@allow(policy.PUBLIC)
def join(door: Door, token: str) -> Answer:
    page = pages.join(door.read, door.me, token)
    return render_template("teach/join.html", page=page, form=forms.JoinForm()), 410 if page.over else 200


@blueprint.post("/rejoindre/<secret:token>/ouverture")
@allow(policy.PUBLIC, unseen=True)
def open_invitation(door: Door, token: str) -> Answer:
    invitations.note_opened(door.write, token)
    return "", 204


@blueprint.post("/rejoindre/<secret:token>")
@allow(policy.PUBLIC)
def create_membership(door: Door, token: str) -> Answer:
    form, person_id = forms.JoinForm(door.form), door.me.id if door.me else guest_by(door, token)
    if person_id is None:  # the same click, a moment ago
        return redirect(url_for("teach.own_cohorts"), 303)
    try:
        member = accepting.accept(door.write, token, person_id, (door.me and door.me.name) or form.name.data or "")
        if door.me is None or door.me.guest:
            cards.make_card(door.write, person_id, member.cohort_id, key=door.settings.secret_key)
        return redirect(accepting.first_step(door.write, member), 303)
    except accepting.Over:
        return render_template("teach/join.html", page=pages.join(door.read, None, token), form=form), 410
    except Refused as refusal:
        form.blame(refusal)
    page = pages.join(door.read, door.me, token)
    return render_template("teach/join.html", page=page, form=form), 422


@blueprint.get("/mes-cohortes")
@allow(policy.LEARN)
def own_cohorts(door: Door) -> Answer:
    left = bool(door.query("fait", ("quittee",)))
    return render_template("teach/own_cohorts.html", page=pages.own_cohorts(door.read, door.person, left=left))


@blueprint.get("/mes-cohortes/<id:number>/quitter")
@allow(policy.LEARN)
def leaving(door: Door, number: int) -> Answer:
    return render_template("teach/leaving.html", page=pages.leaving(door.read, door.person, number))


@blueprint.post("/mes-cohortes/<id:number>/quitter")
@allow(policy.LEARN)
def leave(door: Door, number: int) -> Answer:
    memberships.leave(door.write, door.person.id, number)
    return redirect(url_for("teach.own_cohorts", fait="quittee"), 303)


@blueprint.get("/mes-cohortes/<id:number>/carte")
@allow(policy.LEARN)
def resume_card(door: Door, number: int) -> Answer:
    page = pages.resume_card(door.read, door.person, door.settings, number)
    return render_template("teach/resume_card.html", page=page)


@blueprint.post("/mes-cohortes/<id:number>/carte")
@allow(policy.LEARN)
def create_card(door: Door, number: int) -> Answer:
    cards.make_card(door.write, door.person.id, number, key=door.settings.secret_key, anew=True)
    return redirect(url_for("teach.resume_card", number=number), 303)


@blueprint.get("/reprendre/<secret:token>")
@allow(policy.PUBLIC)
def resume(door: Door, token: str) -> Answer:
    page = pages.resume(door.read, door.me, token)
    return render_template("teach/resume.html", page=page), 410 if page.over else 200


@blueprint.post("/reprendre/<secret:token>")
@allow(policy.PUBLIC)
def create_resume(door: Door, token: str) -> Answer:
    page, choice = pages.resume(door.read, door.me, token), door.form.get("choice", "")
    if page.here or (page.asks and choice not in CHOICES) or (page.account and choice != JOIN):
        return redirect(GO_ON if page.here or choice else url_for("teach.resume", token=token), 303)
    guest = None if page.over else cards.use_card(door.write, token)
    if guest is None:
        return _opens_nothing(door, token)
    if choice == JOIN and page.asks:
        merging.merge(door.write, *((guest, door.person.id) if page.account else (door.person.id, guest)))
    if not page.account:
        door.sign_in(guest, keep=True, joined=choice == JOIN)
    return redirect(GO_ON, 303)


def _opens_nothing(door: Door, token: str) -> Answer:
    """Any more: unless the same click, a moment ago, made it theirs."""
    door.read.rollback()
    if pages.resume(door.read, door.me, token).here:
        return redirect(GO_ON, 303)
    return render_template("teach/resume.html", page=pages.resume(door.read, None, token)), 410
