"""The pathway that the authors' guide writes is one that the platform accepts."""

import re

from app.config import ROOT
from app.content import course, folder
from app.content.format import canonical
from app.steps import KINDS

BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)


def test_every_text_of_the_guide_is_accepted_and_canonical() -> None:
    blocks = {path: text.encode() for path, text in BLOCK.findall((ROOT / "docs" / "author-guide.md").read_text())}
    assert len(blocks) > 10
    files, _problems = folder.read(ROOT / "courses")
    assert [str(problem) for problem in course.load_course({**files, **blocks}, KINDS).problems] == []
    texts, refused = canonical(blocks, KINDS)
    assert refused == []
    assert {path: text for path, text in texts.items() if text != blocks[path]} == {}
