"""What a text that changes place must say: its number, its links, the files beside it; of a copy, its new names."""

import posixpath
import re
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any

from app.content import text
from app.content.naming import new_uid
from app.content.yamltext import emit
from app.errors import Refused
from app.i18n import _

MOST = 99
"""Steps of a module, or modules of a pathway: their numbers have two digits."""
_LINK = re.compile(r"(?<=\]\()(?![a-z][a-z0-9+.-]*:|/|#)([^)\s#]+\.md)(?=[)\s#])")
_FILE = re.compile(r"(?<![\w/.-])files/([a-z0-9-]+\.[a-z0-9]+)")


def number_of(path: str) -> int:
    """Of a step, or of a module by its folder: « 20-agir/ » is 20."""
    return int(path.rstrip("/").rsplit("/", 1)[-1][:2])


def numbered(taken: Sequence[int], index: int, own: Collection[int] = ()) -> list[int]:
    """The numbers of a row once something stands at `index`, the others keeping theirs where there is room.

    `own`: numbers that it had there before, taken again where they fit. Raises Refused for a hundredth.
    """
    before = taken[index - 1] if index else 0
    after = taken[index] if index < len(taken) else MOST + 1
    if free := range(before + 1, after):
        last = after > MOST and before + 10 <= MOST
        number = next((each for each in own if each in free), before + 10 if last else (before + after) // 2)
        return [*taken[:index], number, *taken[index:]]
    if len(taken) >= MOST:
        raise Refused(_("Il n’y a plus de place ici : %(n)s au plus.", n=MOST))
    gap = min(10, MOST // (len(taken) + 1))
    return [gap * rank for rank in range(1, len(taken) + 2)]


def relinked(content: str, was: str, now: str, moved: Mapping[str, str]) -> str:
    """A text that stood at `was` and stands at `now`, its links leading where they led. `moved`: old path -> new."""

    def led(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(was), found[1]))
        if target not in moved and posixpath.dirname(was) == posixpath.dirname(now):
            return found[0]
        return posixpath.relpath(moved.get(target, target), posixpath.dirname(now))

    return _LINK.sub(led, content)


def files_of(content: str) -> set[str]:
    """Names of the files of its module that a text shows."""
    return set(_FILE.findall(content))


def with_file(content: str, name: str, other: str) -> str:
    """The same text showing another file instead."""
    return _FILE.sub(lambda found: f"files/{other}" if found[1] == name else found[0], content)


def with_title(content: str, path: str, title: str) -> str:
    """The same text under another title. Raises Refused where its keys cannot be read."""
    front, body = _opened(content, path)
    return _closed(front | {"title": title}, body)


def with_new_names(content: str, path: str, names: MutableMapping[str, str]) -> str:
    """The same text whose steps, questions and objectives are others. `names`: old uid -> new, completed here.

    The fields that it recalls of what is copied with it are the copies’. Raises Refused where it cannot be read.
    """
    front, body = _opened(content, path)
    return _closed(_renamed(front, names), body)


def with_references(content: str, path: str, names: Mapping[str, str]) -> str:
    """The same text speaking of others: evidence and recalled fields of `names`, old uid -> new. As it is otherwise."""
    if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", content) for name in names):
        return content
    front, body = _opened(content, path)
    return _closed(_referring(front, names), body)


def _referring(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_referring(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _referring(item, names) for key, item in value.items()}
    if isinstance(proofs := found.get("evidence"), list):
        found["evidence"] = [names.get(str(each), each) for each in proofs]
    if isinstance(recalled := found.get("rappel"), list):
        found["rappel"] = [_recalled(each, names) for each in recalled]
    return found


def _renamed(value: Any, names: MutableMapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(uid := found.get("uid"), str) and uid:
        found["uid"] = names.setdefault(uid, new_uid())
    if isinstance(recalled := found.get("rappel"), list):
        found["rappel"] = [_recalled(each, names) for each in recalled]
    return found


def _recalled(reference: Any, names: Mapping[str, str]) -> Any:
    uid, dot, field = str(reference).partition(".")
    return f"{names[uid]}{dot}{field}" if uid in names else reference


def _opened(content: str, path: str) -> tuple[dict[str, Any], str]:
    tree = text.read(content, path)
    plain = tree.root.plain() if tree.root is not None else None
    if not isinstance(plain, dict):
        raise Refused(_("Ce texte ne se lit pas encore : ouvrez-le et corrigez ce qui est signalé."))
    return plain, tree.body


def _closed(front: Mapping[str, Any], body: str) -> str:
    said = f"---\n{emit(dict(front))}---\n"
    return f"{said}\n{body}\n" if body else said
