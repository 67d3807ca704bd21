"""A browser without a screen: it keeps its cookie and sends the token that a form would."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.actions import accounts
from app.config import Settings
from app.db import Engines
from app.web import session


class Client:
    """One person's device; a visitor's until `sign_in`."""

    def __init__(self, app: Flask, settings: Settings, engines: Engines) -> None:
        self.web = app.test_client()
        self.settings = settings
        self.engines = engines

    def sign_in(self, person_id: int) -> "Client":
        with Session(self.engines.write) as db:
            self.web.set_cookie("session", accounts.start_sign_in(db, person_id, "a test", timedelta(days=1)))
            db.commit()
        return self

    def get(self, path: str) -> TestResponse:
        return self.web.get(path)

    def post(self, path: str, **fields: str | list[str]) -> TestResponse:
        return self.send(path, fields)

    def send(self, path: str, fields: dict[str, str | list[str]], follow: bool = False) -> TestResponse:
        """A POST with a good token. `fields`: a list is a field sent several times."""
        return self.web.post(path, data={"_token": self.token(), **fields}, follow_redirects=follow)

    def token(self) -> str:
        cookie = self.web.get_cookie("session")
        if cookie is None:
            self.web.set_cookie("session", session.new_secret())
            cookie = self.web.get_cookie("session")
        assert cookie is not None
        return session.token(self.settings.secret_key, cookie.value)
