"""What a visitor and a learner meet, through the door, on both databases."""

import re

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import authoring, learning, summaries, writing
from app.actions.demo import demo_step
from app.config import ROOT, Settings
from app.content import course
from app.db import Engines
from app.models import Enrolment, Note, Person, StepEvent
from app.reads import courses
from app.steps import KINDS
from app.steps.quiz import Quiz
from tests.build import DEMO, demo_files, walk
from tests.cast import Cast
from tests.client import Client


def count(engines: Engines, model: type) -> int:
    with Session(engines.read) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def quiz(engines: Engines) -> Quiz:
    """The first quiz of the demonstration."""
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, None)
        row = next(row for row in courses.steps(db, reading.edition_id, None) if row.kind == "quiz")
        content = courses.step_contents(db, reading.edition_id, [row.uid])[row.uid].content
    found = KINDS["quiz"].Content.model_validate(content)
    assert isinstance(found, Quiz)
    return found


def test_a_visitor_reads_everything_and_leaves_no_trace(client: Client, engines: Engines) -> None:
    people = count(engines, Person)
    for path in (
        "/",
        "/parcours",
        f"/parcours/{DEMO}",
        "/kits",
        "/kits/kit-demo",
        "/mon-chemin",
        "/exemples/demo-voisins",
    ):
        assert client.get(path).status_code == 200, path
    assert count(engines, Person) == people


def test_one_click_makes_a_guest_and_opens_the_first_step(client: Client, engines: Engines) -> None:
    people = count(engines, Person)
    answer = client.post(f"/parcours/{DEMO}/inscription", format="12")
    assert answer.status_code == 303
    assert re.fullmatch(rf"/parcours/{DEMO}/etapes/[a-z0-9-]+", answer.location)
    assert client.get(answer.location).status_code == 200
    again = client.post(f"/parcours/{DEMO}/inscription", format="24")
    assert again.location == answer.location
    assert count(engines, Person) == people + 1
    assert count(engines, Enrolment) == 1


def test_on_a_phone_a_pathway_begun_is_resumed_from_its_first_screen(client: Client) -> None:
    first = client.post(f"/parcours/{DEMO}/inscription").location
    page = client.get(f"/parcours/{DEMO}").text
    assert f'<p class="phone"><a class="btn" href="{first}">Commencer ' in page
    assert page.index('<p class="phone">') < page.index('id="obj"')


def test_the_guest_s_banner_says_until_when_the_answers_are_kept(client: Client) -> None:
    step = client.post(f"/parcours/{DEMO}/inscription").location
    assert "23\u00a0février 2027" in client.get(step).text  # 90 days after 25 November 2026


def test_continuer_leads_to_the_first_step_not_done_and_never_to_a_404(
    client: Client, cast: Cast, engines: Engines
) -> None:
    assert client.get("/continuer").location == "/parcours"
    client.sign_in(cast.lea)
    assert client.get("/continuer").location == "/parcours"
    with Session(engines.write) as db:
        walk(db, cast.lea, steps=2)
        db.commit()
    here = client.get("/continuer").location
    assert "/etapes/" in here
    assert client.get(here).status_code == 200
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    assert client.get("/continuer").location == f"/parcours/{DEMO}/bilan"


