"""What an author might look at again: it keeps nothing from being published."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app import clock
from app.content import markdown, reading_time
from app.content.documents import PathwayDoc, Problem, StepDoc
from app.content.formats import inside
from app.content.parsed import Parsed, Part
from app.content.schema import Document
from app.i18n import _, minutes, ngettext

LONGEST = 30
"""Words of a sentence that is still read at once."""
APART, SHORTEST, LONGEST_PACE = 3, 60, 150
"""Minutes, and percents of those announced, beyond which what a text asks is another length than what it says."""
QUOTED = 8
"""Words of a sentence by which its author finds it again."""

_SENTENCE = re.compile(r"(?<=[.!?…])[»”\"')\s\u00a0\u202f]+(?=[«“A-ZÀ-ÖØ-Þ0-9])|(?<=[;:])\s+(?=[–•-])")
_WORD = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ÿŒœ][0-9A-Za-zÀ-ÖØ-öø-ÿŒœ’'.,-]*")
_FACT = re.compile(
    r"""(?<![\w/.-])(?:
      (?:1[89]|20)[0-9]{2}(?![0-9\w])                                          # a year
      | [0-9][0-9.,\s\u00a0\u202f]*(?:%|€|euros?\b|millions?\b|milliards?\b)   # a share, a sum
      | [0-9]{1,3}(?:[\s\u00a0\u202f.][0-9]{3})+(?![0-9])                      # thousands
    )""",
    re.VERBOSE,
)
_WORDS = ("summary", "key", "takeaway")
"""Keys that are read as running text."""


def advise(documents: Iterable[Parsed]) -> list[Problem]:
    """Advice on documents, in the order of their files."""
    known = list(documents)
    found: list[Problem] = []
    for parsed in known:
        for part in parsed.files:
            found += _long(part)
            found += _unsourced(part)
            found += _paced(part)
            found += _old(part)
        if parsed.front and isinstance(parsed.front.doc, PathwayDoc):
            modules = [each for each in known if each.source.home == parsed.source.slug]
            steps = [part.doc for each in modules for part in each.parts if isinstance(part.doc, StepDoc)]
            found += _waiting(parsed.front, parsed.front.doc, steps)
    return sorted(found)


def told(documents: Iterable[Parsed]) -> list[Problem]:
    """The same, each beginning by what it is."""
    return [replace(each, message=_("conseil : %(said)s", said=each.message)) for each in advise(documents)]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph."""
    yield from (found for each in _SENTENCE.split(text) if (found := each.strip()))


def words(text: str) -> int:
    return len(_WORD.findall(text))


def _long(part: Part) -> Iterator[Problem]:
    """Sentences that one has to read twice."""
    for key in _WORDS:
        for sentence in sentences(str(getattr(part.doc, key, ""))):
            if words(sentence) > LONGEST:
                yield part.tree.problem((key,), _too_long(sentence))
    for paragraph in markdown.paragraphs(_body(part)):
        for sentence in sentences(paragraph.text):
            if words(sentence) > LONGEST:
                yield _in_body(part, paragraph, _too_long(sentence))


def _too_long(sentence: str) -> str:
    start = " ".join(sentence.split()[:QUOTED])
    return _("phrase de %(n)s mots, %(most)s au plus : « %(start)s… »", n=words(sentence), most=LONGEST, start=start)


def _unsourced(part: Part) -> Iterator[Problem]:
    """Figures and years of a text that says nowhere where they come from."""
    if any(getattr(part.doc, name, None) for name in ("sources", "facts", "fictional")):
        return
    for paragraph in markdown.paragraphs(_body(part)):
        fact = _FACT.search(paragraph.text)
        if fact and not paragraph.sourced:
            said = _("« %(fact)s » n’a pas de source : ajoutez-la au texte ou dans « Sources »", fact=fact[0].strip())
            yield _in_body(part, paragraph, said)


def _paced(part: Part) -> Iterator[Problem]:
    """Minutes that the words and gestures of a step do not make."""
    step = part.doc
    if not isinstance(step, StepDoc) or not step.ready:
        return
    asked = reading_time.estimated(step)
    near = SHORTEST * step.minutes <= 100 * asked <= LONGEST_PACE * step.minutes
    if asked and not near and abs(asked - step.minutes) > APART:
        said = _("%(n)s min annoncées, mais les mots et les gestes en demandent %(asked)s", n=step.minutes, asked=asked)
        yield part.tree.problem(("minutes",), said)


def _old(part: Part) -> Iterator[Problem]:
    """Facts whose day to be looked at again has come."""
    for rank in stale(part.doc):
        fact = part.doc.facts[rank]  # type: ignore[attr-defined]  # a step, since it has some
        day = f"{fact.review[8:]}/{fact.review[5:7]}/{fact.review[:4]}"
        said = _("« %(claim)s » est à revoir depuis le %(day)s", claim=fact.claim, day=day)
        yield part.tree.problem(("facts", rank, "review"), said)


def stale(doc: Document) -> list[int]:
    """Ranks of the facts that are to be looked at again by now."""
    today = clock.now().date().isoformat()
    return [rank for rank, fact in enumerate(getattr(doc, "facts", ())) if fact.review and fact.review <= today]


def _waiting(front: Part, doc: PathwayDoc, steps: list[StepDoc]) -> Iterator[Problem]:
    """Formats that will not open."""
    for rank, format in enumerate(doc.formats):
        n = sum(not step.ready for step in inside(doc, format, steps))
        if n:
            said = ngettext(
                "le format %(name)s n’ouvrira pas : %(n)s étape est encore à écrire",
                "le format %(name)s n’ouvrira pas : %(n)s étapes sont encore à écrire",
                n,
                name=minutes(format.minutes),
            )
            yield front.tree.problem(("formats", rank), said)


def _body(part: Part) -> str:
    return str(getattr(part.doc, "body", ""))


def _in_body(part: Part, paragraph: markdown.Paragraph, said: str) -> Problem:
    return Problem(part.path, part.tree.body_line + paragraph.line, said, ("body",))
