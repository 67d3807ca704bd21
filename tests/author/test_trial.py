"""A draft tried as a learner: in the real player, on a site of its own that the real one never hears of."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urldefrag

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, trials
from app.actions import structure
from app.config import Settings
from app.content import folder
from app.content.trying import tried
from app.db import Engines
from app.models import Edition, EditionFormat, Enrolment, Person, Step, StepEvent, Summary
from app.reads import drafts
from app.steps import KINDS
from tests.actions.test_editions import READING
from tests.author.test_publication import number_of, words, write
from tests.build import DEMO
from tests.cast import Cast
from tests.client import Client

POST = "/atelier/parcours/demo/essais"
on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What a trial does by itself: it is on SQLite wherever the site is."""
LINK = re.compile(r'(href|src|action|formaction|data-[a-z-]+|hx-[a-z]+)="(/[^"]*)"')


@pytest.fixture
def author(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.aude)


@pytest.fixture
def learner(app: Flask) -> FlaskClient:
    """Another device, to which the address was given."""
    return app.test_client()


def begun(author: Client) -> str:
    """The address of a new trial."""
    answer = author.post(POST)
    assert answer.status_code == 303, answer.text
    return answer.location


def send(learner: FlaskClient, page: str, path: str, **fields: str) -> str:
    """Fill a form of a page. Returns where it leads."""
    token = re.search(r'name="_token" value="([^"]+)"', learner.get(page).text)
    assert token is not None
    answer = learner.post(path, data={"_token": token[1], **fields})
    assert answer.status_code == 303, answer.text
    return answer.location


def counts(engines: Engines) -> list[int]:
    with Session(engines.read) as db:
        tables = (Person, Enrolment, StepEvent, Summary, Edition)
        return [db.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_learner_of_a_trial_leaves_no_trace_on_the_site(
    author: Client, learner: FlaskClient, engines: Engines, cast: Cast
) -> None:
    write(engines, cast, READING, "title: ", "title: Essayé, ")
    before = counts(engines)
    first = begun(author)
    page = learner.get(first)
    assert page.status_code == 200
    assert "Essai de «" in words(page.text)
    assert "no-store" in page.headers["Cache-Control"]
    step = send(learner, first, f"{first}/inscription")
    assert step.startswith(first)
    assert "Essayé, " in learner.get(step).text
    after = send(learner, step, f"{step}/completion", key="trying-1", **{"demo-lecture.seul": "Des tables à prêter."})
    assert after.startswith(first)
    assert after != step
    root = first.removesuffix("/parcours/demo")
    assert learner.get(f"{root}/continuer").location == after
    assert counts(engines) == before
    assert "Essayé, " not in learner.get(step.removeprefix(root)).text


@on_sqlite
def test_its_cookie_is_its_own(author: Client, learner: FlaskClient) -> None:
    first = begun(author)
    root = first.removesuffix("/parcours/demo")
    answer = learner.get(first)
    assert [(c.split("=")[0], f"Path={root}" in c) for c in answer.headers.getlist("Set-Cookie")] == [("essai", True)]
    assert author.get("/atelier").status_code == 200  # the author is still who they were


@on_sqlite
def test_no_link_of_any_page_leaves_it(author: Client, learner: FlaskClient) -> None:
    first = begun(author)
    root = first.removesuffix("/parcours/demo")
    send(learner, first, f"{first}/inscription")
    seen, waiting, wrong = set(), [first], []
    while waiting:
        page = waiting.pop()
        seen.add(page)
        answer = learner.get(page)
        if answer.status_code not in (200, 303):
            wrong.append((page, answer.status_code))
        if answer.mimetype != "text/html":
            answer.close()
            continue
        for name, found in set(LINK.findall(answer.text)):
            link = urldefrag(found.replace("&amp;", "&"))[0]
            if not link.startswith((f"{root}/", "/static/", "/atelier")):
                wrong.append((page, link))
            elif name in ("href", "src") and link.startswith(root) and _is_read(link) and link not in {*seen, *waiting}:
                waiting.append(link)
    assert wrong == []
    assert len(seen) > 20


def _is_read(link: str) -> bool:
    """Whether it is a page of the player."""
    rooms = ("/langue", "/inscription", "/connexion", "/mon-profil", "/rejoindre", "/continuer/ailleurs")
    return not link[len("/essai/") + 22 :].startswith(rooms)


@on_sqlite
def test_what_is_half_written_can_be_tried_to_the_end(
    author: Client, learner: FlaskClient, engines: Engines, cast: Cast
) -> None:
    """One short step of an unready pathway of two hours, whose presentation is still to be written."""
    with Session(engines.write) as db:
        slug = structure.create_pathway(db, "Pas fini", "4h", by=cast.aude)
        module = structure.create_module(db, slug, "Un", by=cast.aude)
        db.flush()
        for title in ("Lire", "Vide"):
            wanted = structure.WantedStep("reading", title, "2h", 5)
            step = structure.create_step(db, slug, module.id, wanted, by=cast.aude)
            if title == "Lire":
                step.text = (step.text or "").removesuffix("---\n") + KEY
        db.commit()
    answer = author.post(f"/atelier/parcours/{slug}/essais")
    assert answer.status_code == 303, answer.text
    first = answer.location
    said = words(learner.get(first).text)
    assert "1 texte n’y est pas" in said
    assert "« Vide » : en cours d’écriture" in said
    step_page = send(learner, first, f"{first}/inscription", format="5")
    assert "Une idée." in learner.get(step_page).text
    assert send(learner, step_page, f"{step_page}/completion", key="trying-2").endswith("/bilan")


KEY = "key: Une idée.\n---\n\nQuelques mots.\n"


def test_what_is_typed_is_tried_even_unsaved(author: Client, learner: FlaskClient, engines: Engines) -> None:
    number = number_of(engines, READING)
    with Session(engines.read) as db:
        typed = (drafts.draft(db, number).text or "").replace("title: ", "title: Tapé, ", 1)
    answer = author.post(f"/atelier/textes/{number}/essais", raw=typed)
    assert answer.status_code == 303
    assert "/parcours/demo/etapes/demo-lecture" in answer.location
    assert "Tapé, " in learner.get(answer.location).text
    with Session(engines.read) as db:
        assert "Tapé, " not in (drafts.draft(db, number).text or "")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("diagnostics/demo/diagnostic.md", "/autodiagnostics/demo"),
        ("kits/kit-demo/kit.md", "/kits/kit-demo"),
        ("cases/demo-voisins/case.md", "/exemples/demo-voisins"),
    ],
)
@on_sqlite
def test_what_stands_alone_is_tried_too(
    author: Client, learner: FlaskClient, engines: Engines, path: str, page: str
) -> None:
    number = number_of(engines, path)
    with Session(engines.read) as db:
        typed = drafts.draft(db, number).text or ""
    answer = author.post(f"/atelier/textes/{number}/essais", raw=typed)
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith(page)
    assert learner.get(answer.location).status_code == 200


