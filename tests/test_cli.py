"""Commands say what they did, fail with a non-zero code and a sentence, and never leave a thing half done."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock, create_app
from app.actions import accounts
from app.config import Settings
from app.content import folder
from app.models import (
    Assignment,
    AuditEvent,
    Cohort,
    CohortEvent,
    Edition,
    Enrolment,
    MailKind,
    Membership,
    Message,
    OneTimeLink,
    Person,
    RoleGrant,
    StepProgress,
    Summary,
)
from tests.build import demo_files, walk


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    folder.write(tmp_path / "courses", demo_files())
    return tmp_path / "courses"


@pytest.fixture
def app(settings: Settings, courses: Path, tmp_path: Path) -> Iterator[Flask]:
    found = create_app(dataclasses.replace(settings, courses_dir=courses, media_dir=tmp_path / "media"))
    yield found
    found.extensions["engines"].dispose()


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def count(app: Flask, model: type) -> int:
    with Session(app.extensions["engines"].read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def a_reading(courses: Path) -> Path:
    return next(p for p in sorted(courses.rglob("*.md")) if "\nkind: reading\n" in p.read_text())


def test_check_says_every_problem_with_its_path_and_line_and_fails(run: FlaskCliRunner, courses: Path) -> None:
    assert run.invoke(args=["content", "check"]).exit_code == 0
    broken = a_reading(courses)
    broken.write_text(
        broken.read_text().replace("minutes: ", "minutes: x").replace("kind: reading", "kind: reading\ncolour: red")
    )
    said = run.invoke(args=["content", "check"])
    assert said.exit_code == 1
    name = broken.relative_to(courses).as_posix()
    lines = [line for line in said.stderr.splitlines() if name in line]
    assert len(lines) >= 2
    assert all(line.split(name)[1].split(":")[1].isdigit() for line in lines)
    assert "Traceback" not in said.output


def test_format_brings_a_text_to_its_canonical_form_and_leaves_the_others(run: FlaskCliRunner, courses: Path) -> None:
    path = a_reading(courses)
    canonical = path.read_text()
    path.write_text(canonical.replace("\n---\n\n", "\n---\n\n\n\n", 1))
    assert path.name in run.invoke(args=["content", "format"]).output
    assert path.read_text() == canonical
    assert run.invoke(args=["content", "format"]).output == ""


def test_load_then_save_gives_the_same_folder(run: FlaskCliRunner, app: Flask, courses: Path, tmp_path: Path) -> None:
    first = run.invoke(args=["content", "load"])
    assert first.exit_code == 0
    assert "édition" in first.output
    assert count(app, Edition) == 1
    again = run.invoke(args=["content", "load"])
    assert again.exit_code == 0
    assert count(app, Edition) == 1
    assert run.invoke(args=["content", "save", str(tmp_path / "saved")]).exit_code == 0
    assert folder.read(tmp_path / "saved")[0] == demo_files()


def test_load_of_a_broken_folder_fails_and_changes_nothing_of_that_pathway(
    run: FlaskCliRunner, app: Flask, courses: Path
) -> None:
    assert run.invoke(args=["content", "load"]).exit_code == 0
    broken = a_reading(courses)
    broken.write_text("---\n*bomb\n---\n")
    said = run.invoke(args=["content", "load"])
    assert said.exit_code == 1
    assert count(app, Edition) == 1
    assert run.invoke(args=["content", "load", str(courses / "nowhere")]).exit_code == 1


def test_a_correctif_is_published_when_it_changes_words_alone_else_refused_with_the_step_s_name(
    run: FlaskCliRunner, app: Flask, courses: Path
) -> None:
    run.invoke(args=["content", "load"])
    path = a_reading(courses)
    words = path.read_text().replace("takeaway: ", "takeaway: En deux mots, ", 1)
    path.write_text(words.replace("minutes: 3", "minutes: 2"))
    refused = run.invoke(args=["content", "load", "--correctif", "Une question mal tournée."])
    assert refused.exit_code == 1
    assert "La même rue" in refused.stderr
    assert "change de durée" in refused.stderr
    assert count(app, Edition) == 1
    path.write_text(words)
    assert run.invoke(args=["content", "load", "--correctif", " "]).exit_code == 1
    done = run.invoke(args=["content", "load", "--correctif", "Une question mal tournée."])
    assert done.exit_code == 0
    assert "correctif" in done.output
    with Session(app.extensions["engines"].read) as db:
        first, second = db.scalars(select(Edition).order_by(Edition.number))
    assert (second.corrects_id, second.note) == (first.id, "Une question mal tournée.")


def test_a_person_is_created_once_with_a_right_and_a_trace(run: FlaskCliRunner, app: Flask) -> None:
    made = run.invoke(args=["person", "create", "Ada@Balises.example", "--name", "Ada", "--role", "admin"])
    assert made.exit_code == 0
    assert "ada@balises.example" in made.output
    assert count(app, RoleGrant) == 1
    assert count(app, AuditEvent) == 2  # made, and a link given
    for wrong in (["Ada@Balises.example"], ["no address"], ["a@b"]):
        refused = run.invoke(args=["person", "create", *wrong])
        assert refused.exit_code == 1
        assert refused.stderr.strip()
        assert "Traceback" not in refused.output
    assert count(app, Person) == 1
    short = run.invoke(args=["person", "create", "b@balises.example", "--password-stdin"], input="court\n")
    assert short.exit_code == 1
    assert count(app, Person) == 1


def test_a_new_person_chooses_a_password_by_a_link_and_has_none_before(
    run: FlaskCliRunner, app: Flask, built_assets: object
) -> None:
    made = run.invoke(args=["person", "create", "tarik@balises.example", "--role", "trainer"])
    assert "passe :" not in made.stdout
    address = made.stdout.split()[-1]
    with Session(app.extensions["engines"].read) as db:
        assert db.scalars(select(Person.password_hash)).one() is None
    page = app.test_client().get("/mot-de-passe/" + address.rsplit("/", 1)[-1])
    assert (page.status_code, "tarik@balises.example" in page.text) == (200, True)
    typed = run.invoke(args=["person", "create", "b@balises.example", "--password-stdin"], input="une phrase à moi\n")
    assert (typed.exit_code, "mot-de-passe" in typed.output) == (0, False)


def test_where_mails_leave_the_link_goes_by_mail_unless_it_is_asked_for(run: FlaskCliRunner, app: Flask) -> None:
    app.extensions["settings"] = dataclasses.replace(
        app.extensions["settings"], smtp_host="127.0.0.1", mail_from="b@site.example"
    )
    made = run.invoke(args=["person", "create", "tarik@balises.example", "--role", "trainer"])
    assert (made.exit_code, "mot-de-passe/" in made.stdout, "Un courriel lui porte un lien" in made.stderr) == (
        0,
        False,
        True,
    )
    with Session(app.extensions["engines"].read) as db:
        row = db.scalars(select(Message)).one()
    assert (row.kind, row.address) == (MailKind.SET_UP, "tarik@balises.example")
    shown = run.invoke(args=["person", "create", "tess@balises.example", "--show-link"])
    assert "mot-de-passe/" in shown.stdout
    assert count(app, Message) == 1

    def grant(role: str) -> bool:
        given = run.invoke(args=["person", "grant", "tess@balises.example", "--role", role])
        return "Un courriel lui porte un lien" in given.stderr

    assert not grant("trainer")  # the link that was shown still opens
    with Session(app.extensions["engines"].write) as db, db.begin():
        db.execute(update(OneTimeLink).values(expires_at=clock.now()))
    assert [grant("author"), grant("author"), grant("admin")] == [True, False, False]  # one is about to leave
    assert count(app, Message) == 2


def test_a_role_is_given_and_taken_back_once_with_a_trace(run: FlaskCliRunner, app: Flask) -> None:
    run.invoke(args=["person", "create", "tess@balises.example"])
    traces = count(app, AuditEvent)
    role = ["Tess@balises.example", "--role", "trainer"]
    said = [run.invoke(args=["person", verb, *role]).output.strip() for verb in ("grant", "grant", "revoke", "revoke")]
    assert said == ["Rôle donné.", "Ce rôle était déjà donné.", "Rôle retiré.", "Ce rôle n’était pas donné."]
    assert run.invoke(args=["person", "grant", *role]).output.strip() == "Rôle donné."
    with Session(app.extensions["engines"].write) as db, db.begin():
        db.execute(update(OneTimeLink).values(expires_at=clock.now()))
    run.invoke(args=["person", "revoke", *role])
    traces += 1
    assert "mot-de-passe/" in run.invoke(args=["person", "grant", *role]).stdout  # no link opens any more
    traces += 2
    assert count(app, AuditEvent) == traces + 3
    assert count(app, RoleGrant) == 3
    unknown = run.invoke(args=["person", "grant", "personne@balises.example", "--role", "admin"])
    assert (unknown.exit_code, "Aucun compte" in unknown.stderr) == (1, True)
    assert run.invoke(args=["person", "grant", "tess@balises.example", "--role", "king"]).exit_code != 0


def test_the_demonstration_people_have_a_past_and_are_made_once(run: FlaskCliRunner, app: Flask) -> None:
    run.invoke(args=["content", "load"])
    made = run.invoke(args=["demo"])
    assert made.exit_code == 0
    people, steps = count(app, Person), count(app, StepProgress)
    assert people == 6
    assert steps > 2
    with Session(app.extensions["engines"].read) as db:
        days = {progress.completed_at.date() for progress in db.scalars(select(StepProgress))}
    assert len(days) > 2
    assert run.invoke(args=["demo"]).exit_code == 0
    assert (count(app, Person), count(app, StepProgress)) == (people, steps)
    assert run.invoke(args=["progress", "refold"]).output.startswith("0")
    assert count(app, Enrolment) == 2
    assert (count(app, Cohort), count(app, Membership), count(app, Assignment), count(app, CohortEvent)) == (1, 2, 1, 1)


def test_the_demonstration_is_refused_in_production(settings: Settings) -> None:
    found = create_app(dataclasses.replace(settings, balises_env="production"))
    refused = found.test_cli_runner().invoke(args=["demo"])
    found.extensions["engines"].dispose()
    assert refused.exit_code == 1
    assert "production" in refused.stderr


def test_a_link_that_leaves_the_folder_is_refused(run: FlaskCliRunner, courses: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: secret\n---\n")
    path = a_reading(courses)
    shutil.move(path, path.with_suffix(".old"))
    path.with_suffix(".old").unlink()
    path.symlink_to(secret)
    said = run.invoke(args=["content", "check"])
    assert said.exit_code == 1
    assert "lien" in said.stderr


def test_what_is_not_utf_8_is_refused_with_a_sentence(run: FlaskCliRunner, app: Flask) -> None:
    odd = "\udcff"
    address, given = "a@balises.example", ["--password-stdin"]
    for wrong, typed in (
        ([f"{odd}@balises.example"], b""),
        ([address, "--name", odd], b""),
        ([address, *given], b"une phrase assez longue \xff\n"),
    ):
        refused = run.invoke(args=["person", "create", *wrong], input=typed)
        assert refused.exit_code == 1
        assert "UTF-8" in refused.stderr or "adresse" in refused.stderr
        assert isinstance(refused.exception, SystemExit)
    assert count(app, Person) == 0


def test_a_file_where_a_folder_is_expected_is_a_sentence(
    run: FlaskCliRunner, app: Flask, courses: Path, settings: Settings, tmp_path: Path
) -> None:
    run.invoke(args=["content", "load"])
    file = tmp_path / "file"
    file.write_text("x")
    found = create_app(dataclasses.replace(settings, assets_dir=file, media_dir=file, courses_dir=courses))
    other = found.test_cli_runner()
    for runner, command in (
        (run, ["content", "save", str(file)]),
        (other, ["assets"]),
        (run, ["content", "check", "x"]),
    ):
        refused = runner.invoke(args=command)
        assert refused.exit_code == 1
        assert refused.stderr.strip()
        assert isinstance(refused.exception, SystemExit)
    found.extensions["engines"].dispose()
    assert file.read_text() == "x"


def test_a_command_on_a_database_that_is_not_ready_says_what_to_run(
    sqlite_settings: Settings, courses: Path, tmp_path: Path
) -> None:
    empty = dataclasses.replace(sqlite_settings, database_url=f"sqlite:///{tmp_path}/empty.db", courses_dir=courses)
    found = create_app(empty)
    for command in (
        ["content", "load"],
        ["person", "create", "a@balises.example"],
        ["demo"],
        ["progress", "refold"],
        ["content", "save", str(tmp_path / "out")],
    ):
        refused = found.test_cli_runner().invoke(args=command)
        assert refused.exit_code == 1
        assert "schema upgrade" in refused.stderr
        assert "Traceback" not in refused.output
    found.extensions["engines"].dispose()


def test_keys_are_made_rotated_and_listed(run: FlaskCliRunner) -> None:
    first = run.invoke(args=["keys", "new"]).output.split()[-1]
    assert first in run.invoke(args=["keys", "new"]).output
    assert run.invoke(args=["keys", "rotate"]).exit_code == 0
    latest, before = run.invoke(args=["keys", "list"]).output.splitlines()
    assert before.startswith(first)
    assert latest.split()[0] != first


def test_an_attestation_is_corrected_and_revoked_by_command(run: FlaskCliRunner, app: Flask) -> None:
    unknown = run.invoke(args=["attestation", "revoke", "K7QF 2M9D R4TX 8HBW", "--reason", "mistake"])
    assert unknown.exit_code == 1
    assert "inconnu" in unknown.stderr
    run.invoke(args=["content", "load"])
    with Session(app.extensions["engines"].write) as db:
        walk(db, accounts.create_person(db, "lea@balises.example", "x", name="Lea", role=None, by=None).id)
        db.commit()
        code = db.scalars(select(Summary.code)).one()
    new = run.invoke(args=["attestation", "correct", code, "--name", "Léa"]).output.split()[-1]
    assert run.invoke(args=["attestation", "revoke", new, "--reason", "fraud"]).exit_code == 0
    assert "déjà" in run.invoke(args=["attestation", "revoke", new, "--reason", "fraud"]).output
    assert run.invoke(args=["attestation", "correct", new, "--name", "Lia"]).exit_code == 1
