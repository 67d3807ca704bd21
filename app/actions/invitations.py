"""Asking people to join a cohort: a link for the room, or one invitation each. Each verb done twice is done once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import messages
from app.actions.publishing import folded
from app.errors import Missing, Refused
from app.i18n import _, in_zone
from app.models import Cohort, CohortLink, Invitation, MailKind, opening, record, token_hash
from app.reads import invitations as reads
from app.reads import teaching
from app.reads.invitations import Said, Sorted

LASTS = timedelta(days=60)
"""How long one person's invitation opens the cohort."""
DAYS_MAX, USES_MAX = 365, 10_000


@dataclass(frozen=True)
class By:
    """Who invites: whose name the mail bears, and the site's key that makes the secrets."""

    person_id: int
    name: str
    email: str | None
    lang: str | None
    key: str


# One's own invitation


def check(db: Session, person_id: int, cohort_id: int, sent: Sorted) -> Sorted:
    """What would become of each line; nothing is written. Raises Missing, Refused."""
    return _sort(db, _open_cohort(db, person_id, cohort_id, lock=False).id, sent)[0]


def invite(db: Session, by: By, cohort_id: int, sent: Sorted) -> int:
    """Ask all those who are neither in the cohort nor asked already; how many. Raises Missing, Refused.

    In as many statements for five thousand as for one.
    """
    cohort = _open_cohort(db, by.person_id, cohort_id)
    sorted_, gone = _sort(db, cohort.id, sent)
    now = clock.now()
    if gone:
        db.execute(update(Invitation).where(Invitation.id.in_(gone)).values(withdrawn_at=now))
    if not sorted_.new:
        return 0
    rows = [
        {
            "cohort_id": cohort.id,
            "email": line.email or None,
            "name": line.name,
            "structure": line.structure,
            "statut": line.statut,
            "external_id": line.external_id or None,
            "token_hash": secrets.token_hex(32),
            "created_at": now,
            "created_by": by.person_id,
            "expires_at": now + LASTS,
        }
        for line in sorted_.new
    ]
    numbers = list(db.scalars(insert(Invitation).returning(Invitation.id, sort_by_parameter_order=True), rows))
    tokens = {number: opening.token(by.key, opening.INVITATION, number) for number in numbers}
    hashes = [{"id": number, "token_hash": token_hash(token)} for number, token in tokens.items()]
    db.execute(update(Invitation), hashes)
    mails = [
        (f"invitation:{number}:{(now + LASTS).date()}", line.email, tokens[number])
        for number, line in zip(numbers, sorted_.new, strict=True)
        if line.email
    ]
    _post(db, by, cohort, mails)
    record(db, "invitation.create", f"cohort:{cohort.id}", by=by.person_id, people=len(rows))
    return len(rows)


def _open_cohort(db: Session, person_id: int, cohort_id: int, *, lock: bool = True) -> Cohort:
    """Raises Missing, Refused."""
    cohort = teaching.led_cohort(db, person_id, cohort_id, lock=lock)
    if cohort.archived_at is not None:
        raise Refused(_("Cette cohorte est archivée : on n’y invite plus."))
    return cohort


def _sort(db: Session, cohort_id: int, sent: Sorted) -> tuple[Sorted, list[int]]:
    """The new ones, those who are there already; and the invitations of those who left, which make room."""
    there, gone = reads.known(db, cohort_id)
    emails = {email for email, *_rest in there if email}
    ids = {external for *_rest, external in there if external}
    names = {_named(name, structure) for _email, name, structure, _external in there if name}
    seen: dict[tuple[str, str], int] = {}
    new, already, refused = [], [], list(sent.refused)
    for line in sent.new:
        named = _named(line.name, line.structure)
        twice = seen.get(("email", line.email)) or (seen.get(("name", named)) if not line.email else None)
        if twice:
            already.append(Said(line.number, line.words, _("déjà à la ligne %(n)s", n=twice)))
        elif line.email and line.email in emails:
            already.append(Said(line.number, line.words, _("cette adresse est déjà invitée ou membre")))
        elif line.external_id and line.external_id in ids and not line.email:
            already.append(
                Said(line.number, line.words, _("cet identifiant est déjà celui d’une personne de la cohorte"))
            )
        elif not line.email and not line.external_id and named in names:
            already.append(Said(line.number, line.words, _("ce nom est déjà celui d’une personne de la cohorte")))
        elif line.external_id and (line.external_id in ids or ("id", line.external_id) in seen):
            refused.append(Said(line.number, line.words, _("L’identifiant est déjà celui de quelqu’un d’autre.")))
        else:
            new.append(line)
            keys = (("email", line.email), ("id", line.external_id), ("name", "" if line.external_id else named))
            seen |= {key: line.number for key in keys if key[1]}
    order = sorted(refused, key=lambda said: said.number)
    return replace(sent, new=tuple(new), there=tuple(already), refused=tuple(order)), gone


def _named(name: str, structure: str) -> str:
    return f"{folded(name)}|{folded(structure)}" if name else ""


def _post(db: Session, by: By, cohort: Cohort, mails: Sequence[tuple[str, str, str]]) -> None:
    """Cause, address and secret of each: their causes are new."""
    about = _about(db, by, cohort)
    said = ((cause, address, about | {"token": token}) for cause, address, token in mails)
    messages.post_all(db, MailKind.INVITATION, said, lang=by.lang, reply_to=by.email, by=by.person_id)


