"""What the site says of itself: one more version each time, said by every page and by what is signed next."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import clock, create_app
from app.actions import attestations, learning, site
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import AuditEvent, Conformity, SiteVersion, Summary
from app.reads import attestations as codes
from app.reads import site as reads
from app.reads.attestations import Standing
from app.reads.site import Site
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import counted

PATH = "/administration/site"
OURS = Site(organisation="Ville de Kerlann", signatory="Jeanne Le Goff, directrice", contact="bonjour@kerlann.example")


def posted(said: Site) -> dict[str, str | list[str]]:
    """The form as a browser sends it."""
    names = ("organisation", "signatory", "contact", "legal", "privacy", "accessibility")
    fields: dict[str, str | list[str]] = {name: getattr(said, name) for name in names}
    day = said.audited_on.isoformat() if said.audited_on else ""
    chosen = {"sign_up": said.sign_up.value, "conformity": said.conformity.value}
    return fields | chosen | {"audited_on": day, "version": str(said.version)}


def save(engines: Engines, said: Site, by: int) -> None:
    with Session(engines.write) as db:
        site.save(db, replace(said, version=reads.current(db).version), by=by)
        db.commit()


def versions(engines: Engines) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(SiteVersion)) or 0


def foot(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page[page.index('<footer class="foot">') :]).replace("\xa0", " ")


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.ada)


def test_what_is_saved_is_said_at_once_at_the_foot_of_every_page(app: Flask, ada: Client, engines: Engines) -> None:
    visitor = app.test_client()
    assert "Accessibilité : non conforme" in foot(visitor.get("/parcours").text)
    audited = replace(OURS, conformity=Conformity.PARTLY, audited_on=date(2026, 11, 2))
    done = ada.send(PATH, posted(audited), follow=True)
    assert "C’est enregistré" in done.text
    assert "par Ada" in done.text
    for path in ("/", "/kits", "/n-existe-pas", "/connexion"):
        assert "tenue par Ville de Kerlann" in foot(visitor.get(path).text)
        assert "Accessibilité : partiellement conforme" in foot(visitor.get(path).text)
    with Session(engines.read) as db:
        trace = db.scalars(select(AuditEvent).where(AuditEvent.verb == "site.save")).one()
    assert trace.data == {"follows": 0, "changed": "audited_on conformity contact organisation signatory"}


def test_the_same_again_is_nothing_even_twice_at_once(cast: Cast, engines: Engines) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: save_from(engines, OURS, cast.ada), range(2)))
    save(engines, OURS, cast.ada)
    assert versions(engines) == 1


@pytest.mark.parametrize("theirs", [OURS, replace(OURS, contact="2 quai Sud")])
def test_who_comes_second_between_two_statements_finds_it_done_or_is_told(
    cast: Cast, engines: Engines, settings: Settings, theirs: Site
) -> None:
    if settings.database_url.startswith("sqlite"):
        pytest.skip("one writer at a time: the second reads what the first wrote")
    quicker = [theirs]

    def save_before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO site_version") and quicker:
            save_from(engines, quicker.pop(), cast.ada)

    event.listen(engines.write, "before_cursor_execute", save_before)
    try:
        if theirs == OURS:
            save_from(engines, OURS, cast.ada)
        else:
            with pytest.raises(Refused, match="Quelqu’un d’autre"):
                save_from(engines, OURS, cast.ada)
    finally:
        event.remove(engines.write, "before_cursor_execute", save_before)
    assert versions(engines) == 1


def save_from(engines: Engines, said: Site, by: int) -> None:
    """From the page that was read first."""
    with Session(engines.write) as db:
        site.save(db, said, by=by)
        db.commit()


def test_the_defaults_are_the_installation_s_and_saving_them_is_nothing(
    settings: Settings, cast: Cast, engines: Engines, built_assets: object
) -> None:
    app = create_app(replace(settings, operator_name="Association Rivages", operator_contact="1 quai Nord"))
    own: Engines = app.extensions["engines"]
    with Session(own.write) as db:
        before = reads.current(db)
        site.save(db, before, by=cast.ada)
        db.commit()
    assert (before.organisation, before.contact, before.open) == ("Association Rivages", "1 quai Nord", True)
    assert versions(engines) == 0
    assert "tenue par Association Rivages" in foot(app.test_client().get("/").text)
    own.dispose()


def test_two_who_change_the_same_version_are_told_and_neither_loses_what_they_typed(
    ada: Client, cast: Cast, engines: Engines
) -> None:
    save(engines, OURS, cast.ada)
    with Session(engines.read) as db:
        first = reads.current(db).version
    save(engines, replace(OURS, contact="2 quai Sud"), cast.aude)
    mine = replace(OURS, legal="## Hébergeur\n\nChez nous.", version=first)
    refused = ada.send(PATH, posted(mine))
    assert refused.status_code == 422
    assert "Quelqu’un d’autre a changé ces réglages" in refused.text
    assert "Chez nous." in refused.text
    assert versions(engines) == 2
    newer = re.search(r'name="version" value="(\d+)"', refused.text)
    assert newer
    assert ada.send(PATH, posted(replace(mine, version=int(newer[1])))).status_code == 303
    with Session(engines.read) as db:
        assert (reads.current(db).legal, reads.current(db).contact) == (mine.legal, OURS.contact)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("organisation", "  ", "Écrivez le nom de l’organisme"),
        ("organisation", "x" * 121, "C’est trop long"),
        ("signatory", "x" * 121, "C’est trop long"),
        ("contact", "x" * 201, "C’est trop long"),
        ("sign_up", "maybe", "Dites qui peut créer un compte"),
        ("conformity", "", "Choisissez ce que dit le pied des pages"),
        ("conformity", "conforming", "Dites de quel jour est l’audit"),
        ("audited_on", "hier", "Cette date n’existe pas"),
        ("audited_on", "2026-11-26", "Un audit n’est pas daté de l’avenir"),
        ("legal", "# Titre", "ligne 1 : pas de titre « # »"),
        ("privacy", "Un\n\n[lien](javascript:alert(1))", "ligne 3 : ce lien n’est pas possible"),
        ("accessibility", "x" * 20_001, "C’est trop long"),
        ("accessibility", "Une [page](ici.md)", "ligne 1 : ce fichier n’existe pas"),
    ],
)
def test_what_cannot_be_said_is_refused_beside_its_field(
    ada: Client, engines: Engines, field: str, typed: str, sentence: str
) -> None:
    answer = ada.send(PATH, posted(replace(OURS, accessibility="Gardé.")) | {field: typed})
    assert answer.status_code == 422
    assert sentence.replace(" ", "") in re.sub(r"[\s\xa0\u202f]", "", answer.text).replace("&#39;", "’")
    beside = "audited_on" if typed == "conforming" else field
    assert f'id="{beside}-err"' in answer.text
    assert "Ville de Kerlann" in answer.text or field == "organisation"
    assert "Gardé." in answer.text or field == "accessibility"
    assert versions(engines) == 0


def test_all_that_is_wrong_is_said_at_once(ada: Client) -> None:
    wrong = {"organisation": "", "conformity": "conforming", "legal": "# Titre"}
    page = ada.send(PATH, posted(OURS) | wrong).text
    assert [name for name in Site.__dataclass_fields__ if f'href="#{name}"' in page] == [
        *("organisation", "legal", "audited_on")
    ]


def test_the_legal_pages_say_what_is_missing_then_what_was_written(app: Flask, cast: Cast, engines: Engines) -> None:
    visitor = app.test_client()
    for path, missing in (("/mentions-legales", "l’hébergeur"), ("/donnees-personnelles", "qui les héberge")):
        assert "Il manque ici" in visitor.get(path).text
        assert missing in visitor.get(path).text
    hostile = "## Hébergeur\n\n**Nuage** <script>alert(1)</script> [site](https://nuage.example)"
    with Session(app.extensions["engines"].write) as db:
        site.save(db, replace(OURS, legal=hostile, privacy=hostile), by=cast.ada)
        db.commit()
    for path in ("/mentions-legales", "/donnees-personnelles"):
        page = visitor.get(path).text
        assert "Il manque ici" not in page
        assert "<h2>Hébergeur</h2>" in page
        assert "<strong>Nuage</strong> &lt;script&gt;" in page
        assert 'href="mailto:bonjour@kerlann.example"' in page
    english = visitor.get("/mentions-legales", headers={"Accept-Language": "en"}).text
    assert '<div class="stack" lang="fr">' in english


def test_the_statement_of_accessibility_follows_the_audit(app: Flask, cast: Cast) -> None:
    visitor, own = app.test_client(), app.extensions["engines"]
    assert "Aucun audit n’a encore été mené" in visitor.get("/accessibilite").text
    audited = replace(OURS, conformity=Conformity.PARTLY, audited_on=date(2026, 11, 2))
    save(own, audited, cast.ada)
    page = visitor.get("/accessibilite").text.replace("\xa0", " ")
    assert "L’audit du 2 novembre 2026 a trouvé au moins la moitié" in page
    assert "Il manque ici la liste de ce qui n’est pas accessible" in page
    assert "Déclaration établie le 25 novembre 2026" in page
    save(own, replace(audited, conformity=Conformity.FULLY), cast.ada)
    page = visitor.get("/accessibilite").text.replace("\xa0", " ")
    assert "<h1>Accessibilité : totalement conforme</h1>" in page
    assert "tous les critères du RGAA 4.1 respectés" in page
    assert "Il manque" not in page
    save(own, replace(audited, conformity=Conformity.NOT, accessibility="Les cartes."), cast.ada)
    page = visitor.get("/accessibilite").text.replace("\xa0", " ")
    assert "moins de la moitié" in page
    assert "Les cartes." in page


def test_an_attestation_keeps_its_issuer_and_the_next_one_has_the_new_name(cast: Cast, engines: Engines) -> None:
    save(engines, OURS, cast.ada)
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        code = db.scalars(select(Summary.code)).one()
        db.commit()
    save(engines, replace(OURS, organisation="Métropole", signatory=""), cast.ada)
    with Session(engines.write) as db:
        held = codes.by_code(db, code)
        assert held
        assert (held.standing, held.summary.snapshot["organisation"]) == (Standing.VALID, "Ville de Kerlann")
        assert held.summary.snapshot["signatory"] == "Jeanne Le Goff, directrice"
        again = codes.by_code(db, attestations.correct_own(db, cast.lea, DEMO, 24, "Léa R."))
        assert again
        assert (again.standing, again.summary.snapshot["organisation"]) == (Standing.VALID, "Métropole")
        assert "signatory" not in again.summary.snapshot


def test_the_signatory_is_read_by_its_person_and_by_who_checks(client: Client, cast: Cast, engines: Engines) -> None:
    save(engines, OURS, cast.ada)
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        code = db.scalars(select(Summary.code)).one()
        db.commit()
    lea = client.sign_in(cast.lea)
    for path in (f"/parcours/{DEMO}/bilan/attestation", f"/verifier/{code}"):
        assert "<dt>Signataire</dt><dd>Jeanne Le Goff, directrice</dd>" in lea.get(path).text
    assert lea.get(f"/parcours/{DEMO}/bilan/attestation.pdf").data.startswith(b"%PDF")


def test_a_process_reads_it_every_few_seconds_and_no_page_more(app: Flask, cast: Cast, engines: Engines) -> None:
    visitor = app.test_client()
    visitor.get("/temps-mesure")
    with counted(app) as sent:
        for _ in range(3):
            visitor.get("/temps-mesure")
    assert sent == []
    save(engines, OURS, cast.ada)  # another process
    assert "Kerlann" not in foot(visitor.get("/temps-mesure").text)
    clock.freeze(NOON + timedelta(seconds=5))
    with counted(app) as sent:
        assert "Kerlann" in foot(visitor.get("/temps-mesure").text)
    assert len(sent) == 1


def test_a_database_away_leaves_the_foot_as_it_was(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = app.test_client()
    save(app.extensions["engines"], OURS, cast.ada)
    visitor.get("/temps-mesure")
    clock.freeze(NOON + timedelta(hours=1))

    def away(_db: Session) -> Site:
        raise OperationalError("select", {}, Exception("gone"), connection_invalidated=True)

    monkeypatch.setattr(reads, "current", away)
    answer = visitor.get("/temps-mesure")
    assert answer.status_code == 200
    assert "tenue par Ville de Kerlann" in foot(answer.text)


def test_a_trial_says_what_the_site_says(app: Flask, client: Client, cast: Cast) -> None:
    save(app.extensions["engines"], OURS, cast.ada)
    aude = client.sign_in(cast.aude)
    trial = aude.post("/atelier/parcours/demo/essais").location
    assert "tenue par Ville de Kerlann" in foot(aude.get(trial).text)
    legal = f"{trial[: trial.index('/', len('/essai/'))]}/mentions-legales"
    assert "bonjour@kerlann.example" in aude.get(legal).text


def test_the_feed_has_its_author(app: Flask, cast: Cast) -> None:
    save(app.extensions["engines"], OURS, cast.ada)
    assert "<name>Ville de Kerlann</name>" in app.test_client().get("/nouveautes.atom").text


def test_the_settings_cost_a_few_statements_whatever_there_is(app: Flask, ada: Client, cast: Cast) -> None:
    for rank in range(12):
        save(app.extensions["engines"], replace(OURS, contact=f"{rank}"), cast.ada)
    ada.get(PATH)
    with counted(app) as sent:
        assert 'value="11"' in ada.get(PATH).text
    assert len(sent) <= 3


def test_nobody_saves_an_audit_that_never_was(cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db, pytest.raises(Refused, match="sans audit"):
        site.save(db, replace(OURS, conformity=Conformity.FULLY), by=cast.ada)
