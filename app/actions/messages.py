"""What is to be said by mail: one row of the outbox for a cause and an address, in the transaction of that cause."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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
    address, now = same_email(address), clock.now()
    if kind not in ASKED_FOR and stopped(db, address, kind):
        return False
    values = {
        "kind": kind,
        "cause": cause,
        "address": address,
        "person_id": person_id,
        "lang": lang if lang in LANGUAGES else DEFAULT,
        "data": dict(data),
        "reply_to": same_email(reply_to) if reply_to else None,
        "by_id": by,
        "message_id": f"<{secrets.token_hex(16)}@{_site(db)}>",
        "created_at": now,
        "due_at": due_at or now,
        "tries": 0,
    }
    return insert_if_absent(db, Message, values, ["kind", "cause", "address"])


def stopped(db: Session, address: str, kind: MailKind) -> bool:
    """Whether this address wants no more mail of that kind."""
    return db.get(MailStop, (address, kind)) is not None


def _site(db: Session) -> str:
    """Where a Message-ID comes from: letters, digits, dots and hyphens."""
    host = urlsplit(issuer(db).site).hostname or ""
    return re.sub(r"[^a-z0-9.-]", "", host)[:60] or "balises"
