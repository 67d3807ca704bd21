"""A document as it can be tried while it is being written: all that can be read of it, as if it were ready."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.content import folder, text
from app.content.course import Course, load_course
from app.content.documents import Problem
from app.content.outline import said
from app.content.parsed import Kinds
from app.content.yamltext import emit
from app.i18n import _

_STEP = re.compile(r"pathways/[^/]+/[0-9]{2}-[^/]+/(?!module\.)[^/]+\.md")
_BEARABLE = ("formats", "objectives")
"""Of a presentation that can be read: minutes that do not add up yet, objectives still too few."""
_WRITTEN = ("summary", "audience", "provenance")
"""What a presentation must say; « à écrire » stands for it meanwhile."""


@dataclass(frozen=True)
class Tried:
    """`course`: the whole site as it is drafted, without the other pathways."""

    course: Course
    title: str
    left: tuple[Problem, ...]
    """Why texts of the pathway are not in it, one problem each."""
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
    kept = {path: each for path, each in files.items() if not path.startswith("pathways/") or path.startswith(prefix)}
    title = said(front, _decoded(kept.get(front, b""))).get("title", "") or slug
    kept |= {path: _ready(path, content) for path, content in kept.items() if _STEP.fullmatch(path)}
    left: dict[str, Problem] = {}
    unsaid: set[str] = set()
    while True:
        if kind == "pathway":
            kept[front] = _presented(front, files.get(front, b""), kept, title, unsaid)
        course = load_course(kept, kinds)
        wrong = [problem for problem in course.problems if problem.path.startswith(prefix)]
        faults = [problem for problem in wrong if not _bearable(problem, front, course)]
        inside = [problem for problem in faults if problem.path != front] if kind == "pathway" else []
        dropped = {str(each.loc[0]) for each in faults if each.path == front and each.loc} - unsaid
        if not inside and not (kind == "pathway" and dropped):
            break
        unsaid |= dropped
        for problem in inside:
            left.setdefault(problem.path, problem)
            for path in _with(problem.path, kept):
                kept.pop(path, None)
    steps = [path for path in kept if _STEP.fullmatch(path)]
    whole = replace(course, problems=tuple(each for each in course.problems if each not in wrong))
    return Tried(whole, title, tuple(left.values()), tuple(faults), kind == "pathway" and not steps)


def _bearable(problem: Problem, front: str, course: Course) -> bool:
    """What matters to who publishes and not to who tries."""
    read = front.rsplit("/", 1)[0] + "/" in course.documents
    return problem.path == front and read and problem.loc[:1] in {(key,) for key in _BEARABLE}


def _with(path: str, files: Collection[str]) -> list[str]:
    """What goes with a text that is left out: its translations; with a module's, all its steps."""
    if path.endswith("/module.md"):
        return [each for each in files if each.startswith(path.removesuffix("module.md"))]
    return [each for each in files if each == path or (each.endswith(".md") and folder.original(each) == path)]


def _ready(path: str, content: bytes) -> bytes:
    """A step as if its author had said that it is ready."""
    plain, body = _split(path, content)
    if plain.get("ready") != "no":
        return content
    return _joined({key: value for key, value in plain.items() if key != "ready"}, body)


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
    plain["objectives"] = [kept for each in (listed if isinstance(listed, list) else ()) if (kept := _proved(each, uids))]
    return _joined({key: value for key, value in plain.items() if value}, "" if "body" in unsaid else body)


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


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "replace")
