"""One-time links: go on elsewhere, a new password."""

from flask import redirect, render_template, request, url_for

from app import policy
from app.accounts import forms, pages
from app.accounts.blueprint import CHOICES, JOIN, blueprint
from app.accounts.views.own import done
from app.accounts.views.tries import answer, wait_for_link
from app.actions import accounts, merging, passages, passwords
from app.reads.links import LinkState
from app.web import Answer, Door, allow

GO_ON = "/continuer"
"""Leads to the step to go on with."""


@blueprint.get("/continuer/ailleurs")
@allow(policy.LEARN)
def elsewhere(door: Door) -> Answer:
    return render_template("accounts/elsewhere.html", page=pages.elsewhere(door.person, door.settings))


@blueprint.post("/continuer/ailleurs")
@allow(policy.LEARN)
def create_elsewhere(door: Door) -> Answer:
    if not door.person.guest:
        return redirect(url_for("accounts.elsewhere"), 303)
    token = passages.make_passage(door.write, door.person.id)
    return render_template("accounts/elsewhere.html", page=pages.elsewhere(door.person, door.settings, token))


@blueprint.get("/continuer/<secret:token>")
@allow(policy.PUBLIC)
def passage(door: Door, token: str) -> Answer:
    page = pages.passage(door.read, door.me, token)
    if page.done:
        return redirect(GO_ON, 303)
    return render_template("accounts/passage.html", page=page), 410 if page.over else 200


@blueprint.post("/continuer/<secret:token>")
@allow(policy.PUBLIC)
def create_passage(door: Door, token: str) -> Answer:
    page, choice = pages.passage(door.read, door.me, token), door.form.get("choice", "")
    if page.here or (page.asks and choice not in CHOICES) or (page.account and choice != JOIN):
        return redirect(GO_ON if page.here or choice else request.path, 303)
    guest = None if page.over else passages.take_passage(door.write, token)
    if guest is None:
        return _too_late(door, token)
    if choice == JOIN and page.asks:
        merging.merge(door.write, *((guest, door.person.id) if page.account else (door.person.id, guest)))
    if not page.account:
        door.sign_in(guest, keep=True, joined=choice == JOIN, link=token)
    return redirect(GO_ON, 303)


def _too_late(door: Door, token: str) -> Answer:
    """The link is used: by another device, or by the same click a moment ago."""
    door.read.rollback()
    page = pages.passage(door.read, door.me, token)
    if page.done or door.enters_again(token):
        return redirect(GO_ON, 303)
    return render_template("accounts/passage.html", page=pages.closed(page)), 410


@blueprint.get("/mot-de-passe/<secret:token>")
@allow(policy.PUBLIC)
def new_password(door: Door, token: str) -> Answer:
    page = pages.new_password(door.read, token, unproved=door.query("pour") == "adresse")
    return _new_password(page, forms.NewPasswordForm())


@blueprint.post("/mot-de-passe/<secret:token>")
@allow(policy.PUBLIC)
def reset_password(door: Door, token: str) -> Answer:
    if wait := wait_for_link(door):
        page = pages.new_password(door.read, token, alert=forms.too_many_tries(wait))
        return answer("accounts/new_password.html", wait, page=page, form=forms.NewPasswordForm())
    page = pages.new_password(door.read, token)
    form = forms.NewPasswordForm(door.form, address=page.email)
    if page.state is LinkState.USED:
        return _link_used(door, token)
    if not form.validate() or page.status != 200:
        return _new_password(page, form)
    person_id = accounts.reset_password(door.write, token, passwords.digest(form.password.data or "", page.email))
    if person_id is None:  # used meanwhile
        return _link_used(door, token)
    if door.me and door.me.guest:  # what they did without an account is asked about where they sign in
        return redirect(url_for("accounts.sign_in", fait="mot-de-passe"), 303)
    door.renew(person_id, keep=False, link=token)
    return done("mot-de-passe")


def _link_used(door: Door, token: str) -> Answer:
    """By somebody, or by the same click a moment ago."""
    if door.enters_again(token):
        return done("mot-de-passe")
    return _new_password(pages.new_password(door.read, token), forms.NewPasswordForm())


def _new_password(page: pages.NewPasswordPage, form: forms.NewPasswordForm) -> Answer:
    status = 422 if page.status == 200 and form.errors else page.status
    return render_template("accounts/new_password.html", page=page, form=form), status
