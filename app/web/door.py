"""The one door: who comes in and may they, a token on what changes things, and one transaction for the view."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property, wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast

from flask import current_app, g, make_response, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge, abort
from werkzeug.wrappers import Response

from app import clock, trials
from app.actions import accounts
from app.config import Settings
from app.db import Engines, give_back
from app.errors import Forbidden
from app.i18n import LANGUAGES, _, get_lang, set_lang
from app.policy import Capability, Me, may
from app.reads import site as sites
from app.web import session
from app.web.address import Unreadable, bounded, site_of, word
from app.web.session import Cookie

SAFE = ("GET", "HEAD", "OPTIONS")
FIELDS_MAX = 500
SEEN_EVERY = timedelta(minutes=5)
TRIAL = "balises.trial"
"""Where a request says of which trial it is: see app/web/trial.py."""
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_UNSEEN = re.compile(r"[\x00\ud800-\udfff]")
"""What no database can hold and no person can type."""


class Stale(Exception):
    """403: the form's token is not ours, or no longer."""


class Foreign(Exception):
    """403: another site's page sent this form."""


class Ended(Exception):
    """403: the form belongs to a session that is over."""


class Door:
    """What a view is given. Sessions open when first used; the door alone commits."""

    def __init__(self, settings: Settings, engines: Engines, trial: trials.Trial | None = None) -> None:
        self.settings = settings
        self.trial = trial
        """The throw-away site that this door is of; None for the real one."""
        self.cookies: dict[str, Cookie] = {}
        self.fields_max = FIELDS_MAX
        self.lost = False
        """True when nobody can be recognised: the database is away."""
        self._engines = engines
        self._reading: Session | None = None
        self._writing: Session | None = None
        self._guest: int | None = None
        self.secret = session.well_formed(request.cookies.get(self.cookie_name))
        self.personal = self.secret is not None

    # Who

    @property
    def me(self) -> Me | None:
        return None if self.lost else self._recognised

    @cached_property
    def _recognised(self) -> Me | None:
        return cast("Me | None", getattr(current_user, "me", None))

    @property
    def person(self) -> Me:
        """The one whom the capability has let in."""
        if self.me is None:
            raise Forbidden
        return self.me

    def person_id(self) -> int:
        """Whoever asks; a visitor becomes a guest in the view's transaction."""
        if self.me:
            return self.me.id
        if self._guest is None:
            self._guest = accounts.become_guest(self.write, get_lang())
            self._start(self._guest, timedelta(days=self.settings.guest_days), keep=True)
        return self._guest

    @cached_property
    def visit(self) -> session.Visit | None:
        return session.recognise(self.read, self.secret) if self.secret else None

    @cached_property
    def site(self) -> sites.Site:
        """What the site says of itself: the real one, on the pages of a trial as well."""
        if self.trial is None:
            return sites.held(self.read, ask=not self.lost)
        with Session(cast(Engines, current_app.extensions["engines"]).read) as db:
            return sites.held(db, ask=not self.lost)

    # What they ask

    @cached_property
    def form(self) -> "ImmutableMultiDict[str, str]":
        body = request.get_data(cache=True)
        if len(body) < (request.content_length or 0):  # the connection was cut: half a text must not pass for the whole
            raise Unreadable(_("L’envoi s’est interrompu : rien n’est enregistré. Envoyez de nouveau."))
        pairs = list(request.form.items(multi=True))
        if len(pairs) > self.fields_max:
            raise RequestEntityTooLarge
        return ImmutableMultiDict([(_UNSEEN.sub("", name), _UNSEEN.sub("", text)) for name, text in pairs])

    def upload(self, name: str) -> bytes:
        """The content of a file that was sent, nothing where there is none; its name is never used."""
        sent = request.files.get(name) if self.form else None
        return sent.read() if sent else b""

    @cached_property
    def key(self) -> str:
        """The same for a click and its repetition."""
        posted = self.form.get("key", "")
        return posted if _KEY.fullmatch(posted) else secrets.token_hex(16)

    def query(self, name: str, allowed: tuple[str, ...] = ()) -> str:
        """A bounded value of the address, « » where it is absent or not among the allowed ones."""
        value = bounded(request.args.get(name, ""))
        return value if not allowed or value in allowed else ""

    @cached_property
    def foreign(self) -> bool:
        """Another site's page sent this. The browser withheld our cookie: giving one would end the person's session."""
        if request.method in SAFE:
            return False
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site:
            return site not in ("same-origin", "none")
        return origin is not None and site_of(origin) != request.host

    def choice(self, name: str) -> str:
        """A word of the address that a list offered, « » where it is absent. Raises Unreadable."""
        return word(self.query(name))

    # The database

    @property
    def read(self) -> Session:
        if self._reading is None:
            self._reading = Session(self._engines.read, expire_on_commit=False)
        return self._reading

    @property
    def write(self) -> Session:
        if request.method in SAFE:
            raise RuntimeError("a GET never writes")
        if self._writing is None:
            self._writing = Session(self._engines.write, expire_on_commit=False)
        return self._writing

    def wait(self, name: str, who: str, most: int, window: timedelta) -> int:
        """Count one try; the seconds to wait when there were too many, else 0."""
        with self._short() as db, db.begin():
            count, left = accounts.count_try(db, self._bucket(name, who), window)
        return left if count > most else 0

    @property
    def place(self) -> str:
        """Where they come from; a home has 2^64 addresses of the new kind, and is one place."""
        try:
            address = ip_address(request.remote_addr or "")
        except ValueError:
            return ""
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(ip_network((address, 64), strict=False))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def forgive(self, name: str, who: str) -> None:
        with self._short() as db, db.begin():
            accounts.forgive_tries(db, self._bucket(name, who))

    def _short(self) -> Session:
        """A transaction of the door's own, which survives a refusal."""
        if self._writing is not None:
            raise RuntimeError("the view's transaction has begun: two writers would wait for each other")
        return Session(self._engines.write)

    def _bucket(self, name: str, who: str) -> str:
        return f"{name}:{hmac.digest(self.settings.secret_key.encode(), who.encode(), hashlib.sha256).hex()[:32]}"

    # Coming and going

    def sign_in(self, person_id: int, *, keep: bool, joined: bool = False, link: str = "") -> None:
        """From the next page on, the browser is this person's; what it held before is over, or `joined` to it.

        `link`: the one-time link that did it.
        """
        if self.me and self.me.guest and not joined:
            accounts.leave_guest(self.write, self.me.id, self.me.sign_in_id, person_id)
        elif self.me:
            accounts.end_sign_in(self.write, self.me.sign_in_id)
        self._start(person_id, timedelta(days=self.settings.guest_days) if keep else accounts.SHORT, keep, link)

    def enters_again(self, link: str) -> bool:
        """A double click, an answer lost on the way: what a used link gave this browser, it gives again."""
        secret = session.derive(self.settings.secret_key, self.secret, link) if self.secret else ""
        visit = session.recognise(self.read, secret) if secret else None
        if visit:
            self._give(Cookie(self.cookie_name, secret, visit.lasts))
        return visit is not None

    def renew(self, person_id: int, *, keep: bool, link: str = "") -> None:
        """The same person, or a visitor who becomes one, under a new secret: copies of the one before are dead."""
        self.sign_in(person_id, keep=keep, joined=True, link=link)

    @property
    def kept(self) -> bool:
        """The browser was asked to remember this person."""
        return self.visit is not None and self.visit.lasts > accounts.SHORT

    def sign_out(self) -> None:
        if self.me:
            accounts.end_sign_in(self.write, self.me.sign_in_id)
        self._give(Cookie(self.cookie_name, "", timedelta(0), tied=True))

    def remember(self, name: str, value: str) -> None:
        """A preference, without identifier."""
        self._give(Cookie(name, value, timedelta(days=365), secret=False))

    def token(self) -> str:
        """For a form of this page; a browser that holds no secret yet receives one."""
        if self.foreign:
            return ""
        if self.secret is None:
            self.secret = session.new_secret()
            self._give(Cookie(self.cookie_name, self.secret))
        return session.token(self.settings.secret_key, self.secret)

    @property
    def cookie_name(self) -> str:
        if self.trial:
            return "essai"
        return "__Host-session" if self.settings.https_only else "session"

    def _start(self, person_id: int, lasts: timedelta, keep: bool, link: str = "") -> None:
        derived = session.derive(self.settings.secret_key, self.secret, link) if link and self.secret else ""
        secret = accounts.start_sign_in(self.write, person_id, str(request.user_agent), lasts, derived)
        self._give(Cookie(self.cookie_name, secret, lasts if keep else None, tied=True))

    def _give(self, cookie: Cookie) -> None:
        self.personal = True
        self.cookies[cookie.name] = cookie

    # The three moments, for `allow`

    def enter(self, capability: Capability, *, unseen: bool = False, signed: bool = False) -> None:
        """`unseen`: what the page sends by itself says nothing of who is there; `signed`: the address is the token."""
        choose_language(self.me)
        if request.method in SAFE:
            if not may(self.me, capability):
                self._send_to_sign_in()
            return
        if not signed:
            self._check_token()
        if not may(self.me, capability):
            raise Forbidden if self.me else Ended
        if not unseen:
            self._say_they_are_here()

    def leave(self, response: Response) -> None:
        """Keep what the view did when it went well; cookies that tell of it go with it."""
        if response.status_code >= 400:
            self.undo()
        elif self._writing is not None:
            self._writing.commit()

    def undo(self) -> None:
        if self._writing is not None:
            give_back(self._writing)
            self._writing = None
        self.cookies = {name: cookie for name, cookie in self.cookies.items() if not cookie.tied}

    def close(self) -> None:
        for db in (self._reading, self._writing):
            if db is not None:
                give_back(db)
        self._reading = self._writing = None

    def _send_to_sign_in(self) -> None:
        if self.me and not self.me.guest:
            raise Forbidden
        abort(redirect(url_for("accounts.sign_in", suite=request.full_path.rstrip("?")), 303))

    def _check_token(self) -> None:
        if self.foreign:
            raise Foreign
        posted = self.form.get("_token") or request.headers.get("X-CSRF-Token", "")
        if not (self.secret and session.proves(self.settings.secret_key, self.secret, posted)):
            raise Stale

    def _say_they_are_here(self) -> None:
        visit = self.visit
        if visit and clock.now() - visit.last_seen_at >= SEEN_EVERY:
            with self._short() as db, db.begin():
                accounts.prolong_sign_in(db, visit.me.sign_in_id, visit.lasts)
            if self.secret and visit.lasts > accounts.SHORT:
                self._give(Cookie(self.cookie_name, self.secret, visit.lasts))


Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def allow(
    capability: Capability, *, unseen: bool = False, signed: bool = False, fields: int = FIELDS_MAX, most: int = 0
) -> Callable[[Callable[..., Answer]], Callable[..., Response]]:
    """On every view: who may enter. `fields`: the most that its form may send; `most`: bytes, where files are heavy."""

    def around(view: Callable[..., Answer]) -> Callable[..., Response]:
        @wraps(view)
        def guarded(**values: Any) -> Response:
            door = here()
            door.fields_max = request.max_form_parts = fields
            if most:
                request.max_content_length = max(most, door.settings.max_request_bytes)
            door.enter(capability, unseen=unseen, signed=signed)
            try:
                response = make_response(view(door, **values))
                door.leave(response)
            except BaseException:
                door.undo()
                raise
            return response

        guarded.__dict__.update(capability=capability, signed=signed)
        return guarded

    return around


def here() -> Door:
    """The door of this request."""
    if "door" not in g:
        settings, token = current_app.extensions["settings"], request.environ.get(TRIAL)
        site = trials.find(settings, token) if token else None
        other = (site.settings, site.engines, site.trial) if site else (settings, current_app.extensions["engines"])
        g.door = Door(*other)
    return cast(Door, g.door)


def choose_language(me: Me | None) -> None:
    """The person's, else the cookie's, else the browser's, else French."""
    asked = (me.lang if me else None, request.cookies.get("lang"), request.accept_languages.best_match(LANGUAGES))
    set_lang(next((lang for lang in asked if lang in LANGUAGES), LANGUAGES[0]))
