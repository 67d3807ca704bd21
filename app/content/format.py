"""The canonical spelling of the texts of a courses folder."""

from collections.abc import Mapping

from app.content import folder, text
from app.content.documents import Problem
from app.content.parsed import Kinds, parse_file


def canonical(files: Mapping[str, bytes], kinds: Kinds) -> tuple[dict[str, bytes], list[Problem]]:
    """Every text that can be read, as it is best written, and the problems of the others."""
    texts: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path, content in files.items():
        if path.endswith(folder.TEXT):
            doc, _tree, said = parse_file(path, content, kinds, files)
            problems += said
            if doc is not None:
                texts[path] = text.render(doc).encode()
    return texts, sorted(problems)
