"""One’s own account: password, address, name, sign-ins."""

from flask import redirect, render_template, url_for

from app import policy
from app.accounts import forms, pages
from app.accounts.blueprint import blueprint
from app.accounts.views.tries import answer, one_more_try, prove
from app.actions import accounts, passwords, summaries
from app.errors import Refused
from app.web import Answer, Door, allow


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
    if wait := one_more_try(door, email):
        return _account_again(door, forms.account(password=form), wait=wait)
    proof = prove(door, email, form.current_password.data or "")
    hashed, keep = passwords.digest(form.password.data or "", email), door.kept
    try:
        accounts.change_password(door.write, proof, hashed)
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(password=form))
    door.renew(door.person.id, keep=keep)
    return done("mot-de-passe")


@blueprint.post("/mon-compte/adresse")
@allow(policy.ACCOUNT)
def change_email(door: Door) -> Answer:
    form, email = forms.EmailForm(door.form), door.person.email or ""
    if not form.validate():
        return _account_again(door, forms.account(email=form))
    if wait := one_more_try(door, email):
        return _account_again(door, forms.account(email=form), wait=wait)
    proof = prove(door, email, form.email_password.data or "")
    try:
        accounts.change_email(door.write, proof, form.email.data or "")
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(email=form))
    return done("adresse")


@blueprint.post("/mon-compte/nom")
@allow(policy.ACCOUNT)
def change_name(door: Door) -> Answer:
    form = forms.NameForm(door.form)
    try:
        summaries.give_name(door.write, door.person.id, form.name.data or "")
    except Refused as refusal:
        form.blame(refusal)
        return _account_again(door, forms.account(name=form))
    return done("nom")


@blueprint.post("/mon-compte/connexions/<id:number>/fin")
@allow(policy.ACCOUNT)
def end_sign_in(door: Door, number: int) -> Answer:
    accounts.end_own_sign_in(door.write, door.person.id, number)
    if number == door.person.sign_in_id:
        door.sign_out()
        return redirect("/", 303)
    return done("connexion")


@blueprint.post("/mon-compte/connexions/fin")
@allow(policy.ACCOUNT)
def end_sign_ins(door: Door) -> Answer:
    everywhere = door.form.get("ici") == "aussi"
    accounts.end_sign_ins(door.write, door.person.id, but=None if everywhere else door.person.sign_in_id)
    if everywhere:
        door.sign_out()
        return redirect("/", 303)
    return done("connexions")


def done(what: str) -> Answer:
    return redirect(url_for("accounts.account", fait=what), 303)


def _account_again(door: Door, shown: forms.AccountForms, *, wait: int = 0) -> Answer:
    page = pages.account(door.read, door.person, alert=forms.too_many_tries(wait) if wait else "")
    return answer("accounts/account.html", wait, page=page, forms=shown)
