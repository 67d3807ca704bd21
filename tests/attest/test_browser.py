"""In a real browser: an attestation and its verification, as its person and as a stranger see them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.actions import accounts, attestations
from app.models import Agreed, RateCount, Revocation, Summary
from app.reads.attestations import in_groups
from tests.build import DEMO, enrolment, load_demo, walk
from tests.cast import make_cast
from tests.learn.walker import faults_on_every_screen
from tests.serving import Live, device

OWN = f"/parcours/{DEMO}/bilan/attestation"


@dataclass(frozen=True)
class Codes:
    """Léa's was corrected, Noé's revoked, Tess lets her name be read; the secrets of their devices."""

    replaced: str
    valid: str
    revoked: str
    named: str
    lea: str
    noe: str


@pytest.fixture(scope="module")
def codes(live: Live) -> Codes:
    with Session(live.engines.write) as db:
        load_demo(db, live.settings.media_dir)
        cast = make_cast(db)
        found = {}
        for person in (cast.lea, cast.noe, cast.tess):
            walk(db, person)
            found[person] = db.scalars(select(Summary).where(Summary.enrolment_id == enrolment(db, person))).one()
        old = found[cast.lea]
        valid = attestations.correct_own(db, cast.lea, DEMO, old.format_minutes, "Léa Martin-Dubreuil")
        attestations.revoke(db, found[cast.noe].code, Revocation.MISTAKE, by=None)
        attestations.agree(db, cast.tess, Agreed.NAME_ON_VERIFICATION, yes=True)
        lea, noe = (accounts.start_sign_in(db, who, "a test", timedelta(days=1)) for who in (cast.lea, cast.noe))
        made = Codes(old.code, valid, found[cast.noe].code, found[cast.tess].code, lea, noe)
        db.commit()
    return made


@pytest.fixture(autouse=True)
def _another_quarter_of_an_hour(live: Live) -> None:
    """The codes tried by the test before are not counted against this one."""
    with Session(live.engines.write) as db:
        db.execute(delete(RateCount))
        db.commit()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_stranger_finds_the_form_types_the_code_and_compares_the_name(
    browser: Browser, live: Live, codes: Codes, script: bool
) -> None:
    with device(browser, 390, script=script, url=live.url) as page:
        page.goto("/")
        page.get_by_role("link", name="Vérifier une attestation").click()
        page.get_by_label("Code de l’attestation").fill(in_groups(codes.replaced).lower())
        page.get_by_role("button", name="Vérifier").click()
        page.get_by_role("heading", name="Attestation remplacée").wait_for()
        page.get_by_role("link", name="Voir celle qui la remplace").click()
        page.get_by_role("heading", name="Attestation authentique").wait_for()
        expect(page.get_by_text("Martin-Dubreuil")).to_have_count(0)
        for name, said in (("martin dubreuil léa", "Oui."), ("Noé", "Non.")):
            page.get_by_label("Le nom que porte le document").fill(name)
            page.get_by_role("button", name="Comparer").click()
            page.locator("main").get_by_text(said, exact=True).wait_for()


def test_axe_finds_nothing_on_an_attestation_nor_on_its_verification(
    browser: Browser, live: Live, codes: Codes
) -> None:
    with device(browser, 390, url=live.url) as page:
        found = {}
        for name, heading, show in states(page, live, codes):
            show()
            page.get_by_role("heading", name=heading).first.wait_for()
            if wrong := faults_on_every_screen(page):
                found[name] = wrong
            if page.locator("main .btn.main").count() > 1:
                found[f"{name}, main buttons"] = page.locator("main .btn.main").all_inner_texts()
    assert found == {}


def states(page: Page, live: Live, codes: Codes) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Every page, one state after the other, and the heading that tells it."""

    def type_code(code: str) -> None:
        page.goto("/verifier")
        page.locator("#code").fill(code)
        page.locator("#code").press("Enter")

    def compare(name: str) -> None:
        page.goto(f"/verifier/{codes.valid}")
        page.locator("#name").fill(name)
        with page.expect_navigation():
            page.locator("#name").press("Enter")

    def own(secret: str) -> None:
        page.context.add_cookies([{"name": "session", "value": secret, "url": live.url}])
        page.goto(OWN)

    def misname() -> None:
        page.locator("#corriger ~ form [name=name]").fill(" ")
        with page.expect_navigation():
            page.get_by_role("button", name="Établir de nouveau").click()

    yield "empty", "Vérifier une attestation", lambda: page.goto("/verifier")
    yield "no code", "Vérifier une attestation", lambda: type_code("K7QF")
    yield "unknown", "Code inconnu", lambda: type_code("Z" * 16)
    yield "valid", "Attestation authentique", lambda: type_code(codes.valid)
    yield "named", "Attestation authentique", lambda: type_code(codes.named)
    yield "yes", "Attestation authentique", lambda: compare("Léa Martin-Dubreuil")
    yield "no", "Attestation authentique", lambda: compare("Noé")
    yield "no name", "Attestation authentique", lambda: compare(" ")
    yield "replaced", "Attestation remplacée", lambda: type_code(codes.replaced)
    yield "revoked", "Attestation révoquée", lambda: type_code(codes.revoked)
    yield "keys", "Les clés publiques de ce site", lambda: page.goto("/cles")
    yield "own", "Votre attestation de suivi", lambda: own(codes.lea)
    yield "own, no name", "Votre attestation de suivi", misname
    yield "own, revoked", "Votre attestation de suivi", lambda: own(codes.noe)
