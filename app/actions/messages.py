"""What is to be said by mail: one row of the outbox for a cause and an address, in the transaction of that cause."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent, issuer
from app.i18n import DEFAULT, LANGUAGES
from app.models import ASKED_FOR, MailKind, MailStop, Message, same_email


def post(
    db: Session,
    kind: MailKind,
    *,
    cause: str,
    address: str,
    lang: str | None,
    data: Mapping[str, Any],
    person_id: int | None = None,
    reply_to: str | None = None,
    by: int | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Put one mail in the outbox, and say whether it is a new one: a cause said twice is one mail.

    Nothing is sent to an address that wants no more mail of that kind. `by`: who wanted it; `due_at`: not before.
    """
    address = same_email(address)
    if kind not in ASKED_FOR and stopped(db, address, kind):
        return False
    row = _row(db, kind, cause, address, data, lang=lang, reply_to=reply_to, by=by, due_at=due_at)
    values = row | {"person_id": person_id}
    return insert_if_absent(db, Message, values, ["kind", "cause", "address"])


def post_all(
    db: Session,
    kind: MailKind,
    mails: Iterable[tuple[str, str, Mapping[str, Any]]],
    *,
    lang: str | None,
    reply_to: str | None,
    by: int | None,
) -> None:
    """Many at once, in two statements: cause, address and data of each. Their causes are new in this transaction."""
    said = [(cause, same_email(address), data) for cause, address, data in mails]
    silent = set(db.scalars(select(MailStop.address).where(MailStop.kind == kind)))
    rows = [
        _row(db, kind, cause, address, data, lang=lang, reply_to=reply_to, by=by)
        for cause, address, data in said
        if address not in silent
    ]
    if rows:
        db.execute(insert(Message), rows)


def _row(
    db: Session,
    kind: MailKind,
    cause: str,
    address: str,
    data: Mapping[str, Any],
    *,
    lang: str | None,
    reply_to: str | None,
    by: int | None,
    due_at: datetime | None = None,
) -> dict[str, Any]:
    now = clock.now()
    return {
        "kind": kind,
        "cause": cause,
        "address": address,
        "lang": lang if lang in LANGUAGES else DEFAULT,
        "data": dict(data),
        "reply_to": same_email(reply_to) if reply_to else None,
        "by_id": by,
        "message_id": f"<{secrets.token_hex(16)}@{_site(db)}>",
        "created_at": now,
        "due_at": due_at or now,
        "tries": 0,
    }


def stopped(db: Session, address: str, kind: MailKind) -> bool:
    """Whether this address wants no more mail of that kind."""
    return db.get(MailStop, (address, kind)) is not None


def _site(db: Session) -> str:
    """Where a Message-ID comes from: letters, digits, dots and hyphens."""
    host = urlsplit(issuer(db).site).hostname or ""
    return re.sub(r"[^a-z0-9.-]", "", host)[:60] or "balises"
