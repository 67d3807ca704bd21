"""Trials: a draft in the real player, on a throw-away site that has its own database, key and learners."""

import json
import secrets
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.actions import authoring
from app.config import Settings
from app.content.trying import Tried
from app.db import Base, Engines, make_file, open_engines
from app.outside import qr, sign

ROOT = "/essai/"
LASTS = timedelta(hours=24)
KEPT = 5
"""Of one author, the latest."""
OPEN = 8
"""Databases that a process holds open, the latest used."""
_NOTE = "trial.json"


@dataclass(frozen=True)
class Trial:
    """What is tried. `token`: 128 random bits, which are all that one needs to enter."""

    token: str
    kind: str
    slug: str
    title: str
    left: tuple[str, ...]
    """What is not in it, in sentences."""
    begun_at: datetime
    site: str
    """Address of the real site."""

    @property
    def root(self) -> str:
        """Where its pages are."""
        return f"{ROOT}{self.token}"

    @property
    def ends_at(self) -> datetime:
        return self.begun_at + LASTS

    @property
    def back(self) -> str:
        """The way back to what is being written, on the real site."""
        return f"/atelier/parcours/{self.slug}" if self.kind == "pathway" else "/atelier"

    @property
    def first(self) -> str:
        """The page of what is tried."""
        return f"{self.root}{PAGES[self.kind]}{self.slug}"

    @property
    def url(self) -> str:
        """For another device."""
        return f"{self.site}{self.first}"

    @cached_property
    def square(self) -> str:
        return qr.svg(self.url)


PAGES = {"pathway": "/parcours/", "diagnostic": "/autodiagnostics/", "kit": "/kits/", "case": "/exemples/"}
"""Where a document of each kind is met."""


@dataclass(frozen=True)
class Site:
    """A trial, open."""

    trial: Trial
    settings: Settings
    engines: Engines


def folder(settings: Settings) -> Path:
    return settings.temporary_dir / "trials"


def begin(settings: Settings, found: Tried, kind: str, slug: str, left: tuple[str, ...], *, by: int) -> Trial:
    """Make a trial of what is drafted: published there, every format open, no learner yet. Nothing is written here.

    `left`: what is not in it, in sentences. `by`: who tries; of theirs, the oldest make room.
    """
    token, now = secrets.token_urlsafe(16), clock.now()
    trial = Trial(token, kind, slug, found.title, left, now, settings.public_url)
    place = folder(settings) / token
    place.parent.mkdir(parents=True, exist_ok=True)
    place.mkdir(mode=0o700)
    own = _settings(settings, token)
    try:
        _fill(own, found)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    note = {"kind": kind, "slug": slug, "title": found.title, "left": left, "begun_at": now.isoformat(), "by": by}
    (place / _NOTE).write_text(json.dumps(note), "utf-8")
    mine = [old for old, said in _notes(settings) if said.get("by") == by]
    for old in mine[:-KEPT]:
        _end(old)
    return trial


def _fill(own: Settings, found: Tried) -> None:
    sign.make(own.signing_key_file)
    make_file(own)
    engines = open_engines(own)
    try:
        Base.metadata.create_all(engines.write)
        with Session(engines.write) as db, db.begin():
            authoring.load(db, found.course, own.media_dir)
    finally:
        engines.dispose()


def find(settings: Settings, token: str) -> Site | None:
    """An open trial; None for one that is over, or never was. `token`: as an address holds it, well formed."""
    place = folder(settings) / token
    try:
        said = json.loads((place / _NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    begun = datetime.fromisoformat(said["begun_at"])
    if begun + LASTS <= clock.now():
        return None
    with _lock:
        site = _open.pop(place, None)
        if site is None:
            trial = Trial(
                token, said["kind"], said["slug"], said["title"], tuple(said["left"]), begun, settings.public_url
            )
            own = _settings(settings, token)
            site = Site(trial, own, open_engines(own))
        _open[place] = site
        while len(_open) > OPEN:
            _open.popitem(last=False)[1].engines.dispose()
    return site


def forget(settings: Settings) -> int:
    """Trials whose day is over, and what is left of one that never began. How many went."""
    gone = [
        place for place, said in _notes(settings) if datetime.fromisoformat(said["begun_at"]) + LASTS <= clock.now()
    ]
    for place in gone:
        _end(place)
    return len(gone)


def _notes(settings: Settings) -> list[tuple[Path, dict[str, Any]]]:
    """Every trial with its note, the oldest first."""
    found = sorted(_read(settings), key=lambda each: each[0])
    return [(place, said) for _at, place, said in found]


def _read(settings: Settings) -> Iterator[tuple[int, Path, dict[str, Any]]]:
    for note in folder(settings).glob(f"*/{_NOTE}"):
        try:
            yield note.stat().st_mtime_ns, note.parent, json.loads(note.read_text("utf-8"))
        except (OSError, ValueError):  # another process ends it just now
            continue


def _end(place: Path) -> None:
    with _lock:
        site = _open.pop(place, None)
    if site is not None:
        site.engines.dispose()
    shutil.rmtree(place, ignore_errors=True)


def _settings(settings: Settings, token: str) -> Settings:
    """As the site's, but for what must not be shared: people, signatures, mails."""
    place = folder(settings) / token
    return replace(
        settings,
        database_url=f"sqlite:///{place}/site.db",
        database_pool_size=4,
        signing_key_file=place / "signing_key",
        public_url=f"{settings.public_url}{ROOT}{token}",
        smtp_host="",
        guest_days=1,
    )


_open: OrderedDict[Path, Site] = OrderedDict()
_lock = Lock()
