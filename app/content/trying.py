"""A document as it can be tried while it is being written: all that can be read of it, as if it were ready."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.content import folder, text
from app.content.course import Course, load_course
from app.content.documents import Problem
from app.content.outline import outline, said
from app.content.parsed import Kinds
from app.content.yamltext import emit
from app.i18n import _

_STEP = re.compile(r"pathways/[^/]+/[0-9]{2}-[^/]+/(?!module\.)[^/]+\.md")
_BEARABLE = ("formats", "objectives")
"""Of a presentation: minutes that do not add up yet, objectives still too few. That is for who publishes."""
_NEW = {"uid", "kind", "title", "format", "minutes", "optional", "ready", "note"}
"""What a step says before a word of it is written."""
_WRITTEN = ("summary", "audience", "provenance")
"""What a presentation must say; « à écrire » stands for it meanwhile."""


@dataclass(frozen=True)
class Left:
    """A text that is not tried, and why."""

    path: str
    title: str
    message: str


@dataclass(frozen=True)
class Tried:
    """`course`: the whole site as it is drafted; when a pathway is tried, without the others."""

    course: Course
    title: str
    left: tuple[Left, ...]
    faults: tuple[Problem, ...]
    """What keeps it from being tried at all."""
    empty: bool
    """A pathway of which no step can be read."""


def tried(files: Mapping[str, bytes], kind: str, slug: str, kinds: Kinds) -> Tried:
    """A pathway without the steps that have something to put right; any other document as it is.

    `files`: every draft of the site, by path. `kinds`: the step kinds, by name.
    """
    prefix = f"{kind}s/{slug}/"
    front = f"{prefix}{kind}.md"
    alone = kind != "pathway"
    kept = {
        path: each
        for path, each in files.items()
        if alone or not path.startswith("pathways/") or path.startswith(prefix)
    }
    kept |= {} if alone else _borrowed(files, prefix)
    title = said(front, _decoded(kept.get(front, b""))).get("title", "") or slug
    left: dict[str, Left] = {}
    for path in [path for path in kept if _STEP.fullmatch(path) and not alone]:
        if path not in kept:
            continue
        if _begun(path, kept[path]):
            kept[path] = _ready(path, kept[path], kinds)
        else:
            left[path] = Left(path, _title(path, kept), _("en cours d’écriture"))
            for each in _with(path, kept):
                kept.pop(each)
    unsaid: set[str] = set()
    while True:
        if not alone:
            kept[front] = _presented(front, files.get(front, b""), kept, title, unsaid)
        course = load_course(kept, kinds)
        wrong = [problem for problem in course.problems if problem.path.startswith(prefix)]
        presented = [problem for problem in wrong if problem.path == front]
        bearable = _BEARABLE if prefix in course.documents else _BEARABLE[:1]
        dropped = {str(each.loc[0]) if each.loc else "body" for each in presented} - unsaid - {*bearable}
        inside = [problem for problem in wrong if problem.path != front]
        if alone or not (inside or dropped):
            break
        unsaid |= dropped
        for problem in inside:
            left.setdefault(problem.path, Left(problem.path, _title(problem.path, kept), problem.message))
            for path in _with(problem.path, kept):
                kept.pop(path, None)
    faults = wrong if alone or prefix not in course.documents else []
    steps = [path for path in kept if _STEP.fullmatch(path)]
    read = tuple(path for path in course.documents if path.startswith(("diagnostics/", "cases/")))
    known = tuple(each for each in course.problems if each not in wrong and not each.path.startswith(read))
    whole = replace(course, problems=known)
    return Tried(whole, title, tuple(left.values()), tuple(faults), not alone and not steps)


def _borrowed(files: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    """The modules that a pathway takes from others, as if they were written in it: the others are not there."""
    found: dict[str, bytes] = {}
    for path in [path for path in files if path.startswith(prefix) and path.endswith("/module.md")]:
        home, _bar, module = said(path, _decoded(files[path])).get("use", "").partition("/")
        place = re.compile(rf"pathways/{re.escape(home)}/[0-9]{{2}}-{re.escape(module)}/(.+)")
        found |= {
            f"{path.removesuffix('module.md')}{mine[1]}": files[each]
            for each in (files if module else ())
            if (mine := place.fullmatch(each))
        }
    return found


def _with(path: str, files: Collection[str]) -> list[str]:
    """What goes with a text that is left out: its translations; with a module's, all its steps."""
    if path.endswith("/module.md"):
        return [each for each in files if each.startswith(path.removesuffix("module.md"))]
    return [each for each in files if each == path or (each.endswith(".md") and folder.original(each) == path)]