@on_sqlite
def test_what_cannot_be_read_is_refused_with_what_to_put_right(author: Client, engines: Engines) -> None:
    answer = author.post(f"/atelier/textes/{number_of(engines, READING)}/essais", raw="---\nuid: x\n---\n\nRien.\n")
    assert answer.status_code == 422
    assert "À revoir d’abord" in answer.text


@on_sqlite
def test_nothing_to_try_yet_is_said(author: Client, engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        slug = structure.create_pathway(db, "Vide", "2h", by=cast.aude)
        db.commit()
    answer = author.post(f"/atelier/parcours/{slug}/essais")
    assert answer.status_code == 422
    assert "écrivez d’abord une étape" in answer.text
    assert author.post("/atelier/parcours/absent/essais").status_code == 404


@on_sqlite
def test_only_the_player_is_there(author: Client, learner: FlaskClient) -> None:
    root = begun(author).removesuffix("/parcours/demo")
    for path in ("/connexion", "/inscription", "/atelier", "/cohortes", "/administration", "/mon-compte"):
        answer = learner.get(f"{root}{path}")
        assert answer.status_code == 404, path
        assert "Ceci est un essai" in answer.text
    assert author.get(f"{root}/atelier").status_code == 404
    assert learner.get(f"{root}/nulle-part").status_code == 404
    assert learner.get(root).status_code == 200


@on_sqlite
def test_a_trial_lasts_a_day(author: Client, learner: FlaskClient, settings: Settings) -> None:
    first = begun(author)
    clock.freeze(clock.now() + timedelta(hours=23))
    assert trials.forget(settings) == 0
    assert learner.get(first).status_code == 200
    clock.freeze(clock.now() + timedelta(hours=2))
    for _turn in range(2):  # before and after the worker passed
        answer = learner.get(first)
        assert answer.status_code == 410
        assert "Cet essai est terminé" in answer.text
        trials.forget(settings)
    assert not list(trials.folder(settings).glob(f"{first.split('/')[2]}*"))


@on_sqlite
def test_nobody_guesses_one(learner: FlaskClient) -> None:
    assert learner.get(f"/essai/{'x' * 22}/parcours/demo").status_code == 410
    for path in ("/essai/", "/essai/..%2f..%2fetc/parcours", f"/essai/{'x' * 23}/", f"/essai/{'x' * 21}é/"):
        assert learner.get(path).status_code == 404, path


@on_sqlite
def test_an_author_keeps_the_latest(author: Client, learner: FlaskClient) -> None:
    made = [begun(author) for _turn in range(trials.KEPT + 1)]
    assert [learner.get(first).status_code for first in made] == [410] + [200] * trials.KEPT


@on_sqlite
def test_a_form_of_the_site_is_not_sent_into_a_trial(author: Client, learner: FlaskClient, engines: Engines) -> None:
    """Nor the other way: a token belongs to the cookie of its place."""
    first = begun(author)
    answer = author.post(f"{first}/inscription")
    assert answer.status_code == 403
    token = re.search(r'name="_token" value="([^"]+)"', learner.get(first).text)
    assert token is not None
    assert learner.post("/parcours/demo/inscription", data={"_token": token[1]}).status_code == 403


@on_sqlite
def test_every_format_of_which_something_is_written_is_open(author: Client, settings: Settings) -> None:
    token = begun(author).split("/")[2]
    site = trials.find(settings, token)
    assert site is not None
    with Session(site.engines.read) as db:
        formats = db.scalars(select(EditionFormat).order_by(EditionFormat.minutes)).all()
        adding = [
            f for f, before in zip(formats, [None, *formats], strict=False) if not before or f.steps > before.steps
        ]
        assert len(adding) > 1
        assert all(format.offered for format in adding)
        assert db.scalar(select(func.count()).where(Step.ready.is_(False))) == 0


@on_sqlite
def test_a_diagnostic_leads_somewhere_even_without_its_module(
    author: Client, learner: FlaskClient, engines: Engines, cast: Cast
) -> None:
    """What it advises is left out of the trial: its result is still read, its step still done."""
    write(engines, cast, "pathways/demo/20-agir/module.md", "title:", "titre:")
    first = begun(author)
    root = first.removesuffix("/parcours/demo")
    with Session(engines.read) as db:
        text = drafts.draft(db, number_of(engines, "diagnostics/demo/diagnostic.md")).text or ""
    asked = re.findall(r"^- uid: (\S+)", text, re.M)
    page = f"{root}/autodiagnostics/demo"
    result = send(learner, page, f"{page}/resultats", **dict.fromkeys(asked, "1"))
    assert learner.get(result).status_code == 200


def _broken(text: str) -> Iterator[str]:
    yield ""
    yield "---\n"
    yield text.replace("title:", "titel:", 1)
    yield text.replace("uid:", "uid: é", 1)
    yield text + "\n\n![](files/absent.svg)\n[x](../nulle-part.md)\n"


@on_sqlite
def test_whatever_is_broken_the_rest_can_be_tried(engines: Engines, cast: Cast, settings: Settings) -> None:
    """Each text of the demonstration, spoilt in several ways: what is left has no problem of its own."""
    with Session(engines.read) as db:
        files = drafts.readable(db, settings.media_dir)
    mine = [path for path in files if path.startswith(f"pathways/{DEMO}/") and path.endswith(".md")]
    assert len(mine) > 10
    for rank, path in enumerate(mine):
        ways = [way for way in _broken(files[path].decode()) if way != files[path].decode()]
        for spoilt in {ways[rank % len(ways)], ways[-1]}:
            found = tried(files | {path: spoilt.encode()}, "pathway", "demo", KINDS)
            unit = found.course.unit("pathway", "demo")
            assert unit is not None
            if not found.faults:
                assert unit.problems == (), (path, spoilt)
                assert not found.empty
                gone = {each.path for each in found.left}
                assert path.endswith("pathway.md") or gone & {path, folder.original(path)}, (path, spoilt)
            else:
                assert path.endswith("pathway.md"), (path, spoilt, found.faults)
