"""Saving what the site says of itself: one more version, never a change."""

from dataclasses import asdict
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.db import insert_if_absent
from app.errors import Refused
from app.i18n import ZONE, _, in_zone
from app.models import Conformity, SiteVersion, record
from app.reads import site as reads
from app.reads.site import Site


def save(db: Session, wanted: Site, *, by: int) -> None:
    """From now on the site says that. The same again is nothing. `wanted.version`: the one that was changed.

    Raises Refused, for `version` when somebody else has saved another one meanwhile.
    """
    now = reads.current(db)
    if wanted == now:
        return
    if wanted.version != now.version:
        raise Refused(
            _(
                "Quelqu’un d’autre a changé ces réglages pendant que vous écriviez. Rien n’est enregistré : voici ce"
                " que vous aviez tapé. Enregistrer de nouveau remplace l’autre version."
            ),
            field="version",
        )
    check_audit(wanted.conformity, wanted.audited_on)
    said = {name: value for name, value in asdict(wanted).items() if name not in ("version", "by_id", "at")}
    values = {**said, "follows": now.version, "by_id": by, "at": clock.now()}
    if not insert_if_absent(db, SiteVersion, values, ["follows"]):
        save(db, wanted, by=by)  # somebody was quicker: the same, or another one
        return
    changed = sorted(name for name, value in said.items() if value != getattr(now, name))
    record(db, "site.save", "site", by=by, follows=now.version, changed=" ".join(changed))
    reads.forget(db)


def check_audit(conformity: Conformity, audited_on: date | None) -> None:
    """What is said of accessibility rests on an audit that took place. Raises Refused."""
    if audited_on is None and conformity is not Conformity.NOT:
        raise Refused(
            _("Dites de quel jour est l’audit : sans audit, le site est « non conforme »."), field="audited_on"
        )
    if audited_on is not None and audited_on > in_zone(clock.now(), ZONE).date():
        raise Refused(_("Un audit n’est pas daté de l’avenir."), field="audited_on")
