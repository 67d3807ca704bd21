"""The base of every document and the scalars it is made of; each refusal is a sentence for its author."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    StringConstraints,
    WrapValidator,
    model_validator,
)
from pydantic import Field as Bounds
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from app.i18n import _

Loc = tuple[str | int, ...]
Flaw = tuple[Loc, str]

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_FRENCH_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:er)?[ \u00a0\u202f]({'|'.join(_MONTHS)})[ \u00a0\u202f](\d{{4}})\b", re.ASCII | re.I
)
_ISO_DATE = re.compile(r"(?<![\w/=-])(\d{4})-(\d{2})-(\d{2})(?![\w/=-])", re.ASCII)


class Ref(NamedTuple):
    """What a document needs to exist elsewhere."""

    loc: Loc
    kind: str
    """kit, sheet, tool, case, diagnostic, module, step, field, format, file, list or term."""
    value: str
    within: str = ""
    """Of a term, its lists, with a bar between; of a sheet, its kit, nothing for the same one."""


class Role(NamedTuple):
    """What a translation does with a key; it has none of the keys that bear no role."""

    same: bool = False
    """It repeats it, to say what it translates."""
    needed: bool = True
    """It has it wherever the original has it."""
    free: bool = False
    """It is not compared with the original's."""


T = TypeVar("T")
Same = Annotated[T, Role(same=True)]
"""An identity, which a translation repeats: a uid, a field's name."""
Said = Annotated[T, Role()]
"""Words, which a translation says in its language; of a list, as many."""
MaybeSaid = Annotated[T, Role(needed=False)]
"""Words that a translation may leave in the original's language: sources."""
FreelySaid = Annotated[T, Role(needed=False, free=True)]
"""Words of each language's own, whatever the original's: an author's note, the answers accepted."""


def role(field: FieldInfo) -> Role | None:
    """What a translation does with a key: declared once, on the key itself."""
    return next((mark for mark in field.metadata if isinstance(mark, Role)), None)


class Doc(BaseModel):
    """A part of a document: frozen, no unknown key; `flaws` says what no type can."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, use_attribute_docstrings=True)

    _original: Any = PrivateAttr(default=None)

    @property
    def original(self) -> Self:
        """Of a translation, what it translates: what is answered is known by the original's words. Else itself."""
        return self if self._original is None else self._original

    def strays(self) -> Iterator[Flaw]:
        """How a translation goes away from its original, beyond what roles say."""
        return iter(())

    def flaws(self) -> Iterator[Flaw]:
        """What is wrong between the keys, each with its place."""
        return iter(())

    def refs(self) -> Iterator[Ref]:
        return iter(())

    def uids(self) -> Iterator[tuple[Loc, str]]:
        """Every uid given here, unique in the whole site."""
        return iter(())

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if found := tuple(self.flaws()):
            raise PydanticCustomError("flaws", "flaws", {"flaws": found})
        return self


def refuse(message: str) -> NoReturn:
    """Stop a value here with a sentence."""
    raise PydanticCustomError("flaws", "flaws", {"flaws": (((), message),)})


def forbidden(text: str) -> re.Match[str] | None:
    """The first character that no document may hold: controls but newline and tab, separators, surrogates."""
    return _FORBIDDEN.search(text)


def impossible_dates(text: str) -> Iterator[tuple[int, str]]:
    """Dates that no calendar has, such as « 31 février 2024 », with where they stand."""
    for found in _FRENCH_DATE.finditer(text):
        if not _possible(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])):
            yield found.start(), found[0]
    for found in _ISO_DATE.finditer(text):
        if not _possible(int(found[1]), int(found[2]), int(found[3])):
            yield found.start(), found[0]


