"""A video and a live step as a learner meets them, the files that they play, the date for a calendar."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.content import text
from app.db import Engines
from app.models import Person
from app.outside import calendar, store
from tests.build import DEMO, demo_course, demo_files
from tests.cast import Cast
from tests.client import Client

FILM = f"/parcours/{DEMO}/etapes/demo-film"
LIVE = f"/parcours/{DEMO}/etapes/demo-debout"
STARTS = datetime(2027, 6, 17, 10, 30, tzinfo=UTC)
"""Of the demonstration's live step: 12 h 30 in Paris, for two minutes."""


def plain(page: str) -> str:
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def begun(client: Client) -> Client:
    assert client.post(f"/parcours/{DEMO}/inscription", format="24").status_code == 303
    return client


# The film


def test_a_film_has_its_player_its_captions_and_its_text(client: Client) -> None:
    page = plain(client.get(FILM).text)
    player = page[page.index("<video") : page.index("</video>")]
    assert "controls" in player
    assert 'preload="metadata"' in player
    assert "autoplay" not in player
    assert re.search(r'<source src="/media/[0-9a-f]{64}\.webm" type="video/webm">', player)
    assert re.search(r'poster="/media/[0-9a-f]{64}\.webp"', player)
    tracks = re.findall(
        r'<track kind="captions" src="/media/[0-9a-f]{64}\.vtt" srclang="(..)"[^>]*?( default)?>', player
    )
    assert tracks == [("fr", " default"), ("en", "")]
    assert "Douze photos y apparaissent" in page
    assert "Télécharger</a> (43 Ko)" in page
    assert "CC0 1.0" in page
    assert "Terminé quand vous l’avez regardée ou lue." in page


def test_a_film_is_done_by_its_button_and_nothing_is_measured(client: Client) -> None:
    begun(client)
    assert client.post(f"{FILM}/completion").status_code == 303
    assert "Terminée" in client.get(FILM).text


def media(client: Client, ending: str) -> str:
    found = re.search(rf"/media/[0-9a-f]{{64}}\.{ending}", client.get(FILM).text)
    assert found
    return found[0]


def fetch(client: Client, path: str, **headers: str) -> TestResponse:
    """Read whole and closed."""
    return client.web.get(
        path, headers={name.replace("_", "-"): value for name, value in headers.items()}, buffered=True
    )


@pytest.mark.parametrize(
    ("ending", "mime"), [("webm", "video/webm"), ("webp", "image/webp"), ("vtt", "text/vtt; charset=utf-8")]
)
def test_a_file_is_sent_as_what_it_is_and_kept_for_ever(client: Client, ending: str, mime: str) -> None:
    answer = fetch(client, media(client, ending))
    assert answer.status_code == 200
    assert answer.content_type == mime
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_file_is_sent_in_part(client: Client) -> None:
    path = media(client, "webm")
    whole = demo_files()["pathways/demo/10-decouvrir/files/le-mur-blanc.webm"]
    end = len(whole)
    assert fetch(client, path).data == whole
    for asked, first, last in (
        ("0-99", 0, 100),
        ("100-199", 100, 200),
        ("43000-", 43000, end),
        ("43000-99999999", 43000, end),
        ("-7", end - 7, end),
    ):
        part = fetch(client, path, Range=f"bytes={asked}")
        assert (part.status_code, part.data) == (206, whole[first:last])
        assert part.headers["Content-Range"] == f"bytes {first}-{last - 1}/{end}"
        assert part.headers["Content-Type"] == "video/webm"
    for asked in ("99999999-", "0-1,4-5"):
        refused = fetch(client, path, Range=f"bytes={asked}")
        assert refused.status_code == 416
        assert refused.headers["Content-Range"] == f"bytes */{end}"
    assert fetch(client, path, If_None_Match=fetch(client, path).headers["ETag"]).status_code == 304
    stale = fetch(client, path, Range="bytes=0-9", If_Range='"other"')
    assert (stale.status_code, stale.data) == (200, whole)


def test_a_file_is_never_read_whole_into_memory(app: Flask, client: Client) -> None:
    path = media(client, "webm")
    with app.test_request_context(path):
        answer = app.full_dispatch_request()
        assert answer.is_streamed
        assert answer.direct_passthrough
        answer.close()


@pytest.mark.parametrize("ending", ["html", "svg", "js", "md", "WEBM", ""])
def test_no_file_passes_for_a_page(client: Client, ending: str) -> None:
    name = media(client, "webm").rsplit(".", 1)[0]
    assert client.get(f"{name}.{ending}").status_code == 404
    assert not {"text/html", "image/svg+xml", "application/xhtml+xml"} & set(store.TYPES.values())


# The live step


def test_before_it_begins_there_is_the_way_there_and_the_twin(client: Client, cast: Cast) -> None:
    page = plain(begun(client.sign_in(cast.lea)).get(LIVE).text)
    assert "17 juin 2027 à 12 h 30</time> (fuseau horaire : Paris)" in page
    assert "Ajouter à mon agenda" in page
    assert "https://example.org/direct" in page
    assert "https://example.org/enregistrement" not in page
    assert 'href="#autrement">Je ne peux pas y être' in page
    assert "Sans y être : le même travail, en 2 min" in page
    assert "J’y étais" not in page
    assert "Terminé quand vous y étiez, ou quand vous avez répondu à la question." in page


