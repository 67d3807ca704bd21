"""Whatever people are called, a mail has the headers that we wrote and no other."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.letters import letter
from app.models import MailKind
from app.outside.mail import CannotSend, Mail, compose, is_address, one_line

OURS = {
    *("Message-ID", "Date", "From", "To", "Subject", "Content-Language", "Auto-Submitted", "Reply-To", "MIME-Version"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type"),
}
HOSTILE = [
    "Lundi\r\nBcc: all@x.example",
    "Lundi\nX: y\n\nBonjour",
    "\r\n\r\n<script>",
    "é" * 500,
    "a" * 3000,
    "\u2028Bcc: x\u2029\x85\x0b\x0c\x1c",
    "=?utf-8?q?=0D=0ABcc:_x?=",
    "=??Q?=0D0",
    "\ud800\udfff",
    "\u202eabc",
    "🧭" * 90,
    "a, b <c@x.example>; d:",
    '"\\',
    "",
]
words = st.one_of(
    st.text(max_size=300), st.sampled_from(HOSTILE), st.builds("{}{}".format, st.text(), st.sampled_from(HOSTILE))
)
STOP = f"https://{'sous-domaine.' * 6}balises.example/desinscription/123456789/{'f' * 32}"


def read(written: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(written, policy=default))


@given(cohort=words, trainer=words, text=words, kind=st.sampled_from(MailKind), lang=st.sampled_from(["fr", "en"]))
@example("Lundi\r\nBcc: all@x.example", "x", "y", MailKind.TRAINER, "fr")
@example("", "=??Q?=0D0", "", MailKind.INVITATION, "fr")
@example('"¡¡¡𐀀\u00a0¡', "0" * 23, "", MailKind.INVITATION, "en")
def test_no_name_adds_a_header(cohort: str, trainer: str, text: str, kind: MailKind, lang: str) -> None:
    data = dict.fromkeys(("cohort", "trainer", "text", "pathway", "step", "due", "format", "token"), cohort)
    data |= {"trainer": trainer, "text": text}
    said = letter(kind, lang, data, "https://balises.example", "/desinscription/1/a")
    mail = Mail("<a@b>", "lea@x.example", said.subject, said.text, said.html, lang, "tarik@x.example", STOP)
    written = compose(mail, "Balises <b@x.example>")
    found = read(written)
    assert set(found.keys()) == OURS
    assert found["To"].addresses[0].addr_spec == "lea@x.example"
    assert len(found["To"].addresses) == len(found["Reply-To"].addresses) == 1
    assert found["Subject"] == one_line(said.subject)[:150].strip()
    assert found["List-Unsubscribe"] == f"<{STOP}>"
    assert len(list(found.iter_parts())) == 2
    assert all(len(line) <= 998 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")


@given(address=st.one_of(st.text(max_size=100), st.sampled_from([f"lea@x.example{end}" for end in HOSTILE])))
@example("a@b@c")
@example("lea@x.example\r\nBcc: y@x.example")
@example("é@é.example")
def test_an_address_is_one_address_or_is_refused(address: str) -> None:
    mail = Mail("<a@b>", address, "s", "t", "<p>t</p>", "fr")
    if not is_address(address):
        with pytest.raises(CannotSend):
            compose(mail, "b@x.example")
        return
    written = compose(mail, "b@x.example")
    found = read(written)
    assert set(found.keys()) == OURS - {"Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"}
    assert len(found["To"].addresses) == 1


@pytest.mark.parametrize("kind", MailKind)
def test_every_kind_of_mail_is_written_in_both_languages(kind: MailKind) -> None:
    french, english = (
        letter(kind, lang, {"token": "x", "days": 7}, "https://balises.example") for lang in ("fr", "en")
    )
    assert french.subject != english.subject
    assert french.url == english.url
    assert french.url.startswith("https://balises.example/")
    assert french.url in french.text
    assert french.url in french.html