def _about(db: Session, by: By, cohort: Cohort) -> dict[str, str]:
    """What the mail says besides its secret: the pathway too, where one alone is asked."""
    asked = reads.running(db, cohort.id)
    until = in_zone(clock.now() + LASTS, cohort.zone).date()
    said = {"cohort": cohort.name, "trainer": by.name, "until": until.isoformat()}
    return said | {"pathway": asked[0].title} if len(asked) == 1 else said


def resend(db: Session, by: By, cohort_id: int, number: int) -> None:
    """The same link, for as long again; a mail a day at most. Raises Missing, Refused."""
    cohort = _open_cohort(db, by.person_id, cohort_id)
    found = _own(db, cohort.id, number)
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise Refused(_("Cette invitation a déjà servi, ou elle est retirée : il n’y a rien à renvoyer."))
    token = opening.token(by.key, opening.INVITATION, found.id)
    found.token_hash, found.expires_at = token_hash(token), clock.now() + LASTS
    if found.email:
        messages.post(
            db,
            MailKind.INVITATION,
            cause=f"invitation:{found.id}:{found.expires_at.date()}",
            address=found.email,
            lang=by.lang,
            data=_about(db, by, cohort) | {"token": token},
            reply_to=by.email,
            by=by.person_id,
        )


def withdraw(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """It opens nothing any more; who is in already stays. Raises Missing."""
    cohort = teaching.led_cohort(db, person_id, cohort_id, lock=True)
    found = _own(db, cohort.id, number)
    if found.accepted_at is None and found.withdrawn_at is None:
        found.withdrawn_at = clock.now()
        record(db, "invitation.withdraw", f"invitation:{number}", by=person_id)


def restore(db: Session, person_id: int, cohort_id: int, number: int) -> None:
    """Taken back by mistake: it opens again what it opened. Raises Missing, Refused."""
    cohort = _open_cohort(db, person_id, cohort_id)
    found = _own(db, cohort.id, number)
    if found.withdrawn_at is None:
        return
    same = select(Invitation.id).where(Invitation.cohort_id == cohort.id, Invitation.withdrawn_at.is_(None))
    for column, own in ((Invitation.email, found.email), (Invitation.external_id, found.external_id)):
        if own is not None and db.scalar(same.where(column == own).limit(1)) is not None:
            raise Refused(_("Cette personne a reçu une autre invitation depuis : celle-ci ne sert plus."))
    found.withdrawn_at = None
    record(db, "invitation.restore", f"invitation:{number}", by=person_id)


def _own(db: Session, cohort_id: int, number: int) -> Invitation:
    found = db.scalar(select(Invitation).filter_by(id=number, cohort_id=cohort_id))
    if found is None:
        raise Missing
    return found


def note_opened(db: Session, token: str) -> None:
    """Somebody has seen the page of their invitation: its own script or a form says it, never the address alone."""
    unseen = (Invitation.token_hash == token_hash(token), Invitation.opened_at.is_(None))
    db.execute(update(Invitation).where(*unseen).values(opened_at=clock.now()))


# The link of the room


def open_link(db: Session, by: By, cohort_id: int, days: int, uses: int) -> None:
    """A link and code for so many days and people; the one before opens nothing any more. Raises Missing, Refused."""
    cohort = _open_cohort(db, by.person_id, cohort_id)
    if not 1 <= days <= DAYS_MAX:
        raise Refused(_("Écrivez un nombre de jours, de 1 à %(n)s.", n=DAYS_MAX), field="days")
    if not 1 <= uses <= USES_MAX:
        raise Refused(_("Écrivez un nombre de personnes, de 1 à %(n)s.", n=USES_MAX), field="uses")
    now = clock.now()
    _revoke(db, cohort.id, now)
    link = CohortLink(
        cohort_id=cohort.id,
        token_hash=secrets.token_hex(32),
        code_hash=secrets.token_hex(32),
        uses_left=uses,
        created_at=now,
        created_by=by.person_id,
        expires_at=now + timedelta(days=days),
    )
    db.add(link)
    db.flush()
    link.token_hash = token_hash(opening.token(by.key, opening.LINK, link.id))
    link.code_hash = opening.code_hash(by.key, opening.code(by.key, link.id))
    db.flush()
    record(db, "cohort.link", f"cohort:{cohort.id}", by=by.person_id, link=link.id)


def revoke_link(db: Session, person_id: int, cohort_id: int) -> None:
    """Neither link nor code lets anybody in; who is in stays. Raises Missing."""
    cohort = teaching.led_cohort(db, person_id, cohort_id, lock=True)
    if _revoke(db, cohort.id, clock.now()):
        record(db, "cohort.link_revoke", f"cohort:{cohort.id}", by=person_id)


def _revoke(db: Session, cohort_id: int, now: datetime) -> bool:
    live = (CohortLink.cohort_id == cohort_id, CohortLink.revoked_at.is_(None))
    return bool(db.scalars(update(CohortLink).where(*live).values(revoked_at=now).returning(CohortLink.id)).all())
