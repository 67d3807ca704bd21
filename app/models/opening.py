"""The secrets that open a cohort, made anew from the site's key and a row's number: the table holds their digests."""

import base64
import hashlib
import hmac
import re

CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that is read for something else when it is said aloud or written by hand."""
CODE_LENGTH = 8
_READ_AS = str.maketrans("OIL", "011")
_CODE = re.compile(f"[{CODE_SIGNS}]{{{CODE_LENGTH}}}")

LINK, INVITATION, CARD = "cohort_link", "invitation", "resume_card"
"""What a secret belongs to."""


def token(key: str, what: str, number: int) -> str:
    """128 bits for an address: 22 characters. `key`: the site's."""
    return base64.urlsafe_b64encode(_raw(key, f"{what} {number}")[:16]).decode().rstrip("=")


def code(key: str, link: int) -> str:
    """Forty bits to type, for the link of that number."""
    bits = int.from_bytes(_raw(key, f"code {link}")[:5])
    return "".join(CODE_SIGNS[bits >> shift & 31] for shift in range(35, -1, -5))


def spoken(code: str) -> str:
    """As it is shown: « K7QM-2XRT »."""
    return f"{code[:4]}-{code[4:]}"


def typed(text: str) -> str | None:
    """The code that somebody typed, whatever the spaces, hyphens and look-alikes; None when it is none."""
    found = re.sub(r"[\s‐-―.-]", "", text).upper().translate(_READ_AS)
    return found if _CODE.fullmatch(found) else None


def code_hash(key: str, code: str) -> str:
    """What is kept of a code: forty bits could be tried one by one, so the site's key is part of it."""
    return _raw(key, f"typed {code}").hex()


def _raw(key: str, words: str) -> bytes:
    return hmac.digest(key.encode(), f"opening {words}".encode(), hashlib.sha256)
