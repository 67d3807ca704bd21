"""An attestation found by its code, for who administers: what it says, and what can still be done with it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.i18n import ORIGINAL, ZONE, _, in_zone, minutes
from app.models import Revocation
from app.reads import attestations as reads
from app.reads.attestations import Attestation, Standing


@dataclass(frozen=True)
class AttestationLine:
    code: str
    """As it is kept."""
    name: str
    pathway: str
    lang: str
    """Of the pathway's words."""
    format_label: str
    issued: date
    standing: str
    """What it is worth, in words."""
    holds: bool
    """Its name can be corrected."""
    revocable: bool


@dataclass(frozen=True)
class AttestationsPage:
    code: str
    """In four groups, or as it was typed."""
    found: AttestationLine | None
    reasons: tuple[tuple[str, str], ...]
    """For a revocation."""
    name: str
    """In the field of the correction."""
    error: str
    about: str
    """What the error is about: « code », « name » or « reason »."""
    done: str
    """« correction » or « revocation », just done."""


def attestations(
    db: Session, typed: str, *, name: str | None = None, error: str = "", about: str = "code", done: str = ""
) -> AttestationsPage:
    """`typed`: a code, « » before one is. `name`, `error`, `about`: of a form just refused."""
    code = reads.as_code(typed)[:60]
    there = reads.by_code(db, code) if code else None
    found = _line(code, there) if there else None
    if typed.strip() and found is None:
        error = _("Aucune attestation de ce site ne porte ce code. Relisez-le sur le document, groupe par groupe.")
        about = "code"
    return AttestationsPage(
        code=reads.in_groups(code) if found else typed[:60],
        found=found,
        reasons=tuple((each.value, reads.reason_words(each)) for each in Revocation),
        name=name if name is not None else found.name if found else "",
        error=error,
        about=about,
        done=done if found else "",
    )


def _line(code: str, there: Attestation) -> AttestationLine:
    says = there.summary.snapshot
    holds = there.standing in (Standing.VALID, Standing.UNSIGNED)
    return AttestationLine(
        code=code,
        name=says["name"],
        pathway=says["pathway"],
        lang=says.get("lang", ORIGINAL),
        format_label=minutes(says["format_minutes"]),
        issued=in_zone(there.summary.issued_at, ZONE).date(),
        standing=_words(there),
        holds=holds,
        revocable=holds or there.standing in (Standing.REPLACED, Standing.ALTERED),
    )


def _words(there: Attestation) -> str:
    reason = there.summary.reason
    if there.standing is Standing.REVOKED and reason:
        return _("révoquée : %(reason)s", reason=reads.reason_words(Revocation(reason)))
    return {
        Standing.VALID: _("authentique"),
        Standing.REPLACED: _("remplacée"),
        Standing.REVOKED: _("révoquée"),
        Standing.WITHDRAWN: _("retirée"),
        Standing.ALTERED: _("elle ne correspond pas à sa signature"),
        Standing.UNSIGNED: _("établie avant que ce site ne signe"),
    }[there.standing]