def _possible(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _tidy(value: object) -> object:
    if not isinstance(value, str):
        return value
    if found := forbidden(value):
        refuse(_("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}"))
    if "\t" in value:
        refuse(_("tabulation interdite : mettez des espaces"))
    return "\n".join(line.rstrip(" ") for line in value.strip().split("\n"))


def _one_line(value: str) -> str:
    if "\n" in value:
        refuse(_("ce texte tient sur une seule ligne"))
    return value


def _dated(value: str) -> str:
    for _start, found in impossible_dates(value):
        refuse(_("cette date n’existe pas : %(date)s", date=found))
    return value


def tidy_body(value: str) -> str:
    """A Markdown body without the blank lines around it."""
    if found := forbidden(value):
        refuse(_("caractère interdit (U+%(code)s)", code=f"{ord(found[0]):04X}"))
    return re.sub(r"\A(?:[ \t]*\n)+", "", value).rstrip() if value.strip() else ""


def _whole_number(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        return int(value)
    refuse(_("un nombre entier est attendu"))


def _decimal(value: object) -> object:
    if isinstance(value, Decimal):
        value = format(value, "f")
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?", value):
        refuse(_("un nombre est attendu, par exemple 12 ou 0.5"))
    number = Decimal(value.replace(",", ".")).normalize() + 0
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


def _yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        refuse(_("yes ou no est attendu"))
    return value == "yes"


def _web(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r'[\s<>"\\]', value)
    except ValueError:
        good = False
    if not good:
        refuse(_("une adresse est attendue, qui commence par https://"))
    return value


def _or_nothing(value: object, inner: Callable[[object], str]) -> str:
    return "" if value == "" else inner(value)


def matching(pattern: str, sentence: Callable[[], str]) -> AfterValidator:
    """A text that follows a pattern, or the sentence that says which one."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            refuse(sentence())
        return value

    return AfterValidator(check)


SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def a_file(*endings: str) -> AfterValidator:
    """A file of the module, by its place there; once published, by its address here."""
    pattern = rf"(?:files/{SLUG}|/media/[0-9a-f]{{64}})\.(?:{'|'.join(endings)})"
    ends = ", ".join(f".{ending}" for ending in endings)
    return matching(pattern, lambda: _("un fichier du module est attendu, comme files/nom : %(ends)s", ends=ends))


Whole = Annotated[int, BeforeValidator(_whole_number), Bounds(ge=0, le=100_000)]
Minutes = Annotated[int, BeforeValidator(_whole_number), Bounds(ge=1, le=10_000)]
Percent = Annotated[int, BeforeValidator(_whole_number), Bounds(ge=0, le=100)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Switch = Annotated[bool, BeforeValidator(_yes_or_no)]
Line = Annotated[
    str,
    BeforeValidator(_tidy),
    StringConstraints(min_length=1, max_length=300),
    AfterValidator(_one_line),
    AfterValidator(_dated),
]
"""One line of plain text, 300 characters at most."""
Title = Annotated[Line, StringConstraints(max_length=160)]
Text = Annotated[str, BeforeValidator(_tidy), StringConstraints(min_length=1, max_length=4000), AfterValidator(_dated)]
"""Plain text, 4000 characters at most."""
Body = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(tidy_body)]
"""Markdown, 100 000 characters at most."""
Url = Annotated[Line, AfterValidator(_web)]
Slug = Annotated[
    Line,
    StringConstraints(max_length=60),
    matching(SLUG, lambda: _("minuscules, chiffres et traits d’union sont attendus, par exemple « mon-nom »")),
]
Uid = Annotated[
    Line,
    matching(
        r"[a-z][a-z0-9-]{2,31}",
        lambda: _("3 à 32 caractères sont attendus : minuscules, chiffres et traits d’union, une lettre d’abord"),
    ),
]
FormatName = Annotated[Line, matching(r"[1-9][0-9]{0,2}(?:h|min)", lambda: _("un format s’écrit comme 2h ou 20min"))]
FieldRef = Annotated[
    Line,
    matching(
        r"[a-z][a-z0-9-]{2,31}\.[a-z][a-z0-9-]{0,31}",
        lambda: _("un rappel s’écrit uid.champ, par exemple a1-odd17.seul"),
    ),
]
Day = Annotated[
    Line,
    matching(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", lambda: _("une date est attendue, comme 2027-03-01")),
    Bounds(json_schema_extra={"format": "date"}),
]
"""A day of the calendar, as 2027-03-01."""
OrNothing = WrapValidator(_or_nothing)
MaybeLine = Annotated[Line, OrNothing]
MaybeText = Annotated[Text, OrNothing]
MaybeSlug = Annotated[Slug, OrNothing]
MaybeUrl = Annotated[Url, OrNothing]
MaybeDay = Annotated[Day, OrNothing]
MaybeUid = Annotated[Uid, OrNothing]
Texts = tuple[Text, ...]
Many = Bounds(max_length=200)


def doubles(values: list[str], name: str, key: str = "") -> Iterator[Flaw]:
    """A flaw for each value that was already there."""
    for rank, value in enumerate(values):
        if value in values[:rank]:
            loc: Loc = (name, rank, key) if key else (name, rank)
            yield loc, _("« %(value)s » est déjà pris plus haut", value=value)


class Document(Doc):
    """A whole file. `note`: the authors' own remark, never shown."""

    BODY: ClassVar[bool] = True
    """Whether Markdown follows the front matter; else the file is YAML alone."""
    NEEDED: ClassVar[tuple[str, ...]] = ()
    """Keys that may be absent only while the document is not ready."""

    note: FreelySaid[MaybeText] = ""

    @classmethod
    def lacking(cls, raw: dict[str, Any]) -> Iterator[str]:
        """The keys still to be written, unless the document says that it is not ready."""
        if raw.get("ready") not in ("no", False):
            yield from (name for name in cls.NEEDED if not raw.get(name))
