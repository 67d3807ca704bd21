"""The doors of the account: sign in, sign out, language."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for

from app import policy
from app.accounts import forms, pages
from app.actions import accounts, merging, passages, passwords
from app.i18n import LANGUAGES
from app.web import Answer, Door, allow
from app.web.address import own_path
from app.web.promises import promise, promised

blueprint = Blueprint("accounts", __name__)
WINDOW = timedelta(minutes=15)
TRIES_BY_ACCOUNT, TRIES_BY_PLACE = 10, 100
"""A room of learners shares one address."""
JOIN, LEAVE = CHOICES = ("join", "leave")
"""What becomes of what a guest did."""
GO_ON = "/continuer"
"""Leads to the step to go on with."""


@blueprint.get("/connexion")
@allow(policy.PUBLIC)
def sign_in(door: Door) -> Answer:
    suite = own_path(door.query("suite"), pages.HOME)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    page = pages.sign_in(door.me, suite)
    return render_template("accounts/sign_in.html", page=page, form=forms.SignInForm())


@blueprint.post("/connexion")
@allow(policy.PUBLIC)
def create_sign_in(door: Door) -> Answer:
    page = pages.sign_in(door.me, own_path(door.form.get("suite", ""), pages.HOME))
    form = forms.SignInForm(door.form)
    if not form.validate():
        return _again(page, form, "", 422)
    if wait := _wait(door, form.address):
        return _again(page, form, forms.too_many(wait), 429, {"Retry-After": str(wait)})
    proof = _prove(door, form.address, form.password.data or "")
    if proof is None or not passwords.hold(door.write, proof):
        return _again(page, form, form.refuse(), 422)
    return _come_in(door, proof, keep=bool(form.keep.data), suite=page.suite)


def _come_in(door: Door, proof: passwords.Proof, *, keep: bool, suite: str) -> Answer:
    """At once, unless they are a guest who has done something: what becomes of it is asked first."""
    if pages.brings_something(door.read, door.me):
        pour, garder = promise(door, proof), "oui" if keep else "non"
        return redirect(url_for("accounts.joining", pour=pour, suite=suite, garder=garder), 303)
    door.sign_in(proof.person_id, keep=keep)
    return redirect(suite, 303)


def _wait(door: Door, email: str) -> int:
    """One more try, by account and by place: the seconds to wait, or 0."""
    return door.wait("account", email, TRIES_BY_ACCOUNT, WINDOW) or door.wait(
        "place", door.place, TRIES_BY_PLACE, WINDOW
    )


def _prove(door: Door, email: str, password: str) -> passwords.Proof | None:
    """Whose password it is; who knows theirs gets their tries back."""
    proof = passwords.check(door.read, email, password)
    if proof:
        door.forgive("account", email)
    return proof


def _again(
    page: pages.SignInPage, form: forms.SignInForm, alert: str, status: int, headers: dict[str, str] | None = None
) -> Answer:
    page = pages.alerted(page, alert)
    return render_template("accounts/sign_in.html", page=page, form=form), status, headers or {}


@blueprint.get("/connexion/reprendre")
@allow(policy.PUBLIC)
def joining(door: Door) -> Answer:
    account, suite = promised(door, door.query("pour")), own_path(door.query("suite"), pages.HOME)
    if account is None:
        return redirect(url_for("accounts.sign_in", suite=suite), 303)
    page = pages.joining(door.read, door.person, account, door.query("pour"), suite, door.query("garder") == "oui")
    return render_template("accounts/joining.html", page=page)


@blueprint.post("/connexion/reprendre")
@allow(policy.PUBLIC)
def create_joining(door: Door) -> Answer:
    account, suite = promised(door, door.form.get("pour", "")), own_path(door.form.get("suite", ""), pages.HOME)
    choice = door.form.get("choice", "")
    if account is None or choice not in CHOICES:
        return redirect(url_for("accounts.sign_in", suite=suite), 303)
    if choice == JOIN:
        merging.merge(door.write, door.person.id, account.id)
    door.sign_in(account.id, keep=door.form.get("garder") == "oui", joined=choice == JOIN)
    return redirect(suite, 303)


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


@blueprint.post("/deconnexion")
@allow(policy.PUBLIC)
def sign_out(door: Door) -> Answer:
    door.sign_out()
    return redirect("/", 303)


@blueprint.get("/langue")
@allow(policy.PUBLIC)
def language(door: Door) -> Answer:
    page = pages.language(own_path(door.query("suite")))
    return render_template("accounts/language.html", page=page)


@blueprint.post("/langue")
@allow(policy.PUBLIC)
def choose_language(door: Door) -> Answer:
    lang = door.form.get("lang", "")
    if lang in LANGUAGES:
        door.remember("lang", lang)
        if door.me:
            accounts.choose_language(door.write, door.me.id, lang)
    return redirect(own_path(door.form.get("suite", "")), 303)
