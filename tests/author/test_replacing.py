"""Find and replace across a pathway: what is read changes, what names things does not, and each text comes back."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content import editing, replacing, text
from app.content.documents import ModuleDoc
from app.db import Engines
from app.models import Draft, DraftVersion
from app.steps import KINDS
from tests.cast import Cast
from tests.client import Client

ADDRESS = "/atelier/parcours/demo/remplacer"


def all_of(engines: Engines) -> str:
    with Session(engines.read) as db:
        return "\n".join(
            db.scalars(select(Draft.text).where(Draft.path.like("pathways/demo/%"), Draft.text.is_not(None)))
        )


def test_names_and_addresses_are_never_replaced() -> None:
    said = "---\nuid: le-mot\nkind: reading\ntitle: Le mot et le mot\nsources:\n- un mot\n"
    said += "fields:\n- name: mot\n  label: Un mot ?\n"
    tree = text.read(f"{said}---\n\nUn mot.\n", "pathways/a/10-b/10-c.md")
    schema = KINDS["reading"].Content
    assert len(replacing.places(schema, tree, "mot")) == 5
    plain = replacing.replaced(schema, tree, "mot", "terme")
    assert editing.written(schema, plain, tree.path) == (
        "---\nuid: le-mot\nkind: reading\ntitle: Le terme et le terme\nsources:\n- un terme\nfields:\n- name: mot\n"
        "  label: Un terme ?\n---\n\nUn terme.\n"
    )


def test_a_place_says_where_its_text_goes_on() -> None:
    tree = text.read(f"---\ntitle: Un mot\n---\n\n{'a' * 50} mot {'b' * 50}\n", "pathways/x/10-y/module.md")
    whole, cut = replacing.places(ModuleDoc, tree, "mot")
    assert (whole.before, whole.after) == ("Un ", "")
    assert (cut.before, cut.after) == (f"…{'a' * 39} ", f" {'b' * 39}…")


def test_a_translation_to_be_changed_by_hand_says_its_language(client: Client, cast: Cast) -> None:
    shown = client.sign_in(cast.aude).post(f"{ADDRESS}/apercu", find="Lina", put="Lila").text
    assert "À changer à la main" in shown
    assert "(en)</a>" in shown.split("À changer à la main")[1]


def test_each_place_is_shown_then_changed_at_once_and_kept(client: Client, cast: Cast, engines: Engines) -> None:
    client.sign_in(cast.aude)
    before = all_of(engines)
    shown = client.post(f"{ADDRESS}/apercu", find="voisin", put="proche")
    assert shown.status_code == 200
    assert all_of(engines) == before
    count = re.search(r'name="count" value="([0-9]+)"', shown.text)
    assert count is not None
    assert shown.text.count("<del>voisin</del>") == int(count[1])
    assert client.post(ADDRESS, find="voisin", put="proche", count="0").status_code == 422
    assert all_of(engines) == before
    done = client.post(ADDRESS, find="voisin", put="proche", count=count[1])
    assert done.status_code == 303
    assert all_of(engines).count("proche") - before.count("proche") == int(count[1])
    with Session(engines.read) as db:
        assert any("voisin" in version.text for version in db.scalars(select(DraftVersion)))
    assert client.post(f"{ADDRESS}/apercu", find="v", put="").status_code == 422