def test_the_date_is_read_on_the_clocks_of_the_reader(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        person = db.get(Person, cast.lea)
        assert person is not None
        person.zone = "America/Cayenne"
        db.commit()
    page = plain(client.sign_in(cast.lea).get(LIVE).text)
    assert "17 juin 2027 à 7 h 30</time> (fuseau horaire : Cayenne)" in page


def at(client: Client, cast: Cast, moment: datetime) -> Client:
    """Léa, who began in November, comes back at that moment."""
    begun(client.sign_in(cast.lea))
    clock.freeze(moment)
    return client.sign_in(cast.lea)


def test_while_it_lasts_one_may_join_and_say_so(client: Client, cast: Cast) -> None:
    page = at(client, cast, STARTS).get(LIVE).text
    assert "C’est en ce moment" in page
    assert "Rejoindre le direct" in page
    assert "Ajouter à mon agenda" not in page
    assert "J’y étais, en direct" in page


def test_afterwards_there_is_the_recording_or_the_twin(client: Client, cast: Cast) -> None:
    page = at(client, cast, STARTS + timedelta(minutes=2)).get(LIVE).text
    assert "Le direct a eu lieu" in page
    assert "https://example.org/enregistrement" in page
    assert "https://example.org/direct" not in page
    assert "Sans y être" in plain(page)
    assert "J’y étais, en direct" in page


def test_nobody_was_there_before_it_began(client: Client, cast: Cast) -> None:
    begun(client.sign_in(cast.lea))
    assert client.post(f"{LIVE}/completion", **{"demo-debout.present": "oui"}).status_code == 422


def test_who_was_there_is_done_without_the_twin(client: Client, cast: Cast) -> None:
    at(client, cast, STARTS + timedelta(minutes=1))
    assert client.post(f"{LIVE}/completion", **{"demo-debout.present": "ailleurs"}).status_code == 422
    assert client.post(f"{LIVE}/completion").status_code == 422
    assert client.post(f"{LIVE}/completion", **{"demo-debout.present": "oui"}).status_code == 303
    page = client.get(LIVE).text
    assert "Terminée" in page
    assert re.search(r'name="demo-debout.present" value="oui" checked', page)
    assert "J’y étais, en direct" in client.get("/mon-chemin/carnet").text


def test_who_cannot_come_writes_and_is_done_whatever_the_date(client: Client, cast: Cast) -> None:
    begun(client.sign_in(cast.lea))
    assert client.post(f"{LIVE}/completion", **{"demo-debout.dit": "Nous avons prêté le mur."}).status_code == 303


# The calendar


def meeting() -> calendar.Meeting:
    return calendar.Meeting("uid@site", "Titre", "Texte", "Lieu", STARTS, STARTS + timedelta(minutes=2))


def event(answer: str) -> dict[str, str]:
    (found,) = Calendar.from_ical(answer).walk("VEVENT")
    return {
        name: str(found.decoded(name)) if name.startswith("dt") else str(found[name]) for name in map(str.lower, found)
    }


def test_the_date_goes_into_a_calendar(client: Client) -> None:
    answer = client.get(f"{LIVE}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demo-debout.ics"'
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    said = event(answer.text)
    assert said["uid"].startswith("demo-debout@")
    assert (said["dtstart"], said["dtend"]) == ("2027-06-17 10:30:00+00:00", "2027-06-17 10:32:00+00:00")
    assert said["summary"] == "Deux minutes debout"
    assert said["location"].startswith("Devant le mur blanc")
    assert "https://example.org/direct" in said["description"]
    assert said["description"].endswith(LIVE)


@pytest.mark.parametrize("path", [FILM, f"/parcours/{DEMO}/etapes/demo-direct", f"/parcours/{DEMO}/etapes/absente"])
def test_what_has_no_date_has_no_calendar(client: Client, path: str) -> None:
    assert client.get(f"{path}.ics").status_code == 404


@pytest.mark.parametrize(
    "hostile", ["a\r\nEND:VEVENT\r\nX:y", "a\nATTENDEE:mailto:x@y.z", "a;b,c\\n", "é" * 200, "\r\r\n", ""]
)
def test_no_text_breaks_out_of_its_line(hostile: str) -> None:
    written = calendar.ics(replace(meeting(), title=hostile, text=hostile, place=hostile))
    assert re.search(r"(?<!\r)\n|\r(?!\n)", written) is None
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert set(event(written)) <= {"uid", "dtstamp", "dtstart", "dtend", "summary", "description", "location"}


def test_a_moved_date_is_the_same_event() -> None:
    later = replace(meeting(), starts=STARTS + timedelta(days=1), ends=STARTS + timedelta(days=1, minutes=2))
    assert event(calendar.ics(later))["uid"] == event(calendar.ics(meeting()))["uid"]


def test_a_published_step_keeps_the_files_of_its_module_by_address() -> None:
    module = demo_course().documents["pathways/demo/10-decouvrir/"]
    film = next(part.doc for part in module.parts if getattr(part.doc, "uid", "") == "demo-film")
    before = text.plain(film)
    served = module.served(film)
    assert re.fullmatch(r"/media/[0-9a-f]{64}\.webm", served["media"])
    assert [c["lang"] for c in served["captions"]] == ["fr", "en"]
    assert text.plain(film) == before
    assert type(film).model_validate(served).model_dump(exclude={"media", "poster", "captions"}) == film.model_dump(
        exclude={"media", "poster", "captions"}
    )
