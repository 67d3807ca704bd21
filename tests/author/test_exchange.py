"""A folder goes out and comes back through the real pages; the browser and the disk are two doors to one house."""

import hashlib
import io
import re
import secrets
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring
from app.config import Settings
from app.content import archive, course
from app.db import Engines
from app.models import AuditEvent, DocumentKind, Draft, DraftVersion, Edition
from app.outside import waiting
from app.reads import courses, drafts
from app.steps import KINDS
from tests.actions.test_editions import EXERCISE, READING, edited
from tests.author.test_publication import PAGE, POST, number_of, seen, words, write
from tests.build import demo_course, demo_files
from tests.cast import Cast
from tests.client import Client
from tests.content.test_pictures import HELD
from tests.learn.test_budgets import cost

KIT = "kits/kit-demo/kit.md"


def send(client: Client, content: bytes) -> str:
    data = {"_token": client.token(), "file": (io.BytesIO(content), "x.zip")}
    return words(client.web.post("/atelier/import", data=data).text)


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]


def files(engines: Engines, settings: Settings, prefix: str) -> dict[str, bytes]:
    with Session(engines.read) as db:
        found = drafts.files(db, settings.media_dir)
    return {path: content for path, content in found.items() if path.startswith(prefix)}


@pytest.mark.parametrize("path", [KIT, READING, "diagnostics/demo/diagnostic.md", "cases/demo-voisins/case.md"])
def test_exported_imported_exported_the_bytes_are_the_same(
    client: Client, engines: Engines, settings: Settings, cast: Cast, path: str
) -> None:
    aude = client.sign_in(cast.aude)
    address = f"/atelier/textes/{number_of(engines, path)}/dossier.zip"
    before = aude.get(address).data
    root = "/".join(path.split("/")[:2]) + "/"
    assert archive.unpack(before)[0] == {p: c for p, c in demo_files().items() if p.startswith(root)}
    page = send(aude, before)
    assert "Tout est en ordre dans cette archive." in page
    write(engines, cast, path, "title: ", "title: Changé ")
    page = send(aude, before)
    assert "1 fichier changé" in page
    answer = aude.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive"))
    assert answer.status_code == 303
    assert aude.get(address).data == before
    with Session(engines.read) as db:
        texts = db.scalars(select(DraftVersion.text).join(Draft, Draft.id == DraftVersion.draft_id)).all()
        assert any("title: Changé " in text for text in texts)
        assert db.scalars(select(AuditEvent.object).filter_by(verb="content.import")).all() == [root.rstrip("/")]


def test_the_lists_of_words_are_of_the_whole_site_and_go_out_by_no_archive(
    client: Client, engines: Engines, cast: Cast
) -> None:
    aude, number = client.sign_in(cast.aude), number_of(engines, "taxonomy/domains.yaml")
    assert "dossier.zip" not in aude.get(f"/atelier/textes/{number}/publication").text
    assert aude.get(f"/atelier/textes/{number}/dossier.zip").status_code == 404
    kit = number_of(engines, KIT)
    assert f"/atelier/textes/{kit}/dossier.zip" in aude.get(f"/atelier/textes/{kit}/publication").text


