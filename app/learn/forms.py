"""What a step's page posts: its own fields, those that it recalls, and « Mes notes »."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form

from app.actions.plans import Line
from app.i18n import _
from app.learn.pages.board_note import BoardNotePage
from app.learn.pages.kits import ToolPage
from app.learn.pages.pieces import PlanLine
from app.learn.pages.plan import PlanPage
from app.learn.pages.shapes import StepAsked, StepPage
from app.models.plan import BLANK
from app.steps import fields

NOTES = fields.Field(name="mes-notes", label="Mes notes", required=False, max=5000)
"""« Mes notes »: one free text by step, kept under the name `notes`."""


@dataclass(frozen=True)
class Notebook:
    """The forms of one page: `own` by field name, `recalls` by step uid, then field name."""

    own: Form
    recalls: Mapping[str, Form]

    def validate(self) -> bool:
        verdicts = [form.validate() for form in (self.own, *self.recalls.values())]  # every one, for its errors
        return all(verdicts)

    def texts(self, uid: str) -> dict[tuple[str, str], str]:
        """What to write, by (step uid, field); only fields that were posted."""
        found = {}
        for number, form in ((uid, self.own), *self.recalls.items()):
            for name, text in fields.notes(form).items():
                found[(number, "notes" if name == NOTES.name else name)] = text
        return found

    def faulty(self) -> list[Field]:
        """The fields of the page with something to put right, in its order."""
        return [field for form in (*self.recalls.values(), self.own) for field in form if field.errors]

    def blame(self, errors: Mapping[str, str]) -> None:
        """Put why the step is not done beside the fields."""
        for name, sentence in errors.items():
            if name in self.own:
                self.own[name].errors = [*self.own[name].errors, sentence]


def notebook(page: StepPage | StepAsked, posted: MultiDict[str, str] | None = None) -> Notebook:
    """The forms of a step's page, filled with what was posted, else with what the notebook holds."""
    own = [*page.fields.values(), NOTES]
    texts = page.texts | {NOTES.name: page.texts.get("notes", "")}
    by_step: dict[str, list[fields.Field]] = {}
    for recall in page.recalls:
        by_step.setdefault(recall.uid, []).append(recall.field)
    known = {recall.uid: {r.field.name: r.text for r in page.recalls if r.uid == recall.uid} for recall in page.recalls}
    return Notebook(
        own=_form(page, page.uid, own, texts, posted),
        recalls={uid: _form(page, uid, asked, known[uid], posted) for uid, asked in by_step.items()},
    )


def beside(page: StepPage | StepAsked, posted: MultiDict[str, str]) -> Notebook:
    """The forms of a page whose answers are sent: « Mes notes » alone may come with them, the rest stays as kept."""
    held = notebook(page)
    notes = held.own[NOTES.name]
    notes.process(posted, notes.data)
    return held


def _form(
    page: StepPage | StepAsked,
    uid: str,
    asked: list[fields.Field],
    texts: Mapping[str, str],
    posted: MultiDict[str, str] | None,
) -> Form:
    form = fields.form_for(asked, page.terms)
    return form(formdata=posted, data=fields.data(asked, texts), prefix=f"{uid}.")


def tool(page: ToolPage, posted: MultiDict[str, str] | None = None) -> Form:
    """The cells of a tool, filled with what was posted, else with what the page shows."""
    cells = page.doc.cells()
    form = fields.form_for(cells, {})
    return form(formdata=posted, data=fields.data(cells, page.texts), prefix=f"{page.doc.uid}.")


def _line_fields(*, near: bool) -> list[fields.Field]:
    """What a line of the plan says; a commitment says also what to tell one's board."""
    asked = _("Ce que je demande, ou ce que je fais") if near else _("Ce qui aura changé, ou ce que je veux réussir")
    found = [
        fields.Field(name="avec", label=_("J’appelle, ou je fais avec") if near else _("Avec qui"), type="line"),
        fields.Field(name="quoi", label=asked, max=500),
        fields.Field(name="avant", label=_("Avant le"), type="date"),
    ]
    return [*found, fields.Field(name="bureau", label=_("À mon bureau"), max=500)] if near else found


