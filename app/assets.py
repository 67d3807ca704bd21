"""What the browser keeps for ever: one stylesheet, one script, every file named by its content and compressed once."""

import gzip
import hashlib
import json
import posixpath
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from whitenoise import WhiteNoise

from app.config import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SOURCE = ROOT / "static"
COMMAND = "flask --app app.wsgi assets"
MANIFEST = "manifest.json"
PREFIX = "/static/"
KEPT_SECONDS = 7 * 24 * 3600
"""Files of earlier builds stay a week, for the pages that are still open somewhere."""

_TEXT = {".css", ".js", ".svg", ".json", ".txt", ".html", ".webmanifest", ".xml"}
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|/|#)([^"')]+?)([?#][^"')]*)?\1\s*\)""")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+$")


class WrongAsset(Exception):
    """A sentence for who builds: it names the file."""


@dataclass(frozen=True)
class Assets:
    """The names of a build: « app.css » -> « app.0f3a….css »."""

    names: dict[str, str]

    @classmethod
    def load(cls, folder: Path) -> "Assets":
        try:
            return cls(json.loads((folder / MANIFEST).read_text("utf-8")))
        except FileNotFoundError:
            raise WrongAsset(f"{folder / MANIFEST} is missing. Run: {COMMAND}") from None

    def url(self, name: str) -> str:
        """The address of a file of `static/`; `app.css` and `app.js` are the two bundles."""
        if name not in self.names:
            raise WrongAsset(f"static/{name} is not in the build. Add the file, then run: {COMMAND}")
        return PREFIX + self.names[name]


def build(folder: Path, source: Path = SOURCE) -> Assets:
    """Write everything under `folder`, the manifest last. A file that is already there is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and not name.startswith(("css/", "js/")) and not path.name.startswith("."):
            names[name] = _write(folder, name, path.read_bytes())
    css = _bundle(source, "css", lambda name, text: _with_hashed_urls(name, text, names))
    names["app.css"] = _write(folder, "app.css", css)
    names["app.js"] = _write(folder, "app.js", _bundle(source, "js", lambda _, text: text))
    _replace(folder / MANIFEST, json.dumps(names, indent=1, sort_keys=True).encode())
    _forget_old(folder, set(names.values()))
    return Assets(names)


def with_static(application: "WSGIApplication", folder: Path) -> "WSGIApplication":
    """Serve the build under /static/, before the application sees the request."""
    return WhiteNoise(  # type: ignore[no-any-return]  # whitenoise is not typed
        application,
        root=folder if folder.is_dir() else None,
        prefix=PREFIX,
        max_age=60,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        add_headers_function=_add_headers,
    )


def _bundle(source: Path, kind: str, change: Callable[[str, str], str]) -> bytes:
    """All files of one kind in one: in the order of `order.txt` where it exists, else by name."""
    folder = source / kind
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob(f"*.{kind}"))
    order = folder / "order.txt"
    if order.exists():
        listed = order.read_text("utf-8").split()
        strangers = sorted(set(listed) ^ set(found))
        if strangers or len(listed) != len(set(listed)):
            raise WrongAsset(
                f"static/{kind}/order.txt must list each file once: see {', '.join(strangers) or 'doubles'}."
            )
        found = listed
    texts = [change(f"{kind}/{name}", (folder / name).read_text("utf-8")).strip() for name in found]
    return "".join(f"{text}\n" if kind == "css" else f"{text}\n;\n" for text in texts).encode()


def _with_hashed_urls(name: str, text: str, names: dict[str, str]) -> str:
    def rewrite(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if target not in names:
            raise WrongAsset(f"static/{name} refers to {match[2]}, which does not exist.")
        return f'url("{names[target]}{match[3] or ""}")'  # the bundle stands at the root of /static/

    return _URL.sub(rewrite, text)


def _write(folder: Path, name: str, data: bytes) -> str:
    stem, suffix = posixpath.splitext(name)
    hashed = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
    path = folder / hashed
    if path.exists():
        path.touch()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix in _TEXT:
            for ending, packed in ((".gz", gzip.compress(data, 9, mtime=0)), (".br", brotli.compress(data))):
                if len(packed) < len(data):
                    _replace(Path(f"{path}{ending}"), packed)
        _replace(path, data)
    return hashed


def _replace(path: Path, data: bytes) -> None:
    """Whole or not at all: another process may be reading."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
    Path(file.name).chmod(0o644)
    shutil.move(file.name, path)


def _forget_old(folder: Path, kept: set[str]) -> None:
    limit = time.time() - KEPT_SECONDS  # the age of files on disk, not a moment of the platform
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix().removesuffix(".gz").removesuffix(".br")
        if path.is_file() and name not in kept and name != MANIFEST and path.stat().st_mtime < limit:
            path.unlink()


def _add_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["Referrer-Policy"] = "same-origin"
