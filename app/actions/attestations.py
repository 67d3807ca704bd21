"""What becomes of an attestation once issued: corrected, revoked, its name shown to whoever checks it, or not."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.actions import summaries
from app.db import insert_if_absent
from app.errors import Missing, Refused
from app.i18n import _
from app.models import Agreed, Consent, Note, Person, Revocation, Summary, record
from app.reads import attestations, learning


def correct_own(db: Session, person_id: int, slug: str, format_minutes: int | None, name: str) -> str:
    """The person's own, under another name from now on; the code of the new one, or the same where nothing changes."""
    name = summaries.legible(name)
    person = db.get_one(Person, person_id, with_for_update={"key_share": True})
    if person.merged_into_id is not None:
        raise Refused(summaries.moved())
    held = learning.own_summaries(db, person_id, slug)
    if format_minutes not in held:
        raise Missing
    person.name = name
    return _again(db, held[format_minutes].id, name)


def correct(db: Session, typed: str, name: str, *, by: int | None) -> str:
    """The same by who administers, whoever's it is; their account keeps its name. `by`: nobody, by command."""
    summary = _found(db, typed)
    code = _again(db, summary.id, summaries.legible(name))
    if code != summary.code:
        record(db, "attestation.correct", f"summary:{summary.id}", by=by)
    return code


def _again(db: Session, summary_id: int, name: str) -> str:
    """Replaced and issued in one transaction; whoever comes second finds it done."""
    old = db.get_one(Summary, summary_id, with_for_update=True, populate_existing=True)
    if old.revoked_at is not None or old.withdrawn_at is not None:
        raise Refused(_("Cette attestation a été révoquée ou retirée : elle ne se corrige plus."))
    if old.replaced_at is not None:
        raise Refused(_("Cette attestation vient d’être remplacée. Rechargez la page."))
    says = {name: said for name, said in old.snapshot.items() if name != "signatory"} | summaries.issued_by(db, name)
    if old.signature is not None and says == old.snapshot:
        return old.code
    old.replaced_at = clock.now()
    db.flush()  # one stands at a time
    code = summaries.issue(db, old.enrolment_id, old.format_minutes, says, old.annex)
    if code is None:
        raise Refused(_("Cette attestation vient d’être remplacée. Rechargez la page."))
    old.replaced_by_id = attestations.number(db, code)
    db.execute(update(Note).where(Note.uid == old.code).values(uid=code))  # the note to one's board follows
    return code


def revoke(db: Session, typed: str, reason: Revocation, *, by: int | None) -> bool:
    """It no longer holds, and says why; False when it was revoked already. Raises Refused."""
    summary = _found(db, typed)
    changes = {"revoked_at": clock.now(), "revoked_by": by, "reason": reason.value}
    mine = update(Summary).where(Summary.id == summary.id, Summary.revoked_at.is_(None))
    if db.execute(mine.values(**changes).returning(Summary.id)).first() is None:
        return False
    record(db, "attestation.revoke", f"summary:{summary.id}", by=by, reason=reason.value)
    return True


def _found(db: Session, typed: str) -> Summary:
    found = attestations.by_code(db, attestations.as_code(typed))
    if found is None:
        raise Refused(_("Code inconnu."))
    return found.summary


def agree(db: Session, person_id: int, what: Agreed, *, yes: bool) -> None:
    """Agree, or no longer; twice is once."""
    person = db.get_one(Person, person_id, with_for_update={"key_share": True})
    if person.merged_into_id is not None:
        raise Refused(summaries.moved())
    if yes:
        values = {"person_id": person_id, "what": what, "given_at": clock.now()}
        insert_if_absent(db, Consent, values, ["person_id", "what"], Consent.ended_at.is_(None))
    else:
        still = (Consent.person_id == person_id, Consent.what == what, Consent.ended_at.is_(None))
        db.execute(update(Consent).where(*still).values(ended_at=clock.now()))
