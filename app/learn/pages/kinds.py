"""What each kind adds to the page of a step: the quiz so far, the questions, the closest case, the kit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.content.diagnostics import DiagnosticDoc
from app.content.documents import CaseDoc
from app.content.translation import reread
from app.i18n import ZONE, _, city, get_lang, ngettext
from app.learn.pages.parts import kit_card, label, person_id, step_url
from app.learn.pages.pieces import (
    Asked,
    CaseView,
    Choice,
    DiagnosticView,
    Link,
    LiveView,
    QuestionView,
    QuizView,
    ResourceView,
    ResultLine,
    VideoView,
)
from app.learn.pages.shapes import StepPage
from app.models import DocumentKind, Term
from app.models.recommendation import level_name, offered_again
from app.policy import Me
from app.policy import Profile as ProfileValues
from app.reads import courses, learning, media, sessions
from app.reads.courses import Reading
from app.reads.frozen import Published
from app.reads.learning import Sitting, Tried
from app.steps import StepContent
from app.steps.case import Case
from app.steps.diagnostic import Diagnostic
from app.steps.fields import Field
from app.steps.live import PRESENT, WAS_THERE, Live, Meeting, meeting
from app.steps.questions import AnyQuestion, Numeric, Short
from app.steps.quiz import EXPLAINED_AFTER, Quiz, grade, public
from app.steps.resource import Resource
from app.steps.video import Video


def more(
    db: Session, me: Me | None, reading: Reading, content: StepContent, page: StepPage, *, shown: str, again: bool
) -> dict[str, Any]:
    """The fields of StepPage that depend on the kind, told by the kind's content."""
    match content:
        case Quiz():
            return _quiz(db, reading, content)
        case Diagnostic():
            return {"diagnostic": _diagnostic(db, me, reading, content, again)}
        case Case():
            return {"cases": _cases(db, me, reading, content, page, shown)}
        case Resource():
            return {"resource": _resource(db, me, content)}
        case Video():
            return {"video": _video(db, content)}
        case Live():
            return _live(db, me, reading, content, page)
        case _:
            return {}


def _quiz(db: Session, reading: Reading, content: Quiz) -> dict[str, Any]:
    tried = learning.standing(db, reading.enrolment_id, content) if reading.enrolment_id else {}
    right = sum(answer.right for answer in tried.values())
    left = content.needed - right
    seed = f"{reading.enrolment_id}"
    questions = (_question(q, rank, tried.get(q.uid), seed) for rank, q in enumerate(content.questions, 1))
    words = ngettext("Vérifier : encore %(n)s bonne réponse", "Vérifier : encore %(n)s bonnes réponses", left)
    return {
        "quiz": QuizView(tuple(questions), right, content.needed, left <= 0),
        "blocked": words if left > 0 else "",
    }


def _question(question: AnyQuestion, number: int, tried: Tried | None, seed: str) -> QuestionView:
    choice = tried.choice if tried else ""
    return QuestionView(
        public=public(question, seed),
        number=number,
        chosen=() if not choice else (choice,) if isinstance(question, Numeric | Short) else tuple(choice.split(",")),
        tries=tried.tries if tried else 0,
        verdict="" if tried is None else "right" if tried.right else "wrong",
        feedback=grade(question, choice).feedback if tried else (),
        explain=question.explain if tried and tried.tries >= EXPLAINED_AFTER else "",
        error="",
    )


def _diagnostic(db: Session, me: Me | None, reading: Reading, content: Diagnostic, again: bool) -> DiagnosticView:
    found, sat = learning.diagnostic(db, person_id(me), reading.edition_id, content.diagnostic)
    doc = reread(DiagnosticDoc, found.content)
    result = None
    if sat:
        again_url = "?recommencer=oui" if offered_again(sat[2], clock.now()) else ""
        result = ResultLine(f"/resultats/{sat[0]}", found.lang, doc.title, level_name(sat[1]), sat[2], again_url)
    url = f"/autodiagnostics/{found.slug}"
    return DiagnosticView(found.lang, doc.title, url, doc.minutes, found.html, asked(doc), result, again)


def asked(doc: DiagnosticDoc) -> tuple[Asked, ...]:
    """The questions, « Je ne sais pas » last."""
    names = {axis.code: axis.name for axis in doc.axes}
    return tuple(
        Asked(
            uid=q.uid,
            number=number,
            axis=names[q.axis],
            ask=q.ask,
            options=tuple(
                Choice(value, text, False)
                for value, text in [*((str(n), text) for n, text in enumerate(q.options)), ("x", _("Je ne sais pas."))]
            ),
            error="",
        )
        for number, q in enumerate(doc.questions, 1)
    )


def result_lines(sat: Sequence[Sitting]) -> tuple[ResultLine, ...]:
    """Every sitting, the latest first; the latest of each self-diagnostic is offered again six months later."""
    latest: dict[str, int] = {}
    for each in sat:
        latest.setdefault(each.diagnostic_uid, each.id)
    due = {each.id for each in sat if each.id in latest.values() and offered_again(each.at, clock.now())}
    return tuple(
        ResultLine(
            url=f"/resultats/{each.id}",
            lang=each.lang,
            title=each.title,
            level=level_name(each.level),
            at=each.at,
            again=f"/autodiagnostics/{each.slug}" if each.id in due else "",
        )
        for each in sat
    )


_WEIGHTS = {"actor": 8, "domain": 4, "level": 2, "region": 1}
"""People follow those most like them, first of all by what they are (domain.md, « Peers »)."""


