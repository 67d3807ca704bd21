"""What an operator may choose: one frozen object, read once from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PUBLISHERS = ("authors", "admins")
ENVIRONMENTS = ("production", "development", "test")
KEY_LENGTH = 32
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the mail server is talked to, and its usual door."""
HOW_TO_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class WrongSetting(Exception):
    """A sentence for the operator; it names the variable."""


@dataclass(frozen=True)
class Issuer:
    """Who signs attestations: under which name, on which site, with the key of which file; where to write to them."""

    name: str
    site: str
    key_file: Path
    contact: str


@dataclass(frozen=True)
class Settings:
    """Each field is read from the variable of the same name in capitals: see docs/configuration.md."""

    balises_env: str
    secret_key: str
    secret_key_file: Path | None
    database_url: str
    database_pool_size: int
    database_pool_seconds: int
    database_connect_seconds: int
    database_statement_seconds: int
    database_lock_seconds: int
    database_idle_seconds: int
    host: str
    port: int
    web_workers: int
    web_threads: int
    public_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    https_only: bool
    max_request_bytes: int
    courses_dir: Path
    media_dir: Path
    assets_dir: Path
    signing_key_file: Path
    temporary_dir: Path
    guest_days: int
    publishing: str
    source_url: str
    operator_name: str
    operator_contact: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    smtp_password_file: Path | None
    mail_from: str

    @property
    def production(self) -> bool:
        return self.balises_env == "production"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def offers_links(self) -> bool:
        """Whether to propose what comes by mail: it leaves, or somebody at work reads it on the site."""
        return self.sends_mail or not self.production

    @property
    def issuer(self) -> Issuer:
        return Issuer(self.operator_name, self.public_url, self.signing_key_file, self.operator_contact)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check everything. Raises WrongSetting."""
        read = _Reader(environ)
        env = read.word("BALISES_ENV", ENVIRONMENTS)
        key, key_file = read.secret()
        host, port = read.text("HOST", "127.0.0.1"), read.number("PORT", 8000, least=1, most=65535)
        smtp_host, security = read.text("SMTP_HOST", ""), read.word("SMTP_SECURITY", tuple(SMTP_PORTS))
        smtp_password, smtp_password_file = read.password()
        return cls(
            balises_env=env,
            secret_key=key,
            secret_key_file=key_file,
            database_url=read.database(),
            database_pool_size=read.number("DATABASE_POOL_SIZE", 8, least=1, most=200),
            database_pool_seconds=read.number("DATABASE_POOL_SECONDS", 5, least=1, most=600),
            database_connect_seconds=read.number("DATABASE_CONNECT_SECONDS", 5, least=2, most=600),
            database_statement_seconds=read.number("DATABASE_STATEMENT_SECONDS", 15, least=1, most=600),
            database_lock_seconds=read.number("DATABASE_LOCK_SECONDS", 5, least=5, most=600),
            database_idle_seconds=read.number("DATABASE_IDLE_SECONDS", 30, least=1, most=600),
            host=host,
            port=port,
            web_workers=read.number("WEB_WORKERS", 1, least=1, most=64),
            web_threads=read.number("WEB_THREADS", 8, least=1, most=200),
            public_url=read.address("PUBLIC_URL", f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"),
            trusted_hosts=read.hosts("TRUSTED_HOSTS", "localhost,127.0.0.1,[::1]"),
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, least=0, most=10),
            https_only=read.yes("HTTPS_ONLY", default=env == "production"),
            max_request_bytes=read.number("MAX_REQUEST_BYTES", 2_000_000, least=10_000, most=100_000_000),
            courses_dir=read.folder("COURSES_DIR", "courses"),
            media_dir=read.folder("MEDIA_DIR", "var/media"),
            assets_dir=read.folder("ASSETS_DIR", "var/static"),
            signing_key_file=read.folder("SIGNING_KEY_FILE", "var/signing_key"),
            temporary_dir=read.folder("TEMPORARY_DIR", "var/temporary"),
            guest_days=read.number("GUEST_DAYS", 90, least=1, most=3650),
            publishing=read.word("PUBLISHING", PUBLISHERS),
            source_url=read.address("SOURCE_URL", ""),
            operator_name=read.text("OPERATOR_NAME", ""),
            operator_contact=read.text("OPERATOR_CONTACT", ""),
            smtp_host=smtp_host,
            smtp_port=read.number("SMTP_PORT", SMTP_PORTS[security], least=1, most=65535),
            smtp_security=security,
            smtp_user=read.text("SMTP_USER", ""),
            smtp_password=smtp_password,
            smtp_password_file=smtp_password_file,
            mail_from=read.sender(needed=bool(smtp_host)),
        )


class _Reader:
    """Empty means absent; a wrong value is a sentence that names the variable, never a guess."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        value = self.environ.get(name, "").strip() or default
        if any(ord(character) < 32 for character in value):
            raise WrongSetting(f"{name} holds a control character or a line break: write it on one line.")
        return value

    def word(self, name: str, words: tuple[str, ...]) -> str:
        value = self.text(name, words[0])
        if value not in words:
            raise WrongSetting(f"{name} is « {value} »: it must be one of {', '.join(words)}.")
        return value

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,12}", value) or not least <= int(value) <= most:
            raise WrongSetting(f"{name} is « {value} »: it must be a whole number from {least} to {most}.")
        return int(value)

    def yes(self, name: str, *, default: bool) -> bool:
        return self.word(name, ("yes", "no") if default else ("no", "yes")) == "yes"

    def folder(self, name: str, default: str) -> Path:
        return ROOT / Path(self.text(name, default)).expanduser()

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc):
            raise WrongSetting(f"{name} is « {value} »: it must be a web address, such as https://balises.example.")
        return value

    def hosts(self, name: str, default: str) -> tuple[str, ...]:
        hosts = tuple(host.strip() for host in self.text(name, default).split(",") if host.strip())
        for host in hosts:
            if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]", host):
                raise WrongSetting(
                    f"{name} holds « {host} »: give host names alone, separated by commas, without port or path."
                )
        return hosts

    def sender(self, *, needed: bool) -> str:
        value = self.text("MAIL_FROM", "")
        if needed and not value:
            raise WrongSetting("MAIL_FROM is missing: SMTP_HOST is set, so say from which address mails come.")
        if value and not re.fullmatch(
            r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+|[^<>\"@]+<[^\s@<>\"',;:]+@[^\s@<>\"',;:]+>", value
        ):
            raise WrongSetting(
                f"MAIL_FROM is « {value} »: write it as name@example.org or Our name <name@example.org>."
            )
        return value

    def password(self) -> tuple[str, Path | None]:
        value, file = self.text("SMTP_PASSWORD", ""), self.text("SMTP_PASSWORD_FILE", "")
        if value and file:
            raise WrongSetting("SMTP_PASSWORD and SMTP_PASSWORD_FILE are both set: keep one of them.")
        path = ROOT / Path(file).expanduser() if file else None
        return self._in(path, "SMTP_PASSWORD_FILE", file) if path else value, path

    @staticmethod
    def _in(path: Path, name: str, said: str) -> str:
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSetting(f"{name} is « {said} », which cannot be read ({error}).") from error

    def secret(self) -> tuple[str, Path | None]:
        key, file = self.text("SECRET_KEY", ""), self.text("SECRET_KEY_FILE", "")
        if key and file:
            raise WrongSetting("SECRET_KEY and SECRET_KEY_FILE are both set: keep one of them.")
        name, path = "SECRET_KEY", None
        if file:
            name, path = "SECRET_KEY_FILE", ROOT / Path(file).expanduser()
            key = self._in(path, name, file)
        if not key:
            raise WrongSetting(f"SECRET_KEY is missing. Make one with: {HOW_TO_MAKE_A_KEY}")
        if len(key) < KEY_LENGTH:
            raise WrongSetting(
                f"{name} gives a key shorter than {KEY_LENGTH} characters. Make one with: {HOW_TO_MAKE_A_KEY}"
            )
        return key, path

    def database(self) -> str:
        value = self.text("DATABASE_URL", f"sqlite:///{ROOT}/var/balises.db")
        scheme, found, rest = value.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg") and found:
            return f"postgresql+psycopg://{rest}"
        if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and ":memory:" not in rest:
            return f"sqlite:///{ROOT / rest[1:]}"
        raise WrongSetting(  # the value may hold a password: it is not repeated
            "DATABASE_URL must look like sqlite:///var/balises.db or postgresql://user:password@host:5432/name"
            " (a SQLite database is a file, not memory)."
        )
