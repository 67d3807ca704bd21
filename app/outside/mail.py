"""A mail as it travels: made of plain words, handed to the operator's server. No line break ever enters a header."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from app import clock
from app.config import Settings

SECONDS = 30
"""The longest silence of the server that is waited for."""
SUBJECT_MAX = 150
LINE = 76
"""Signs of a line of a header."""
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069\s]+")
_ADDRESS = re.compile(r"([^\s@<>()\"',;:\\\[\]\x00-\x1f\x7f]{1,64})@([^\s@<>()\"',;:\\\[\]\x00-\x1f\x7f]{1,253})")
_WHOLE = ("message-id", "list-unsubscribe")
"""Cut in two, they are no addresses any more."""


class CannotSend(Exception):
    """A sentence for who administers. `final`: trying again would change nothing."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.why = one_line(why)[:500]
        self.final = final


class Unreachable(CannotSend):
    """The server itself does not answer, or does not let us in: no other mail would leave."""


@dataclass(frozen=True)
class Mail:
    message_id: str
    to: str
    subject: str
    text: str
    html: str
    lang: str
    reply_to: str = ""
    stop: str = ""
    """The address which, when posted to, stops mails of that kind; « » where they may not be stopped."""


class Postman:
    """One connection to the server, opened for the first mail and closed after the last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """Returns once the server has taken it. Raises CannotSend."""
        sender, to = parseaddr(self._settings.mail_from)[1], _wire(mail.to)
        written = compose(mail, self._settings.mail_from)
        server, options = self._open(), [] if to.isascii() else ["SMTPUTF8"]
        try:
            server.sendmail(sender, [to], written, options)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise CannotSend(f"{code} {_said(said)}", final=500 <= code < 600) from refused
        except smtplib.SMTPResponseException as refused:
            self.close()
            raise CannotSend(f"{refused.smtp_code} {_said(refused.smtp_error)}") from refused
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise CannotSend(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server = None

    def _open(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = _connect(self._settings)
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(f"{type(error).__name__}: {error}") from error
        return self._server


def _connect(settings: Settings) -> smtplib.SMTP:
    safe, place = ssl.create_default_context(), (settings.smtp_host, settings.smtp_port)
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=safe)
    else:
        server = smtplib.SMTP(*place, timeout=SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=safe)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def compose(mail: Mail, sender: str) -> bytes:
    """The mail as it travels. Raises CannotSend for an address that is none."""
    to = _wire(mail.to)
    message = EmailMessage(_Policy(utf8=not to.isascii()))
    name, address = parseaddr(sender)
    message["Message-ID"] = one_line(mail.message_id)
    message["Date"] = format_datetime(clock.now())
    message["From"] = Address(one_line(name), *_wire(address).rsplit("@", 1))
    message["To"] = Address("", *to.rsplit("@", 1))
    message["Subject"] = one_line(mail.subject)[:SUBJECT_MAX]
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address("", *_wire(mail.reply_to).rsplit("@", 1))
    if mail.stop:
        message["List-Unsubscribe"] = f"<{one_line(mail.stop)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_sound(mail.text), cte="quoted-printable")
    message.add_alternative(_sound(mail.html), subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.lang
    return message.as_bytes()


def is_address(text: str) -> bool:
    """Whether a mail may be sent there."""
    try:
        return bool(_wire(text))
    except CannotSend:
        return False


def one_line(text: str) -> str:
    """What may stand in a header: no line break, not even an encoded one, nothing that turns letters around."""
    return _BREAK.sub(" ", text).replace("=?", "= ?").strip()


def _wire(address: str) -> str:
    """An address as servers write it: the name of the machine in ASCII."""
    found = _ADDRESS.fullmatch(address)
    try:
        if found and one_line(address) == address:
            return f"{found[1]}@{found[2].encode('idna').decode('ascii')}"
    except UnicodeError:
        pass
    raise CannotSend(f"« {one_line(address)[:80]} » is not an address", final=True)


def _sound(text: str) -> str:
    """What no charset can write is left out."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")


def _said(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _encoded(value: str, name: str, linesep: str) -> str:
    """Words of any letters on lines short enough: the policy’s own folding loses a space where it cuts a word."""
    if value.isascii() and len(value) + len(name) + 2 <= LINE:
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep=linesep)


class _Policy(EmailPolicy):
    """Lines end as SMTP wants, and an address in brackets is never cut or encoded."""

    linesep = SMTP.linesep

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            return f"{name}: {_encoded(str(value), name, self.linesep)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in (*_WHOLE, "subject"):
            return self.fold(name, value).encode("ascii", "ignore")
        return bytes(super().fold_binary(name, value))
