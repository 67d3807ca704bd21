"""Somebody who walks a pathway by keyboard alone: the page is read, and nothing but keys acts on it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.learn.walker import Walker, faults_on_every_screen

WORDS = "Avec l’épicerie du bourg"
MOST = 45
"""Presses of Tab from the heading of a page to the button that goes on."""

LOOK = """selector => {
  const at = document.activeElement, frame = at.closest('.pick, .card') || at;
  const ringed = [at, frame].map(e => getComputedStyle(e)).some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
  const covers = top => !top || !(frame.contains(top) || top.contains(frame));
  const points = [...frame.getClientRects()].flatMap(line => [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y =>
    document.elementFromPoint(line.left + line.width * x, line.top + line.height * y))));
  const chosen = at.type === 'radio' ? document.querySelector(`[name="${at.name}"]:checked`) : at.type === 'checkbox' && at.checked;
  return {
    wanted: !!selector && at.matches(selector), tag: at.localName, type: at.type || '', id: at.id, name: at.name || '',
    value: at.value || '', text: (at.getAttribute('aria-label') || at.innerText || '').trim(),
    asked: at.closest('section[id]')?.id || '', filled: !!(/radio|checkbox/.test(at.type) ? chosen : at.value),
    folded: at.localName === 'summary' && !at.parentElement.open, main: at.matches('.btn.main'), ringed,
    covered: points.filter(covers).length > (frame.offsetHeight > innerHeight / 2 ? points.length * 2 / 3 : 0),
  };
}"""  # noqa: E501
"""Where the focus is, whether it is drawn, and whether a bar stands before it (a tall element may pass under)."""


@dataclass(frozen=True)
class Stop:
    """Where the Tab key has led."""

    wanted: bool
    tag: str
    type: str
    id: str
    name: str
    value: str
    text: str
    asked: str
    filled: bool
    folded: bool
    main: bool
    ringed: bool
    covered: bool


class Typist(Walker):
    def __init__(self, *known: Any) -> None:
        super().__init__(*known)
        self.other_case = False
        self.stops = 0

    def press(self, keys: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(keys)

    def tab(self, selector: str = "", key: str = "Tab") -> Stop:
        """One press: the focus is drawn, and no bar stands before it."""
        self.press(key)
        self.stops += 1
        stop = Stop(**self.page.evaluate(LOOK, selector))
        assert stop.tag != "body", f"the focus is lost on {self.page.url}"
        assert stop.ringed, f"unseen focus: {stop}"
        assert not stop.covered, f"covered focus: {stop}"
        return stop

    def reach(self, selector: str, most: int = 12, key: str = "Tab") -> Stop:
        """Tab until that element has the focus."""
        met = []
        for _press in range(most):
            stop = self.tab(selector, key)
            if stop.wanted:
                return stop
            met.append(stop.text or stop.name)
        raise AssertionError(f"{selector} is not within {most} presses of {key}: {met}")

    def skip(self) -> None:
        """The first stop of a page leads past what comes back on each."""
        self.reach("a.skip", most=1)
        self.press("Enter")

    def begin(self) -> None:
        """From the home page to the first step."""
        self.enter(f"a.btn.main[href='/parcours/{self.slug}']")
        self.enter("#choix button.main")

    def enter(self, selector: str, most: int = 12) -> None:
        """Reach a link or a button and go where it leads."""
        self.reach(selector, most)
        self.follow()

    def follow(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")

    def at(self, element: Locator) -> None:
        """The focus is there, nobody having moved it."""
        expect(element).to_be_focused()

    def do(self) -> None:
        """From the heading to the button that goes on, doing what each stop asks for."""
        here = self.page.url
        self.at(self.page.locator("h1"))
        for _press in range(MOST):
            stop = self.tab()
            if stop.tag == "button" and stop.main and stop.type == "submit":
                self.follow()
                break
            self.meet(stop)
        else:
            raise AssertionError(f"no way on within {MOST} presses of Tab on {here}")
        if "/resultats/" in self.page.url and "/resultats/" not in here:
            self.do()

    def meet(self, stop: Stop) -> None:
        question = self.question(stop)
        if question is not None:
            self.try_(stop, question)
        elif stop.folded:
            self.press("Enter")
        elif stop.text == "Question suivante":
            self.press("Enter")
            self.at(self.page.locator("[data-question]:visible legend"))
        elif stop.tag == "a" and not self.other_case and self.page.locator("nav a[href$='#cas']").count():
            self.other_case = True
            self.follow()
        elif not stop.filled and not stop.name.endswith(".mes-notes"):
            self.fill_in(stop)

    def fill_in(self, stop: Stop) -> None:
        """An empty field of one's own."""
        if stop.type == "radio":
            self.press("ArrowDown")
            if stop.name.startswith("ma-"):
                self.press("ArrowDown", len(stop.name) % 3)
        elif stop.type == "checkbox":
            self.press("Space")
        elif stop.tag == "select":
            self.press("ArrowDown")
        elif stop.type == "date":
            self.write_date(date.today() + timedelta(days=10))  # noqa: DTZ011
        elif stop.tag in ("textarea", "input"):
            self.page.keyboard.type(WORDS)

    def write_date(self, day: date) -> None:
        """In the order in which this browser asks for it."""
        box = self.page.locator(":focus")
        for order in ("%d%m%Y", "%m%d%Y", "%Y%m%d"):
            self.page.keyboard.type(day.strftime(order))
            if box.input_value() == day.isoformat():
                return
            self.press("Shift+Tab", 2)
        raise AssertionError(f"{day} cannot be typed: {box.input_value()}")

    def question(self, stop: Stop) -> Any:
        """The question of a quiz that this stop is about."""
        quiz = self.quizzes.get(self.uid())
        return next((q for q in quiz.questions if q.uid == stop.asked), None) if quiz else None

    def try_(self, stop: Stop, question: Any) -> None:
        """The right answer, then Enter: on the answer itself where there is one only, else on « Vérifier »."""
        right, section = question.right_values(), self.page.locator(f"section#{question.uid}")
        if stop.name == "check":
            return self.check(section)
        if stop.type == "radio":
            self.press("Space")
            for _arrow in range(section.locator("input").count()):
                if section.locator(":checked").get_attribute("value") in right:
                    return self.check(section)
                self.press("ArrowDown")
            raise AssertionError(f"{question.uid}: the arrows do not reach the answer")
        if stop.type == "checkbox":
            if stop.value in right:
                self.press("Space")
        elif stop.tag == "select":
            rank = int(stop.id.rsplit("-", 1)[1]) - 1
            values = section.locator("select").nth(rank).locator("option").evaluate_all("all => all.map(o => o.value)")
            self.press("ArrowDown", values.index(right[rank]))
        elif stop.tag == "input":
            self.page.keyboard.type(right[0].replace(".", ","))
            self.check(section)
        return None

    def check(self, section: Locator) -> None:
        self.press("Enter")
        self.at(section.locator("[role=status] p"))
        expect(section.locator(".note.ok")).to_be_visible()


STOPS = """() => {
  const of = e => e.type === 'radio' ? `${e.form?.id} ${e.name}` : e;
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
  window.unmet = new Map(all.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility()).map(e => [of(e), e]));
  document.addEventListener('focusin', event => window.unmet.delete(of(event.target)));
  return window.unmet.size;
}"""
"""Whatever the Tab key should lead to; the answers of one question are one stop."""


def never_reached(page: Page) -> list[str]:
    """Tab through a page and out of it: what the key never led to, which is everything after a trap."""
    for _press in range(2 * page.evaluate(STOPS) + 20):
        if not page.evaluate("window.unmet.size"):
            return []
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("[...window.unmet.values()].map(e => e.outerHTML.slice(0, 120))")
    return found


def look(page: Page, path: str = "") -> None:
    """At the page that is there, or at that one."""
    if path:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
    assert faults_on_every_screen(page) == [], page.url
    assert never_reached(page) == [], page.url
