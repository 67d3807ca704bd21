"""Questions read from GIFT, Moodle's text format: what we have no place for is said to the author, line by line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.content.passages import words_of
from app.content.safe import sanitise
from app.content.schema import forbidden
from app.content.text import LARGEST
from app.content.yamltext import Broken, Mistake, compose
from app.i18n import _

Question = dict[str, Any]
"""As a document has it, without its uid: texts, lists and maps."""

ANSWERS, SENTENCES, QUESTIONS = 40, 100, 200
"""The most that is read: answers of a question, sentences of a file, questions of a file."""
OURS = "//|"
"""A comment for everyone else: what GIFT has no word for, as our documents say it."""
APART = ("unit", "feedback_right", "feedback_wrong")
"""Keys that go beside a question: GIFT has a place for it, none for them."""
TYPES = ("single", "multiple", "truefalse", "order", "match", "numeric", "short")

ESCAPED = "\\~=#{}:n"
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_HIDDEN = {ord(each): chr(rank) for rank, each in enumerate(ESCAPED, 1)}
"""An escaped sign is hidden behind a control character, which no text may hold."""
_BACK = {rank: "\n" if each == "n" else each for rank, each in enumerate(ESCAPED, 1)}
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_MARKED = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|span|strong|su[bp]|t(?:able|body|d|h|head|r)|u|ul)"
    r"\b[^<>]*>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
)
"""HTML in a text that names no format, which Moodle reads as it reads HTML."""
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:[.,][0-9]{1,10})?)%")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:[.,][0-9]{0,6})?|[.,][0-9]{1,6})")
_JOKER = re.compile(r"(?<!\\)\*")


@dataclass(frozen=True)
class Read:
    questions: tuple[Question, ...]
    said: tuple[Mistake, ...]
    """What was not taken, or not as it was, by line."""


def read(text: str) -> Read:
    """The questions of a GIFT text, in order. Never raises."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST:
        return Read((), (Mistake(1, _("fichier trop long : %(n)s Ko au plus", n=LARGEST // 1000)),))
    questions: list[Question] = []
    said: list[Mistake] = []
    for lines in _chunks(text):
        if len(questions) == QUESTIONS or len(said) > SENTENCES:
            said.append(Mistake(lines[0][0], _("la suite n’est pas lue : coupez ce fichier en plusieurs")))
            break
        chunk = _Chunk(lines, said)
        try:
            questions += chunk.questions()
        except Broken as broken:
            said.append(broken.mistake)
    return Read(tuple(questions), tuple(sorted(set(said))))


def _chunks(text: str) -> Iterator[list[tuple[int, str]]]:
    """The lines between blank ones, with their numbers."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found.append((number, line))
        elif found:
            yield found
            found = []
    if found:
        yield found


@dataclass
class _Piece:
    """An answer: its sign, the points that it says, its text and its feedback as they are written."""

    line: int
    mark: str
    weight: Decimal | None
    text: str
    back: str

    @property
    def worth(self) -> Decimal:
        return self.weight if self.weight is not None else Decimal(100 if self.mark == "=" else 0)


@dataclass
class _Chunk:
    """One question among its comments."""

    lines: Sequence[tuple[int, str]]
    said: list[Mistake]
    format: str = ""
    line: int = 0
    apart: list[str] = field(default_factory=list)
    html: bool = False
    marked: bool = False

    def questions(self) -> Iterator[Question]:
        text = self._text()
        ours = self._ours()
        if text:
            yield self._question(text) | {
                key: said for key, said in ours.items() if key in APART and isinstance(said, str)
            }
        elif ours.get("type", "single") in TYPES and ours:
            yield {key: said for key, said in ours.items() if key != "uid"}

    def _text(self) -> str:
        """What is left without comments; escaped signs are hidden."""
        self.line = self.lines[0][0]
        kept: list[str] = []
        for number, line in self.lines:
            start = line.lstrip()
            if found := forbidden(line):
                raise Broken(number, _("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}"))
            if start.startswith(OURS):
                self.apart.append(start.removeprefix(OURS).removeprefix(" "))
            elif start.startswith("$CATEGORY"):
                self._say(number, _("les catégories ne sont pas gardées : une étape a ses questions, sans dossier"))
            elif not start.startswith("//"):
                self.line = self.line if kept else number
                kept.append(line)
            elif kept:
                kept.append("")
        return _ESCAPE.sub(lambda found: _HIDDEN[ord(found[1])], "\n".join(kept)).strip()

    def _ours(self) -> Question:
        root, mistakes = compose("\n".join(self.apart), self.lines[0][0])
        plain = root.plain() if root is not None and not mistakes else {}
        if not isinstance(plain, dict) or mistakes:
            self._say(self.lines[0][0], _("les lignes « //| » ne se lisent pas : elles sont laissées"))
        return plain if isinstance(plain, dict) else {}

    def _say(self, line: int, sentence: str) -> None:
        if len(self.said) <= SENTENCES:
            self.said.append(Mistake(line, sentence))

    def _question(self, text: str) -> Question:
        text = self._untitled(text)
        ask, opening, rest = text.partition("{")
        inside, closing, after = rest.partition("}")
        if not opening:
            raise Broken(self.line, _("un texte sans réponses entre accolades n’est pas une question : il est laissé"))
        if not closing:
            raise Broken(self.line, _("l’accolade « { » n’est pas fermée avant la ligne vide"))
        if "{" in after or "{" in inside or "}" in after:
            said = _("deux questions ici, ou une accolade de trop : une ligne vide sépare deux questions")
            raise Broken(self.line, said)
        start = _FORMAT.match(ask.lstrip())
        self.format = start[1] if start else ""
        asked = self._words(f"{ask}_____{after}" if after.strip() else ask)
        if not asked:
            raise Broken(self.line, _("cette question n’a pas d’énoncé"))
        before, sign, general = inside.rpartition("####")
        inside, general = (before, general) if sign else (general, "")
        found = self._answered(inside, self.line + ask.count("\n"))
        explain = self._words(general)
        kind = {"type": found.pop("type")} if "type" in found else {}
        return kind | {"ask": asked} | found | ({"explain": explain} if explain else {})

    def _untitled(self, text: str) -> str:
        if not text.startswith("::"):
            return text
        title, closing, rest = text[2:].partition("::")
        if not closing:
            raise Broken(self.line, _("le titre « :: » n’est pas fermé par « :: »"))
        said = _("les titres « :: » ne sont pas gardés : une question n’a ici que son énoncé")
        if not any(each.message == said for each in self.said):
            self._say(self.line, said)
        self.line += title.count("\n")
        return rest.strip()

    def _answered(self, inside: str, line: int) -> Question:
        bare = inside.strip()
        if not bare:
            raise Broken(self.line, _("une question à réponse libre n’a pas de place dans un quiz : elle est laissée"))
        if bare.startswith("#"):
            return self._numeric(bare[1:], line)
        verdict, *said = bare.split("#")
        if verdict.strip().upper() in ("T", "TRUE", "F", "FALSE"):
            return self._truefalse(verdict.strip().upper()[0] == "T", said)
        pieces = self._pieces(inside, line)
        if any(piece.mark == "~" for piece in pieces):
            return self._choice(pieces)
        if any("->" in piece.text for piece in pieces):
            return self._match(pieces)
        return self._short(pieces)

    def _pieces(self, inside: str, line: int) -> list[_Piece]:
        parts = re.split(r"([=~])", inside)
        if parts[0].strip() or len(parts) == 1:
            raise Broken(line, _("chaque réponse commence par « = » (juste) ou « ~ » (fausse)"))
        if len(parts) > 2 * ANSWERS:
            raise Broken(line, _("trop de réponses à cette question : %(n)s au plus", n=ANSWERS))
        found = []
        line += parts[0].count("\n")
        for mark, raw in zip(parts[1::2], parts[2::2], strict=True):
            weighed = _WEIGHT.match(raw.lstrip())
            weight = Decimal(weighed[1].replace(",", ".")) if weighed else None
            said, _sign, back = (raw.lstrip()[weighed.end() :] if weighed else raw).partition("#")
            found.append(_Piece(line, mark, weight, said.strip(), back))
            line += raw.count("\n")
        return found

    def _truefalse(self, answer: bool, said: Sequence[str]) -> Question:
        wrong, right = (*said, "", "")[:2]
        return {"type": "truefalse", "answer": "yes" if answer else "no"} | self._feedback(right, wrong)

    def _choice(self, pieces: Sequence[_Piece]) -> Question:
        several = all(piece.mark == "~" for piece in pieces) and any(piece.worth > 0 for piece in pieces)
        options = []
        for piece in pieces:
            text = _one_line(self._words(piece.text))
            if not text:
                self._say(piece.line, _("une réponse sans texte est laissée"))
                continue
            right = piece.worth > 0 if several else piece.worth >= 100
            if piece.worth > 0 and not right:
                said = _("« %(text)s » vaut une partie des points : ici elle compte comme fausse", text=text[:60])
                self._say(piece.line, said)
            back = self._words(piece.back)
            options.append({"text": text} | ({"right": "yes"} if right else {}) | ({"feedback": back} if back else {}))
        rights = [piece.worth for piece in pieces if piece.worth >= (0.001 if several else 100)]
        if several and len(set(rights)) > 1:
            self._say(pieces[0].line, _("les bonnes réponses valent des points différents : ici il les faut toutes"))
        elif not several and len(rights) > 1:
            self._say(pieces[0].line, _("plusieurs bonnes réponses « = » : ici il faut les cocher toutes"))
        elif not rights:
            self._say(pieces[0].line, _("aucune bonne réponse : vous la cocherez dans le formulaire"))
        return ({"type": "multiple"} if several or len(rights) > 1 else {}) | {"options": options}

    def _match(self, pieces: Sequence[_Piece]) -> Question:
        pairs = []
        for piece in pieces:
            left, _arrow, right = piece.text.partition("->")
            pair = {"left": _one_line(self._words(left)), "right": _one_line(_bare(right))}
            if all(pair.values()):
                pairs.append(pair)
            else:
                self._say(piece.line, _("une réponse sans son vis-à-vis est laissée"))
            self._unsaid_back(piece)
        return {"type": "match", "pairs": pairs}

    def _unsaid_back(self, piece: _Piece) -> None:
        if piece.back.strip():
            self._say(piece.line, _("un commentaire par paire n’a pas de place ici : il est laissé"))

    def _short(self, pieces: Sequence[_Piece]) -> Question:
        accept, rights, wrongs = [], list[_Piece](), list[_Piece]()
        for piece in pieces:
            text = _one_line(_bare(_shaped(piece.text)[0]))
            if text == "*" and piece.worth == 0:
                wrongs.append(piece)
            elif piece.worth < 100 or _JOKER.search(text) or not text:
                said = _("« %(text)s » n’est pas prise : ni joker « * », ni point partiel, ni vide ici", text=text[:60])
                self._say(piece.line, said)
            else:
                rights.append(piece)
                accept.append(text.replace("\\*", "*"))
        return {"type": "short", "accept": accept} | self._feedback(self._first(rights), self._first(wrongs))

    def _first(self, pieces: Sequence[_Piece]) -> str:
        """Of feedback told answer by answer, what is told of all."""
        told = [piece for piece in pieces if piece.back.strip()]
        for piece in told:
            if piece.back.strip() != told[0].back.strip():
                self._say(piece.line, _("un seul commentaire est gardé pour toutes les réponses : le premier"))
        return told[0].back if told else ""

    def _numeric(self, bare: str, line: int) -> Question:
        right, _mark, wrong = bare.partition("~")
        pieces = self._pieces(right if "=" in right.partition("#")[0] else f"={right}", line)
        good = [piece for piece in pieces if piece.worth >= 100 and piece.text != "*"]
        others = [piece for piece in pieces if piece.text == "*" and piece.worth == 0]
        for piece in pieces:
            if piece not in good[:1] and piece not in others:
                self._say(
                    piece.line, _("une seule réponse est gardée pour un nombre : la première qui a tous les points")
                )
        if not good:
            raise Broken(line, _("aucune réponse entière pour ce nombre : la question est laissée"))
        back = wrong.partition("#")[2] or self._first(others)
        return {"type": "numeric"} | _number(good[0]) | self._feedback(good[0].back, back)

    def _feedback(self, right: str, wrong: str) -> Question:
        told = {"feedback_right": self._words(right), "feedback_wrong": self._words(wrong)}
        return {key: text for key, text in told.items() if text}

    def _words(self, raw: str) -> str:
        """Words as they will be kept: signs back in place, marks of HTML left out."""
        text, shape = _shaped(raw.strip(), self.format)
        text = _bare(text)
        if shape == "html" or (shape in ("", "moodle") and _MARKED.search(text)):
            told = words_of(sanitise(text))
            if "<" in text and not self.html:
                self.html = True
                self._say(self.line, _("la mise en forme HTML et les images sont laissées : les mots sont gardés"))
            text = "".join(each for each in told if not forbidden(each))
        elif shape == "markdown" and not self.marked:
            self.marked = True
            self._say(self.line, _("ce texte est en Markdown : ses marques y restent, retirez-les"))
        return text


def _shaped(text: str, shape: str = "") -> tuple[str, str]:
    """Without the name of its format, and that name."""
    found = _FORMAT.match(text)
    return (text[found.end() :], found[1]) if found else (text, shape)


def _bare(raw: str) -> str:
    """Words with their signs back in place, the lines that were indented for the eye as they read."""
    text = "\n".join(line.strip(" ") for line in raw.replace("\t", " ").split("\n")).translate(_BACK)
    return "\n".join(line.rstrip(" ") for line in text.strip().split("\n"))


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n"))


def _number(piece: _Piece) -> Question:
    """`12`, `12:0.5` or `11.5..12.5`. Raises Broken."""
    told = piece.text.translate(_BACK)[:60]
    low, between, high = piece.text.partition("..")
    middle, _colon, around = piece.text.partition(":")
    given = [part.strip() for part in ((low, high) if between else (middle, around or "0"))]
    if not all(NUMBER.fullmatch(part) for part in given):
        said = _("« %(text)s » n’est pas un nombre : « 12 », « 12:0.5 » ou « 11..13 » est attendu", text=told)
        raise Broken(piece.line, said)
    first, second = (Decimal(part.replace(",", ".")) for part in given)
    answer, tolerance = ((first + second) / 2, (second - first) / 2) if between else (first, second)
    if tolerance < 0 or any(-int(each.normalize().as_tuple().exponent) > 6 for each in (answer, tolerance)):
        raise Broken(piece.line, _("« %(text)s » : du plus petit au plus grand, six décimales au plus", text=told))
    return {"answer": _plainly(answer)} | ({"tolerance": _plainly(tolerance)} if tolerance else {})


def _plainly(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")
