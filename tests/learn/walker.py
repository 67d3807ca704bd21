"""Somebody who walks a pathway in a real browser, with or without script, and answers what each page asks."""

from datetime import date, timedelta
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page
from sqlalchemy.orm import Session

from app.db import Engines
from app.reads import courses
from app.steps import KINDS
from app.steps.quiz import Question, Quiz

SENTENCE = "Nous cherchons à plusieurs ce que personne ne tient seul."


class Walker:
    def __init__(self, page: Page, url: str, engines: Engines, slug: str) -> None:
        self.page, self.url, self.slug = page, url, slug
        with Session(engines.read) as db:
            edition = courses.pathway(db, slug, None).edition_id
            uids = [row.uid for row in courses.steps(db, edition, None) if row.kind == "quiz" and row.ready]
            contents = courses.step_contents(db, edition, uids)
        self.quizzes = {uid: KINDS["quiz"].Content.model_validate(found.content) for uid, found in contents.items()}

    def uid(self) -> str:
        return self.page.url.split("?")[0].split("#")[0].rsplit("/", 1)[1]

    def walk(self, most: int = 40) -> list[str]:
        """From the step that is open to the bilan. Returns the uids met."""
        met = []
        while not self.page.url.endswith("/bilan"):
            assert len(met) < most, met
            met.append(self.uid())
            self.do()
        return met

    def do(self) -> None:
        """Answer the page and press its one main button."""
        self.fill()
        if self.page.locator("#diagnostic").count():
            self.sit()
            return
        if (taken := self.page.locator("main a.btn.main[href*='/resultats/']")).count():  # at the door, before
            self.go(taken)
            self.wonder()
            return
        if self.page.locator("#quiz").count():
            self.answer(self.quizzes[self.uid()])
        self.go(self.page.locator("#turn button.main"))

    def fill(self) -> None:
        """Write in every field of the page that is empty."""
        for box in self.page.locator("textarea[form=turn]:visible, input[form=turn]:not([type]):visible").all():
            if not box.input_value() and not (box.get_attribute("name") or "").endswith(".mes-notes"):
                box.fill(SENTENCE)
        for box in self.page.locator("input[type=date][form=turn]:visible").all():
            if not box.input_value():
                box.fill((date.today() + timedelta(days=10)).isoformat())  # noqa: DTZ011
        for box in self.page.locator("select[form=turn]:visible").all():
            if not box.input_value():
                box.select_option(index=1)
        for group in self.page.locator("fieldset:has(input[form=turn]):visible").all():
            if not group.locator(":checked").count():
                group.locator("input:visible").first.check()

    def answer(self, quiz: Quiz) -> None:
        for question in quiz.questions:
            self.choose(question)
        with self.page.expect_response(lambda answer: answer.request.method == "GET" and "/etapes/" in answer.url):
            self.page.locator("#quiz button[name=check]").first.click()
        self.page.locator("#turn button.main").wait_for()

    def choose(self, question: Question) -> None:
        """The right answer to a question, not checked yet."""
        section = self.page.locator(f"section#{question.uid}")
        for rank, value in enumerate(question.right_values()):
            self._choose(section, rank, value)

    def _choose(self, section: Locator, rank: int, value: str) -> None:
        if section.locator("select").count():
            section.locator("select").nth(rank).select_option(value)
        elif section.locator(f"input[value='{value}']").count():
            section.locator(f"input[value='{value}']").check()
        else:
            section.locator("input").first.fill(value.replace(".", ","))

    def sit(self) -> None:
        """The self-diagnostic, one question at a time with script, all at once without; then its result."""
        questions = self.page.locator("[data-question]")
        for rank in range(questions.count()):
            questions.nth(rank).locator("input[type=radio]").nth(rank % 5).check()
            following = self.page.get_by_role("button", name="Question suivante")
            if following.count() and following.is_visible():
                following.click()
        self.go(self.page.get_by_role("button", name="Voir mon résultat"))
        self.wonder()

    def wonder(self) -> None:
        """Read the result and say what surprises."""
        self.page.wait_for_url("**/resultats/**")
        self.page.locator("#surprise").fill(SENTENCE)
        self.go(self.page.locator("form.yours button.main"))

    def go(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()


SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"), (320, "light"))


def faults(page: Page) -> list[str]:
    """What axe finds, and what sticks out of the screen."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    said = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
    return [*said, *_sticks_out(page)]


def faults_on_every_screen(page: Page) -> list[str]:
    """The same page on a laptop in light, on a phone in dark, and on the narrowest, where nothing may stick out.

    What the script folded on a phone is unfolded, so that everything is looked at.
    """
    before = page.viewport_size
    said = []
    page.evaluate("document.querySelectorAll('[data-fold]').forEach(fold => { fold.open = true })")
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wrong = _sticks_out(page) if width == SCREENS[-1][0] else faults(page)
        said += [f"{width} {scheme}, {fault}" for fault in wrong]
    if before:
        page.set_viewport_size(before)
    return said


def _sticks_out(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wide} px too wide"] if wide > 0 else []
