"""Tries are counted, and who knows the password gets theirs back."""

from datetime import timedelta

from flask import render_template

from app.actions import passwords
from app.web import Answer, Door

WINDOW = timedelta(minutes=15)


TRIES_BY_ACCOUNT, TRIES_BY_PLACE = 10, 100
"""A room of learners shares one address."""


def one_more_try(door: Door, email: str) -> int:
    """One more try, by account and by place: the seconds to wait, or 0."""
    return door.wait("account", email, TRIES_BY_ACCOUNT, WINDOW) or door.wait(
        "place", door.place, TRIES_BY_PLACE, WINDOW
    )


def wait_for_link(door: Door) -> int:
    """One more look at a link, by place: the seconds to wait, or 0."""
    return door.wait("link", door.place, TRIES_BY_PLACE, WINDOW)


def prove(door: Door, email: str, password: str) -> passwords.Proof | None:
    """Whose password it is; who knows theirs gets their tries back."""
    proof = passwords.check(door.read, email, password)
    if proof:
        door.forgive("account", email)
    return proof


def answer(template: str, wait: int, **shown: object) -> Answer:
    """The page again, with what was typed: refused, or too many tries."""
    text = render_template(template, **shown)
    return (text, 429, {"Retry-After": str(wait)}) if wait else (text, 422)