def _begun(path: str, content: bytes) -> bool:
    """Whether there is a word of a step besides its line in the plan."""
    plain, body = _split(path, content)
    return plain.get("ready") != "no" or bool(body or plain.keys() - _NEW)


def _ready(path: str, content: bytes, kinds: Kinds) -> bytes:
    """A step as if its author had said that it is ready, words in the place of its last touches."""
    plain, body = _split(path, content)
    if plain.get("ready") != "no":
        return content
    kind = kinds.get(str(plain.get("kind")))
    lacking = set(kind.Content.lacking(plain | {"ready": "yes"})) if kind else set()
    touches = {key: said for key, said in _touches().items() if key in lacking}
    return _joined({key: value for key, value in plain.items() if key != "ready"} | touches, body)


def _touches() -> dict[str, Any]:
    words = _("À écrire.")
    return {"key": words, "takeaway": words, "sources": [words]}


def _presented(front: str, content: bytes, files: Mapping[str, bytes], title: str, unsaid: Collection[str]) -> bytes:
    """A presentation with words in the place of what is not written, or cannot be: `unsaid`."""
    plain, body = _split(front, content)
    if not plain:
        return content
    plain = {key: value for key, value in plain.items() if key not in unsaid and value}
    words = _("À écrire.")
    plain = {"title": title} | plain | {key: words for key in _WRITTEN if key not in plain}
    plain.setdefault("sources", [words])
    uids = {said(path, _decoded(files[path])).get("uid", "") for path in files if _STEP.fullmatch(path)}
    listed = plain.get("objectives")
    plain |= _formats(plain, front, files)
    plain["objectives"] = [
        kept for each in (listed if isinstance(listed, list) else ()) if (kept := _proved(each, uids))
    ]
    return _joined({key: value for key, value in plain.items() if value}, "" if "body" in unsaid else body)


def _formats(plain: Mapping[str, Any], front: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Formats as long as what is written of them, where one of them is off what it announces."""
    texts = {path: _decoded(content) for path, content in files.items() if path.endswith(".md")} | {front: ""}
    texts[front] = _decoded(_joined({"formats": plain.get("formats", [])}, ""))
    found = outline(front.split("/")[1], texts).formats
    if not found or all(budget.accepted for budget in found):
        return {}
    formats, before = [], 0
    for budget in found:
        adds_later = any(later.sum > budget.sum for later in found)
        empty = before + 1 if adds_later else max(budget.minutes, before + 1)
        before = budget.sum if budget.sum > before else empty
        formats.append({"name": budget.name, "minutes": str(before)})
    return {"formats": formats, "type": ""}


def _proved(objective: object, uids: Collection[str]) -> dict[str, Any]:
    """An objective with the evidence that is there; nothing without any."""
    if not isinstance(objective, dict) or not isinstance(objective.get("evidence"), list):
        return {}
    evidence = [uid for uid in objective["evidence"] if uid in uids]
    return objective | {"evidence": evidence} if evidence else {}


def _split(path: str, content: bytes) -> tuple[dict[str, Any], str]:
    tree = text.read(_decoded(content), path)
    plain = tree.root.plain() if tree.root is not None else {}
    return (plain if isinstance(plain, dict) else {}), tree.body


def _joined(front: Mapping[str, Any], body: str) -> bytes:
    return f"---\n{emit(dict(front))}---\n\n{body}\n".encode()


def _title(path: str, files: Mapping[str, bytes]) -> str:
    return said(path, _decoded(files.get(path, b""))).get("title", "") or path


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "replace")
