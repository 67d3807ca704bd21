"""Coming in and going out: sign in, join what a guest did, sign up, sign out; and the language."""

from flask import redirect, render_template, url_for

from app import policy
from app.accounts import forms, pages
from app.accounts.blueprint import CHOICES, JOIN, blueprint
from app.accounts.views.tries import answer, one_more_try, prove
from app.actions import accounts, merging, passwords
from app.errors import Refused
from app.i18n import LANGUAGES, get_lang
from app.web import Answer, Door, allow
from app.web.address import own_path
from app.web.promises import promise, promised


@blueprint.get("/connexion")
@allow(policy.PUBLIC)
def sign_in(door: Door) -> Answer:
    suite = own_path(door.query("suite"), pages.HOME)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    page = pages.sign_in(door.read, door.site, door.me, suite, new=bool(door.query("fait", ("mot-de-passe",))))
    return render_template("accounts/sign_in.html", page=page, form=forms.SignInForm())


@blueprint.post("/connexion")
@allow(policy.PUBLIC)
def create_sign_in(door: Door) -> Answer:
    page = pages.sign_in(door.read, door.site, door.me, own_path(door.form.get("suite", ""), pages.HOME))
    form = forms.SignInForm(door.form)
    if not form.validate():
        return _again(page, form, "", 422)
    if wait := one_more_try(door, form.address):
        return _again(page, form, forms.too_many(wait), 429, {"Retry-After": str(wait)})
    proof = prove(door, form.address, form.password.data or "")
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


@blueprint.get("/inscription")
@allow(policy.PUBLIC)
def sign_up(door: Door) -> Answer:
    suite = own_path(door.query("suite"), pages.HOME)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    page = pages.sign_up(door.read, door.site, door.me, suite)
    return render_template("accounts/sign_up.html", page=page, form=forms.SignUpForm())


@blueprint.post("/inscription")
@allow(policy.PUBLIC)
def create_account(door: Door) -> Answer:
    suite, form = own_path(door.form.get("suite", ""), pages.HOME), forms.SignUpForm(door.form)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    if not form.validate():
        return _sign_up_again(door, form, suite)
    if wait := one_more_try(door, form.address):
        return _sign_up_again(door, form, suite, wait=wait)
    hashed = passwords.digest(form.password.data or "", form.address)
    try:
        guest, link = door.me.id if door.me else None, pages.link_held(suite)
        person_id = accounts.sign_up(door.write, form.address, hashed, get_lang(), guest=guest, link=link)
    except Refused as refusal:
        return _come_in_again(door, form, suite) or _sign_up_again(door, form, suite, refusal=refusal)
    door.renew(person_id, keep=True)
    return redirect(suite, 303)


def _come_in_again(door: Door, form: forms.SignUpForm, suite: str) -> Answer | None:
    """A second click, or somebody who has forgotten that they had signed up: their password lets them in."""
    door.undo()
    proof = prove(door, form.address, form.password.data or "")
    if proof is None or (door.me and door.me.id != proof.person_id) or not passwords.hold(door.write, proof):
        return None
    door.renew(proof.person_id, keep=True)
    return redirect(suite, 303)


def _sign_up_again(
    door: Door, form: forms.SignUpForm, suite: str, *, wait: int = 0, refusal: Refused | None = None
) -> Answer:
    if refusal:
        form.blame(refusal)
    alert, known = forms.too_many_tries(wait) if wait else "", bool(refusal and refusal.field == "email")
    page = pages.sign_up(door.read, door.site, door.me, suite, known=known, alert=alert)
    return answer("accounts/sign_up.html", wait, page=page, form=form)


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
