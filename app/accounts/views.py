"""The doors of the account: sign up, sign in, sign out, what is theirs, a new password, language."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for

from app import policy
from app.accounts import forms, pages
from app.actions import accounts, merging, passages, passwords, summaries
from app.errors import Refused
from app.i18n import LANGUAGES, get_lang
from app.reads.links import LinkState
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
    page = pages.sign_in(door.me, suite, new=bool(door.query("fait", ("mot-de-passe",))))
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


@blueprint.get("/inscription")
@allow(policy.PUBLIC)
def sign_up(door: Door) -> Answer:
    suite = own_path(door.query("suite"), pages.HOME)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    return render_template("accounts/sign_up.html", page=pages.sign_up(door.me, suite), form=forms.SignUpForm())


@blueprint.post("/inscription")
@allow(policy.PUBLIC)
def create_account(door: Door) -> Answer:
    suite, form = own_path(door.form.get("suite", ""), pages.HOME), forms.SignUpForm(door.form)
    if door.me and not door.me.guest:
        return redirect(suite, 303)
    if not form.validate():
        return _sign_up_again(door, form, suite)
    if wait := _wait(door, form.address):
        return _sign_up_again(door, form, suite, wait=wait)
    hashed = passwords.digest(form.password.data or "", form.address)
    try:
        guest = door.me.id if door.me else None
        person_id = accounts.sign_up(door.write, form.address, hashed, get_lang(), guest=guest)
    except Refused as refusal:
        return _come_in_again(door, form, suite) or _sign_up_again(door, form, suite, refusal=refusal)
    door.renew(person_id, keep=True)
    return redirect(suite, 303)


def _come_in_again(door: Door, form: forms.SignUpForm, suite: str) -> Answer | None:
    """A second click, or somebody who has forgotten that they had signed up: their password lets them in."""
    door.undo()
    proof = _prove(door, form.address, form.password.data or "")
    if proof is None or (door.me and door.me.id != proof.person_id) or not passwords.hold(door.write, proof):
        return None
    door.renew(proof.person_id, keep=True)
    return redirect(suite, 303)


def _sign_up_again(
    door: Door, form: forms.SignUpForm, suite: str, *, wait: int = 0, refusal: Refused | None = None
) -> Answer:
    if refusal:
        form.blame(refusal)
    page = pages.sign_up(door.me, suite, known=bool(refusal), alert=forms.too_many_tries(wait) if wait else "")
    return _answer("accounts/sign_up.html", wait, page=page, form=form)


def _answer(template: str, wait: int, **shown: object) -> Answer:
    """The page again, with what was typed: refused, or too many tries."""
    text = render_template(template, **shown)
    return (text, 429, {"Retry-After": str(wait)}) if wait else (text, 422)


@blueprint.get("/mon-compte")
@allow(policy.ACCOUNT)
def account(door: Door) -> Answer:
    page = pages.account(door.read, door.person, done=door.query("fait", pages.DONE))
    return render_template("accounts/account.html", page=page, forms=forms.account())


@blueprint.post("/mon-compte/mot-de-passe")
@allow(policy.ACCOUNT)
def change_password(door: Door) -> Answer:
    form, email = forms.PasswordForm(door.form, address=door.person.email or ""), door.person.email or ""
    if not form.validate():
        return _account_again(door, forms.account(password=form))
    if wait := _wait(door, email):
        return _account_again(door, forms.account(password=form), wait=wait)
    proof = _prove(door, email, form.current_password.data or "")
    hashed, keep = passwords.digest(form.password.data or "", email), door.kept
    try:
        accounts.change_password(door.write, proof, hashed)
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(password=form))
    door.renew(door.person.id, keep=keep)
    return _done("mot-de-passe")


@blueprint.post("/mon-compte/adresse")
@allow(policy.ACCOUNT)
def change_email(door: Door) -> Answer:
    form, email = forms.EmailForm(door.form), door.person.email or ""
    if not form.validate():
        return _account_again(door, forms.account(email=form))
    if wait := _wait(door, email):
        return _account_again(door, forms.account(email=form), wait=wait)
    proof = _prove(door, email, form.email_password.data or "")
    try:
        accounts.change_email(door.write, proof, form.email.data or "")
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(email=form))
    return _done("adresse")


@blueprint.post("/mon-compte/nom")
@allow(policy.ACCOUNT)
def change_name(door: Door) -> Answer:
    form = forms.NameForm(door.form)
    try:
        summaries.give_name(door.write, door.person.id, form.name.data or "")
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(name=form))
    return _done("nom")


@blueprint.post("/mon-compte/connexions/<id:number>/fin")
@allow(policy.ACCOUNT)
def end_sign_in(door: Door, number: int) -> Answer:
    accounts.end_own_sign_in(door.write, door.person.id, number)
    if number == door.person.sign_in_id:
        door.sign_out()
        return redirect("/", 303)
    return _done("connexion")


@blueprint.post("/mon-compte/connexions/fin")
@allow(policy.ACCOUNT)
def end_sign_ins(door: Door) -> Answer:
    everywhere = door.form.get("ici") == "aussi"
    accounts.end_sign_ins(door.write, door.person.id, but=None if everywhere else door.person.sign_in_id)
    if everywhere:
        door.sign_out()
        return redirect("/", 303)
    return _done("connexions")


def _done(what: str) -> Answer:
    return redirect(url_for("accounts.account", fait=what), 303)


def _account_again(door: Door, shown: forms.AccountForms, *, wait: int = 0) -> Answer:
    page = pages.account(door.read, door.person, alert=forms.too_many_tries(wait) if wait else "")
    return _answer("accounts/account.html", wait, page=page, forms=shown)


@blueprint.get("/mot-de-passe/<secret:token>")
@allow(policy.PUBLIC)
def new_password(door: Door, token: str) -> Answer:
    return _new_password(pages.new_password(door.read, token), forms.NewPasswordForm())


@blueprint.post("/mot-de-passe/<secret:token>")
@allow(policy.PUBLIC)
def reset_password(door: Door, token: str) -> Answer:
    if wait := door.wait("link", door.place, TRIES_BY_PLACE, WINDOW):
        page = pages.new_password(door.read, token, alert=forms.too_many_tries(wait))
        return _answer("accounts/new_password.html", wait, page=page, form=forms.NewPasswordForm())
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
    return _done("mot-de-passe")


def _link_used(door: Door, token: str) -> Answer:
    """By somebody, or by the same click a moment ago."""
    if door.enters_again(token):
        return _done("mot-de-passe")
    return _new_password(pages.new_password(door.read, token), forms.NewPasswordForm())


def _new_password(page: pages.NewPasswordPage, form: forms.NewPasswordForm) -> Answer:
    status = 422 if page.status == 200 and form.errors else page.status
    return render_template("accounts/new_password.html", page=page, form=form), status


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
