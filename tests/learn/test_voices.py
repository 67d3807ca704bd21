"""« Cette étape m’a été utile », from the page of a step: nothing typed there is lost, nor sent by typing alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import accounts, learning, voices
from app.db import Engines
from app.models import Note, StepProgress, StepVoice
from tests.actions.test_sharing import PHRASE
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client

STEP = f"/parcours/{DEMO}/etapes/{PHRASE}"
ASKED = "Cette étape vous a‑t‑elle été utile"


def begun(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        learning.enrol(db, cast.gus, DEMO, 12)
        db.commit()
    return client.sign_in(cast.gus)


def held(engines: Engines) -> list[tuple[str, str]]:
    with Session(engines.read) as db:
        return [(row.opinion, row.note) for row in db.scalars(select(StepVoice))]


def field(page: str) -> str:
    """The first field of the step that one writes in."""
    return page.split(f'name="{PHRASE}.')[1].split('"')[0]


def test_a_guest_says_it_changes_it_and_takes_it_back(client: Client, cast: Cast, engines: Engines) -> None:
    gus = begun(client, cast, engines)
    before = gus.get(STEP).text
    assert ASKED in before
    assert 'name="mot"' not in before  # the word comes after
    sent = gus.post(f"{STEP}/avis", avis="unclear")
    assert (sent.status_code, sent.location) == (303, f"{STEP}#avis")
    page = gus.get(STEP).text
    assert 'id="avis-unclear"' in page
    assert page.split('id="avis-unclear"')[1].split(">")[0].endswith('aria-pressed="true"')
    assert page.split('id="avis-helped"')[1].split(">")[0].endswith('aria-pressed="false"')
    gus.post(f"{STEP}/avis", avis="helped", mot="Grâce à l’exemple")
    assert held(engines) == [("helped", "Grâce à l’exemple")]
    assert "Grâce à l’exemple</textarea>" in gus.get(STEP).text
    assert gus.post(f"{STEP}/avis/fin").status_code == 303
    assert held(engines) == []
    with Session(engines.read) as db:
        assert db.scalars(select(StepProgress)).all() == []


def test_who_has_not_begun_is_not_asked(client: Client, cast: Cast) -> None:
    assert ASKED not in client.get(STEP).text
    assert client.post(f"{STEP}/avis", avis="helped").status_code == 403
    assert ASKED not in client.sign_in(cast.noe).get(STEP).text


def test_what_is_written_in_the_step_is_kept_by_the_same_button(client: Client, cast: Cast, engines: Engines) -> None:
    gus = begun(client, cast, engines)
    name = f"{PHRASE}.{field(gus.get(STEP).text)}"
    gus.send(f"{STEP}/avis", {"avis": "helped", name: "Tapé à l’instant"})
    gus.send(f"{STEP}/avis/fin", {name: "Repris à l’instant"})
    with Session(engines.read) as db:
        texts = db.scalars(select(Note.text).where(Note.person_id == cast.gus).order_by(Note.id)).all()
    assert texts == ["Tapé à l’instant", "Repris à l’instant"]


def test_a_word_left_in_the_page_goes_with_whatever_button_is_pressed(
    client: Client, cast: Cast, engines: Engines
) -> None:
    gus = begun(client, cast, engines)
    gus.post(f"{STEP}/avis", avis="helped")
    gus.post(f"{STEP}/notes", mot="Enregistré sans terminer")
    assert held(engines) == [("helped", "Enregistré sans terminer")]
    filled = {f"{PHRASE}.{name}": "Une phrase" for name in ("besoin", "qui", "demande")}
    lacking = {**filled, f"{PHRASE}.avant": "", "mot": "Refusé, donc encore là"}
    refused = gus.send(f"{STEP}/completion", lacking)
    assert refused.status_code == 422
    assert "Refusé, donc encore là</textarea>" in refused.text
    done = gus.send(f"{STEP}/completion", {**filled, f"{PHRASE}.avant": "2030-01-01", "mot": "Avec la fin"})
    assert done.status_code == 303
    assert held(engines) == [("helped", "Avec la fin")]


def test_a_refusal_says_why_and_keeps_the_word(client: Client, cast: Cast, engines: Engines) -> None:
    gus = begun(client, cast, engines)
    gus.post(f"{STEP}/avis", avis="helped", mot="Court")
    gus.post(f"{STEP}/avis", avis="helped", mot="Court")
    long = "é" * (voices.NOTE_MAX + 1)
    refused = gus.post(f"{STEP}/avis", avis="unclear", mot=long)
    assert refused.status_code == 422
    assert "caractères au plus" in refused.text.split('id="mot-err"')[1].split("</p>")[0]
    assert f"{long}</textarea>" in refused.text
    assert held(engines) == [("helped", "Court")]
    assert gus.post(f"{STEP}/avis", avis="bof").status_code == 422


def test_nobody_reads_it_as_another_s(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        for person in (cast.lea, cast.noe):
            learning.enrol(db, person, DEMO, 12)
        voices.say(db, cast.lea, DEMO, PHRASE, "helped")
        voices.add_word(db, cast.lea, PHRASE, "Le mot de Léa")
        db.commit()
    page = client.sign_in(cast.noe).get(STEP).text
    assert ASKED in page
    assert "Le mot de Léa" not in page


def test_a_diagnostic_asks_once_it_is_answered(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        fresh = accounts.become_guest(db, "fr")
        learning.enrol(db, fresh, DEMO, 24)
        done = walk(db, cast.lea)
        db.commit()
    step = f"/parcours/{DEMO}/etapes/{next(uid for uid in done if 'diagnostic' in uid)}"
    assert ASKED in client.sign_in(cast.lea).get(step).text
    assert ASKED not in client.get(f"{step}?recommencer=oui").text
    assert ASKED not in client.sign_in(fresh).get(step).text
