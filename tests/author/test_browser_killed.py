"""The server is killed while an author types: what the page called saved is there, the rest is on the device."""

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import psutil
from playwright.sync_api import Browser, Response, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import accounts
from app.models import Draft, Role
from tests.build import load_demo
from tests.serving import Live, device, serving

ROUNDS = 2


def kill(live: Live) -> None:
    """Every process of the server at once, the one that answers first."""
    own = [*psutil.Process(live.process.pid).children(recursive=True), psutil.Process(live.process.pid)]
    for each in own:
        each.kill()
    live.process.wait(20)
    psutil.wait_procs(own, timeout=20)


def test_what_the_page_called_saved_outlives_the_server(
    browser: Browser,
    tmp_path: Path,
    sqlite_template: Path,
    environ: Callable[[str], dict[str, str]],
    built_assets: Path,
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "balises.db")
    house = serving(environ(f"sqlite:///{tmp_path}/balises.db"))
    chance = random.Random(20261128)
    with house as live:
        with Session(live.engines.write) as db:
            load_demo(db, live.settings.media_dir)
            who = accounts.create_person(db, "aude@balises.example", "x", name="Aude", role=Role.AUTHOR, by=None)
            secret = accounts.start_sign_in(db, who.id, "a test", timedelta(days=1))
            number = db.scalars(select(Draft.id).where(Draft.path.like("pathways/demo/%la-meme-rue.md"))).one()
            db.commit()
        with device(browser, 1280, url=live.url) as page:
            page.context.add_cookies([{"name": "session", "value": secret, "url": live.url}])
            saved: list[str] = []

            def told(answer: Response) -> None:
                if answer.url.endswith("/brouillon") and answer.ok:
                    saved.append(parse_qs(answer.request.post_data or "")["key"][0])

            page.on("response", told)
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(f"/atelier/textes/{number}")
            for turn in range(ROUNDS):
                box, typed = page.get_by_label("L’idée clé"), f"Tour {turn}. Tapé sans serveur."
                box.fill(f"Tour {turn}.")
                page.wait_for_timeout(chance.randrange(1800, 2600))  # about when it is sent
                kill(live)
                box.fill(typed)
                with Session(live.engines.read) as db:
                    kept = db.scalars(select(Draft.text).filter_by(id=number)).one() or ""
                if saved:
                    assert f"key: {saved[-1]}\n" in kept or f"Tour {turn}." in kept
                expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
                live = house.__enter__()
                page.reload()
                if box.input_value() != typed:  # else the page sent it by itself as the server came back
                    with page.expect_navigation():
                        page.get_by_role("button", name="Le reprendre").click()
                expect(box).to_have_value(typed)
                saved.append(typed)
        with Session(live.engines.read) as db:
            text = db.scalars(select(Draft.text).filter_by(id=number)).one() or ""
        assert f"Tour {ROUNDS - 1}. Tapé sans serveur." in text
        assert saved
