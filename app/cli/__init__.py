"""Commands: they call the same actions as the browser, say what they did, and fail with a non-zero code."""

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import assets, schema, serve
from app.actions import attestations, authoring, demo, keys, learning, passwords, sealing
from app.cli.people import cohort, person
from app.cli.speaking import fail, saying, settings, writing
from app.content import advice, course, folder
from app.content.documents import Problem
from app.content.format import canonical
from app.db import BrokenPromise
from app.i18n import _, ngettext
from app.models import Enrolment, Revocation, SigningKey
from app.steps import KINDS


def register(app: Flask) -> None:
    """Put the commands on `flask`."""
    for group in (content, person, cohort, progress, keys_group, attestation, schema_group, audit):
        app.cli.add_command(group)
    for command in (demo_command, assets_command, serve_command, worker_command):
        app.cli.add_command(command)


def _say(problems: list[Problem] | tuple[Problem, ...], root: Path) -> None:
    for problem in problems:
        click.echo(f"{_shown(root)}{problem}", err=True)


def _shown(root: Path) -> str:
    try:
        return f"{root.resolve().relative_to(Path.cwd())}/"
    except ValueError:
        return f"{root}/"


content = AppGroup("content", help="Courses as text.")
_root = click.argument("root", type=click.Path(path_type=Path), required=False)


@content.command("check")
@_root
def content_check(root: Path | None) -> None:
    """Say every problem of a courses folder as path:line: sentence."""
    root = root or settings().courses_dir
    found = course.load_folder(root, KINDS)
    _say(found.problems, root)
    if found.problems:
        fail(ngettext("%(n)s problème.", "%(n)s problèmes.", len(found.problems)))
    click.echo(_("Tout est en ordre : %(n)s documents.", n=len(found.documents)))
    _say(advice.told(found.documents.values()), root)
    for lang, n in found.translated().items():
        if n:
            click.echo(ngettext("%(lang)s : %(n)s texte traduit.", "%(lang)s : %(n)s textes traduits.", n, lang=lang))


@content.command("format")
@_root
def content_format(root: Path | None) -> None:
    """Rewrite the texts of a courses folder in their canonical form."""
    root = root or settings().courses_dir
    files, problems = folder.read(root)
    texts, refused = canonical(files, KINDS)
    with saying():
        changed = folder.write(root, texts)
    _say([*problems, *refused], root)
    for path in changed:
        click.echo(f"{_shown(root)}{path}")
    if problems or refused:
        fail(_("Les fichiers ci-dessus ont des erreurs : ils sont laissés tels quels."))


@content.command("load")
@_root
@click.option("--keep-mine", "clash", flag_value=authoring.Clash.KEEP_MINE, help="Keep what was edited in the browser.")
@click.option("--take-files", "clash", flag_value=authoring.Clash.TAKE_FILES, help="Take the files instead.")
@click.option("--note", default="", help="What learners are told of the new editions.")
@click.option("--correctif", default=None, help="Reach those midway: what is corrected. Nothing else may change.")
def content_load(root: Path | None, clash: authoring.Clash | None, note: str, correctif: str | None) -> None:
    """Load a courses folder and publish what changed."""
    root = root or settings().courses_dir
    found = course.load_folder(root, KINDS)
    _say(found.problems, root)
    with writing() as db:
        done = authoring.load(
            db,
            found,
            settings().media_dir,
            clash=clash or authoring.Clash.SAY,
            note=note if correctif is None else correctif,
            correctif=correctif is not None,
        )
    for sentence in done.sentences():
        click.echo(sentence)
    if not done.ok:
        sys.exit(1)


@content.command("save")
@click.argument("root", type=click.Path(path_type=Path))
def content_save(root: Path) -> None:
    """Write the texts back to a folder, byte for byte."""
    with saying(), Session(current_app.extensions["engines"].read) as db:
        files = authoring.save(db, settings().media_dir)
        changed = folder.write(root, files)
    click.echo(ngettext("%(n)s fichier écrit.", "%(n)s fichiers écrits.", len(changed)))


progress = AppGroup("progress", help="Progress and its ledger.")


@progress.command("refold")
def progress_refold() -> None:
    """Rebuild the progress of everyone from the events; says how many rows were wrong."""
    with writing() as db:
        wrong = sum(learning.refold(db, number) for number in db.scalars(select(Enrolment.id)))
    click.echo(ngettext("%(n)s ligne corrigée.", "%(n)s lignes corrigées.", wrong))


