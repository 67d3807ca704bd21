"""Flask-Login is told who is there by the door."""

from flask_login import LoginManager, UserMixin

from app.policy import Me
from app.web.door import here


class _User(UserMixin):  # type: ignore[misc]  # flask_login is not typed
    def __init__(self, me: Me) -> None:
        self.me = me


class _Manager(LoginManager):  # type: ignore[misc]
    def _session_protection_failed(self) -> bool:
        """Nothing of a session lives in a cookie: the mark of a browser, hashed for each page, would be compared to
        nothing.
        """
        return False


def login_manager() -> LoginManager:
    manager = _Manager()
    manager.session_protection = None

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(_request: object) -> _User | None:
        door = here()
        visit = None if door.lost else door.visit
        return _User(visit.me) if visit else None

    return manager
