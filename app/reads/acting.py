"""With what to act after a pathway: one to three kits, and why each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.models.recommendation import recommend, score
from app.reads import diagnostics
from app.reads.frozen import Published

MOST = 3


@dataclass(frozen=True)
class Act:
    """A kit by its slug. As an issued bilan keeps it: plain words."""

    kit: str
    why: str
    """`axis`: one to work on first. `cross`: added by the lowest axis. `pathway`, `chemin`: its kit."""
    axis: str = ""
    """Its name, on the day."""
    sheet: str = ""
    """Uid of the sheet to begin with, "" for the first one."""


def acts(
    db: Session, person_id: int, kits: Mapping[str, Published], kit: str, chemin: str | None, before: datetime
) -> tuple[Act, ...]:
    """What the latest self-diagnostic of that kit advises, then the kit itself, then that of the chosen chemin.

    `before`: sittings after that moment are left out.
    """
    found: dict[str, Act] = {}
    for sat in diagnostics.latest(db, person_id, before):
        doc = reread(DiagnosticDoc, sat.found.content)
        if doc.kit == kit:
            for act in _advised(doc, sat, kits.get(kit)):
                found.setdefault(act.kit, act)
    found.setdefault(kit, Act(kit, "pathway"))
    of_chemin = [slug for slug, each in kits.items() if chemin and each.content["kit"]["chemin"] == chemin]
    if not found.keys() & set(of_chemin):
        found |= {slug: Act(slug, "chemin") for slug in of_chemin[:1]}
    return tuple(act for act in found.values() if act.kit in kits)[:MOST]


def kept(annex: Mapping[str, Any], kit: str) -> tuple[Act, ...]:
    """As the bilan was issued; one issued before kits were kept has its pathway's."""
    return tuple(Act(**act) for act in annex.get("kits", ())) or (Act(kit, "pathway"),)


def _advised(doc: DiagnosticDoc, sat: diagnostics.Sat, kit: Published | None) -> list[Act]:
    sheets = [each["doc"]["uid"] for each in kit.content["sheets"] if each["doc"].get("ready", True)] if kit else []
    advised = recommend(doc, score(doc, sat.answers), offers=(), sheets=sheets, chosen=sat.chosen)
    if not advised.axes:
        return []
    axis, first = advised.axes[0].name, advised.sheets[0] if advised.sheets else ""
    return [
        Act(name, "cross" if rank else "axis", axis, "" if rank else first) for rank, name in enumerate(advised.kits)
    ]
