"""A draft is read over by who holds its link: remarks hang on passages and are answered, agreements are dated."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, worker
from app.actions import reviews, workshop
from app.config import Settings
from app.content import passages
from app.db import Engines
from app.errors import Missing, Refused
from app.models import Agreement, Draft, Remark, ReviewLink
from app.reads import drafts
from app.reads import reviews as reads
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_budgets import counted

PATHWAY = "/atelier/parcours/demo/relecture"


@pytest.fixture
def token(engines: Engines, cast: Cast) -> str:
    with Session(engines.write) as db:
        made = reviews.open_review(db, "demo", "Le laboratoire", 30, by=cast.aude)
        db.commit()
    return made


def a_text(engines: Engines, like: str = "pathways/demo/10-%/10-%rue.md") -> Draft:
    with Session(engines.read) as db:
        return db.scalars(select(Draft).where(Draft.path.like(like)).order_by(Draft.path).limit(1)).one()


def remarked(engines: Engines) -> list[tuple[str, str, str]]:
    with Session(engines.read) as db:
        return [(remark.name, remark.text, remark.place) for remark in db.scalars(select(Remark))]


def test_a_body_is_cut_in_its_outermost_blocks() -> None:
    figure = '<figure><svg><path d="M0 0"/></svg></figure>'
    html = f"<p>One <em>two</em><br>three</p>\n<hr>\n<ul><li>a<p>b</p></li></ul>{figure}"
    found = list(passages.of_body(html))
    assert [passage.place for passage in found] == ["body.1", "body.2", "body.3", "body.4"]
    assert "".join(passage.html for passage in found) == html.replace("\n", "")
    assert [passage.words for passage in found] == ["One two three", "", "a b", ""]


def test_a_remark_is_made_without_an_account_answered_and_closed(
    app: Flask, client: Client, cast: Cast, engines: Engines, settings: Settings, token: str
) -> None:
    text = a_text(engines)
    address = f"/relecture/{token}/{text.id}"
    reader = Client(app, settings, engines)
    assert address in reader.get(f"/relecture/{token}").text
    page = reader.get(address).text
    assert 'id="body.1"' in page
    sent = {"place": "body.1", "text": "<b>Trop long</b>\r\nà mon avis", "name": " Inès  M. ", "key": "k" * 12}
    done = reader.send(address, sent, follow=True)
    assert "Votre remarque est enregistrée" in done.text
    reader.send(address, sent)  # a double click
    assert remarked(engines) == [("Inès M.", "<b>Trop long</b>\nà mon avis", "body.1")]
    assert "&lt;b&gt;Trop long&lt;/b&gt;" in reader.get(address).text
    aude = client.sign_in(cast.aude)
    listed = aude.get(PATHWAY).text
    assert "Trop long" in listed
    number = listed.split("/relecture/remarques/")[1].split('"')[0]
    aude.post(f"{PATHWAY}/remarques/{number}", answer="Coupé.", do="close")
    assert "1 remarque réglée" in aude.get(PATHWAY).text.replace("\u00a0", " ")
    assert "Coupé." in reader.get(address).text
    aude.post(f"{PATHWAY}/remarques/{number}", answer="Coupé.", do="answer")
    assert "remarque réglée" not in aude.get(PATHWAY).text


def test_a_text_is_read_over_in_its_order_and_says_which_answers_are_right(
    client: Client, engines: Engines, token: str
) -> None:
    def read(like: str) -> list[str]:
        page = client.get(f"/relecture/{token}/{a_text(engines, like).id}").text.replace("\u00a0", " ")
        assert "demo-" not in page.split("<main")[1]
        return [unescape(each) for each in re.findall(r'class="(?:label|typed|prose)">(?:<p>)?([^<]*)', page)]

    quiz = read("pathways/demo/10-%/20-%solution.md")
    places = ("Titre de l’étape", "Quatre questions. Vous pouvez essayer autant de fois que vous voulez.", "Question 1")
    assert sorted(map(quiz.index, places)) == [*map(quiz.index, places)]
    assert quiz[-2] == "Sources"
    right = [each for each in quiz if each.endswith("C’est une bonne réponse")]
    assert right == [f"Réponse {n} · C’est une bonne réponse" for n in ("1.2", "2.1", "2.2")]
    assert "Question 3 · Bonne réponse : Faux" in quiz
    assert "À vous : Ce que mon organisation n’arrive pas à faire seule" in read("pathways/demo/10-%/10-%rue.md")
    assert "Étapes qui le montrent 1" not in read("pathways/demo/pathway.md")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Inès", "text": " "}, "Écrivez votre remarque."),
        ({"name": "", "text": "Trop long"}, "Écrivez un nom."),
        ({"name": "Inès", "text": "x" * 2001}, "2000 caractères au plus"),
        ({"name": "x" * 121, "text": "Trop long"}, "120 caractères au plus"),
    ],
)
def test_a_remark_that_lacks_something_comes_back_with_its_words(
    client: Client, engines: Engines, token: str, wrong: dict[str, str], said: str
) -> None:
    answer = client.post(f"/relecture/{token}/{a_text(engines).id}", place="body.1", **wrong)
    assert answer.status_code == 422
    assert said in answer.text.replace("\u202f", "").replace("\u00a0", " ")
    assert all(words.strip() in answer.text for words in wrong.values())
    assert remarked(engines) == []


def test_a_remark_follows_its_passage_and_says_when_it_is_gone(
    db: Session, client: Client, cast: Cast, engines: Engines, token: str
) -> None:
    text = a_text(engines)
    address = f"/relecture/{token}/{text.id}"
    client.post(address, place="body.1", text="Ici", name="Inès")
    first = client.get(address).text.split('id="body.1"')[1].split("</section>")[0]
    assert "Ici" in first
    front, _fence, body = (text.text or "").partition("---\n\n")
    workshop.write_text(db, text.id, f"{front}---\n\nUn mot avant.\n\n{body}", seen=text.version, by=cast.aude)
    db.commit()
    assert "Ici" in client.get(address).text.split('id="body.2"')[1].split("</section>")[0]
    workshop.write_text(db, text.id, f"{front}---\n\nTout autre chose.\n", seen=text.version + 1, by=cast.aude)
    db.commit()
    assert "Ici" in client.get(address).text.split("passages qui ont changé")[1]


def test_a_link_opens_its_own_pathway_and_nothing_else_until_it_is_over(
    client: Client, cast: Cast, engines: Engines, token: str, noon: object
) -> None:
    case = a_text(engines, "cases/%case.md")
    assert client.get(f"/relecture/{token}/{case.id}").status_code == 404
    assert client.get("/relecture/" + "x" * 22).status_code == 404
    aude = client.sign_in(cast.aude)
    end = aude.get(PATHWAY).text.split(f"{PATHWAY}/liens/")[1].split('"')[0]
    aude.post(f"{PATHWAY}/liens/{end}")
    assert aude.get(f"/relecture/{token}").status_code == 404
    assert aude.post(f"/relecture/{token}/{a_text(engines).id}", place="body.1", text="x", name="y").status_code == 404
    assert aude.post(f"{PATHWAY}/liens/999/fin").status_code == 404


def test_a_link_expires(db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = reviews.open_review(db, "demo", "Le laboratoire", 7, by=cast.aude)
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Missing):
        reads.by_token(db, made)


def test_an_agreement_is_to_the_texts_that_were_read(
    db: Session, client: Client, cast: Cast, engines: Engines, token: str
) -> None:
    seen = reads.digest(drafts.within(db, "pathways/demo/"))
    db.rollback()
    assert f'value="{seen}"' in client.get(f"/relecture/{token}").text
    assert client.post(f"/relecture/{token}", name="", seen=seen).status_code == 422
    for _again in range(2):
        done = client.send(f"/relecture/{token}", {"name": "Inès M.", "seen": seen}, follow=True)
        assert "Votre accord est enregistré" in done.text
    aude = client.sign_in(cast.aude)
    assert aude.get(PATHWAY).text.count("texte d’aujourd’hui") == 1
    text = a_text(engines)
    workshop.write_text(db, text.id, (text.text or "") + "\nUn mot.\n", seen=text.version, by=cast.aude)
    db.commit()
    assert "le texte a changé depuis" in aude.get(PATHWAY).text
    with pytest.raises(Refused):
        reviews.agree(db, token, "Inès M.", seen)


def test_the_secret_of_a_link_is_shown_once(client: Client, cast: Cast) -> None:
    aude = client.sign_in(cast.aude)
    made = aude.post(PATHWAY, made_for="Le laboratoire", days="7")
    secret = made.text.split("/relecture/")[-1] if made.status_code != 200 else made.text.split("<code")[1]
    secret = secret.split("/relecture/")[1].split("<")[0]
    assert aude.get(f"/relecture/{secret}").status_code == 200
    assert secret not in aude.get(PATHWAY).text
    assert aude.post(PATHWAY, made_for="", days="7").status_code == 422
    assert aude.post(PATHWAY, made_for="Lui", days="9999").status_code == 422


def test_what_is_read_over_costs_the_same_with_many_remarks(
    client: Client, cast: Cast, engines: Engines, token: str
) -> None:
    aude, text = client.sign_in(cast.aude), a_text(engines)
    addresses = (f"/relecture/{token}", f"/relecture/{token}/{text.id}", PATHWAY)

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with counted(client.web.application) as sent:
                assert aude.get(address).status_code == 200
            found.append(len(sent))
        return found

    aude.get(PATHWAY)  # what the site says of itself is read once
    before = costs()
    for rank in range(12):
        aude.post(f"/relecture/{token}/{text.id}", place="body.1", text=f"Remarque {rank}", name="Inès")
    assert costs() == before
    assert max(before) <= 8


def test_a_reading_over_is_forgotten_two_years_after_its_link_expired(
    db: Session, cast: Cast, engines: Engines, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = a_text(engines)
    reviews.create_remark(db, token, text.id, "body.1", "words", "Trop long", "Inès", key="a key")
    reviews.agree(db, token, "Inès", reads.digest(drafts.within(db, "pathways/demo/")))
    db.commit()
    start = clock.now()
    for days, gone in ((30 + 729, 0), (30 + 731, 1), (30 + 731, 0)):
        monkeypatch.setattr(clock, "now", lambda days=days: start + timedelta(days=days))
        assert worker.forget_reviews(engines) == gone
    db.expire_all()
    assert [db.scalars(select(model)).all() for model in (ReviewLink, Remark, Agreement)] == [[], [], []]
