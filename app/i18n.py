"""What people read, in French (the msgids) and in English, with its typography; the door sets the language."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.dates import format_date, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
DEFAULT = "fr"
ORIGINAL = "fr"
"""The language in which courses are written; the others are those of their translations."""
ZONE = "Europe/Paris"
ENGLISH_PO = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"

_lang: ContextVar[str] = ContextVar("lang", default=DEFAULT)


def set_lang(lang: str) -> None:
    """From now on, in this thread. An unknown language is French."""
    _lang.set(lang if lang in LANGUAGES else DEFAULT)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Inside, in this language: a mail, which its reader reads and not who has it sent."""
    before = _lang.set(lang if lang in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _lang.reset(before)


def get_lang() -> str:
    return _lang.get()


def _(message: str, /, **values: object) -> str:
    """The sentence in the reader's language, typographed; the values are put in as they come."""
    return _filled(_phrase(message, get_lang()), values)


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """`singular` or `plural` by the rule of the language; in French 0 and 1 are singular. `%(n)s` is given."""
    lang = get_lang()
    if lang == "en":
        english = _PLURALS.get(singular)
        chosen = english[n != 1] if english else plural if n != 1 else singular
    else:
        chosen = plural if abs(n) >= 2 else singular
    return _filled(_typo(chosen, lang), {"n": n, **values})


def typo(text: str, lang: str | None = None) -> str:
    """Plain text with the typography of a language, the reader's unless it is named; twice is once."""
    return _typo(text, lang or get_lang())


def minutes(n: int) -> str:
    """« 45 min », « 1 h 05 », « 4 h »."""
    hours, rest = divmod(n, 60)
    if not hours:
        return f"{rest}{_NBSP}min"
    return f"{hours}{_NBSP}h" + (f"{_NBSP}{rest:02}" if rest else "")


def steps_done(done: int, total: int, confirmed: int) -> str:
    """« 14 sur 14, dont 2 confirmées par qui anime »."""
    said = _("%(done)s sur %(total)s", done=done, total=total)
    if not confirmed:
        return said
    of_these = ngettext("dont %(n)s confirmée par qui anime", "dont %(n)s confirmées par qui anime", confirmed)
    return f"{said}, {of_these}"


def all_of(words: Sequence[str]) -> str:
    """« Tarik, Tess et Ada »."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s et %(last)s", first=", ".join(words[:-1]), last=words[-1])


def day(when: date) -> str:
    """« 1er décembre 2026 », « 1 December 2026 »."""
    english = get_lang() == "en"
    number = "1er" if when.day == 1 and not english else str(when.day)
    return f"{number}{_NBSP}{format_date(when, 'MMMM yyyy', locale='en' if english else 'fr')}"


def short_day(when: date) -> str:
    """« 1er déc. », « 1 Dec »."""
    english = get_lang() == "en"
    number = "1er" if when.day == 1 and not english else str(when.day)
    return f"{number}{_NBSP}{format_date(when, 'MMM', locale='en' if english else 'fr')}"


def moment(when: datetime, zone: str = ZONE) -> str:
    """« 25 novembre 2026 à 12 h 00 », « 25 November 2026 at 12:00 », in that time zone."""
    local = in_zone(when, zone)
    if get_lang() == "en":
        return f"{day(local)} at {local:%H:%M}"
    return f"{day(local)} à {local.hour}{_NBSP}h{_NBSP}{local:%M}"


def month(when: date) -> str:
    """« déc. », « Dec »: on a small calendar leaf."""
    return format_date(when, "MMM", locale="en" if get_lang() == "en" else "fr")


def weight(size: int) -> str:
    """« 148 Ko », « 2,3 Mo », « 2.3 MB »: of a file."""
    byte = "B" if get_lang() == "en" else "o"
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{_NBSP}K{byte}"
    number = f"{size / 1_000_000:.1f}"
    return f"{number if get_lang() == 'en' else number.replace('.', ',')}{_NBSP}M{byte}"


def in_zone(when: datetime, zone: str) -> datetime:
    """That moment on the clocks of a zone; an unknown zone is Paris."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    try:
        return when.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return when.astimezone(ZoneInfo(ZONE))


@cache
def zones() -> tuple[str, ...]:
    """The places whose clocks one may follow, by their IANA names."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return tuple(sorted(name for name in available_timezones() if name.startswith(tuple(f"{a}/" for a in areas))))


def city(zone: str) -> str:
    """« Bruxelles », « Brussels »: whose clocks they are, by the name of the zone."""
    return _city(zone, get_lang())


@lru_cache(2048)
def _city(zone: str, lang: str) -> str:
    try:
        return get_timezone_location(zone, locale=lang, return_city=True)
    except LookupError:
        return zone.rpartition("/")[2].replace("_", " ")


# Catalogue


def read_catalogue(path: Path = ENGLISH_PO) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def _load() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    singles: dict[str, str] = {}
    plurals: dict[str, tuple[str, str]] = {}
    for message in read_catalogue():
        match message.id, message.string:
            case str(french), str(english) if french and english:
                singles[french] = english
            case (str(french), _), (str(one), str(many)) if one and many:
                plurals[french] = (one, many)
    return singles, plurals


_SINGLES, _PLURALS = _load()


@lru_cache(4096)
def _phrase(message: str, lang: str) -> str:
    return _typo(_SINGLES.get(message, message) if lang == "en" else message, lang)


def _filled(phrase: str, values: dict[str, object]) -> str:
    return phrase % {name: _dressed(value) for name, value in values.items()} if values else phrase


def _dressed(value: object) -> object:
    """A plain text put into a sentence has the typography of its readers too."""
    return typo(value) if type(value) is str else value


# Typography

_NBSP, _THIN = "\u00a0", "\u202f"
_SPACE = f"[ {_NBSP}{_THIN}]"
_KEPT = re.compile(r"((?<=« )[a-z_]+: [^\s«»]+(?= »)|https?://[^\s«»”]+|www\.[^\s«»”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
"""Addresses, and keys quoted for an author, left as they are."""
_UNITS = r"h|min|s|%(?!\()|€|k€|M€|km|cm|mm|m²?|ha|kg|[KkMG]o"
_VALUE = r"(?:(?<=\d)|(?<=\)s)|(?<=\)d))"
"""After a number, or after the place of one in a sentence to fill."""


def _rules(*pairs: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), to) for pattern, to in pairs]


_FRENCH = _rules(
    (r"(?<=[\w)»])\.\.\.(?!\.)", "…"),
    (r"(?<=\w)'(?=[\w«“])", "’"),
    (rf"«{_SPACE}*", f"«{_NBSP}"),
    (rf"{_SPACE}*»", f"{_NBSP}»"),
    (rf"(?<![\s{_THIN}]){_SPACE}+(?=[;!?])", _THIN),
    (r"(?<=[\w)»”’…\]])(?=[;!?](?:[\s;!?)»”]|$))", _THIN),
    (rf"(?<!\s){_SPACE}+(?=:(?:\s|$))", _NBSP),
    (r"(?<=[\w)»”%…\]])(?=:(?:\s|$))", _NBSP),
    (rf"(?<![\d,.])(\d{{1,3}}){_SPACE}(?=\d{{3}}(?!\d))", rf"\1{_THIN}"),
    (rf"(?<={_THIN}\d{{3}}){_SPACE}(?=\d{{3}}(?!\d))", _THIN),
    (rf"{_VALUE}{_SPACE}(?=(?:{_UNITS})(?![\w²]))", _NBSP),
    (rf"(?<=\d{_NBSP}h){_SPACE}(?=\d\d?(?!\d))", _NBSP),
    (rf"(?<=\)s{_NBSP}h){_SPACE}(?=[\d%])", _NBSP),
    (rf"n°{_SPACE}?(?=[\d%])", f"n°{_NBSP}"),
)
_ENGLISH = _rules(
    (r"(?<=\w)'", "’"),
    (r"'(?=\w)", "‘"),
    (r'(?<![\w.,;:!?…’)])"(?=\S)', "“"),
    (r'"', "”"),
    (rf"{_VALUE}{_SPACE}(?=(?:min|h|km|[KkMG]o)(?!\w))", _NBSP),
)


def _typo(text: str, lang: str) -> str:
    return _typo_kept(text, lang) if len(text) <= _KEPT_LENGTH else _typo_anew(text, lang)


def _typo_anew(text: str, lang: str) -> str:
    rules = _ENGLISH if lang == "en" else _FRENCH
    parts = _KEPT.split(text)
    return "".join(part if rank % 2 else _apply(rules, part) for rank, part in enumerate(parts))


_KEPT_LENGTH = 400
"""Characters: titles, labels and sentences, which every page says again."""
_typo_kept = lru_cache(8192)(_typo_anew)


def _apply(rules: list[tuple[re.Pattern[str], str]], text: str) -> str:
    for pattern, to in rules:
        text = pattern.sub(to, text)
    return text
