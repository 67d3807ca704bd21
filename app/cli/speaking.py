"""What every command does: a transaction of its own, a sentence for what is refused, a non-zero code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.config import Settings
from app.errors import Refused
from app.i18n import _
from app.outside import sign
from app.schema import COMMAND


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction of its own, kept when nothing was refused."""
    with saying(), Session(current_app.extensions["engines"].write, expire_on_commit=False) as db:
        yield db
        db.commit()


@contextmanager
def saying() -> Iterator[None]:
    """What is refused, by us, by the database or by the disk, is a sentence and exit code 1."""
    try:
        yield
    except (Refused, sign.WrongKey) as refusal:
        fail(str(refusal))
    except DBAPIError:
        fail(_("La base ne répond pas, ou n’est pas à jour. Vérifiez DATABASE_URL, puis lancez : %(c)s", c=COMMAND))
    except UnicodeError:
        fail(_("Ce texte n’est pas en UTF-8 : rien n’est enregistré."))
    except OSError as error:
        fail(_("Impossible de lire ou d’écrire « %(path)s » : %(why)s", path=error.filename, why=error.strerror))


def fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
