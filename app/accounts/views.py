"""The doors of the account: sign in, sign out, language."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template

from app import policy
from app.accounts import forms, pages
from app.actions import accounts, passwords
from app.i18n import LANGUAGES
from app.web import Answer, Door, allow
from app.web.address import own_path

blueprint = Blueprint("accounts", __name__)
WINDOW = timedelta(minutes=15)
TRIES_BY_ACCOUNT, TRIES_BY_PLACE = 10, 100
"""A room of learners shares one address."""


@blueprint.get("/connexion")
@allow(policy.PUBLIC)
def sign_in(door: Door) -> Answer:
    suite = own_path(door.query("suite"), pages.HOME)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    page = pages.sign_in(door.me, suite)
    return render_template("accounts/sign_in.html", page=page, form=forms.SignInForm(guest=page.guest))


@blueprint.post("/connexion")
@allow(policy.PUBLIC)
def create_sign_in(door: Door) -> Answer:
    page = pages.sign_in(door.me, own_path(door.form.get("suite", ""), pages.HOME))
    form = forms.SignInForm(door.form, guest=page.guest)
    if not form.validate():
        return _again(page, form, "", 422)
    if wait := _wait(door, form.address):
        return _again(page, form, forms.too_many(wait), 429, {"Retry-After": str(wait)})
    proof = _prove(door, form.address, form.password.data or "")
    if proof is None or not passwords.hold(door.write, proof):
        return _again(page, form, form.refuse(), 422)
    door.sign_in(proof.person_id, keep=bool(form.keep.data))
    return redirect(page.suite, 303)


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
