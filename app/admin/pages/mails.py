"""The outbox, for who administers: what waits, what left, what was given up, and what each mail says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.errors import Missing
from app.i18n import _, get_lang
from app.letters import HIDDEN, letter
from app.reads import mail as reads
from app.reads.mail import State, kind_label

SIZE = 50


@dataclass(frozen=True)
class MailLine:
    number: int
    label: str
    address: str
    at: datetime
    """Due, sent or given up, as its state says."""
    tries: int
    error: str


@dataclass(frozen=True)
class MailsPage:
    sends: bool
    state: State
    tabs: tuple[tuple[str, str, int], ...]
    """State, what one calls it, how many."""
    lines: tuple[MailLine, ...]
    before: int | None
    """Where the next page begins."""


def mails(db: Session, settings: Settings, state: str, before: int | None) -> MailsPage:
    """`before`: the number that ends the page before."""
    wanted, counts = State(state) if state in set(State) else State.WAITING, reads.counts(db)
    rows = reads.page(db, wanted, before, SIZE + 1)
    shown = rows[:SIZE]
    return MailsPage(
        sends=settings.sends_mail,
        state=wanted,
        tabs=tuple((each.value, label, counts[each]) for each, label in _labels().items()),
        lines=tuple(
            MailLine(
                row.id,
                kind_label(row.kind),
                row.address,
                row.sent_at or row.gave_up_at or row.dropped_at or row.due_at,
                row.tries,
                row.error or "",
            )
            for row in shown
        ),
        before=shown[-1].id if len(rows) > SIZE else None,
    )


def _labels() -> dict[State, str]:
    return {
        State.WAITING: _("En attente"),
        State.SENT: _("Partis"),
        State.GAVE_UP: _("Abandonnés"),
        State.DROPPED: _("Sans objet"),
    }


@dataclass(frozen=True)
class MailPage:
    number: int
    sends: bool
    label: str
    address: str
    reply_to: str
    state: State
    state_label: str
    at: datetime
    tries: int
    error: str
    subject: str
    text: str
    secret: bool
    """It holds a link that is not shown here."""
    link: str = ""
    """The link, once it is asked for."""
    alert: str = ""
    done: bool = False

    @property
    def can_leave(self) -> bool:
        return self.sends and self.state in (State.WAITING, State.GAVE_UP)

    @property
    def can_show(self) -> bool:
        return not self.sends and self.secret and self.state is State.WAITING and not self.link


def mail(
    db: Session, settings: Settings, number: int, *, token: str = "", alert: str = "", done: bool = False
) -> MailPage:
    """`token`: of its link, when it was asked for. Raises Missing."""
    row = reads.message(db, number)
    if row is None:
        raise Missing
    words = letter(row.kind, row.lang or get_lang(), {**row.data, HIDDEN: token or "…"}, settings.public_url)
    state = reads.state(row)
    return MailPage(
        number=row.id,
        sends=settings.sends_mail,
        label=kind_label(row.kind),
        address=row.address,
        reply_to=row.reply_to or "",
        state=state,
        state_label=_labels()[state],
        at=row.sent_at or row.gave_up_at or row.dropped_at or row.due_at,
        tries=row.tries,
        error=row.error or "",
        subject=words.subject,
        text=words.text,
        secret=words.url.endswith("…"),
        link=words.url if token else "",
        alert=alert,
        done=done,
    )