def test_a_dry_run_writes_nothing_and_says_every_problem(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    before = files(engines, settings, "")
    changed = {p: c for p, c in demo_files().items() if p.startswith("pathways/demo/")}
    changed[READING] = changed[READING].replace(b"minutes: 3", b"minutes: trois")
    changed.pop(EXERCISE)
    page = send(aude, archive.pack(changed))
    line = changed[READING].decode().split("\n").index("minutes: trois") + 1
    assert f"{READING}:{line}: minutes : un nombre entier est attendu" in page
    assert "1 fichier retiré" in page
    assert files(engines, settings, "") == before
    assert aude.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive")).status_code == 303
    assert files(engines, settings, "pathways/demo/") == changed
    with Session(engines.read) as db:
        assert db.scalars(select(Edition.number)).all() == [1]


def test_an_archive_that_would_change_nothing_is_not_to_be_taken(client: Client, cast: Cast) -> None:
    same = {path: content for path, content in demo_files().items() if path.startswith("pathways/demo/")}
    page = send(client.sign_in(cast.aude), archive.pack(same))
    assert "il n’y a rien à prendre" in page
    assert "Prendre cette archive" not in page


def test_what_was_written_after_the_dry_run_is_not_overwritten(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    kit = {p: c for p, c in demo_files().items() if p.startswith("kits/kit-demo/")}
    page = send(aude, archive.pack(kit | {KIT: kit[KIT].replace(b"title: ", b"title: Autre ")}))
    write(engines, cast, KIT, "title: ", "title: Entre-temps ")
    answer = aude.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive"))
    assert answer.status_code == 422
    assert "a changé entre-temps" in words(answer.text)
    assert b"title: Entre-temps " in files(engines, settings, KIT)[KIT]


def test_a_hostile_archive_writes_nothing(client: Client, engines: Engines, settings: Settings, cast: Cast) -> None:
    aude = client.sign_in(cast.aude)
    before = files(engines, settings, "")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr(KIT, demo_files()[KIT])
        made.writestr("../../../tmp/evil.md", b"<script>alert(1)</script>")
    page = send(aude, held.getvalue())
    assert "Cette archive ne peut pas être prise" in page
    assert "<script>alert" not in page

    sent = hashlib.sha256(held.getvalue()).hexdigest()
    assert aude.post("/atelier/imports", seen="", archive=sent).status_code == 422
    for unkept in ("", "0" * 64, "../../balises.db", "é" * 64):
        assert "n’est plus là" in aude.post("/atelier/imports", seen="", archive=unkept).text, unkept
    assert files(engines, settings, "") == before


def test_a_new_pathway_comes_in_whole_and_is_published(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    copy = {
        path.replace("pathways/demo/", "pathways/copie/"): content.replace(b"demo-", b"copie-").replace(
            b"copie-voisins", b"demo-voisins"
        )
        if path.endswith(".md")
        else content
        for path, content in demo_files().items()
        if path.startswith("pathways/demo/")
    }
    page = send(aude, archive.pack(copy))
    assert "Tout est en ordre dans cette archive." in page
    answer = aude.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive"))
    assert answer.location == "/atelier/parcours/copie"
    shown = aude.get("/atelier/parcours/copie/publication").text
    assert "Personne n’est en route sur ce parcours." in words(shown)
    assert aude.post("/atelier/parcours/copie/editions", seen=seen(shown), note="").status_code == 303
    assert client.get("/parcours/copie").status_code == 200


def test_the_same_pathway_edited_here_and_as_files_has_the_same_digest_and_survives_a_load(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    write(engines, cast, EXERCISE, "  label: ", "  label: Autrement, ")
    assert aude.post(POST, seen=seen(aude.get(PAGE).text), note="Mieux.").status_code == 303
    as_files = course.load_course(edited((EXERCISE, "  label: ", "  label: Autrement, ")), KINDS)
    together = as_files.together("pathway", "demo")
    assert together is not None
    with Session(engines.write) as db:
        assert db.scalars(select(Edition.digest).filter_by(number=2)).one() == together.digest
        report = authoring.load(db, demo_course(), settings.media_dir)
        db.commit()
    assert report.ahead == ["pathways/demo"]
    assert b"label: Autrement, " in files(engines, settings, EXERCISE)[EXERCISE]
    with Session(engines.write) as db:
        report = authoring.load(db, as_files, settings.media_dir)
        assert report.clashes == []
        assert db.scalar(select(func.count()).select_from(Edition)) == 2


@pytest.mark.parametrize("path", [KIT, "diagnostics/demo/diagnostic.md", "cases/demo-voisins/case.md"])
def test_a_document_that_stands_alone_is_published_once(
    app: Flask, client: Client, engines: Engines, cast: Cast, path: str
) -> None:
    aude = client.sign_in(cast.aude)
    address = f"/atelier/textes/{number_of(engines, path)}/publication"
    assert "Rien n’a changé depuis la dernière publication." in words(aude.get(address).text)
    write(engines, cast, path, "summary: ", "summary: Autrement. ")
    page = aude.get(address).text
    assert 'name="seen"' in page
    for _twice in range(2):
        assert aude.post(address, seen=seen(page), note="").status_code == 303
    assert len(cost(app, aude, address)) <= 8
    kind, slug = {"kits": "kit", "cases": "case"}.get(path.split("/")[0], "diagnostic"), path.split("/")[1]
    with Session(engines.read) as db:
        assert courses.published(db, DocumentKind(kind), slug)[slug].summary.startswith("Autrement. ")
        assert len(db.scalars(select(AuditEvent).filter_by(verb="content.publish")).all()) == 1


def test_a_document_with_a_fault_is_not_published(client: Client, engines: Engines, cast: Cast) -> None:
    aude = client.sign_in(cast.aude)
    number = number_of(engines, KIT)
    write(engines, cast, KIT, "chemin: ", "chemin: nulle-part-")
    page = words(aude.get(f"/atelier/textes/{number}/publication").text)
    assert f'href="/atelier/textes/{number}#chemin"' in page
    assert aude.post(f"/atelier/textes/{number}/publication", seen="", note="").status_code == 422
    assert aude.get(f"/atelier/textes/{number_of(engines, READING)}/publication").status_code == 404


def test_a_heavy_folder_goes_out_and_comes_back(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    """Heavier than any other request may be; nothing else of its sender's is."""
    aude = client.sign_in(cast.aude)
    before = {path: content for path, content in demo_files().items() if path.startswith("pathways/demo/")}
    heavy = before | {
        f"{READING.rsplit('/', 1)[0]}/files/long.mp4": b"\0\0\0\x18ftypmp42" + secrets.token_bytes(3_000_000)
    }
    page = send(aude, archive.pack(heavy))
    assert "1 fichier nouveau" in page
    assert aude.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive")).status_code == 303
    assert files(engines, settings, "pathways/demo/") == heavy
    data = {"_token": aude.token(), "picture": (io.BytesIO(b"0" * 3_000_000), "x.png")}
    number = number_of(engines, READING)
    assert aude.web.post(f"/atelier/textes/{number}", data=data).status_code == 413


def test_the_pictures_of_a_folder_keep_every_byte(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    """Only what a browser sends as a picture is drawn again."""
    before = {path: content for path, content in demo_files().items() if path.startswith("pathways/demo/")}
    with_photos = before | {f"{READING.rsplit('/', 1)[0]}/files/photo.{end}": held for end, held in HELD.items()}
    page = send(client.sign_in(cast.aude), archive.pack(with_photos))
    client.post("/atelier/imports", seen=hidden(page, "seen"), archive=hidden(page, "archive"))
    assert files(engines, settings, "pathways/demo/") == with_photos


def test_an_archive_waits_a_day_for_who_sent_it(client: Client, settings: Settings, cast: Cast) -> None:
    root, wait = settings.temporary_dir, waiting.LASTS + timedelta(seconds=1)
    name = waiting.keep(root, cast.aude, b"first")
    assert waiting.get(root, cast.aude, name) == b"first"
    assert waiting.get(root, cast.ada, name) is None
    for other in (b"2", b"3", b"4"):
        waiting.keep(root, cast.aude, other)
    assert waiting.get(root, cast.aude, name) is None  # the latest three
    clock.freeze(datetime.now(UTC))
    assert waiting.forget(root) == 0
    clock.freeze(datetime.now(UTC) + wait)
    assert waiting.forget(root) >= 3
    assert waiting.forget(root) == 0


def test_the_same_archive_sent_twice_at_once_waits_once(settings: Settings, cast: Cast) -> None:
    root, content = settings.temporary_dir, b"x" * 5_000_000
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _turn: waiting.keep(root, cast.aude, content), range(40)))
    assert [waiting.get(root, cast.aude, name) for name in names] == [content]
    assert len(list((root / "archives" / str(cast.aude)).iterdir())) == 1
