"""Where to begin after a self-diagnostic, in words: chemin, format, module, sheet, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.content.diagnostics import AxisDoc, DiagnosticDoc, DiagnosticLevel
from app.i18n import _, minutes
from app.learn.pages.parts import Lines, format_url, label, pathway_url, sheet_lines
from app.learn.pages.pieces import Advice, Choice, Link, ModuleLine, SheetLine
from app.models import DocumentKind, Term
from app.models.progress import Progress
from app.models.recommendation import Offer, Recommendation, Score, recommend
from app.policy import Me
from app.reads import courses
from app.reads.frozen import Published
from app.reads.learning import OwnResult


@dataclass(frozen=True)
class _Lists:
    """The taxonomies that a reason quotes, and what the learner said in their terms."""

    terms: Mapping[str, Sequence[Term]]
    chemin: str | None
    time: str | None

    def label(self, name: str, slug: str | None) -> str:
        found = self._term(name, slug)
        return label(found) if found else ""

    @property
    def longest(self) -> int | None:
        """Minutes of the longest format that there is time for; None when they did not say."""
        found = self._term("times", self.time)
        longest = found.extra.get("longest", "") if found else ""
        return int(longest) if longest else None

    def _term(self, name: str, slug: str | None) -> Term | None:
        return next((term for term in self.terms[name] if term.slug == slug), None)


def advice(
    db: Session, me: Me, own: OwnResult, doc: DiagnosticDoc, scored: Score, lines: Lines
) -> tuple[Recommendation, Advice]:
    """What the rules give, and how it is said."""
    kits = courses.published(db, DocumentKind.KIT)
    lists = _Lists(courses.terms(db, "times", "needs", "intents", "paths"), me.profile.chemin, me.profile.time)
    sheets = _sheets(kits, doc.kit)
    found = recommend(
        doc,
        scored,
        offers=[Offer(format.name, format.minutes, format.offered) for format in lines.formats],
        sheets=list(sheets),
        longest=lists.longest,
        done=[format.minutes for format in lines.formats if Progress(lines.rows, format.minutes).finished],
        chosen=own.chosen,
    )
    level, open_sheets = found.level, [sheets[uid] for uid in found.sheets]
    reading, enrolled = lines.reading, lines.reading.enrolment_id is not None
    chosen = own.chosen in {axis.code for axis in found.axes}
    change = found.named if enrolled and found.named and found.named.minutes != lines.chosen else None
    return found, Advice(
        unknown=tuple(q.ask for q in doc.questions if own.answers.get(q.uid) is None) if found.data_first else (),
        data=level.data if found.data_first else "",
        chemin=_chemin(lists, reading.doc.chemin),
        pathway=reading.title,
        pathway_lang=reading.lang,
        pathway_url=pathway_url(reading.slug),
        format_label=minutes(found.named.minutes) if found.named else "",
        format_reasons=tuple(_format(found, lists)),
        begin=found.named.minutes if found.named and not enrolled and not reading.archived_at else None,
        followed=minutes(lines.chosen) if change else "",
        change_url=format_url(reading.slug, change.minutes) if change else "",
        axis=_axis([axis.name for axis in found.axes], chosen=chosen),
        choices=_choices(found.axes, chosen=chosen),
        modules=_modules(lines, found.axes[:1] if chosen else found.axes),
        sheet=open_sheets[0] if open_sheets else None,
        sheet_reason=_sheet(found, open_sheets[0], sheets) if open_sheets else "",
        kit=_kit(kits, doc.kit),
        others=tuple(open_sheets[1:]),
        also=level.also,
        adoc=tuple(_adoc(level, data=not found.data_first)),
        cross=tuple(kit for name in found.kits[1:] if (kit := _kit(kits, name)) is not None),
        discuss_with=level.discuss_with,
        discuss=level.discuss,
    )


def _sheets(kits: dict[str, Published], name: str) -> dict[str, SheetLine]:
    """The written sheets of a kit, by uid, in order."""
    found = kits.get(name)
    lines = list(sheet_lines(found)) if found else []
    return {line.uid: line for line in lines if line.ready}


def _chemin(lists: _Lists, slug: str) -> str:
    chemin, other = lists.label("paths", slug), lists.label("paths", lists.chemin)
    if not chemin:
        return ""
    if lists.chemin == slug:
        return _("« %(chemin)s » : c’est le chemin que vous avez choisi.", chemin=chemin)
    if other:
        return _(
            "« %(chemin)s » : c’est le chemin de cet autodiagnostic. Vous aviez choisi « %(other)s » : rien ne vous"
            " empêche d’y aller ensuite.",
            chemin=chemin,
            other=other,
        )
    return _("« %(chemin)s » : c’est le chemin de cet autodiagnostic.", chemin=chemin)


def _format(found: Recommendation, lists: _Lists) -> list[str]:
    """Time first, then need."""
    if found.wanted is None:
        return [_("Vous avez terminé tous les formats de ce parcours : place aux fiches.")]
    if found.named is None:
        return [
            _("Le format %(format)s arrive bientôt : commencez par la fiche.", format=minutes(found.wanted.minutes))
        ]
    need = lists.label("needs", found.level.need) or lists.label("intents", found.level.intent)
    if found.soon:
        soon = _(
            "Le format %(format)s vous irait aussi : il arrive bientôt, et rien ne sera à refaire.",
            format=minutes(found.soon.minutes),
        )
        return [_need(need), soon] if need else [soon]
    if found.capped and found.need:
        return [_time(lists.label("times", lists.time), need, minutes(found.need.minutes))]
    beyond = [found.need.minutes if found.need else None, lists.longest]
    if any(limit and found.wanted.minutes > limit for limit in beyond):
        return [_("C’est la suite de ce que vous avez déjà terminé.")]
    free = _("En changer plus tard ne fait rien perdre.")
    if need and lists.longest:
        return [_("Il tient dans le temps que vous avez, et il répond à votre besoin : « %(need)s ».", need=need), free]
    return [_need(need), free] if need else [_("Il suit ce dont vous avez besoin aujourd’hui."), free]


def _need(need: str) -> str:
    return _("Il répond à votre besoin d’aujourd’hui : « %(need)s ».", need=need)


def _time(time: str, need: str, format: str) -> str:
    if not need:
        return _(
            "Il suit le temps que vous avez : « %(time)s ». Le format %(format)s vous irait aussi, plus tard : rien ne"
            " sera à refaire.",
            time=time,
            format=format,
        )
    return _(
        "Il suit d’abord le temps que vous avez : « %(time)s ». Votre besoin, « %(need)s », irait jusqu’au format"
        " %(format)s : vous pourrez y passer plus tard, rien ne sera à refaire.",
        time=time,
        need=need,
        format=format,
    )


def _axis(axes: list[str], *, chosen: bool) -> str:
    if not axes:
        return ""
    if len(axes) == 1:
        return _("%(axis)s est votre axe le plus bas.", axis=axes[0])
    if chosen:
        return _(
            "%(first)s et %(second)s sont vos axes les plus bas, à un point près : vous avez choisi %(first)s.",
            first=axes[0],
            second=axes[1],
        )
    return _(
        "%(first)s et %(second)s sont vos axes les plus bas, à un point près : choisissez.",
        first=axes[0],
        second=axes[1],
    )


def _choices(axes: tuple[AxisDoc, ...], *, chosen: bool) -> tuple[Choice, ...]:
    """Both of two close axes; the other one once the learner has chosen."""
    if chosen:
        return tuple(Choice(axis.code, _("Commencer plutôt par %(axis)s", axis=axis.name), False) for axis in axes[1:])
    return tuple(Choice(axis.code, _("Commencer par %(axis)s", axis=axis.name), False) for axis in axes if axes[1:])


def _modules(lines: Lines, low: tuple[AxisDoc, ...]) -> tuple[ModuleLine, ...]:
    modules = lines.modules()
    numbers = sorted({row.module for row in lines.rows})
    by_slug = {row.module_slug: modules[numbers.index(row.module)] for row in lines.rows}
    return tuple(by_slug[slug] for slug in dict.fromkeys(axis.module for axis in low) if slug in by_slug)


def _sheet(found: Recommendation, first: SheetLine, sheets: Mapping[str, SheetLine]) -> str:
    axis = found.axes[0] if found.axes else None
    if axis and axis.sheet == first.uid:
        return _("C’est la fiche de votre axe le plus bas, « %(axis)s ».", axis=axis.name)
    if axis and axis.sheet not in sheets and "weakest" in found.level.sheets:
        return _(
            "La fiche de « %(axis)s » est en cours d’écriture ; en attendant, celle-ci aide tout le monde.",
            axis=axis.name,
        )
    return _("C’est la fiche par laquelle tout le monde peut commencer.")


def _kit(kits: Mapping[str, Published], name: str) -> Link | None:
    return Link(kits[name].title, f"/kits/{name}", kits[name].lang) if name in kits else None


def _adoc(level: DiagnosticLevel, *, data: bool) -> list[tuple[str, str]]:
    """What to look for, beside the sheets."""
    said = [
        (_("Données"), level.data if data else ""),
        (_("Outils"), level.tools),
        (_("Compétences"), level.skills),
    ]
    return [(name, text) for name, text in said if text]
