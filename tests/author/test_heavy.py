"""Recordings weigh what texts do not: looking at a site to publish or to try it does not take them into memory."""

import hashlib
import mmap
from pathlib import Path

from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Engines
from app.outside import store
from app.reads import drafts
from app.reads import publication as reads
from tests.build import demo_files
from tests.cast import Cast

FILM = "pathways/demo/10-decouvrir/files/le-mur-blanc.webm"


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"abc" * 1000)
    found = store.held(tmp_path, name)
    assert found is not None
    assert (len(found), found[:4], hashlib.sha256(found).hexdigest()) == (3000, b"abca", name)
    assert store.held(tmp_path, store.put(tmp_path, b"")) == b""
    assert store.held(tmp_path, "0" * 64) is None


def test_a_recording_is_looked_at_without_being_taken_into_memory(
    engines: Engines, settings: Settings, cast: Cast
) -> None:
    with Session(engines.read) as db:
        tried = drafts.readable(db, settings.media_dir)
        site = reads.site(db, settings.media_dir)
    published = {path: content for source in site.course.sources for path, content in source.files.items()}
    for files in (tried, published):
        assert isinstance(files[FILM], mmap.mmap)
        assert bytes(files[FILM]) == demo_files()[FILM]
        assert [path for path in files if isinstance(files[path], mmap.mmap)] == [FILM]
    assert site.course.problems == ()