@dataclass(frozen=True)
class Plan:
    """The lines of a plan: a form for each, by key."""

    forms: Mapping[str, Form]
    docs: Mapping[str, list[fields.Field]]
    held: Mapping[str, PlanLine]
    """What the plan holds of each."""
    seen: Mapping[str, str]
    """The mark of what the page showed of each."""
    met: Collection[str]
    """The lines that were changed elsewhere meanwhile."""

    def validate(self) -> bool:
        verdicts = [form.validate() and self._says(key, form) for key, form in self.forms.items()]
        return all(verdicts)

    @property
    def faulty(self) -> list[Field]:
        """What is to be put right, in the order of the page."""
        return [bound for form in self.forms.values() for bound in form if bound.errors]

    def lines(self) -> list[Line]:
        return [self._line(key, form) for key, form in self.forms.items()]

    def _says(self, key: str, form: Form) -> bool:
        """A date alone is no line, and must not be lost without a word."""
        line = self._line(key, form)
        if line.empty and line.due_on:
            said = _("Dites ce que vous ferez, ou avec qui. Pour retirer la ligne, effacez aussi sa date.")
            form["quoi"].errors = [said]
        return not (line.empty and line.due_on)

    def _line(self, key: str, form: Form) -> Line:
        """What was not sent stays as it is."""
        said = _texts(self.held[key]) | fields.notes(form)
        day = date.fromisoformat(said["avant"]) if said["avant"] else None
        horizon = self.held[key].horizon
        return Line(key, horizon, said["quoi"], said["avec"], said["bureau"], day, self.seen[key])


def plan(page: PlanPage, posted: MultiDict[str, str] | None = None, met: Collection[str] = ()) -> Plan:
    """The lines of the page, filled with what was posted, else with what the plan holds.

    `met`: those that were changed elsewhere; sent again, they replace what the page shows now.
    """
    docs, forms, seen = {}, {}, {}
    for section in page.sections:
        for line in section.lines:
            docs[line.key] = asked = _line_fields(near=section.near)
            form = fields.form_for(asked, {})
            forms[line.key] = form(formdata=posted, data=fields.data(asked, _texts(line)), prefix=f"{line.key}.")
            sent = None if posted is None or line.key in met else posted.get(f"{line.key}.vu", BLANK)
            seen[line.key] = line.mark if sent is None else sent
    return Plan(forms, docs, {line.key: line for line in page.lines}, seen, met)


def _texts(line: PlanLine) -> dict[str, str]:
    due = line.due_on.isoformat() if line.due_on else ""
    return {"quoi": line.text, "avec": line.with_whom, "avant": due, "bureau": line.board}


def board_note(page: BoardNotePage, posted: MultiDict[str, str] | None = None) -> Form:
    """The fields of the note, filled with what was posted, else with what the page shows."""
    return fields.form_for(page.fields, {})(formdata=posted, data=fields.data(page.fields, page.texts), prefix="note.")


_HORIZON = ".pour"
_KEY = re.compile(r"[A-Za-z0-9:-]{1,64}")


def plan_keys(posted: MultiDict[str, str]) -> dict[str, str]:
    """Key -> horizon of each line of a form."""
    found = {name.removesuffix(_HORIZON): word for name, word in posted.items() if name.endswith(_HORIZON)}
    return {key: word for key, word in found.items() if _KEY.fullmatch(key)}


_LEVEL = "niveau."


def levels(posted: MultiDict[str, str]) -> dict[str, str]:
    """Where a learner places themself, by objective uid."""
    return {name.removeprefix(_LEVEL): word for name, word in posted.items() if name.startswith(_LEVEL)}


def minutes(text: str) -> int | None:
    """The minutes of a format as a form or an address gives them."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def number(text: str) -> int:
    """A row's number as a button gives it; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
