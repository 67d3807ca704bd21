"""What an attacker tries and what breaks: other sites, ended sessions, faults, a database that comes and goes."""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app import create_app, policy
from app.config import Settings
from app.db import Engines
from app.models import SignIn
from app.web import Door, allow, session
from app.web.address import Unreadable, bounded, own_path, word
from tests.build import DEMO
from tests.cast import PASSWORD, address
from tests.client import Client

TYPED = "Un texte assez long pour être regretté."
NOTES = f"/parcours/{DEMO}/etapes/demo-phrase/notes"


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    """On one database: nothing here depends on which."""
    return sqlite_settings


def posted_again(html: str) -> dict[str, str]:
    """The fields of the form that a refused page gives back."""
    form = re.search(r'<form class="stack".*?</form>', html, re.S)
    assert form
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0])
    texts = re.findall(r'<textarea id="[^"]+" name="([^"]+)" rows="6">\n(.*?)</textarea>', form[0], re.S)
    return dict(hidden + texts)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_s_form_gets_no_cookie_no_token_and_no_text(client: Client, headers: dict[str, str]) -> None:
    """The browser withholds our cookie there: giving a new one would end the person's session."""
    answer = client.web.post(NOTES, data={"demo-phrase.mes-notes": TYPED}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert "_token" not in answer.text
    assert TYPED not in answer.text


def test_our_own_form_is_recognised_by_its_origin(client: Client) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        data = {"_token": client.token(), "lang": "fr"}
        assert client.web.post("/langue", data=data, headers=headers).status_code == 303


def test_the_token_is_taken_from_the_header_too(client: Client) -> None:
    headers = {"X-CSRF-Token": client.token()}
    assert client.web.post("/langue", data={"lang": "fr"}, headers=headers).status_code == 303


def test_a_stale_form_sent_again_does_what_it_should_have_done(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    refused = client.web.post(NOTES, data={"_token": "stale", "demo-phrase.mes-notes": f"<b>{TYPED}</b>\n\nFin"})
    assert refused.status_code == 403
    assert "<b>" not in refused.text
    fields = posted_again(refused.text)
    fields["demo-phrase.mes-notes"] = fields["demo-phrase.mes-notes"].replace("&lt;", "<").replace("&gt;", ">")
    assert client.web.post(NOTES, data=fields).status_code == 303
    assert TYPED in client.get(f"/parcours/{DEMO}/etapes/demo-phrase").text


def test_a_password_is_never_written_back(client: Client) -> None:
    refused = client.web.post("/connexion", data={"email": address("lea"), "password": PASSWORD})
    assert refused.status_code == 403
    assert PASSWORD not in refused.text
    assert 'name="password" type="password"' in refused.text


def test_a_session_that_ended_gives_the_text_back(client: Client, sqlite_engines: Engines) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    with Session(sqlite_engines.write) as db:
        db.execute(delete(SignIn))
        db.commit()
    refused = client.post(NOTES, **{"demo-phrase.mes-notes": TYPED})
    assert refused.status_code == 403
    assert "Votre session est terminée" in refused.text
    assert posted_again(refused.text)["demo-phrase.mes-notes"] == TYPED
    assert 'href="/connexion" target="_blank"' in refused.text
    assert "Ce que vous avez écrit</label>" in refused.text


def test_a_visitor_who_does_not_write_becomes_nobody(client: Client) -> None:
    answer = client.post(f"/parcours/{DEMO}/inscription", format="999")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers
    assert client.get("/mon-chemin/carnet").status_code == 303


def test_nul_and_lone_surrogates_leave_the_text(client: Client) -> None:
    client.post(f"/parcours/{DEMO}/inscription")
    assert client.post(NOTES, **{"demo-phrase.mes-notes": f"{TYPED}\x00 Fin"}).status_code == 303
    assert f"{TYPED} Fin" in client.get(f"/parcours/{DEMO}/etapes/demo-phrase").text
    refused = client.post("/connexion", email="l\x00e\x00a", password=PASSWORD)
    assert 'value="lea"' in refused.text


def test_a_body_that_is_not_text_is_refused(client: Client) -> None:
    headers = {"X-CSRF-Token": client.token(), "Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"lang=\xff\xfe", b"lang=%ff", b"\x00" * 100, b"%" * 1000):
        assert client.web.post("/langue", data=body, headers=headers).status_code in (303, 400, 403)


def test_over_https_cookies_are_locked_to_this_host(sqlite_settings: Settings, built_assets: object) -> None:
    found = create_app(replace(sqlite_settings, https_only=True))
    answer = found.test_client().get("/connexion", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    found.extensions["engines"].dispose()


def test_a_fault_of_ours_is_a_plain_page_with_a_mark_and_no_trace(
    app: Flask, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    @app.post("/fault")
    @allow(policy.PUBLIC)
    def fault(door: Door) -> str:
        raise ZeroDivisionError("secret detail")

    answer = client.post("/fault", note=TYPED)
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    mark = re.search(r"B-[0-9A-F]{6}", answer.text)
    assert mark
    assert mark[0] in caplog.text
    assert TYPED in answer.text


def test_an_answer_is_given_even_when_no_page_can_be_made(app: Flask, client: Client) -> None:
    app.jinja_env.globals.pop("_")
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Balises" in answer.text
    assert "B-" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_get_cannot_write(app: Flask, client: Client) -> None:
    @app.get("/writes")
    @allow(policy.PUBLIC)
    def writes(door: Door) -> str:
        return str(door.write)

    assert client.get("/writes").status_code == 500


def test_what_a_view_wrote_is_undone_when_it_refuses(app: Flask, client: Client, sqlite_engines: Engines) -> None:
    @app.post("/half")
    @allow(policy.PUBLIC)
    def half(door: Door) -> tuple[str, int]:
        door.person_id()
        return "no", 422

    answer = client.post("/half")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers
    with Session(sqlite_engines.read) as db:
        assert db.query(SignIn).count() == 0


@given(st.text(max_size=60) | st.text(alphabet="/\\.:@ex\t\n", max_size=8).map("/{}".format))
@example("///evil.example")
@example("/\\evil.example")
@example("//evil.example")
def test_a_redirect_never_leaves_this_site(path: str) -> None:
    kept = own_path(path)
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
    assert urlsplit(kept).netloc == ""


def test_what_an_address_holds_is_bounded_before_anything_reads_it(app: Flask) -> None:
    for value in ("\x00", "a\nb", "\ud800", "\ufffd", "x" * 401):
        with pytest.raises(Unreadable):
            bounded(value)
    for value in ("É", "a b", "a" * 61, "-a"):
        with pytest.raises(Unreadable):
            word(value)
    assert (bounded("L’été ?"), word("20-min"), word("")) == ("L’été ?", "20-min", "")
    adapter = app.url_map.bind("localhost")
    for path in ("/resultats/01", "/resultats/²", "/resultats/9223372036854775808", "/parcours/é", "/parcours/-"):
        with pytest.raises(NotFound):
            adapter.match(path)
    assert adapter.match("/resultats/9223372036854775807")[1] == {"number": 2**63 - 1}


@given(st.text(max_size=100))
def test_no_token_is_guessed(posted: str) -> None:
    assert not session.proves("k" * 40, session.new_secret(), posted)


def test_a_token_proves_only_its_own_secret_and_key() -> None:
    mine, other = session.new_secret(), session.new_secret()
    given_out = session.token("k" * 40, mine)
    assert session.proves("k" * 40, mine, given_out)
    assert not session.proves("k" * 40, other, given_out)
    assert not session.proves("j" * 40, mine, given_out)
    assert given_out != session.token("k" * 40, mine)


def test_the_way_back_does_not_grow(client: Client) -> None:
    """From page to page of the account, the address to come back to stays the first one."""
    path = "/parcours?temps=2h"
    for _ in range(4):
        links = re.findall(r'href="(/(?:langue|connexion)\?suite=[^"]+)"', client.get(path).text)
        suites = {parse_qs(urlsplit(link.replace("&amp;", "&")).query)["suite"][0] for link in links}
        assert suites == {"/parcours?temps=2h"}
        path = links[0]


class Wire:
    """A port that leads to PostgreSQL, or to nothing."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.listener: socket.socket | None = None
        self.open_ends: list[socket.socket] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def plug(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        assert self.listener
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.open_ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open_ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.target)
                self.open_ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


def test_postgresql_may_leave_and_return_without_a_restart(
    postgresql_engines: tuple[Settings, Engines], built_assets: object
) -> None:
    settings, _engines = postgresql_engines
    parts = urlsplit(settings.database_url)
    wire = Wire(parse_qs(parts.query)["host"][0] + "/.s.PGSQL.5432")
    user = parts.netloc.split("@")[0]
    there = f"postgresql+psycopg://{user}@127.0.0.1:{wire.port}{parts.path}"
    found = create_app(replace(settings, database_url=there, database_connect_seconds=2))
    client = Client(found, settings, found.extensions["engines"])
    for _time in range(2):
        away = client.get("/parcours")
        assert away.status_code == 503
        assert away.headers["Retry-After"] == "5"
        assert "default-src 'none'" in away.headers["Content-Security-Policy"]
        assert "en sûreté" in away.text
        kept = client.post("/connexion", email="une adresse quelconque", password=PASSWORD)
        assert kept.status_code == 503
        assert "une adresse quelconque" in kept.text
        assert client.get("/nowhere").status_code == 404
        wire.plug()
        assert client.get("/parcours").status_code == 200
        assert client.post("/connexion", email="personne@balises.example", password=PASSWORD).status_code == 422
        wire.cut()
    found.extensions["engines"].dispose()
