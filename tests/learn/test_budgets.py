"""A page costs the same number of statements whatever there is to show, and a learner's page at most six, the door's included."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.actions import authoring
from app.config import Settings
from app.content import course
from app.db import Engines
from app.steps import KINDS
from tests.build import DEMO, demo_files, load_demo, walk
from tests.cast import Cast, make_cast
from tests.client import Client, client_for

MOST = 6
PUBLIC = ["/", "/parcours", f"/parcours/{DEMO}", "/kits", "/kits/kit-demo", "/exemples/demo-voisins"]
OWN = [
    "/",
    "/parcours",
    f"/parcours/{DEMO}",
    "/mon-chemin",
    "/mon-chemin/carnet",
    f"/parcours/{DEMO}/bilan",
    "/resultats/1",
]


@contextmanager
def counted(engines: Engines) -> Iterator[list[str]]:
    """The SELECTs, INSERTs, UPDATEs and DELETEs sent meanwhile."""
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            sent.append(statement)

    for engine in (engines.read, engines.write):
        event.listen(engine, "before_cursor_execute", count)
    yield sent
    for engine in (engines.read, engines.write):
        event.remove(engine, "before_cursor_execute", count)
