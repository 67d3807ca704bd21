"""What goes with mails: asking for a link, opening one by a click that no scanner makes, wanting no more of them."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for

from app import policy
from app.accounts import forms, pages
from app.accounts.blueprint import blueprint
from app.accounts.views.own import done
from app.accounts.views.tries import answer
from app.actions import mailed, passwords
from app.errors import Missing
from app.i18n import get_lang
from app.models import MailKind
from app.reads import people
from app.reads.links import LinkState
from app.web import Answer, Door, allow
from app.web.promises import promise

HOUR = timedelta(hours=1)
BY_ADDRESS, BY_PLACE = 5, 60
"""Mails asked in an hour; a room of learners shares one place."""


@blueprint.get("/mot-de-passe-oublie")
@allow(policy.PUBLIC)
def forgotten(door: Door) -> Answer:
    page = pages.forgotten(door.settings, done=door.query("fait") == "oui")
    return render_template("accounts/forgotten.html", page=page, form=forms.AddressForm())


@blueprint.post("/mot-de-passe-oublie")
@allow(policy.PUBLIC)
def ask_reset(door: Door) -> Answer:
    form = forms.AddressForm(door.form)
    if (wait := _ask(door, form, MailKind.RESET)) is None:
        return redirect(url_for("accounts.forgotten", fait="oui"), 303)
    page = pages.forgotten(door.settings, alert=forms.too_many_tries(wait) if wait else "")
    return answer("accounts/forgotten.html", wait, page=page, form=form)


@blueprint.get("/connexion/lien")
@allow(policy.PUBLIC)
def sign_in_link(door: Door) -> Answer:
    page = pages.sign_in_link(door.settings, done=door.query("fait") == "oui")
    return render_template("accounts/sign_in_link.html", page=page, form=forms.AddressForm())


@blueprint.post("/connexion/lien")
@allow(policy.PUBLIC)
def ask_sign_in_link(door: Door) -> Answer:
    form = forms.AddressForm(door.form)
    if (wait := _ask(door, form, MailKind.SIGN_IN)) is None:
        return redirect(url_for("accounts.sign_in_link", fait="oui"), 303)
    page = pages.sign_in_link(door.settings, alert=forms.too_many_tries(wait) if wait else "")
    return answer("accounts/sign_in_link.html", wait, page=page, form=form)


def _ask(door: Door, form: forms.AddressForm, kind: MailKind) -> int | None:
    """The same for any address. None: asked; else the seconds to wait, 0 where what was typed is no address."""
    if not door.settings.offers_links:
        raise Missing
    if not form.validate():
        return 0
    if wait := _too_many(door, form.address):
        return wait
    mailed.ask(door.write, kind, form.address, get_lang(), key=door.key)
    return None


def _too_many(door: Door, address: str) -> int:
    return door.wait("mail", address, BY_ADDRESS, HOUR) or door.wait("mail place", door.place, BY_PLACE, HOUR)


@blueprint.get("/connexion/lien/<secret:token>")
@allow(policy.PUBLIC)
def mailed_sign_in(door: Door, token: str) -> Answer:
    page = pages.mailed_sign_in(door.read, token)
    return render_template("accounts/mailed_sign_in.html", page=page), _status(page.state)


@blueprint.post("/connexion/lien/<secret:token>")
@allow(policy.PUBLIC)
def create_mailed_sign_in(door: Door, token: str) -> Answer:
    if anew := mailed.choose_anew(door.write, token, here=door.me.id if door.me else None):
        return redirect(url_for("accounts.new_password", token=anew, pour="adresse"), 303)
    brings = pages.brings_something(door.read, door.me)
    person_id = mailed.use_sign_in(door.write, token)
    if person_id is None:
        if door.enters_again(token):
            return redirect(pages.HOME, 303)
        page = pages.mailed_sign_in(door.read, token)
        return render_template("accounts/mailed_sign_in.html", page=page), _status(page.state)
    account = people.account(door.read, person_id) if brings else None
    if account is not None:
        proof = passwords.Proof(account.id, account.password_hash, account.password_hash)
        return redirect(url_for("accounts.joining", pour=promise(door, proof), suite=pages.HOME, garder="non"), 303)
    door.sign_in(person_id, keep=False, link=token)
    return redirect(pages.HOME, 303)


@blueprint.post("/mon-compte/adresse/confirmation")
@allow(policy.ACCOUNT)
def ask_confirmation(door: Door) -> Answer:
    email = door.person.email or ""
    if not _too_many(door, email):
        mailed.ask(door.write, MailKind.CONFIRM, email, get_lang(), key=door.key)
    return done("confirmation")


@blueprint.get("/mon-adresse/<secret:token>")
@allow(policy.PUBLIC)
def confirmation(door: Door, token: str) -> Answer:
    page = pages.confirmation(door.read, token)
    return render_template("accounts/confirmation.html", page=page), _status(page.state)


@blueprint.post("/mon-adresse/<secret:token>")
@allow(policy.PUBLIC)
def confirm_address(door: Door, token: str) -> Answer:
    person_id = mailed.confirm(door.write, token)
    if person_id is not None and door.me and door.me.id == person_id:
        return done("confirmee")
    page = pages.confirmation(door.read, token)
    if person_id is not None:
        return redirect(request.path, 303)
    return render_template("accounts/confirmation.html", page=page), _status(page.state)


def _status(state: LinkState) -> int:
    return {LinkState.OPEN: 200, LinkState.USED: 200, LinkState.UNKNOWN: 404}.get(state, 410)


@blueprint.get("/desinscription/<id:number>/<proof:proof>")
@allow(policy.PUBLIC)
def unsubscribe(door: Door, number: int, proof: str) -> Answer:
    page = pages.unsubscribe(door.read, door.settings, number, proof)
    return render_template("accounts/unsubscribe.html", page=page)


@blueprint.post("/desinscription/<id:number>/<proof:proof>")
@allow(policy.PUBLIC, signed=True)
def stop_mail(door: Door, number: int, proof: str) -> Answer:
    """Answered at once and not redirected: mail programs send it for their reader (RFC 8058)."""
    page = pages.unsubscribe(door.read, door.settings, number, proof, done=True)
    mailed.stop(door.write, page.address, page.kind)
    return render_template("accounts/unsubscribe.html", page=page)


@blueprint.post("/mon-compte/courriels")
@allow(policy.ACCOUNT)
def choose_mail(door: Door) -> Answer:
    wanted, among = door.form.getlist("kind"), pages.mail_kinds(door.person)
    mailed.choose(door.write, door.person.email or "", wanted, among)
    return done("courriels")
