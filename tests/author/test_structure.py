"""What a pathway is made of, changed by its authors: in order, nothing lost, and not undone by the disk."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import arranging, authoring, structure, workshop
from app.actions import drafts as loading
from app.actions.structure import WantedStep
from app.config import Settings
from app.content import course
from app.content.outline import Outline, outline
from app.db import Engines
from app.errors import Missing, Refused
from app.models import Draft, Edition
from app.reads import drafts
from app.steps import KINDS
from tests.actions.test_parallel import at_once
from tests.build import DEMO, demo_course, demo_files, load_demo
from tests.cast import make_cast

SEEDS = (1, 2, 3, 4)
VERBS = 14


@pytest.fixture
def aude(db: Session, settings: Settings) -> Iterator[int]:
    load_demo(db, settings.media_dir)
    yield make_cast(db).aude
    clock.unfreeze()


def tree(db: Session) -> Outline:
    db.flush()
    return outline(DEMO, {each.path: each.text or "" for each in drafts.within(db, f"pathways/{DEMO}/") if each.text})


def titles(db: Session) -> list[list[str]]:
    return [[step.title for step in module.steps] for module in tree(db).modules]


def number(db: Session, path: str) -> int:
    return db.scalars(select(Draft.id).filter_by(path=path, removed_at=None)).one()


def module(db: Session, index: int) -> int:
    return number(db, tree(db).modules[index].path)


def step(db: Session, index: int, rank: int) -> int:
    """`rank` from 0."""
    return number(db, tree(db).modules[index].steps[rank].path)


def untouched_by_the_disk(db: Session, settings: Settings) -> None:
    before = drafts.files(db, settings.media_dir)
    gone = {each.id: each.removed_at for each in drafts.everything(db, f"pathways/{DEMO}/")}
    report = authoring.load(db, demo_course(), settings.media_dir)
    assert drafts.files(db, settings.media_dir) == before
    assert {each.id: each.removed_at for each in drafts.everything(db, f"pathways/{DEMO}/")} == gone
    assert report.clashes == []


def as_loaded(db: Session, settings: Settings) -> None:
    """Everything is as the disk gave it: nothing is ahead."""
    assert authoring.load(db, demo_course(), settings.media_dir).ahead == []


def test_a_step_goes_up_and_down_and_back_where_the_disk_had_it(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    moving = step(db, 0, 1)
    arranging.shift(db, DEMO, moving, up=True, by=aude)
    assert titles(db)[0][:3] == [before[0][1], before[0][0], before[0][2]]
    untouched_by_the_disk(db, settings)
    arranging.shift(db, DEMO, moving, up=False, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


def test_past_the_end_of_its_module_a_step_goes_to_the_next(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    last = step(db, 0, len(before[0]) - 1)
    arranging.shift(db, DEMO, last, up=False, by=aude)
    assert titles(db) == [before[0][:-1], [before[0][-1], *before[1]]]
    untouched_by_the_disk(db, settings)
    arranging.shift(db, DEMO, last, up=True, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


@pytest.mark.parametrize("name", ["10-la-meme-rue", "55-le-mur-blanc"])
def test_a_step_takes_its_pictures_and_recordings_to_another_module(
    db: Session, settings: Settings, aude: int, name: str
) -> None:
    before = drafts.files(db, settings.media_dir)
    moving = number(db, f"pathways/demo/10-decouvrir/{name}.md")
    there, rank = module(db, 0), [each.path.split("/")[-1] for each in tree(db).modules[0].steps].index(f"{name}.md")
    arranging.place(db, DEMO, moving, module(db, 1), 2, by=aude)
    files = drafts.files(db, settings.media_dir)
    assert [path for path in files if path.startswith("pathways/demo/20-agir/files/")]
    assert not [p for p in drafts.course(db, settings.media_dir).problems if "fichier" in p.message]
    untouched_by_the_disk(db, settings)
    arranging.place(db, DEMO, moving, there, rank + 1, by=aude)
    assert drafts.files(db, settings.media_dir) == before
    as_loaded(db, settings)


def test_a_picture_whose_name_is_taken_there_goes_under_another(db: Session, settings: Settings, aude: int) -> None:
    home = db.get_one(Draft, module(db, 1)).document_id
    other = db.scalars(select(Draft).where(Draft.path.endswith("/le-mur-blanc.webp"))).one()
    taken = Draft(document_id=home, path="pathways/demo/20-agir/files/la-rue.svg", sha256=other.sha256, version=1)
    taken.updated_at = clock.now()
    db.add(taken)
    moving = db.get_one(Draft, step(db, 0, 0))
    arranging.place(db, DEMO, moving.id, module(db, 1), 1, by=aude)
    assert "(files/la-rue-2.svg " in (moving.text or "")
    assert "pathways/demo/20-agir/files/la-rue-2.svg" in drafts.files(db, settings.media_dir)


def test_at_either_end_of_the_pathway_nothing_moves(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    arranging.shift(db, DEMO, step(db, 0, 0), up=True, by=aude)
    arranging.shift(db, DEMO, step(db, 1, len(before[1]) - 1), up=False, by=aude)
    arranging.shift(db, DEMO, module(db, 0), up=True, by=aude)
    arranging.shift(db, DEMO, module(db, 1), up=False, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


def test_a_module_moves_with_all_that_it_holds_and_back(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    first = module(db, 0)
    arranging.shift(db, DEMO, first, up=False, by=aude)
    assert titles(db) == [before[1], before[0]]
    assert db.get_one(Draft, first).path == "pathways/demo/30-decouvrir/module.md"
    assert "pathways/demo/30-decouvrir/files/la-rue.svg" in drafts.files(db, settings.media_dir)
    untouched_by_the_disk(db, settings)
    arranging.place(db, DEMO, first, None, 1, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


def test_a_module_that_the_disk_never_had_keeps_it_from_publishing_over_the_workshop(
    db: Session, settings: Settings, aude: int
) -> None:
    structure.duplicate(db, DEMO, module(db, 0), by=aude)
    assert authoring.load(db, demo_course(), settings.media_dir).ahead == [f"pathways/{DEMO}"]
    untouched_by_the_disk(db, settings)


def test_a_module_that_leaves_the_disk_leaves_the_tree(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    files = {path: content for path, content in demo_files().items() if "/20-agir/" not in path}
    alone = course.load_course(files, KINDS)
    unit = next(each for each in alone.units() if each.kind == "pathway")
    for source in unit.sources:
        loading.take(db, source, settings.media_dir, clash="say", by=None)
    assert loading.take_away(db, unit.sources, clash="say") == []
    assert titles(db) == before[:1]
    as_loaded(db, settings)
    assert titles(db) == before


def test_a_full_row_of_numbers_is_numbered_again(db: Session, settings: Settings, aude: int) -> None:
    wanted = [f"Étape {rank}" for rank in range(12)]
    home = structure.create_module(db, DEMO, "Un module", by=aude)
    for title in wanted:  # each at the head: the numbers before the first soon run out
        made = structure.create_step(db, DEMO, home.id, WantedStep("reading", title, "12min", 1), by=aude)
        arranging.place(db, DEMO, made.id, home.id, 1, by=aude)
    assert titles(db)[2] == wanted[::-1]
    untouched_by_the_disk(db, settings)


def test_a_module_holds_ninety_nine_steps_and_says_so(db: Session, aude: int) -> None:
    home = structure.create_module(db, DEMO, "Un module", by=aude)
    for rank in range(99):
        structure.create_step(db, DEMO, home.id, WantedStep("reading", f"Étape {rank}", "12min", 1), by=aude)
    assert titles(db)[2] == [f"Étape {rank}" for rank in range(99)]
    with pytest.raises(Refused, match="99"):
        structure.create_step(db, DEMO, home.id, WantedStep("reading", "De trop", "12min", 1), by=aude)


def test_a_link_leads_where_it_led_whatever_moves(db: Session, settings: Settings, aude: int) -> None:
    made = structure.create_step(db, DEMO, module(db, 0), WantedStep("reading", "Renvois", "12min", 1), by=aude)
    made.text = (
        f"{made.text}\n[ici](10-la-meme-rue.md) [là](../20-agir/10-ma-phrase.md#fin) [site](https://a.org/x.md)\n"
    )
    db.flush()
    arranging.place(db, DEMO, made.id, module(db, 1), 1, by=aude)
    assert "[ici](../10-decouvrir/10-la-meme-rue.md) [là](10-ma-phrase.md#fin) [site](https://a.org/x.md)" in made.text
    arranging.place(db, DEMO, step(db, 0, 0), module(db, 1), 2, by=aude)
    arranging.shift(db, DEMO, module(db, 1), up=True, by=aude)
    assert "[ici](07-la-meme-rue.md) [là](10-ma-phrase.md#fin) [site](https://a.org/x.md)" in made.text


def test_a_copy_has_the_same_words_under_other_names(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    copy = structure.duplicate(db, DEMO, step(db, 0, 1), by=aude)
    assert titles(db)[0][:3] == [before[0][0], before[0][1], f"{before[0][1]} (copie)"]
    assert db.scalars(select(Draft).filter_by(path=copy.path.replace(".md", ".en.md"))).one()
    structure.duplicate(db, DEMO, module(db, 0), by=aude)
    assert [len(each) for each in titles(db)] == [len(before[0]) + 1, len(before[0]) + 1, len(before[1])]
    problems = [str(problem) for problem in drafts.course(db, settings.media_dir).problems]
    assert [said for said in problems if "identifiant" in said or "numéro" in said or "nom «" in said] == []
    untouched_by_the_disk(db, settings)


def test_what_is_taken_away_comes_back_where_it_stood(db: Session, settings: Settings, aude: int) -> None:
    before = titles(db)
    gone = step(db, 0, 2)
    structure.remove(db, DEMO, gone)
    structure.remove(db, DEMO, gone)
    assert titles(db)[0] == [*before[0][:2], *before[0][3:]]
    untouched_by_the_disk(db, settings)
    structure.restore(db, DEMO, gone, by=aude)
    structure.restore(db, DEMO, gone, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


def test_a_module_comes_back_without_what_had_been_taken_from_it_before(
    db: Session, settings: Settings, aude: int
) -> None:
    before = titles(db)
    gone, home = step(db, 0, 2), module(db, 0)
    structure.remove(db, DEMO, gone)
    structure.remove(db, DEMO, home)
    assert titles(db) == [before[1]]
    with pytest.raises(Missing):
        structure.restore(db, DEMO, gone, by=aude)
    untouched_by_the_disk(db, settings)
    arranging.shift(db, DEMO, module(db, 0), up=True, by=aude)
    structure.restore(db, DEMO, home, by=aude)
    assert titles(db) == [[*before[0][:2], *before[0][3:]], before[1]]
    structure.restore(db, DEMO, gone, by=aude)
    assert titles(db) == before
    as_loaded(db, settings)


def test_what_a_move_left_behind_cannot_be_given_back(db: Session, aude: int) -> None:
    moving = step(db, 0, 1)
    arranging.shift(db, DEMO, moving, up=True, by=aude)
    left = db.scalars(select(Draft.id).where(Draft.path.like("pathways/demo/%"), Draft.removed_at.is_not(None))).all()
    assert left
    for each in left:
        with pytest.raises(Missing):
            structure.restore(db, DEMO, each, by=aude)


def test_a_new_step_is_announced_before_it_is_written(db: Session, settings: Settings, aude: int) -> None:
    structure.create_step(db, DEMO, module(db, 1), WantedStep("quiz", "Œufs : à vous", "24min", 3), by=aude)
    found = tree(db).modules[1].steps[-1]
    assert (found.title, found.kind, found.format, found.minutes, found.ready) == (
        "Œufs : à vous",
        "quiz",
        "24min",
        3,
        False,
    )
    assert found.path.endswith("/90-oeufs-a-vous.md")
    assert not [problem for problem in drafts.course(db, settings.media_dir).problems if problem.path == found.path]


def test_another_title_leaves_the_rest_of_the_text(db: Session, settings: Settings, aude: int) -> None:
    moving = step(db, 0, 0)
    before = db.get_one(Draft, moving).text or ""
    structure.rename(db, DEMO, moving, "L’autre rue : ici", by=aude)
    after = db.get_one(Draft, moving).text or ""
    assert after == before.replace("title: La même rue", "title: 'L’autre rue : ici'")
    structure.rename(db, DEMO, moving, "La même rue", by=aude)
    as_loaded(db, settings)


def test_a_pathway_that_was_published_is_not_taken_away_and_another_comes_back(
    db: Session, settings: Settings, aude: int
) -> None:
    with pytest.raises(Refused):
        structure.remove_pathway(db, DEMO, by=aude)
    slug = structure.create_pathway(db, "Un essai", "2h", by=aude)
    structure.create_module(db, slug, "Un module", by=aude)
    before = drafts.files(db, settings.media_dir)
    structure.remove_pathway(db, slug, by=aude)
    assert drafts.within(db, f"pathways/{slug}/") == []
    assert [document.slug for document, _front in drafts.removed_fronts(db)] == [slug]
    structure.restore_pathway(db, slug, by=aude)
    assert drafts.files(db, settings.media_dir) == before
    assert drafts.removed_fronts(db) == []


def test_what_many_authors_do_at_once_leaves_one_tree(engines: Engines, settings: Settings) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        aude = make_cast(db).aude
        first, second, one = module(db, 0), module(db, 1), step(db, 0, 0)
        db.commit()
    wanted = WantedStep("reading", "La même", "12min", 1)

    def act(db: Session, turn: int) -> object:
        match turn % 4:
            case 0:
                return arranging.place(db, DEMO, one, (first, second)[turn % 8 // 4], 3, by=aude)
            case 1:
                return structure.create_step(db, DEMO, second, wanted, by=aude).id
            case 2:
                return structure.duplicate(db, DEMO, one, by=aude).id
            case _:
                return arranging.shift(db, DEMO, first, up=turn % 8 == 3, by=aude)

    at_once(engines, act)
    with Session(engines.write) as db:
        whole = tree(db)
        assert len({each.uid for each in whole.steps}) == len(whole.steps) == 16 + 3 + 3
        for each in whole.modules:
            assert len({found.path.rsplit("/", 1)[-1][:2] for found in each.steps}) == len(each.steps)
        untouched_by_the_disk(db, settings)


def test_a_link_is_led_on_without_losing_what_another_author_has_just_typed(
    engines: Engines, settings: Settings
) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        aude = make_cast(db).aude
        made = structure.create_step(db, DEMO, module(db, 1), WantedStep("reading", "Renvois", "12min", 1), by=aude)
        link, one, text = made.id, step(db, 0, 0), f"{made.text}\n[ici](../10-decouvrir/10-la-meme-rue.md)\n"
        workshop.write_text(db, link, text, seen=made.version, by=aude)
        db.commit()
    with Session(engines.write) as db:
        stale = arranging.hold(db, DEMO)  # read, then typed elsewhere before anything moves
        found = db.get_one(Draft, link)
        typed = {"text": f"{text}Encore.\n", "version": found.version + 1}
        db.execute(
            update(Draft).where(Draft.id == link).values(typed), execution_options={"synchronize_session": False}
        )
        assert stale.living
        arranging.shift(db, DEMO, one, up=False, by=aude)
        assert (drafts.draft(db, link).text or "").endswith("[ici](../10-decouvrir/25-la-meme-rue.md)\nEncore.\n")


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_verbs_the_order_is_as_asked_and_the_disk_changes_nothing(
    db: Session, settings: Settings, aude: int, seed: int
) -> None:
    chance = random.Random(seed)
    gone: list[int] = []
    for turn in range(VERBS):
        clock.freeze(clock.now() + timedelta(seconds=turn + 1))
        _any_verb(db, chance, aude, gone)
        whole = tree(db)
        uids = [each.uid for each in whole.steps]
        assert len(set(uids)) == len(uids)
        assert len({module.prefix[:-1].rsplit("/", 1)[-1][:2] for module in whole.modules}) == len(whole.modules)
        for each in whole.modules:
            numbers = [found.path.rsplit("/", 1)[-1][:2] for found in each.steps]
            assert len(set(numbers)) == len(numbers)
    untouched_by_the_disk(db, settings)
    assert db.scalars(select(Edition.number)).all() == [1]
    for each in reversed(gone):
        structure.restore(db, DEMO, each, by=aude)
    untouched_by_the_disk(db, settings)


def _any_verb(db: Session, chance: random.Random, aude: int, gone: list[int]) -> None:
    before = tree(db)
    home = chance.randrange(len(before.modules))
    lines = before.modules[home].steps
    verb = chance.choice(["shift", "place", "place", "module", "copy", "remove", "restore", "add", "add module"])
    if verb == "restore" and gone:
        structure.restore(db, DEMO, gone.pop(), by=aude)
    elif verb == "add module" or not lines:
        structure.create_module(db, DEMO, "Un module", by=aude)
    elif verb == "add":
        wanted = WantedStep("reading", "Une étape", "12min", 1)
        structure.create_step(db, DEMO, module(db, home), wanted, by=aude)
    elif verb == "module":
        rank = chance.randrange(len(before.modules))
        prefix = before.modules[home].slug
        arranging.place(db, DEMO, module(db, home), None, rank + 1, by=aude)
        assert tree(db).modules[rank].slug == prefix
    else:
        rank = chance.randrange(len(lines))
        chosen = step(db, home, rank)
        match verb:
            case "shift":
                arranging.shift(db, DEMO, chosen, up=chance.random() < 0.5, by=aude)
            case "copy":
                structure.duplicate(db, DEMO, chosen, by=aude)
            case "remove":
                structure.remove(db, DEMO, chosen)
                gone.append(chosen)
            case _:
                there = chance.randrange(len(before.modules))
                most = len([each for each in before.modules[there].steps if each.path != lines[rank].path])
                wished = chance.randrange(most + 1)
                arranging.place(db, DEMO, chosen, module(db, there), wished + 1, by=aude)
                assert tree(db).modules[there].steps[wished].uid == lines[rank].uid