keys_group = AppGroup("keys", help="The keys that attestations are signed with.")


@keys_group.command("new")
def keys_new() -> None:
    """Make the private key where there is none, and publish its public half."""
    with writing() as db:
        key, done = keys.new(db, settings().signing_key_file)
    click.echo(_("Clé prête : %(key)s", key=key.id) if done else _("La clé est déjà là : %(key)s", key=key.id))


@keys_group.command("rotate")
def keys_rotate() -> None:
    """Sign with a new key from now on; what was signed stays valid."""
    with writing() as db:
        key = keys.rotate(db, settings().signing_key_file)
    click.echo(_("Nouvelle clé : %(key)s. L’ancienne reste publiée, ce qu’elle a signé reste valable.", key=key.id))


@keys_group.command("list")
def keys_list() -> None:
    """Say every key, the last one first."""
    with saying(), Session(current_app.extensions["engines"].read) as db:
        for row in db.scalars(select(SigningKey).order_by(SigningKey.since.desc())):
            click.echo(f"{row.key_id} {row.public_key} {row.since:%Y-%m-%d} {row.retired_at or ''}")


attestation = AppGroup("attestation", help="What becomes of an attestation.")


@attestation.command("correct")
@click.argument("code")
@click.option("--name", required=True, help="The name as it should be.")
def attestation_correct(code: str, name: str) -> None:
    """Issue it again under the right name; the one before is marked as replaced."""
    with writing() as db:
        new = attestations.correct(db, code, name, by=None)
    click.echo(_("Attestation établie de nouveau : %(code)s", code=new))


@attestation.command("revoke")
@click.argument("code")
@click.option("--reason", type=click.Choice([reason.value for reason in Revocation]), required=True)
def attestation_revoke(code: str, reason: str) -> None:
    """Say to whoever checks it that it no longer holds, and why."""
    with writing() as db:
        done = attestations.revoke(db, code, Revocation(reason), by=None)
    click.echo(_("Attestation révoquée.") if done else _("Elle l’était déjà."))


audit = AppGroup("audit", help="The trace of acts on others.")


@audit.command("check")
def audit_check() -> None:
    """Say whether the sealed trace is still what it was, and its last seal, to be noted elsewhere."""
    with saying(), Session(current_app.extensions["engines"].read) as db:
        found = sealing.check(db)
    if found.broken is not None:
        fail(_("La trace n’est plus celle qui a été scellée, à partir de l’événement %(n)s.", n=found.broken))
    click.echo(_("La trace est entière : %(n)s événements scellés, %(m)s en attente.", n=found.sealed, m=found.waiting))
    click.echo(_("Dernier sceau : %(seal)s", seal=found.last))


schema_group = AppGroup("schema", help="The shape of the database.")


@schema_group.command("upgrade")
def schema_upgrade() -> None:
    """Bring the database to the shape that this code wants."""
    try:
        schema.upgrade(settings())
    except (schema.WrongSchema, BrokenPromise, OSError) as error:
        fail(str(error))
    except DBAPIError as error:
        fail(_("La base ne répond pas : %(reason)s", reason=str(error.orig).splitlines()[0]))
    click.echo(_("La base est à jour."))


@click.command("demo")
@with_appcontext
def demo_command() -> None:
    """Make the demo people, with a believable history; their passwords are printed once."""
    if settings().production:
        fail(_("Les personnes de démonstration ne se créent pas en production (BALISES_ENV=production)."))
    given = {cast.email: passwords.make() for cast in demo.CAST}
    hashes = {email: passwords.digest(password) for email, password in given.items()}
    with writing() as db:
        made = demo.make(db, hashes)
    if not made:
        click.echo(_("Les personnes de démonstration sont déjà là."))
    for cast in made:
        click.echo(f"{cast.name:<8} {cast.email:<26} {given[cast.email]}")


@click.command("assets")
@with_appcontext
def assets_command() -> None:
    """Make the static files: concatenated, named by their content, compressed."""
    try:
        with saying():
            assets.build(settings().assets_dir)
    except assets.WrongAsset as wrong:
        fail(str(wrong))


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Serve the site: web and worker."""
    sys.exit(serve.serve(settings()))


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Only the worker: beside `serve` on another machine, or while the web is served otherwise."""
    serve.work()
