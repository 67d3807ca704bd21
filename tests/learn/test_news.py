"""What is new, for a reader of feeds: valid, absolute, on offer."""

from datetime import datetime
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Engines
from tests.actions.test_editions import REWORDED, publish, withdraw
from tests.cast import Cast
from tests.client import Client

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client) -> list[Element]:
    answer = client.get("/nouveautes.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    return root.findall(f"{ATOM}entry")


def test_editions_are_told_with_their_note_and_what_is_withdrawn_is_not(
    client: Client, engines: Engines, settings: Settings, cast: Cast
) -> None:
    with Session(engines.write) as db:
        publish(db, settings, REWORDED, note="Un titre <b>mal</b> écrit & corrigé.", correctif=True)
        db.commit()
    found = entries(client)
    assert len(found) == 2
    assert found[0].findtext(f"{ATOM}summary", "").endswith("Un titre <b>mal</b> écrit & corrigé.")
    for entry in found:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == f"{settings.public_url}/parcours/demo"
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")).tzinfo is not None
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 2
    with Session(engines.write) as db:
        withdraw(db, 2)
        db.commit()
    assert len(entries(client)) == 1


def test_the_catalogue_leads_to_the_feed(client: Client, cast: Cast) -> None:
    page = client.get("/parcours").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert 'href="/nouveautes.atom"' in page
