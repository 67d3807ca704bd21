"""The pages of one member: what they show and take back, what their trainer reads and says of it."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import learning, mailed, memberships
from app.config import Settings
from app.db import Engines
from app.models import MailKind, Message, Person, Shared
from tests.actions.test_averages import session, someone
from tests.actions.test_sharing import DIAGNOSTIC, PHRASE, asked, make_cohort, place_of, write
from tests.build import DEMO, load_demo, walk
from tests.cast import Cast, address, make_cast
from tests.client import Client
from tests.learn.test_budgets import MOST, cost, result

STEP = f"/parcours/{DEMO}/etapes/{PHRASE}"
SECRET = "Les voisins du 12 peignent le mur"


class Maisons:
    """Tarik leads Léa and Noé, Tess leads Léa elsewhere; Léa has finished and written, and a result is hers."""

    def __init__(self, app: Flask, settings: Settings, engines: Engines) -> None:
        with Session(engines.write) as db:
            load_demo(db, settings.media_dir)
            self.cast: Cast = make_cast(db)
            learning.enrol(db, self.cast.lea, DEMO, 24)
            walk(db, self.cast.lea)
            write(db, self.cast.lea, SECRET)
            self.number = make_cohort(db, self.cast.tarik, "Maisons", self.cast.lea, self.cast.noe)
            self.other = make_cohort(db, self.cast.tess, "Ailleurs", self.cast.lea)
            asked(db, self.number, self.cast.tarik)
            self.place = place_of(db, self.number, self.cast.lea)
            self.elsewhere = place_of(db, self.other, self.cast.lea)
            self.noes = place_of(db, self.number, self.cast.noe)
            db.commit()
        self.lea = Client(app, settings, engines).sign_in(self.cast.lea)
        self.noe = Client(app, settings, engines).sign_in(self.cast.noe)
        self.tarik = Client(app, settings, engines).sign_in(self.cast.tarik)
        self.tess = Client(app, settings, engines).sign_in(self.cast.tess)
        self.member = f"/cohortes/{self.number}/personnes/{self.place}"
        self.shown = f"/mes-cohortes/{self.number}/partages"

    def read(self) -> str:
        return self.tarik.get(self.member).text


@pytest.fixture
def maisons(app: Flask, settings: Settings, engines: Engines, noon: object) -> Maisons:
    return Maisons(app, settings, engines)


def test_a_text_is_shown_from_the_step_commented_answered_and_taken_back(maisons: Maisons) -> None:
    assert "Partager avec Tarik (Maisons)" in maisons.lea.get(STEP).text
    assert SECRET not in maisons.read()
    sent = maisons.lea.post(f"{STEP}/partages", cohorte=str(maisons.number))
    assert (sent.status_code, sent.location) == (303, f"{STEP}#partage")
    assert "Partagé avec Tarik (Maisons)" in maisons.lea.get(STEP).text
    assert "Partager avec Tess (Ailleurs)" in maisons.lea.get(STEP).text
    assert SECRET in maisons.read()
    assert SECRET not in maisons.tess.get(f"/cohortes/{maisons.other}/personnes/{maisons.elsewhere}").text
    said = maisons.tarik.post(f"{maisons.member}/commentaires", uid=PHRASE, text="Plus court ?", verdict="again")
    assert said.status_code == 303
    page = plain(maisons.lea.get(STEP).text)
    assert "Plus court ?" in page
    assert "À revoir" in page
    assert maisons.lea.post(f"/mes-cohortes/{maisons.number}/reponses", uid=PHRASE, text="D’accord").status_code == 303
    assert "D’accord" in maisons.read()
    assert "D’accord" in maisons.lea.get(maisons.shown).text
    assert maisons.lea.post(f"{STEP}/partages/fin", cohorte=str(maisons.number)).status_code == 303
    assert SECRET not in maisons.read()
    assert "D’accord" not in maisons.read()
    late = maisons.tarik.post(f"{maisons.member}/commentaires", uid=PHRASE, text="Encore un mot gardé")
    assert late.status_code == 422
    assert "Encore un mot gardé" in late.text


def test_what_was_said_of_ones_text_stays_ones_own_after_leaving_and_is_read_by_nobody_else(maisons: Maisons) -> None:
    own = "/mes-cohortes/echanges"
    assert "Aucun échange" in maisons.lea.get(own).text
    maisons.lea.post(f"{STEP}/partages", cohorte=str(maisons.number))
    maisons.tarik.post(f"{maisons.member}/commentaires", uid=PHRASE, text="Plus court ?", verdict="again")
    maisons.lea.post(f"/mes-cohortes/{maisons.number}/reponses", uid=PHRASE, text="D’accord")
    assert maisons.lea.post(f"/mes-cohortes/{maisons.number}/quitter").status_code == 303
    assert maisons.tarik.get(maisons.member).status_code == 404
    assert maisons.lea.get(maisons.shown).status_code == 404
    page = plain(maisons.lea.get(own).text)
    for said in ("Maisons", "Tarik", "Plus court ?", "À revoir", "D’accord"):
        assert said in page, said
    assert f'href="{own}"' in maisons.lea.get("/mes-cohortes").text
    assert "Plus court" not in maisons.noe.get(own).text + maisons.tess.get(own).text


def test_what_was_typed_is_kept_and_shown_in_one_gesture(maisons: Maisons) -> None:
    page = maisons.lea.get(STEP).text
    name = page.split(f'name="{PHRASE}.')[1].split('"')[0]
    maisons.lea.send(f"{STEP}/partages", {f"{PHRASE}.{name}": "Tapé à l’instant", "cohorte": str(maisons.number)})
    assert "Tapé à l’instant" in maisons.read()
    maisons.lea.send(f"{STEP}/partages/fin", {f"{PHRASE}.{name}": "Repris à l’instant", "cohorte": str(maisons.number)})
    assert "Repris à l’instant" in maisons.lea.get(STEP).text
    assert "l’instant" not in maisons.read()


def test_a_tool_of_a_kit_is_shown_box_by_box_and_taken_back(maisons: Maisons) -> None:
    tool = "/kits/kit-demo/outils/carte-de-pret"
    assert "Partager avec Tarik (Maisons)" in maisons.lea.get(tool).text
    assert "Partager avec" not in maisons.lea.get(f"{tool}?mots=non").text
    nothing = maisons.lea.send(f"{tool}/partages", {"cohorte": str(maisons.number)})
    assert (nothing.status_code, "rien à partager" in nothing.text) == (422, True)
    fields = {"demo-t1.casse": "On répare à deux", "cohorte": str(maisons.number)}
    sent = maisons.lea.send(f"{tool}/partages", fields)
    assert (sent.status_code, sent.location) == (303, f"{tool}#partage")
    assert "Partagé avec Tarik (Maisons)" in maisons.lea.get(tool).text
    assert "On répare à deux" in maisons.read()
    assert "On répare à deux" not in maisons.tess.get(f"/cohortes/{maisons.other}/personnes/{maisons.elsewhere}").text
    assert maisons.tarik.post(f"{maisons.member}/commentaires", uid="demo-t1", text="Qui paie ?").status_code == 303
    assert "Qui paie ?" in plain(maisons.lea.get(tool).text)
    assert maisons.lea.post(f"/mes-cohortes/{maisons.number}/reponses", uid="demo-t1", text="Nous").status_code == 303
    back = maisons.lea.send(f"{tool}/partages/fin", fields | {"demo-t1.casse": "Repris"})
    assert (back.status_code, back.location) == (303, f"{tool}#partage")
    assert "Repris" in maisons.lea.get(tool).text
    assert "On répare à deux" not in maisons.read()
    assert "Repris" not in maisons.read()


def test_a_result_shows_its_level_and_axes_never_its_answers(maisons: Maisons) -> None:
    page = result(maisons.lea)
    assert "Il n’est visible que par vous" in maisons.lea.get(page).text
    asking = maisons.lea.get(page).text.split("<dt>")[1].split("</dt>")[0]
    for what in (Shared.RESULT, Shared.AVERAGE):
        sent = maisons.lea.post(maisons.shown, what=what.value, uid=DIAGNOSTIC, suite=page)
        assert (sent.status_code, sent.location) == (303, f"{page}#partage")
    assert "Il n’est visible que par vous" not in maisons.lea.get(page).text
    read = maisons.read()
    assert "Vous ouvrez la voie" in read or "Vous " in read
    assert asking not in read
    maisons.lea.post(f"{maisons.shown}/fin", what="result", uid=DIAGNOSTIC, suite="https://ailleurs.example/")
    assert "Rien n’est partagé avec vous" in maisons.read()


def test_a_step_said_done_is_told_to_the_learner_with_its_reason(maisons: Maisons) -> None:
    with Session(maisons.noe.engines.write) as db:
        learning.enrol(db, maisons.cast.noe, DEMO, None)
        db.commit()
    path = f"/cohortes/{maisons.number}/personnes/{maisons.noes}/{DEMO}/demo-lecture"
    assert "On ne revient pas en arrière" in maisons.tarik.get(path).text
    refused = maisons.tarik.post(path, text=" ")
    assert refused.status_code == 422
    assert maisons.tarik.post(path, text="fait en salle").status_code == 303
    assert "Marquée faite par Tarik le 25 novembre 2026 : fait en salle" in plain(
        maisons.noe.get(f"/parcours/{DEMO}/etapes/demo-lecture").text
    )
    assert "fait en salle" in maisons.tarik.get(f"/cohortes/{maisons.number}/personnes/{maisons.noes}").text
    assert "déjà terminée" in maisons.tarik.get(path).text


def test_why_a_step_was_said_done_is_read_in_the_cohort_where_it_was_said(maisons: Maisons) -> None:
    """Noé joins Tess too, where the same pathway is asked."""
    with Session(maisons.noe.engines.write) as db:
        learning.enrol(db, maisons.cast.noe, DEMO, None)
        memberships.join(db, maisons.other, maisons.cast.noe, name="Noé")
        asked(db, maisons.other, maisons.cast.tess)
        elsewhere = place_of(db, maisons.other, maisons.cast.noe)
        db.commit()
    done = f"/cohortes/{maisons.number}/personnes/{maisons.noes}/{DEMO}/demo-lecture"
    assert maisons.tarik.post(done, text="fait en salle").status_code == 303
    assert "fait en salle" in maisons.tarik.get(f"/cohortes/{maisons.number}/personnes/{maisons.noes}").text
    read = maisons.tess.get(f"/cohortes/{maisons.other}/personnes/{elsewhere}").text
    assert "1 étape sur" in plain(read) or "Terminée" in read
    assert "fait en salle" not in read
    assert "Tarik" not in read


def test_being_in_cohorts_costs_no_statement_on_the_pages_of_steps_and_results(app: Flask, maisons: Maisons) -> None:
    alone, member = maisons.noe, maisons.lea
    with Session(alone.engines.write) as db:
        learning.enrol(db, maisons.cast.aude, DEMO, 24)
        walk(db, maisons.cast.aude)
        db.commit()
    aude = Client(app, alone.settings, alone.engines).sign_in(maisons.cast.aude)
    steps = [f"/parcours/{DEMO}/etapes/{uid}" for uid in (PHRASE, "demo-kit", "demo-diagnostic", "demo-lecture")]
    own = {path: len(cost(app, aude, path)) for path in steps} | {"result": len(cost(app, aude, result(aude)))}
    theirs = {path: len(cost(app, member, path)) for path in steps} | {"result": len(cost(app, member, result(member)))}
    assert own == theirs
    assert max(own.values()) <= MOST


def test_the_pages_of_a_member_cost_as_much_whatever_is_shown(app: Flask, maisons: Maisons) -> None:
    maisons.lea.post(f"{STEP}/partages", cohorte=str(maisons.number))
    before = {path: len(cost(app, who, path)) for who, path in watched(maisons)}
    assert before[maisons.shown] <= MOST
    assert before[maisons.member] <= 9
    for uid in ("demo-regles", "demo-jalon-12", "demo-jalon-24"):
        maisons.lea.post(f"/parcours/{DEMO}/etapes/{uid}/partages", cohorte=str(maisons.number))
    maisons.lea.post(maisons.shown, what="result", uid=DIAGNOSTIC)
    for text in ("un", "deux", "trois"):
        maisons.tarik.post(f"{maisons.member}/commentaires", uid=PHRASE, text=text)
    assert {path: len(cost(app, who, path)) for who, path in watched(maisons)} == before


def watched(maisons: Maisons) -> list[tuple[Client, str]]:
    return [(maisons.tarik, maisons.member), (maisons.lea, maisons.shown)]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_a_message_is_seen_before_it_leaves_and_leaves_once(maisons: Maisons) -> None:
    with Session(maisons.lea.engines.write) as db:
        gus = memberships.join(db, maisons.number, maisons.cast.gus, name="Gus").id
        mailed.stop(db, address("noe"), MailKind.TRAINER)
        db.commit()
    page = f"/cohortes/{maisons.number}/ecrire"
    chosen = [str(maisons.place), str(maisons.noes), str(gus), str(maisons.elsewhere)]
    assert maisons.tarik.post(page, m=chosen).status_code == 200
    seen = maisons.tarik.post(page, m=chosen, text="Bonjour,\nà jeudi.")
    assert "1 personne le reçoit" in plain(seen.text)
    assert f"Gus (sans adresse), Personne {maisons.cast.noe} (ne veut plus de ces messages)." in " ".join(
        seen.text.split()
    )
    with Session(maisons.lea.engines.write) as db, db.begin():
        db.execute(update(Person).where(Person.id == maisons.cast.noe).values(email_confirmed_at=None))
    noe = maisons.tarik.get(f"/cohortes/{maisons.number}/personnes/{maisons.noes}").text
    assert "Vos messages ne l’atteignent pas : adresse non confirmée" in plain(noe)
    assert messages_kept(maisons) == []
    assert maisons.tarik.post(page, m=chosen, text="  ").status_code == 422
    assert maisons.tarik.post(page, m=[str(gus)], text="Bonjour").status_code == 422
    for _twice in range(2):
        fields: dict[str, str | list[str]] = {"m": chosen, "text": "Bonjour,\nà jeudi.", "key": "one-message"}
        assert maisons.tarik.send(f"/cohortes/{maisons.number}/envois", fields).status_code == 303
    (kept,) = messages_kept(maisons)
    assert (kept.address, kept.reply_to, kept.person_id) == (address("lea"), address("tarik"), maisons.cast.lea)
    assert kept.data["text"] == "Bonjour,\nà jeudi."
    assert maisons.tess.post(f"/cohortes/{maisons.number}/envois", m=chosen, text="Bonjour").status_code == 404


def test_where_no_mail_leaves_a_trainer_is_told_before_and_after_writing(maisons: Maisons) -> None:
    page = f"/cohortes/{maisons.number}/ecrire"
    assert "Ce site n’envoie pas de courriel" in plain(maisons.tarik.get(page).text)
    sent = maisons.tarik.send(
        f"/cohortes/{maisons.number}/envois", {"m": [str(maisons.place)], "text": "À jeudi."}, follow=True
    )
    assert "Votre message attend." in plain(sent.text)
    assert "part vers" not in plain(sent.text)


def test_one_is_written_to_from_their_own_page_unless_no_mail_reaches_them(maisons: Maisons, engines: Engines) -> None:
    door = f"/cohortes/{maisons.number}/ecrire?m={maisons.place}"
    assert door in maisons.read()
    assert f'value="{maisons.place}" checked' in maisons.tarik.get(door).text
    with Session(engines.write) as db, db.begin():
        db.execute(update(Person).where(Person.id == maisons.cast.lea).values(email_confirmed_at=None))
    assert door not in maisons.read()


def test_the_pages_of_an_archived_cohort_say_so_and_offer_nothing_that_is_refused(
    maisons: Maisons, engines: Engines
) -> None:
    with Session(engines.write) as db, db.begin():
        learning.enrol(db, maisons.cast.noe, DEMO, 24)
    maisons.lea.post(maisons.shown, what="notes", uid=PHRASE)
    noes = f"/cohortes/{maisons.number}/personnes/{maisons.noes}"
    cohort = f"/cohortes/{maisons.number}"
    offered = {cohort: "/ecrire", maisons.member: "/commentaires", noes: "Marquer faite"}
    for path, what in offered.items():
        assert what in maisons.tarik.get(path).text, path
    maisons.tarik.post(f"{cohort}/archive")
    for path, what in offered.items():
        assert what not in maisons.tarik.get(path).text, path
    assert "Cette cohorte est archivée" in maisons.tarik.get(cohort).text
    assert SECRET in maisons.read()


def test_who_writes_too_much_waits_and_keeps_the_text(maisons: Maisons, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.teach.views.messages.SENT_MOST", 1)
    send = f"/cohortes/{maisons.number}/envois"
    assert maisons.tarik.post(send, m=str(maisons.place), text="Un").status_code == 303
    late = maisons.tarik.post(send, m=str(maisons.place), text="Un deuxième mot")
    assert (late.status_code, "Un deuxième mot" in late.text) == (429, True)


def messages_kept(maisons: Maisons) -> list[Message]:
    with Session(maisons.lea.engines.read) as db:
        return list(db.scalars(select(Message).where(Message.kind == MailKind.TRAINER)))


def test_the_averages_of_a_cohort_are_its_trainers_alone(maisons: Maisons) -> None:
    page = f"/cohortes/{maisons.number}/moyennes"
    assert "Pas encore de moyenne." in maisons.tarik.get(page).text
    with Session(maisons.lea.engines.write) as db:
        event = session(db, maisons.number, maisons.cast.tarik, "Atelier")
        for points in (0, 1, 1, 1, 2, 2, 3, 3):
            someone(db, maisons.number, points=points)
        db.commit()
    assert maisons.tarik.post(page, uid=DIAGNOSTIC, seance="999999").status_code == 404
    assert maisons.tarik.post(page, uid=DIAGNOSTIC, seance=str(event)).status_code == 303
    read = plain(maisons.tarik.get(page).text)
    assert "Moyenne de 8 personnes." in read
    assert "54 sur 100" in read
    assert maisons.tess.get(page).status_code == 404
