"""Every column that speaks of a person is in docs/data-model.md with its retention class."""

import re

from app.config import ROOT
from app.db import Base
from app.models import __all__ as _every_table  # noqa: F401  the tables are known once they are imported

CONTENT = {
    *(
        "document",
        "draft",
        "draft_version",
        "revision",
        "publication",
        "document_text",
        "term",
        "step",
        "step_text",
        "objective",
    ),
    *(
        "edition",
        "edition_module",
        "edition_document",
        "edition_format",
        "proposal",
        "media",
        "rate_count",
        "erasing",
        "signing_key",
    ),
}
CLASSES = {"guest", "account", "learning", "summary", "security", "cohort", "mail", "review", "site", "trace"}


def documented() -> dict[str, str]:
    text = (ROOT / "docs" / "data-model.md").read_text()
    return dict(re.findall(r"^\| `(\w+\.\w+)` \| (\w+) \|", text, re.M))


def test_every_personal_column_has_its_retention_class() -> None:
    personal = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in CONTENT
        for column in table.columns
    }
    assert personal == set(documented())


def test_every_class_is_explained() -> None:
    assert set(documented().values()) <= CLASSES
    text = (ROOT / "docs" / "data-model.md").read_text()
    assert all(f"| **{name}** |" in text for name in CLASSES)
