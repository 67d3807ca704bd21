"""People, their rights, and who leads a cohort."""

import sys

import click
from flask.cli import AppGroup

from app.actions import accounts, mailed, passwords, roles, trainers
from app.cli.speaking import fail, saying, settings, writing
from app.errors import Missing
from app.i18n import _
from app.models import Purpose, Role
from app.reads.links import without_first_link

person = AppGroup("person", help="People and their rights.")


@person.command("create")
@click.argument("email")
@click.option("--name", default="", help="The name that documents bear.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=None)
@click.option("--password-stdin", is_flag=True, help="Read a password on standard input instead of giving a link.")
@click.option("--show-link", is_flag=True, help="Print the link, even where a mail could carry it.")
def person_create(email: str, name: str, role: str | None, password_stdin: bool, show_link: bool) -> None:
    """Make an account; a link to choose its first password is sent by mail where mails leave, else printed once."""
    with saying():
        password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
        for text in (email, name, password):
            text.encode()  # an argument that is not UTF-8 comes with surrogates
        hashed = passwords.digest(password, email) if password_stdin else None
    with writing() as db:
        made = accounts.create_person(db, email, hashed, name=name, role=Role(role) if role else None, by=None)
        mails = not (password_stdin or show_link) and settings().sends_mail
        if mails:
            mailed.invite(db, made.id, made.email or "", by=None, key="created")
        token = None if password_stdin or mails else accounts.issue_link(db, Purpose.SET_UP, email, by=None)
    click.echo(_("Compte créé : %(email)s", email=made.email))
    if mails:
        click.echo(_("Un courriel lui porte un lien, valable 7 jours, pour choisir son mot de passe."), err=True)
    if token:
        _show_link(Purpose.SET_UP, token)


_role = click.option("--role", type=click.Choice([role.value for role in Role]), required=True)


@person.command("grant")
@click.argument("email")
@_role
def person_grant(email: str, role: str) -> None:
    """Give a role to an account; with a link, sent or printed, where nobody has chosen its password yet."""
    with writing() as db:
        done, mails = roles.grant_role(db, email, Role(role), by=None), settings().sends_mail
        sent = done and mails and mailed.invite_waiting(db, email, by=None)
        waits = done and not mails and without_first_link(db, email) is not None
        token = accounts.issue_link(db, Purpose.SET_UP, email, by=None) if waits else None
    click.echo(_("Rôle donné.") if done else _("Ce rôle était déjà donné."))
    if sent:
        click.echo(_("Un courriel lui porte un lien, valable 7 jours, pour choisir son mot de passe."), err=True)
    if token:
        _show_link(Purpose.SET_UP, token)


@person.command("revoke")
@click.argument("email")
@_role
def person_revoke(email: str, role: str) -> None:
    """Take a role back from an account."""
    with writing() as db:
        done = roles.revoke_role(db, email, Role(role), by=None)
    click.echo(_("Rôle retiré.") if done else _("Ce rôle n’était pas donné."))


@person.command("reset-link")
@click.argument("email")
def person_reset_link(email: str) -> None:
    """Print a link to choose a new password, once, within 60 minutes."""
    _make_link(Purpose.RESET, email)


@person.command("set-up-link")
@click.argument("email")
def person_set_up_link(email: str) -> None:
    """Print a link to choose a first password, once, within 7 days."""
    _make_link(Purpose.SET_UP, email)


def _make_link(purpose: Purpose, email: str) -> None:
    with writing() as db:
        token = accounts.issue_link(db, purpose, email, by=None)
    _show_link(purpose, token)


def _show_link(purpose: Purpose, token: str) -> None:
    """The address alone on standard output, so that a script can take it; what it is worth beside."""
    click.echo(f"{settings().public_url}/mot-de-passe/{token}")
    if purpose == Purpose.SET_UP:
        click.echo(_("Ce lien sert une fois, dans les %(n)s jours. Donnez-le à cette personne seule.", n=7), err=True)
    else:
        click.echo(
            _("Ce lien sert une fois, dans les %(n)s minutes. Donnez-le à cette personne seule.", n=60), err=True
        )


cohort = AppGroup("cohort", help="Cohorts, whoever leads them.")


@cohort.command("hand-over")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.argument("email")
def cohort_hand_over(number: int, email: str) -> None:
    """Have one person lead a cohort alone, when who led it has left."""
    with writing() as db:
        try:
            done = trainers.hand_over(db, number, email, by=None)
        except Missing:
            fail(_("Il n’y a pas de cohorte %(n)s.", n=number))
    click.echo(_("La cohorte est confiée.") if done else _("Cette personne l’animait déjà seule."))
