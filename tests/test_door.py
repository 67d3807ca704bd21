"""What the door holds for every page: token, text kept, headers, addresses, sessions that end, a database away."""

import itertools
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.db import Engines
from app.models import Note
from tests.build import DEMO
from tests.cast import PASSWORD, Cast, address
from tests.client import Client

TYPED = "Un texte assez long pour être regretté."


def test_a_post_without_a_good_token_changes_nothing_and_gives_the_text_back(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    path = f"/parcours/{DEMO}/etapes/demo-phrase/notes"
    for token in ({}, {"_token": "x"}, {"_token": "A" * 88}):
        refused = client.web.post(path, data={**token, "demo-phrase.mes-notes": TYPED})
        assert refused.status_code == 403
        assert TYPED in refused.text
        assert 'name="_token"' in refused.text
        assert f'action="{path}"' in refused.text
    assert TYPED not in client.get(f"/parcours/{DEMO}/etapes/demo-phrase").text


def test_a_token_of_another_session_is_refused(
    client: Client, app: Flask, settings: Settings, engines: Engines
) -> None:
    other = Client(app, settings, engines)
    assert client.web.post("/langue", data={"_token": other.token(), "lang": "en"}).status_code == 403


def test_the_token_is_never_the_same_twice(client: Client) -> None:
    tokens = {client.get(f"/parcours/{DEMO}").text.split('name="_token" value="')[1][:60] for _time in range(3)}
    assert len(tokens) == 3


def test_every_answer_carries_the_policy_errors_included(client: Client) -> None:
    for path in ("/", "/nowhere", "/parcours/nowhere", "/resultats/1", "/parcours?temps=%00", "/kits/kit-demo"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_personal_pages_are_kept_nowhere_and_a_page_without_a_form_sets_no_cookie(client: Client, cast: Cast) -> None:
    for path in ("/", "/parcours", "/kits", "/mon-chemin"):
        assert "Set-Cookie" not in client.get(path).headers
    client.sign_in(cast.lea)
    for path in ("/", "/mon-chemin", f"/parcours/{DEMO}"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        *("/resultats/²", "/resultats/0", "/resultats/-1", "/resultats/9223372036854775808", "/resultats/1e3"),
        *(
            "/resultats/" + "9" * 400,
            "/parcours/" + "a" * 5000,
            "/parcours/%00",
            "/parcours/%ed%a0%80",
            "/parcours/%ff",
        ),
        *("/parcours/../../etc/passwd", "/kits/kit-demo/%2e%2e", "/media/..%2f..%2fetc", "/media/" + "0" * 64 + ".svg"),
        *(
            "/parcours?temps=%00",
            "/parcours?chemin=%ed%a0%80",
            "/parcours?chemin=" + "x" * 5000,
            "/parcours?profil=%ff",
        ),
        f"/parcours/{DEMO}/etapes/demo-case?cas=%00",
    ],
)
def test_a_hostile_address_gets_a_sentence_and_never_a_500(client: Client, cast: Cast, path: str) -> None:
    answer = client.sign_in(cast.lea).get(path)
    assert answer.status_code in (400, 404)
    assert "<h1" in answer.text


def test_one_slash_too_many_leads_to_the_page_all_the_same(client: Client) -> None:
    for typed, page in {
        "/parcours/": "/parcours",
        "/parcours/demo//?temps=20": "/parcours/demo?temps=20",
        "/verifier/": "/verifier",
        "/continuer/": "/continuer",
    }.items():
        answer = client.get(typed)
        assert (answer.status_code, answer.location) == (308, page)
        assert "Set-Cookie" not in answer.headers
    for typed in ("/nowhere/", "//elsewhere.example/", "/\\elsewhere.example/", "/parcours/nowhere/etapes/"):
        assert client.get(typed).status_code in (400, 404)
    assert client.web.post("/langue/", data={"lang": "en"}).status_code == 404


def test_what_is_too_long_is_refused_with_a_sentence(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    path = f"/parcours/{DEMO}/etapes/demo-phrase/notes"
    for where in (path, "/connexion"):
        for sent in ({"demo-phrase.mes-notes": "x" * 3_000_000}, {f"f{n}": "x" for n in range(2000)}):
            answer = client.send(where, sent)
            assert (answer.status_code, "C’est trop long" in answer.text) == (413, True)
    long = client.send(path, {"demo-phrase.mes-notes": "mot " * 1500})
    assert long.status_code == 422
    assert "mot mot" in long.text


def test_only_trusted_hosts_are_answered_and_redirects_stay_at_home(client: Client) -> None:
    assert client.web.get("/", headers={"Host": "evil.example"}).status_code == 400
    for suite in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post("/langue", lang="fr", suite=suite)
        assert answer.location in ("/", "/mon-chemin")


def test_signing_out_kills_a_copied_cookie(client: Client, app: Flask, settings: Settings, engines: Engines) -> None:
    assert client.post("/connexion", email=address("lea"), password=PASSWORD, keep="1").status_code == 303
    cookie = client.web.get_cookie("session")
    assert cookie is not None
    assert "Lea" in client.get("/mon-chemin").text
    client.post("/deconnexion")
    thief = Client(app, settings, engines)
    thief.web.set_cookie("session", cookie.value)
    assert "Lea" not in thief.get("/mon-chemin").text
    assert thief.get("/mon-chemin/carnet").status_code == 303


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: Client) -> None:
    said = set()
    for email in (address("lea"), "personne@balises.example"):
        refused = client.post("/connexion", email=email, password="pas le bon mot de passe")
        assert refused.status_code == 422
        said.add(refused.text.split('role="alert"')[1].split("</div>")[0])
    assert len(said) == 1


def test_guessing_is_slowed_down(client: Client) -> None:
    for _try in range(10):
        client.post("/connexion", email=address("noe"), password="pas le bon mot de passe")
    braked = client.post("/connexion", email=address("noe"), password=PASSWORD)
    assert braked.status_code == 429
    assert int(braked.headers["Retry-After"]) > 0


def test_the_language_is_the_person_s_then_the_cookie_s_then_the_browser_s_then_french(
    client: Client, cast: Cast, engines: Engines
) -> None:
    def lang(**headers: str) -> str:
        return client.web.get("/", headers=headers).text.split('<html lang="')[1][:2]

    assert lang() == "fr"
    assert lang(**{"Accept-Language": "en-GB,en;q=0.9"}) == "en"
    assert lang(**{"Accept-Language": "de"}) == "fr"
    client.web.set_cookie("lang", "fr")
    assert lang(**{"Accept-Language": "en"}) == "fr"
    with Session(engines.write) as db:
        db.execute(text("update person set lang = 'en' where id = :id"), {"id": cast.lea})
        db.commit()
    client.sign_in(cast.lea)
    assert lang() == "en"


def test_a_page_is_compressed_as_the_browser_prefers(client: Client) -> None:
    for asked, given in (("zstd, br, gzip", "zstd"), ("br, gzip", "br"), ("gzip", "gzip"), ("", None)):
        answer = client.web.get(f"/parcours/{DEMO}", headers={"Accept-Encoding": asked})
        assert answer.headers.get("Content-Encoding") == given


def test_a_database_that_is_away_is_a_plain_503_and_it_recovers(
    sqlite_settings: Settings, built_assets: object
) -> None:
    import sqlalchemy

    found = create_app(sqlite_settings)
    engines: Engines = found.extensions["engines"]
    client = found.test_client()
    assert client.get("/").status_code == 200

    def away(*_: object) -> None:
        raise sqlalchemy.exc.TimeoutError("the pool is exhausted")

    sqlalchemy.event.listen(engines.read, "checkout", away)
    engines.read.dispose()
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "en sûreté" in answer.text
    sqlalchemy.event.remove(engines.read, "checkout", away)
    assert client.get("/").status_code == 200
    engines.dispose()


def test_a_sqlite_file_that_is_gone_is_a_plain_503_and_it_recovers(
    sqlite_settings: Settings, built_assets: object, tmp_path: Path
) -> None:
    found = create_app(sqlite_settings)
    client = found.test_client()
    path = Path(sqlite_settings.database_url.removeprefix("sqlite:///"))
    assert client.get("/").status_code == 200
    path.rename(tmp_path / "aside.db")
    assert client.get("/").status_code == 503
    assert not path.exists()
    (tmp_path / "aside.db").rename(path)
    assert client.get("/").status_code == 200
    found.extensions["engines"].dispose()


def test_a_post_cut_midway_is_refused_whole(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    path = f"/parcours/{DEMO}/etapes/demo-phrase/notes"
    body = f"_token={client.token()}&demo-phrase.mes-notes=la+moitié".encode()
    cut = client.web.post(
        path, data=body, content_type="application/x-www-form-urlencoded", environ_overrides={"CONTENT_LENGTH": "9000"}
    )
    assert cut.status_code == 400
    assert "la moitié" not in client.get(f"/parcours/{DEMO}/etapes/demo-phrase").text


def test_a_header_that_is_no_address_is_no_500(client: Client) -> None:
    for headers in ({"Origin": "http://["}, {"Referer": "http://["}):
        assert client.web.post("/langue", headers=headers).status_code == 403
        assert client.web.post("/nowhere", headers=headers).status_code == 404


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_connection_lost_in_the_middle_of_a_click_is_a_plain_503_or_changes_nothing(
    app: Flask, client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    """At every statement of it, before and after; what was answered 303 is there."""
    client.sign_in(cast.lea)
    client.post(f"/parcours/{DEMO}/inscription")
    own: Engines = app.extensions["engines"]
    told = "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
    told += " where datname = current_database() and pid <> pg_backend_pid()"

    def click(moment: str, number: int) -> tuple[int, bool]:
        """What is answered, and whether the connections were lost meanwhile."""
        count = itertools.count()

        def lose(*_: object) -> None:
            if next(count) == number:
                with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as control:
                    control.execute(text(told))

        for engine in (own.read, own.write):
            event.listen(engine, moment, lose)
        answer = client.post(
            f"/parcours/{DEMO}/etapes/demo-lecture/notes", **{"demo-lecture.seul": f"{moment} {number}"}
        )
        for engine in (own.read, own.write):
            event.remove(engine, moment, lose)
        return answer.status_code, next(count) > number

    said = set()
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        for number in itertools.count():
            status, lost = click(moment, number)
            said.add(status)
            if status == 303:
                with Session(engines.read) as db:
                    newest = select(Note.text).where(Note.person_id == cast.lea).order_by(Note.id.desc()).limit(1)
                    assert db.scalar(newest) == f"{moment} {number}"
            if not lost:
                break
        assert number > 0
    assert said == {303, 503}