def _cases(
    db: Session, me: Me | None, reading: Reading, content: Case, page: StepPage, shown: str
) -> tuple[CaseView, ...]:
    """The closest by profile first, with its reason; the others one click away."""
    found = courses.documents(db, reading.edition_id, DocumentKind.CASE)
    terms = courses.terms(db, *CaseDoc.LISTS.values())
    docs = [(found[slug], reread(CaseDoc, found[slug].content)) for slug in content.cases if slug in found]
    profile = me.profile if me else None
    shared = {case.slug: _shared(doc, profile) for case, doc in docs}
    docs.sort(key=lambda pair: -sum(_WEIGHTS[name] for name in shared[pair[0].slug]))
    opened = shown if shown in shared else docs[0][0].slug
    address = step_url(page.slug, page.uid)
    return tuple(
        replace(
            case_view(case, doc, terms, shared[case.slug] if rank == 0 else ()),
            shown=case.slug == opened,
            url=f"{address}?cas={case.slug}#cas",
        )
        for rank, (case, doc) in enumerate(docs)
    )


def _shared(doc: CaseDoc, profile: ProfileValues | None) -> tuple[str, ...]:
    """What a case has in common with the learner, the heaviest first."""
    if profile is None:
        return ()
    return tuple(name for name in _WEIGHTS if getattr(doc, name) and getattr(doc, name) == getattr(profile, name))


def case_view(
    case: Published, doc: CaseDoc, terms: dict[str, tuple[Term, ...]], shared: tuple[str, ...] = ()
) -> CaseView:
    """A case with its tags in words; `shared`: what makes it close."""
    labels = {(name, term.slug): label(term) for name, list_ in CaseDoc.LISTS.items() for term in terms[list_]}
    tags = {name: labels[name, getattr(doc, name)] for name in CaseDoc.LISTS if (name, getattr(doc, name)) in labels}
    alike = ", ".join(tags[name] for name in shared if name in tags)
    return CaseView(
        slug=case.slug,
        lang=case.lang,
        title=case.title,
        summary=doc.summary,
        html=case.html,
        fictional=doc.fictional,
        tags=tuple(tags.values()),
        sources=doc.sources,
        reason=_("Le plus proche de votre profil : %(shared)s.", shared=alike) if alike else "",
        shown=True,
        url=f"/exemples/{case.slug}",
    )


def _resource(db: Session, me: Me | None, content: Resource) -> ResourceView:
    """The kit of the learner's chemin when it exists, else the step's own."""
    kits = courses.published(db, DocumentKind.KIT)
    chemin = me.profile.chemin if me and content.by_chemin else None
    own = next((kit for kit in kits.values() if kit.content["kit"]["chemin"] == chemin), None) if chemin else None
    kit = own or kits.get(content.kit or "")
    if own:
        reason = _("C’est le kit du chemin que vous avez choisi.")
    elif chemin and kit:
        reason = _(
            "Le kit de votre chemin est en cours d’écriture. En attendant, celui-ci vous sert pour toute alliance."
        )
    else:
        reason = ""
    links = tuple(Link(link.title, link.url, link.text or "") for link in content.links)
    return ResourceView(links, kit_card(kit) if kit else None, reason)


def _video(db: Session, content: Video) -> VideoView:
    sha256 = content.media.removeprefix("/media/").split(".")[0]
    file = media.file(db, sha256) if content.media else None
    names = {"fr": _("Français"), "en": _("Anglais")}
    captions = sorted(content.captions, key=lambda caption: caption.lang != get_lang())
    return VideoView(
        src=content.media,
        link=content.link,
        heard=content.heard,
        mime=file.mime if file else "",
        bytes=file.bytes if file else 0,
        poster=content.poster,
        captions=tuple((caption.lang, names[caption.lang], caption.file) for caption in captions),
        duration=content.duration,
        source=content.source,
        licence=content.licence,
    )


def _live(db: Session, me: Me | None, reading: Reading, content: Live, page: StepPage) -> dict[str, Any]:
    """Before, the way there; once it has begun, « J’y étais »; always, the twin. One’s cohort may say when."""
    own = sessions.dated(db, me.id, reading.pathway_id, page.uid) if me else None
    held = own[0] if own else meeting(content)
    zone = me.zone if me else ZONE
    view = LiveView(
        state="announced" if held is None else "after" if held.over() else "during" if held.begun() else "before",
        starts=held.starts if held else None,
        ends=held.ends if held else None,
        city=city(zone),
        place=held.place if held else content.place,
        link=held.link if held else content.link,
        host=content.host,
        about=content.about,
        replay=held.replay if held else "",
        calendar_url=f"{step_url(page.slug, page.uid)}.ics",
        cohort=own[1] if own else "",
    )
    fields, offered = also_asked(content, page.fields, page.terms, held)
    return {"live": view, "fields": fields, "terms": offered}


def cohort_meeting(db: Session, me: Me | None, reading: Reading, content: StepContent) -> Meeting | None:
    """When one’s cohort holds a live step, if any does."""
    if me is None or not isinstance(content, Live):
        return None
    own = sessions.dated(db, me.id, reading.pathway_id, content.uid)
    return own[0] if own else None


Terms = dict[str, tuple[tuple[str, str], ...]]


def also_asked(
    content: StepContent, own: dict[str, Field], terms: Terms, held: Meeting | None = None
) -> tuple[dict[str, Field], Terms]:
    """The fields of a step and the terms that they offer, with those that its kind adds. `held`: by one’s cohort."""
    held = held or (meeting(content) if isinstance(content, Live) else None)
    if held is None or not held.begun():
        return own, terms
    present = Field(name=PRESENT, label=_("Vous y étiez ?"), type="choices", terms=PRESENT, required=False)
    offered = {PRESENT: ((WAS_THERE, _("J’y étais, en direct")),)}
    return {**own, PRESENT: present}, {**terms, **offered}
