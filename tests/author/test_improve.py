"""How a pathway is lived: counted over everybody, said of nobody."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, learning, voices
from app.config import Settings
from app.db import Engines
from app.models import Enrolment, TimeInterval
from tests.actions.test_editions import READING, edited, publish
from tests.author.test_publication import number_of
from tests.build import walk
from tests.cast import HASH, Cast
from tests.client import Client
from tests.learn.test_budgets import counted

PAGE = "/atelier/parcours/demo/suivi"
STEP = "demo-lecture"


def learners(engines: Engines, many: int, *, seconds: int, start: int = 0) -> None:
    """So many people finish the shortest format, each `seconds` on its first step, twice at once in two tabs."""
    with Session(engines.write) as db:
        for rank in range(start, start + many):
            person = accounts.create_person(db, f"p{rank}@asso.example", HASH, name=f"P{rank}", role=None, by=None).id
            learning.enrol(db, person, "demo", 12)
            walk(db, person)
            number = db.scalars(select(Enrolment.id).filter_by(person_id=person)).one()
            for tab in ("one", "two"):
                at = clock.now() - timedelta(hours=1)
                stretch = {"enrolment_id": number, "step_uid": STEP, "key": f"tab-{tab}", "from_at": at}
                db.add(TimeInterval(**stretch, seconds=seconds))
        db.commit()


def said(client: Client) -> str:
    return client.get(PAGE).text.replace("\u00a0", " ").replace("\u202f", " ")


def row(page: str, title: str) -> str:
    return page.split(f">{title}")[1].split("</tr>")[0]


def test_time_is_said_from_eight_people_up_and_two_tabs_count_once(
    client: Client, cast: Cast, engines: Engines
) -> None:
    aude = client.sign_in(cast.aude)
    learners(engines, 7, seconds=300)
    assert "pas assez de mesures" in row(said(aude), "La même rue")
    learners(engines, 1, seconds=300, start=7)
    shown = row(said(aude), "La même rue")
    assert "pas assez de mesures" not in shown
    assert shown.count("5 min") == 2
    assert '<td class="fig">8</td><td class="fig">8</td>' in shown


def test_who_begins_a_step_and_leaves_is_counted(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        for person in (cast.lea, cast.noe):
            learning.enrol(db, person, "demo", 12)
            number = db.scalars(select(Enrolment.id).filter_by(person_id=person)).one()
            stretch = {"enrolment_id": number, "step_uid": STEP, "key": "a-tab", "from_at": clock.now()}
            db.add(TimeInterval(**stretch, seconds=10))
        db.flush()
        walk(db, cast.lea)
        db.commit()
    shown = row(said(client.sign_in(cast.aude)), "La même rue")
    assert '<td class="fig">2</td><td class="fig">1</td><td class="fig">50 %</td>' in shown


def test_an_answer_is_shown_once_three_people_gave_it(client: Client, cast: Cast, engines: Engines) -> None:
    aude = client.sign_in(cast.aude)
    learners(engines, 2, seconds=60)
    assert "chacune trop rare" in said(aude)
    assert "3 fois" not in said(aude)
    learners(engines, 1, seconds=60, start=2)
    page = said(aude)
    assert "3 fois" in page
    assert "chacune trop rare" not in page


def test_each_step_leads_to_its_text(client: Client, cast: Cast, engines: Engines) -> None:
    page = client.sign_in(cast.aude).get(PAGE).text
    assert f'<th scope="row"><a href="/atelier/textes/{number_of(engines, READING)}">' in page


def test_the_page_costs_the_same_with_many_learners(client: Client, cast: Cast, engines: Engines) -> None:
    aude = client.sign_in(cast.aude)

    def cost() -> int:
        with counted(client.web.application) as sent:
            assert aude.get(PAGE).status_code == 200
        return len(sent)

    cost()  # what a process reads once is read
    before = cost()
    learners(engines, 9, seconds=200)
    assert cost() == before <= 8
    assert "p1@asso.example" not in said(aude)


def test_opinions_are_counted_from_three_people_and_words_bear_neither_name_nor_order(
    client: Client, cast: Cast, engines: Engines
) -> None:
    aude = client.sign_in(cast.aude)
    words = ["Un exemple de plus", "La fin va trop vite", "Le schéma m’a aidée"]
    with Session(engines.write) as db:
        for person, word in zip((cast.lea, cast.noe), words, strict=False):
            learning.enrol(db, person, "demo", 12)
            voices.say(db, person, "demo", STEP, "unclear")
            voices.add_word(db, person, STEP, word)
        db.commit()
    assert "pas assez d’avis" in row(said(aude), "La même rue")
    with Session(engines.write) as db:
        learning.enrol(db, cast.tarik, "demo", 12)
        voices.say(db, cast.tarik, "demo", STEP, "helped")
        voices.add_word(db, cast.tarik, STEP, words[2])
        db.commit()
    page = said(aude)
    assert row(page, "La même rue").endswith('<td class="fig">1</td><td class="fig">2</td>')
    assert not any(name in page for name in ("Lea", "Noe", "Tarik", "avant que le module change"))
    shown = sorted(words, key=page.index)
    assert shown not in (words, words[::-1])
    assert sorted(words, key=said(aude).index) == shown


def test_a_word_about_a_module_that_has_changed_says_so(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, "demo", 12)
        voices.say(db, cast.lea, "demo", STEP, "unclear")
        voices.add_word(db, cast.lea, STEP, "La fin va trop vite")
        publish(db, settings, edited((READING, "title: ", "title: Autrement, ")))
        db.commit()
    page = said(client.sign_in(cast.aude))
    assert "La fin va trop vite <small" in page
    assert "(avant que le module change)" in page
