"""The real application on a free port, as in production."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Route

from app.config import ROOT, Settings
from app.db import Engines, open_engines


@dataclass(frozen=True)
class Live:
    """The real application, served as in production on a free port."""

    url: str
    settings: Settings
    engines: Engines
    process: subprocess.Popen[bytes]


class serving:
    """Start `app.wsgi` under granian, wait until it answers, end it."""

    def __init__(self, environ: dict[str, str]) -> None:
        port = free_port()
        self.environ = environ | {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        self.settings = Settings.from_env(self.environ)

    def __enter__(self) -> Live:
        command = [sys.executable, "-m", "granian", "app.wsgi:app", "--interface", "wsgi", "--log-level", "error"]
        command += ["--port", str(self.settings.port), "--blocking-threads", "4"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.environ)
        self.live = Live(self.settings.public_url, self.settings, open_engines(self.settings), process)
        wait_until(lambda: answers(self.live.url))
        return self.live

    def __exit__(self, *_: object) -> None:
        self.live.engines.dispose()
        self.live.process.terminate()
        self.live.process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@contextmanager
def device(
    browser: Browser, width: int, scheme: str = "light", *, script: bool = True, agent: str = "", url: str = ""
) -> Iterator[Page]:
    """A phone or a laptop of somebody's own, in French."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        locale="fr-FR",
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        java_script_enabled=script,
        user_agent=agent or None,
        base_url=url or None,
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def reload_overtaken(page: Page, saves: str, type_words: Callable[[], None]) -> None:
    """Type, then load the page anew: what comes was made before the words were kept at `saves`, and arrives after."""
    held: list[Route] = []

    def late(route: Route) -> None:
        made = route.fetch()
        saving = held.pop()
        saving.fulfill(response=saving.fetch())
        route.fulfill(response=made)

    page.route(saves, lambda route: held.append(route))
    with page.expect_request(saves):
        type_words()
    page.route(page.url, late)
    page.reload()
    page.unroute(page.url)
    page.unroute(saves)
