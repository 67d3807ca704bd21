"""« Où j'en suis » until the format is finished, the bilan from then on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.i18n import ORIGINAL, minutes
from app.learn.pages.acting import kits_to_act
from app.learn.pages.parts import Lines, pathway_url, step_url
from app.learn.pages.pieces import Commitment, Evidence, FormatSide, ObjectiveDone, PlacedSaid
from app.learn.pages.placement import level_words, placement_line
from app.learn.pages.plan import plan_sections, plan_url
from app.learn.pages.shapes import SummaryPage
from app.models import DocumentKind, Mastery, Moment, Summary
from app.policy import Me
from app.reads import acting, bilan, courses, learning, plans
from app.reads.bilan import Traced
from app.reads.frozen import Published
from app.reads.learning import Placed, Placements


@dataclass(frozen=True)
class _Words:
    """Own words by slot, as they are now or as the issued bilan keeps them."""

    texts: dict[str, dict[str, str]]

    def __getitem__(self, slot: str) -> str:
        return self.texts.get(slot, {}).get("text", "")

    def commitment(self, slug: str) -> Commitment | None:
        first = self.texts.get("who") or self.texts.get("ask")
        if first is None:
            return None
        by = bilan.as_date(self.texts.get("by", {}).get("raw", ""))
        return Commitment(self["who"], self["ask"], by, self["by"], self["board"], step_url(slug, first["uid"]))


def summary(
    db: Session, me: Me, base: str, slug: str, wanted: int | None = None, *, error: str = "", name: str | None = None
) -> SummaryPage:
    """Of the person's own enrolment. `base`: the site's own address. `wanted`: the format of a bilan issued before,
    else the one followed now.

    `error`, `name`: of a name just refused. Raises Missing.
    """
    reading = courses.pathway(db, slug, me.id)
    if reading.enrolment_id is None or reading.started_at is None:
        raise Missing
    rows = courses.steps(db, reading.edition_id, reading.enrolment_id)
    held, placed = learning.stated(db, reading.enrolment_id)
    lines = Lines(replace(reading, format_minutes=wanted) if wanted in held else reading, rows)
    progress = lines.progress
    shown = wanted in held or progress.finished
    issued = held.get(lines.chosen) if shown else None
    snapshot = issued.snapshot if issued else {}
    followed = wanted is None or wanted == reading.format_minutes
    annex = issued.annex if issued else bilan.words(db, me.id, reading.edition_id, lines.chosen)
    words = _Words(annex["words"])
    marked = learning.only_marked(db, reading.enrolment_id) if me.member and not issued else frozenset[str]()
    planned = plans.plan(db, reading.enrolment_id) if issued else []
    kits = courses.published(db, DocumentKind.KIT) if shown else {}
    acts = _acts(db, me, reading.doc.kit, kits, annex if issued else None) if shown else ()
    done = [row.completed_at for row in progress.required if row.completed_at is not None]
    return SummaryPage(
        slug=slug,
        pathway=snapshot.get("pathway", reading.title),
        pathway_url=pathway_url(slug),
        lang=snapshot.get("lang", reading.lang),
        format_label=minutes(lines.chosen),
        format_minutes=lines.chosen,
        rank=lines.rank(lines.chosen),
        edition=snapshot.get("edition", reading.edition),
        finished=shown,
        finished_at=_finished_at(issued, done) if shown else None,
        started_at=reading.started_at,
        name=snapshot["name"] if issued else name if name is not None else me.name or "",
        issued_at=issued.issued_at if issued else None,
        code=_groups(issued),
        done=snapshot.get("steps", progress.done),
        total=snapshot.get("steps", progress.total),
        confirmed=snapshot.get("confirmed", 0) if issued else len(marked),
        credited_minutes=snapshot.get("credited_minutes", progress.credited_minutes),
        total_minutes=progress.total_minutes,
        alone=words["alone"],
        need=words["need"],
        keep=words["keep"],
        try_=words["try"],
        use=words["use"],
        horizon=words["horizon"],
        commitment=words.commitment(slug),
        plan=plan_sections(planned, slug),
        plan_url=plan_url(slug),
        stated=snapshot.get("lang", ORIGINAL) if issued else reading.lang,
        objectives=_objectives(issued, bilan.objectives(reading.doc, lines.chosen, progress, marked), placed),
        placement=placement_line(lines, placed, midway=True) if followed else None,
        modules=lines.modules(),
        missing=tuple(lines.step(row) for row in progress.missing),
        kits=tuple(kits_to_act(acts, kits, base)),
        followed=followed,
        longer=next((side for side in lines.others() if side.minutes > lines.chosen), None),
        shorter=_shorter(lines, reading.format_minutes or 0, held) if me.name else (),
        issued=tuple(
            lines.issued(minutes_, each.issued_at) for minutes_, each in held.items() if not shown or each is not issued
        ),
        provenance=snapshot.get("provenance", reading.doc.provenance),
        next=lines.step(progress.next) if progress.next else None,
        error=error,
    )


def _shorter(lines: Lines, own: int, held: Mapping[int, Summary]) -> tuple[FormatSide, ...]:
    """Formats completed on the way, whose bilan nobody asked for yet."""
    open_ones = [each for each in lines.formats if each.offered and each.minutes < own and each.minutes not in held]
    return tuple(side for each in open_ones if (side := lines.side(each)).finished)


def _finished_at(issued: Summary | None, done: list[datetime]) -> datetime:
    return datetime.fromisoformat(issued.snapshot["finished_at"]) if issued else max(done)


def _objectives(issued: Summary | None, now: list[Traced], placed: Placements) -> tuple[ObjectiveDone, ...]:
    """As they were stated when the bilan was issued, in the language of that day, beside the traces of that day."""
    if issued is None:
        return tuple(_objective(each.text, each.evidence, {}, each.uid, placed, late=False) for each in now)
    stated = issued.snapshot["objectives"]
    kept = issued.annex.get("placements", [])
    by_text = {each.text: each for each in now}
    if len(stated) == len(now) and not any(text in by_text for text in stated):  # read in another language
        by_text = dict(zip(stated, now, strict=True))
    frozen = dict(zip(stated, kept, strict=True)) if len(stated) == len(kept) else {}
    traces = dict(zip(stated, issued.annex.get("evidence", ()), strict=False))
    found = []
    for text in stated:
        traced = by_text.get(text, Traced("", text, ()))
        uid = frozen.get(text, {}).get("uid", traced.uid)
        evidence = tuple((title, lang) for title, lang in traces.get(text, traced.evidence))
        found.append(_objective(text, evidence, frozen.get(text, {}), uid, placed, late=True))
    return tuple(found)


def _objective(
    text: str, evidence: Evidence, kept: dict[str, Any], uid: str, placed: Placements, *, late: bool
) -> ObjectiveDone:
    entry, exit_ = (
        _said(kept.get(moment.value), placed.get((uid, moment)), late=late) for moment in (Moment.ENTRY, Moment.EXIT)
    )
    return ObjectiveDone(text, evidence, entry, exit_)


def _said(kept: dict[str, str] | None, now: Placed | None, *, late: bool) -> PlacedSaid | None:
    """What the bilan states stands; what was said since is beside it, with its date."""
    words = level_words(Mastery(kept["level"])) if kept else ""
    if now is None or (kept and kept["level"] == now.level):
        return PlacedSaid(words, "", None) if words else None
    since = level_words(now.level)
    return PlacedSaid(words, since, now.at) if late else PlacedSaid(since, "", None)


def _groups(issued: Summary | None) -> str:
    return " ".join(issued.code[at : at + 4] for at in range(0, 16, 4)) if issued else ""


def _acts(
    db: Session, me: Me, kit: str, kits: Mapping[str, Published], kept: Mapping[str, Any] | None
) -> tuple[acting.Act, ...]:
    """As the bilan keeps them, else as they would be today."""
    if kept is not None:
        return acting.kept(kept, kit)
    return acting.acts(db, me.id, kits, kit, me.profile.chemin, clock.now())