def test_right_answers_are_not_in_the_page_before_the_learner_answers(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    asked = quiz(engines)
    page = client.get(f"/parcours/{DEMO}/etapes/{asked.uid}").text
    for question in asked.questions:
        given = question.grade(",".join(question.right_values()))
        assert given.right
        for feedback in (*given.feedback, question.explain):
            assert feedback[:30] not in page, question.uid
    assert "right" not in re.findall(r'class="pick ([a-z]+)"', page)


def test_a_try_says_what_is_right_and_a_completion_waits_for_the_rule(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    asked = quiz(engines)
    address = f"/parcours/{DEMO}/etapes/{asked.uid}"
    assert client.post(f"{address}/completion").status_code == 422
    nothing = client.post(f"{address}/essais", check=asked.questions[0].uid)
    assert nothing.status_code == 422
    right = {question.uid: question.right_values() for question in asked.questions}
    tried = client.send(f"{address}/essais", {**right, "check": asked.questions[0].uid})
    assert tried.status_code == 303
    assert client.post(f"{address}/completion").status_code == 303
    assert count(engines, StepEvent) == 1


def test_an_order_once_right_is_read_whole_and_closed_no_more(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    asked = quiz(engines)
    order = next(question for question in asked.questions if question.type == "order")
    address = f"/parcours/{DEMO}/etapes/{asked.uid}"
    short = client.send(f"{address}/essais", {order.uid: order.right_values()[:1], "check": order.uid})
    assert "Donnez une position à chaque réponse" in short.text
    client.send(f"{address}/essais", {order.uid: order.right_values(), "check": order.uid})
    section = client.get(address).text.split(f'id="{order.uid}"')[1].split("</section>")[0]
    assert "<select" not in section
    assert re.findall("<li>(.*?)</li>", section) == [str(item) for item in order.items]


def test_what_was_typed_is_still_there_after_a_refusal(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, None)
        rows = courses.steps(db, reading.edition_id, None)
        contents = courses.step_contents(db, reading.edition_id, [row.uid for row in rows if row.ready])
    uid, field = next(
        (uid, field["name"])
        for uid, found in contents.items()
        if found.kind == "exercise" and len(found.content["fields"]) > 1
        for field in found.content["fields"]
        if field.get("type", "text") == "text"
    )
    refused = client.send(f"/parcours/{DEMO}/etapes/{uid}/completion", {f"{uid}.{field}": "Un texte <b>à garder</b>"})
    assert refused.status_code in (422, 303)
    if refused.status_code == 422:
        assert "Un texte &lt;b&gt;à garder&lt;/b&gt;" in refused.text
        assert count(engines, Note) == 0
    saved = client.send(f"/parcours/{DEMO}/etapes/{uid}/notes", {f"{uid}.{field}": "Un texte <b>à garder</b>"})
    assert saved.status_code == 303
    assert "Un texte &lt;b&gt;à garder&lt;/b&gt;" in client.get(f"/parcours/{DEMO}/etapes/{uid}").text


def test_nobody_enters_what_belongs_to_another(app: Flask, cast: Cast, engines: Engines, settings: Settings) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        db.commit()
    lea, noe = (Client(app, settings, engines).sign_in(n) for n in (cast.lea, cast.noe))
    result = re.search(r"/resultats/\d+", lea.get("/mon-chemin").text)
    assert result
    assert lea.get(result[0]).status_code == 200
    assert noe.get(result[0]).status_code == 404
    assert noe.get(f"/parcours/{DEMO}/bilan").status_code == 404
    assert noe.post(f"{result[0]}/completion", surprise="x").status_code == 404


def test_a_bilan_says_what_is_missing_then_waits_for_a_name_then_stays(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    bilan = f"/parcours/{DEMO}/bilan"
    assert "Où j’en suis" in client.get(bilan).text
    with Session(engines.write) as db:
        guest = db.scalars(select(Enrolment.person_id)).one()
        walk(db, guest)
        db.commit()
    assert client.post(bilan, name="  ").status_code == 422
    assert client.post(bilan, name="Gus").status_code == 303
    page = client.get(bilan).text
    assert "Gus" in page
    assert re.search(r"[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}", page)


def test_what_is_read_printed_or_earned_says_who_wrote_it(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        summaries.give_name(db, cast.lea, "Léa")
        db.commit()
    client.sign_in(cast.lea)
    for path in (f"/parcours/{DEMO}", f"/parcours/{DEMO}/bilan", "/kits/kit-demo", "/kits/kit-demo/dire-le-besoin"):
        said = re.findall(r'<p class="small soft[^>]*>(.*?)</p>', client.get(path).text, re.S)
        assert any("Contenu de démonstration, entièrement fictif." in text for text in said), path
    assert "Exemple fictif, rédigé pour cette démonstration" in client.get("/exemples/demo-voisins").text


def test_the_notebook_is_exported_as_markdown(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    export = client.sign_in(cast.lea).get("/mon-chemin/carnet.md")
    assert export.content_type.startswith("text/markdown")
    assert export.text.startswith("# ")
    assert "> " in export.text


def test_filters_live_in_the_address_and_an_empty_result_says_what_to_relax(client: Client) -> None:
    assert "Démonstration" in client.get("/parcours?temps=20").text
    empty = client.get("/parcours?temps=20&chemin=mobiliser-projet-de-territoire&profil=medias").text
    assert "Retirer" in empty
    assert client.get("/parcours?temps=quelconque&chemin=%00").status_code == 400


def test_a_step_being_written_is_listed_and_cannot_be_done(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    with Session(engines.read) as db:
        reading = courses.pathway(db, DEMO, None)
        unready = next(row for row in courses.steps(db, reading.edition_id, None) if not row.ready)
    assert unready.title in client.get(f"/parcours/{DEMO}").text
    assert "En cours d’écriture" in client.get(f"/parcours/{DEMO}/etapes/{unready.uid}").text
    assert client.post(f"/parcours/{DEMO}/etapes/{unready.uid}/completion").status_code == 422


def test_a_link_from_a_text_to_another_leads_there(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    links = {
        "pathways/demo/10-decouvrir/10-la-meme-rue.md": "[ceci](../20-agir/10-ma-phrase.md) [cela](../pathway.md)",
        "kits/kit-demo/10-dire-le-besoin.md": "Voir [ceci](20-ecrire-un-pret.md) et [cela](kit.md).",
        "cases/demo-voisins/case.md": "Voir [ceci](case.md).",
    }
    files = dict(demo_files())
    for path, text in links.items():
        for version in (path, path.replace(".md", ".en.md")):  # a translation has the links of its original
            files[version] += f"\n{text}\n".encode()
    with Session(engines.write) as db:
        done = authoring.load(db, course.load_course(files, KINDS), settings.media_dir)
        assert done.ok, [*map(str, done.problems)]
        db.commit()
    found = {
        link
        for page in (f"/parcours/{DEMO}/etapes/demo-lecture", "/kits/kit-demo/dire-le-besoin", "/exemples/demo-voisins")
        for link in re.findall(r'<a href="([^"]+)">(?:ceci|cela)</a>', client.get(page).text)
    }
    assert len(found) == 5
    assert {link: client.get(link).status_code for link in found} == dict.fromkeys(found, 200)


def test_every_kind_of_step_is_walked_to_the_end(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.lea)
    assert client.post(f"/parcours/{DEMO}/inscription", format="24").status_code == 303
    seen = set()
    for _rank in range(40):
        here = client.get("/continuer").location
        if here.endswith("/bilan"):
            break
        page = client.get(here)
        assert page.status_code == 200
        uid = here.rsplit("/", 1)[1]
        seen.add(uid)
        with Session(engines.write) as db:
            demo_step(db, cast.lea, DEMO, uid)
            db.commit()
        assert client.get(here).status_code == 200
    assert len(seen) > 5
    assert client.get(f"/parcours/{DEMO}/bilan").status_code == 200


def test_the_closest_case_comes_first_with_its_reason_and_the_others_one_click_away(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db:
        done = authoring.load(db, course.load_folder(ROOT / "courses", KINDS), settings.media_dir)
        assert done.ok
        learning.enrol(db, cast.lea, "alliances-territoires", None)
        profile = {"profil": "collectivites", "domaine": "alimentation", "echelon": "local", "region": "normandie"}
        texts = {("a2-carte", field): slug for field, slug in profile.items()}
        writing.save_notes(db, cast.lea, "alliances-territoires", texts)
        db.commit()
    address = "/parcours/alliances-territoires/etapes/a3-exemple"
    visitor = client.get(address).text
    assert "Le plus proche de votre profil" not in visitor
    page = client.sign_in(cast.lea).get(address).text
    assert "Le plus proche de votre profil" in page
    assert "Collectivités territoriales" in page.split("Le plus proche de votre profil")[1][:200]
    others = re.findall(r"\?cas=([a-z-]+)#cas", page)
    assert len(others) >= 4
    assert "commune-cantine" not in others
    assert "commune-cantine" in re.findall(r"\?cas=([a-z-]+)#cas", client.get(f"{address}?cas={others[0]}").text)


def test_a_step_never_has_two_main_buttons_and_has_one_once_it_is_done(
    client: Client, cast: Cast, engines: Engines
) -> None:
    met = []
    with Session(engines.write) as db:
        learning.enrol(db, cast.noe, DEMO, 24)
        uid = learning.enrol(db, cast.lea, DEMO, 24)
        while uid:
            met.append(uid)
            uid = demo_step(db, cast.lea, DEMO, uid)
        db.commit()
    assert len(met) > 8
    for person, least in ((cast.noe, 0), (cast.lea, 1)):
        client.sign_in(person)
        for uid in met:
            assert least <= client.get(f"/parcours/{DEMO}/etapes/{uid}").text.count('class="btn main') <= 1, uid


def test_a_sheet_without_one_s_words_offers_them_back(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    sheet = re.findall(r'href="(/kits/kit-demo/[a-z-]+)"', client.get("/kits/kit-demo").text)[0]
    assert "Pas encore écrit" in client.get(sheet).text
    client.sign_in(cast.lea)
    bare = client.get(f"{sheet}?mots=non").text
    assert 'class="own"' in client.get(sheet).text
    assert 'class="own"' not in bare
    assert "Pas encore écrit" not in bare
    assert f'href="{sheet}">Avec mes mots</a>' in bare


def test_what_is_to_put_in_order_is_listed_in_full_with_its_letters(client: Client, engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    page = client.get(f"/parcours/{DEMO}/etapes/{quiz(engines).uid}").text
    listed = re.findall(r"<li>(.*?)</li>", page.split('<ol class="abc">')[1].split("</ol>")[0])
    choices = re.findall(
        r'<option value="[^"]+">(.*?)</option>', page.split('<ol class="abc">')[1].split("</select>")[0]
    )
    assert len(listed) > 2
    assert choices == [f"{letter}. {text}" for letter, text in zip("ABCDEFGHIJKL", listed, strict=False)]


def test_only_the_sheets_that_are_written_are_counted(client: Client, engines: Engines, settings: Settings) -> None:
    pages = [path for path in sorted(demo_files()) if re.fullmatch(r"kits/kit-demo/\d+-[a-z-]+\.md", path)]
    sheets = [path for path in pages if b"\nkind: tool\n" not in demo_files()[path]]
    first, whole = sheets[0], len(sheets)
    text = demo_files()[first].decode().replace("\n---\n", "\nready: no\n---\n", 1).encode()
    with Session(engines.write) as db:
        done = authoring.load(db, course.load_course(demo_files() | {first: text}, KINDS), settings.media_dir)
        assert done.ok, [*map(str, done.problems)]
        db.commit()
    home = client.get("/").text.replace("\xa0", " ")
    assert whole > 1
    assert re.search(rf">{whole - 1} fiches? d’une page", home)


def test_a_pathway_that_is_only_announced_says_so_and_leads_to_its_kit(
    client: Client, engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db:
        assert authoring.load(db, course.load_folder(ROOT / "courses", KINDS), settings.media_dir).ok
        db.commit()
    address = "/parcours/qualifier-modele-socio-economique"
    page = client.get(address).text
    home = client.get("/").text.replace("\xa0", " ")
    shown = home.split("<strong>Découvrir</strong><small>")[1].split("<")[0]
    assert shown == "2 parcours, sans compte"  # the third one is announced
    assert "Ce parcours arrive bientôt" in page
    assert 'href="/kits/kit-transformer-mse"' in page
    assert f"{address}/inscription" not in page
    step = client.get(f"{address}/etapes/b1-economie").text
    assert "En cours d’écriture" in step
    assert "Commencer ce parcours" not in step
    assert "Ce parcours arrive bientôt" not in client.get(f"/parcours/{DEMO}").text
    assert "Commencer ce parcours" in client.get(f"/parcours/{DEMO}/etapes/demo-lecture").text


def test_two_axes_that_lead_to_one_module_name_it_once(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    path = "diagnostics/demo/diagnostic.md"
    text = demo_files()[path].replace(b"module: agir", b"module: decouvrir")
    with Session(engines.write) as db:
        files = demo_files() | {path: text}
        assert authoring.load(db, course.load_course(files, KINDS), settings.media_dir).ok
        learning.enrol(db, cast.lea, DEMO, 24)
        questions = ("demo-r-besoin", "demo-r-voisins", "demo-r-ecrit", "demo-r-revoir")
        answers: dict[str, int | None] = dict.fromkeys(questions, 1)
        result = learning.create_result(db, cast.lea, DEMO, "demo-diagnostic", answers, key="one")
        db.commit()
    page = client.sign_in(cast.lea).get(f"/resultats/{result}").text
    assert "à un point près" in page
    assert page.count("le module 1, Découvrir") == 1


def test_a_refused_exercise_leads_to_each_field_and_says_each_thing_once(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription", format="12")
    page = client.post(f"/parcours/{DEMO}/etapes/demo-phrase/completion")
    assert page.status_code == 422
    alert = page.text.split('id="manque"')[1].split("</div></div>")[0]
    fields = re.findall(r'href="#([^"]+)"', alert)
    assert fields
    assert all(f'id="{field}"' in page.text for field in fields)
    assert alert.count("<li>") == len(fields)


def test_a_page_that_is_not_there_marks_no_place_as_here(client: Client) -> None:
    assert "aria-current" not in client.get("/parcours/nulle-part").text
    assert "aria-current" not in client.get("/connexion?suite=/mon-chemin").text
    assert "aria-current" in client.get("/parcours").text


def test_only_who_has_no_account_reads_that_answers_stay_on_the_device(client: Client, cast: Cast) -> None:
    for said in ("Commencer, sans compte", "restent sur cet appareil"):
        assert said in client.get(f"/parcours/{DEMO}").text
    client.sign_in(cast.lea)
    for said in ("sans compte", "restent sur cet appareil"):
        assert said not in client.get(f"/parcours/{DEMO}").text.split("<main", 1)[1]
