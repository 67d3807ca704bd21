"""Publishing in the browser: checked with links, its impact said first, once whoever clicks, and it breaks nobody."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import authoring, enrolments, structure, workshop
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import AuditEvent, DocumentKind, Draft, Edition, Summary
from app.models.progress import Progress
from app.reads import courses
from app.reads import publication as reads
from tests.actions.test_editions import EXERCISE, KIT_STEP, READING
from tests.build import DEMO, demo_course, enrolment, walk
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_budgets import cost

PAGE = "/atelier/parcours/demo/publication"
POST = "/atelier/parcours/demo/editions"
MOST = 8


def words(html: str) -> str:
    return html.replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "’")


def number_of(engines: Engines, path: str) -> int:
    with Session(engines.read) as db:
        return db.scalars(select(Draft.id).filter_by(path=path)).one()


def write(engines: Engines, cast: Cast, path: str, old: str, new: str) -> None:
    """Aude types that in the workshop."""
    with Session(engines.write) as db:
        draft = db.scalars(select(Draft).filter_by(path=path)).one()
        assert draft.text is not None
        assert old in draft.text
        workshop.write_text(db, draft.id, draft.text.replace(old, new, 1), seen=draft.version, by=cast.aude)
        db.commit()


def reask(engines: Engines, cast: Cast) -> None:
    write(engines, cast, EXERCISE, "  label: ", "  label: Autrement, ")


def reword(engines: Engines, cast: Cast) -> None:
    write(engines, cast, READING, "title: ", "title: Relu, ")


def numbers(engines: Engines) -> list[int]:
    with Session(engines.read) as db:
        return list(db.scalars(select(Edition.number).order_by(Edition.id)))


def seen(page: str) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]  # type: ignore[index]


def test_nothing_new_is_said_and_cannot_be_published(client: Client, cast: Cast) -> None:
    page = words(client.sign_in(cast.aude).get(PAGE).text)
    assert "Rien n’a changé depuis l’édition 1." in page
    assert "Publier l’édition" not in page


def test_what_is_wrong_leads_to_its_input_and_keeps_from_publishing(
    client: Client, engines: Engines, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    write(engines, cast, READING, "minutes: 3", "minutes: trois")
    write(engines, cast, EXERCISE, "\n---\n\n", "\n---\n\n#### Trop bas\n\n")
    page = words(aude.get(PAGE).text)
    assert "points à corriger" in page
    assert f'href="/atelier/textes/{number_of(engines, READING)}#minutes"' in page
    assert f'href="/atelier/textes/{number_of(engines, EXERCISE)}#body"' in page
    assert "La même rue" in page
    assert 'name="seen"' not in page
    answer = aude.post(POST, seen="0" * 64, note="Rien.")
    assert answer.status_code == 422
    assert "rien n’est publié" in words(answer.text)
    assert numbers(engines) == [1]


def test_a_first_pathway_is_told_at_once_all_that_its_presentation_lacks(
    client: Client, engines: Engines, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    with Session(engines.write) as db:
        slug = structure.create_pathway(db, "Accueillir", "2h", by=cast.aude)
        db.commit()
    page = words(aude.get(f"/atelier/parcours/{slug}/publication").text)
    for said in ("« Résumé »", "« Pour qui »", "« Sources »", "« Qui a écrit ce texte »"):
        assert f"à remplir : {said}" in page
    assert "3 à 5 objectifs sont attendus dans chaque format" in page
    assert "En ordre" not in page


def test_a_name_that_draws_itself_from_a_label_is_not_asked_beside_it(
    client: Client, engines: Engines, cast: Cast
) -> None:
    aude = client.sign_in(cast.aude)
    write(engines, cast, READING, "fields:\n", "fields:\n- {}\n")
    for address in (PAGE, f"/atelier/textes/{number_of(engines, READING)}"):
        page = words(aude.get(address).text)
        assert "Question posée 1" in page
        assert "Nom technique 1" not in page
    write(engines, cast, READING, "fields:\n- {}\n", "fields:\n- label: Qui ?\n")
    assert "à remplir : « Nom technique 1 »" in words(aude.get(PAGE).text)


def test_the_impact_is_said_first(client: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        walk(db, cast.noe, steps=3)
        walk(db, cast.gus, steps=1)
        db.commit()
    reask(engines, cast)
    write(engines, cast, KIT_STEP, "title: ", "title: Autre titre ")
    page = words(client.sign_in(cast.aude).get(PAGE).text)
    assert "2 personnes sont en route : 2 en 12 min." in page
    assert "Elles gardent leur édition ; la nouvelle leur est proposée, jamais imposée." in page
    assert "1 personne a terminé : son bilan et son attestation restent, rien ne redevient à faire." in page
    assert "1 étape change" in page
    assert "ce n’est pas un correctif" in page
    assert 'name="correctif"' not in page


def test_who_would_see_that_the_task_changed_is_counted(client: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        uid = next(part.doc.uid for m in demo_course().of("module") for part in m.parts if part.path == EXERCISE)  # type: ignore[attr-defined]
        for person in (cast.noe, cast.gus):
            done: list[str] = []
            steps = 1
            while uid not in done and steps < 30:
                done += walk(db, person, steps=1)
                steps += 1
            assert uid in done
        walk(db, cast.tarik, steps=1)
        db.commit()
        title = next(
            row.title for row in courses.steps(db, courses.pathway(db, DEMO, None).edition_id, None) if row.uid == uid
        )
    aude = client.sign_in(cast.aude)
    reword(engines, cast)
    assert "Personne ne verrait « la consigne a changé »." in words(aude.get(PAGE).text)
    reask(engines, cast)
    page = words(aude.get(PAGE).text)
    assert f"En l’acceptant, 2 personnes verraient « la consigne a changé » : « {title} » (2)." in page


def test_a_new_edition_says_why_is_made_once_and_leaves_everybody_where_they_are(
    client: Client, engines: Engines, cast: Cast
) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        walk(db, cast.noe, steps=2)
        db.commit()
    reask(engines, cast)
    aude = client.sign_in(cast.aude)
    shown = seen(aude.get(PAGE).text)
    answer = aude.post(POST, seen=shown, note="  ")
    assert answer.status_code == 422
    assert "Dites en une phrase ce qui change" in words(answer.text)
    for _twice in range(2):
        answer = aude.post(POST, seen=shown, note="Une question plus claire.")
        assert answer.status_code == 303
        assert "Édition 2 publiée." in words(aude.get(answer.location).text)
    assert numbers(engines) == [1, 2]
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, cast.noe)
        assert reading.edition == 1
        assert reading.offer is not None
        assert reading.offer.note == "Une question plus claire."
        kept = courses.pathway(db, DEMO, cast.lea)
        assert Progress(courses.steps(db, kept.edition_id, kept.enrolment_id), kept.format_minutes or 0).finished
        assert db.scalar(select(func.count()).select_from(Summary)) == 1
        verbs = db.scalars(select(AuditEvent).filter_by(verb="content.publish")).all()
        assert [(event.object, event.by_id, event.data["edition"]) for event in verbs] == [
            ("pathways/demo", cast.aude, 2)
        ]


def test_a_correctif_is_offered_when_it_is_one_and_reaches_who_is_midway(
    client: Client, engines: Engines, cast: Cast
) -> None:
    with Session(engines.write) as db:
        walk(db, cast.noe, steps=2)
        db.commit()
    reword(engines, cast)
    aude = client.sign_in(cast.aude)
    page = aude.get(PAGE).text
    assert "Prouvé" in page
    assert "1 personne le recevra, avec votre phrase." in words(page)
    assert aude.post(POST, seen=seen(page), note="", correctif="yes").status_code == 422
    assert aude.post(POST, seen=seen(page), note="Un titre.", correctif="yes").status_code == 303
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, cast.noe)
        assert reading.edition == 2
        assert [fix.note for fix in reading.corrections] == ["Un titre."]


def test_a_correctif_that_is_none_is_refused_whatever_the_form_says(
    client: Client, engines: Engines, cast: Cast
) -> None:
    reask(engines, cast)
    aude = client.sign_in(cast.aude)
    answer = aude.post(POST, seen=seen(aude.get(PAGE).text), note="Rien.", correctif="yes")
    assert answer.status_code == 422
    assert "ce n’est pas un correctif" in words(answer.text)
    assert numbers(engines) == [1]


def test_a_text_that_changed_meanwhile_is_not_published_unseen(client: Client, engines: Engines, cast: Cast) -> None:
    reword(engines, cast)
    aude = client.sign_in(cast.aude)
    shown = seen(aude.get(PAGE).text)
    write(engines, cast, READING, "title: Relu, ", "title: Encore relu, ")
    answer = aude.post(POST, seen=shown, note="Un titre.")
    assert answer.status_code == 409
    assert "Le brouillon a changé depuis" in words(answer.text)
    assert 'value="Un titre."' in answer.text
    assert numbers(engines) == [1]
    assert aude.post(POST, seen=seen(answer.text), note="Un titre.").status_code == 303


def test_a_text_written_between_the_reading_and_the_transaction_is_not_published(
    engines: Engines, settings: Settings, cast: Cast
) -> None:
    reword(engines, cast)
    with Session(engines.read) as db:
        together = reads.site(db, settings.media_dir).together(DocumentKind.PATHWAY, DEMO)
    write(engines, cast, READING, "title: Relu, ", "title: Encore relu, ")
    with Session(engines.write) as db, pytest.raises(Refused) as refusal:
        authoring.publish(db, together, seen=together.seen, note="x", correctif=False, by=cast.aude)
    assert refusal.value.field == "seen"


def test_publications_at_once_make_one_edition(engines: Engines, settings: Settings, cast: Cast) -> None:
    reask(engines, cast)
    with Session(engines.read) as db:
        together = reads.site(db, settings.media_dir).together(DocumentKind.PATHWAY, DEMO)

    def once(_number: int) -> int | None:
        with Session(engines.write) as db:
            made = authoring.publish(db, together, seen=together.seen, note="Mieux.", correctif=False, by=cast.aude)
            db.commit()
            return made

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(8))) == {2}
    assert numbers(engines) == [1, 2]


def test_a_diagnostic_that_is_not_live_is_published_in_the_same_gesture(
    client: Client, engines: Engines, cast: Cast
) -> None:
    write(engines, cast, "diagnostics/demo/diagnostic.md", "title: ", "title: Autre ")
    aude = client.sign_in(cast.aude)
    page = aude.get(PAGE).text
    assert "Publie aussi, dans le même geste : Autre" in words(page)
    assert aude.post(POST, seen=seen(page), note="Un titre.").status_code == 303
    with Session(engines.read) as db:
        assert courses.published(db, DocumentKind.DIAGNOSTIC, "demo")["demo"].title.startswith("Autre ")
        edition = courses.pathway(db, DEMO, None).edition_id
        assert courses.documents(db, edition, DocumentKind.DIAGNOSTIC)["demo"].title.startswith("Autre ")


def test_withdrawing_breaks_nobody(client: Client, engines: Engines, cast: Cast) -> None:
    reask(engines, cast)
    aude = client.sign_in(cast.aude)
    aude.post(POST, seen=seen(aude.get(PAGE).text), note="Mieux.")
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=2)
        db.commit()
    page = words(aude.get(PAGE).text)
    assert "1 personne l’a commencée : elle la garde et peut la terminer." in page
    assert "Qui commence ensuite reçoit l’édition 1." in page
    for _twice in range(2):
        answer = aude.post(f"{POST}/2/retrait")
        assert answer.status_code == 303
        assert "Édition 2 retirée." in words(aude.get(answer.location).text)
    with Session(engines.write) as db:
        assert courses.pathway(db, DEMO, cast.noe).edition == 1
        assert courses.pathway(db, DEMO, cast.lea).edition == 2
        walk(db, cast.lea)
        assert db.scalars(select(Summary)).one().snapshot["edition"] == 2
        assert enrolment(db, cast.lea)
        db.rollback()
    assert aude.post(f"{POST}/1/retrait").status_code == 303
    assert client.get("/parcours/demo").status_code in (200, 303)
    assert aude.post(f"{POST}/9/retrait").status_code == 404


def test_the_page_costs_at_most_eight_statements_whoever_is_midway(
    app: Flask, client: Client, engines: Engines, cast: Cast
) -> None:
    reask(engines, cast)
    aude = client.sign_in(cast.aude)
    before = cost(app, aude, PAGE)
    assert len(before) <= MOST, before
    with Session(engines.write) as db:
        for person in (cast.lea, cast.noe, cast.gus, cast.tarik):
            walk(db, person, steps=6)
        enrolments.change_format(db, cast.lea, DEMO, 24, key="longer")
        db.commit()
    after = cost(app, aude, PAGE)
    assert len(after) <= len(before)
