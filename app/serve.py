"""One command that serves: the web in front, the worker behind, both ended when it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from app import schema
from app.config import ROOT, Settings
from app.db import BrokenPromise, open_engines
from app.faults import is_away, is_busy
from app.outside import sign

GRACE_SECONDS = 15
RESTART_SECONDS = 2
CONNECTIONS = 1024
"""Open at once, for each web process. Browsers keep theirs open: with fewer, some wait behind others that are idle."""


def serve(settings: Settings) -> int:
    """Serve until told to stop; the exit code. An unfit schema or no key stops the start, a database away does not."""
    sentence = _why_not(settings)
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    return _House(settings).live()


def work() -> NoReturn:
    """Become the worker, alone."""
    os.chdir(ROOT)
    os.execv(_WORKER[0], _WORKER)  # noqa: S606  a list, no shell


def _why_not(settings: Settings) -> str | None:
    try:
        sign.key(settings.signing_key_file)
        engines = open_engines(settings)
        try:
            schema.check(engines.read)
        finally:
            engines.dispose()
    except (schema.WrongSchema, BrokenPromise, sign.WrongKey) as error:
        return str(error)
    except Exception as error:
        if not (is_away(error) or is_busy(error)):
            raise
        print("The database is away: pages answer 503 until it is back.", file=sys.stderr)
    return None


class _House:
    """Two children. The web's end is the end; a worker that dies is started again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopping = False

    def live(self) -> int:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, self._leave)
        web = _start(_web(self.settings))
        worker, restart_at = _start(_WORKER), 0.0
        print(f"Balises: {self.settings.public_url}", flush=True)
        try:
            while not self.stopping and web.poll() is None:
                if worker.poll() is not None:
                    if not restart_at:
                        print("The worker stopped: starting it again.", file=sys.stderr)
                        restart_at = time.monotonic() + RESTART_SECONDS
                    elif time.monotonic() >= restart_at:
                        worker, restart_at = _start(_WORKER), 0.0
                time.sleep(0.2)
        finally:
            _end([web, worker])
        return 0 if self.stopping else web.returncode or 1

    def _leave(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


_WORKER = [sys.executable, "-m", "app.worker"]


def _web(settings: Settings) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "app.wsgi:app", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", settings.host, "--port", str(settings.port), "--workers", str(settings.web_workers)),
        *("--blocking-threads", str(settings.web_threads), "--backpressure", str(CONNECTIONS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10s", "--log-level", "error"),
    ]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C reaches this process alone, which ends the children in order.
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), start_new_session=True)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # and what it started itself, which would keep the port
        child.wait()
