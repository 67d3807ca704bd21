"""What the pages of an attestation show: the person's own, and what anyone reads who holds its code."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.config import Settings
from app.errors import Missing
from app.i18n import ORIGINAL, ZONE, _, in_zone, minutes
from app.models import Agreed, Revocation, Summary
from app.outside import qr
from app.policy import Me
from app.reads import attestations, learning, people
from app.reads.attestations import Standing, in_groups
from app.steps import KINDS


@dataclass(frozen=True)
class Facts:
    """What was signed, as people read it; days are those of one place, the same for everyone."""

    name: str
    organisation: str
    signatory: str
    """Who answers for it; « » where nobody is named."""
    site: str
    pathway: str
    lang: str
    """Of the pathway's words: that of the day it was issued."""
    format_label: str
    edition: int
    started: date
    finished: date
    issued: date
    steps: int
    confirmed: int
    """Of these steps, how many a trainer said done."""
    credited_minutes: int
    objectives: tuple[str, ...]
    evidence: tuple[tuple[str, int], ...]
    """Kind of the steps that hold traces, and how many."""
    provenance: str


def _facts(summary: Summary) -> Facts:
    says = summary.snapshot
    return Facts(
        name=says["name"],
        organisation=says.get("organisation") or urlsplit(says.get("site", "")).netloc or "Balises",
        signatory=says.get("signatory", ""),
        site=says.get("site", ""),
        pathway=says["pathway"],
        lang=says.get("lang", ORIGINAL),
        format_label=minutes(says["format_minutes"]),
        edition=says["edition"],
        started=_day(datetime.fromisoformat(says["started_at"])),
        finished=_day(datetime.fromisoformat(says["finished_at"])),
        issued=_day(summary.issued_at),
        steps=says["steps"],
        confirmed=says.get("confirmed", 0),
        credited_minutes=says["credited_minutes"],
        objectives=tuple(says["objectives"]),
        evidence=tuple((KINDS[kind].label(), n) for kind, n in says.get("evidence", {}).items() if kind in KINDS),
        provenance=says["provenance"],
    )


def _day(when: datetime) -> date:
    return in_zone(when, ZONE).date()


@dataclass(frozen=True)
class AttestationPage:
    """One's own."""

    slug: str
    format_minutes: int
    code: str
    """In four groups."""
    url: str
    """Where anyone checks it."""
    square: str
    """That address as an SVG element."""
    standing: str
    reason: str
    facts: Facts
    named: bool
    """Who checks it reads the name."""
    name: str
    """In the field of the correction."""
    error: str


def attestation(
    db: Session, me: Me, settings: Settings, slug: str, wanted: int | None, *, name: str | None = None
) -> AttestationPage:
    """The person's own, of the longest format unless told which. `name`: just typed. Raises Missing."""
    summary, standing = _own(db, me, slug, wanted)
    url = f"{settings.public_url}/verifier/{summary.code}"
    facts = _facts(summary)
    return AttestationPage(
        slug=slug,
        format_minutes=summary.format_minutes,
        code=in_groups(summary.code),
        url=url,
        square=qr.svg(url),
        standing=standing,
        reason=_reason(summary),
        facts=facts,
        named=people.agrees(db, me.id, Agreed.NAME_ON_VERIFICATION),
        name=facts.name if name is None else name,
        error="",
    )


def refused(page: AttestationPage, error: str) -> AttestationPage:
    return replace(page, error=error)


def _own(db: Session, me: Me, slug: str, wanted: int | None) -> tuple[Summary, Standing]:
    held = learning.own_summaries(db, me.id, slug)
    code = held[wanted or max(held)].code if held and (wanted is None or wanted in held) else None
    found = attestations.by_code(db, code) if code else None
    if found is None:
        raise Missing
    return found.summary, found.standing


def signed(db: Session, me: Me, slug: str, wanted: int | None) -> tuple[dict[str, Any], str]:
    """The very words that were signed, and the signature, to check elsewhere. Raises Missing."""
    summary, standing = _own(db, me, slug, wanted)
    if standing is Standing.UNSIGNED:
        raise Missing
    return summary.statement, summary.signature or ""


@dataclass(frozen=True)
class VerifyPage:
    typed: str
    error: str


def verify(typed: str = "") -> VerifyPage:
    """The form. `typed`: what is no code."""
    n = attestations.CODE_LENGTH
    error = _("Un code a %(n)s lettres et chiffres, en quatre groupes de quatre. Relisez-le.", n=n) if typed else ""
    return VerifyPage(typed, error)


@dataclass(frozen=True)
class VerificationPage:
    """What a code says to whoever holds it."""

    code: str
    """In four groups."""
    raw: str
    standing: str
    """« unknown » when no attestation has it."""
    facts: Facts | None
    """None where nothing signed can be repeated."""
    named: bool
    replaced_by: str
    reason: str
    since: date | None
    """The day when it was revoked or withdrawn."""
    typed: str
    """A name to compare."""
    answer: bool | None
    error: str

    @property
    def status(self) -> int:
        return 404 if self.standing == UNKNOWN else 422 if self.error else 200


UNKNOWN = "unknown"
SAID = (Standing.VALID, Standing.REPLACED, Standing.REVOKED, Standing.UNSIGNED)


def verification(db: Session, code: str, name: str | None = None) -> VerificationPage:
    """`name`: one that the visitor reads on the document in hand, to compare."""
    found = attestations.by_code(db, code)
    page = VerificationPage(in_groups(code), code, UNKNOWN, None, False, "", "", None, "", None, "")
    if found is None:
        return page
    facts = _facts(found.summary) if found.standing in SAID else None
    ended = found.summary.revoked_at or found.summary.withdrawn_at
    page = replace(
        page,
        standing=found.standing.value,
        facts=facts,
        named=found.named,
        replaced_by=found.replaced_by,
        reason=_reason(found.summary),
        since=_day(ended) if ended else None,
    )
    return page if name is None or facts is None else _compared(page, facts, name)


def _compared(page: VerificationPage, facts: Facts, name: str) -> VerificationPage:
    if not name.strip():
        return replace(page, error=_("Écrivez le nom que porte le document."))
    return replace(page, typed=name, answer=attestations.same_name(facts.name, name))


def _reason(summary: Summary) -> str:
    return attestations.reason_words(Revocation(summary.reason)) if summary.reason else ""


@dataclass(frozen=True)
class KeysPage:
    keys: tuple[tuple[str, str, date, date | None], ...]
    """Name, public key in base64, since when, until when."""


def keys(db: Session) -> KeysPage:
    found = attestations.keys(db)
    return KeysPage(
        tuple((k.key_id, k.public_key, _day(k.since), _day(k.retired_at) if k.retired_at else None) for k in found)
    )
