"""A courses folder on disk: what is taken, what is refused, what is written back."""

import os
from pathlib import Path

import pytest

from app.content import folder
from app.errors import Refused

SHIPPED = Path(__file__).parents[2] / "courses"


def put(root: Path, path: str, content: bytes = b"x\n") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def refusals(root: Path) -> dict[str, str]:
    _files, problems = folder.read(root)
    return {p.path: p.message.replace("\u00a0", " ") for p in problems}


def test_what_is_read_is_written_back_byte_for_byte(tmp_path: Path) -> None:
    files, problems = folder.read(SHIPPED)
    assert problems == []
    assert len(files) > 50
    assert folder.write(tmp_path, files) == sorted(files)
    assert folder.read(tmp_path) == (files, [])
    assert folder.write(tmp_path, files) == []


def test_only_what_differs_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    files = {"cases/un/case.md": b"a\n", "cases/deux/case.md": b"b\n"}
    folder.write(tmp_path, files)
    assert folder.write(tmp_path, {**files, "cases/un/case.md": b"c\n"}) == ["cases/un/case.md"]
    assert folder.write(tmp_path, {"cases/un/case.md": b"c\n"}, gone=["cases/deux/case.md"]) == ["cases/deux/case.md"]
    assert folder.read(tmp_path)[0] == {"cases/un/case.md": b"c\n"}
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize(
    "path",
    [
        "../cases/a/case.md",
        "/etc/passwd",
        "cases/../../x/case.md",
        "cases/A/case.md",
        "cases/a/case.md\x00",
        "a.md",
        "cases/a/.md",
    ],
)
def test_nothing_is_written_outside_its_place(tmp_path: Path, path: str) -> None:
    root = tmp_path / "courses"
    with pytest.raises(Refused, match="sa place"):
        folder.write(root, {path: b"x"})
    assert not root.exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "courses"
    (root / "cases").mkdir(parents=True)
    (root / "cases" / "a").symlink_to(outside)
    with pytest.raises(Refused, match="lien"):
        folder.write(root, {"cases/a/case.md": b"x"})
    assert list(outside.iterdir()) == []


def test_links_are_refused_wherever_they_lead(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret/case.md", b"secret\n")
    root = tmp_path / "courses"
    put(root, "cases/a/case.md")
    (root / "cases/b").mkdir()
    (root / "cases/b/case.md").symlink_to(secret)
    (root / "cases/c").symlink_to(secret.parent)
    (root / "cases/d").symlink_to("a")
    files, problems = folder.read(root)
    assert list(files) == ["cases/a/case.md"]
    assert {p.path for p in problems} == {"cases/b/case.md", "cases/c", "cases/d"}
    assert all("pas de lien" in p.message for p in problems)


def test_what_has_no_place_is_said(tmp_path: Path) -> None:
    put(tmp_path, "cases/a/case.md")
    for path in (
        "cases/a/notes.txt",
        "cases/a/run.py",
        "cases/A B/case.md",
        "pathways/p/1-x/module.md",
        "cases/a/x.html",
        "cases/a/files/film.webm",
        "pathways/p/10-x/files/film.webm",
    ):
        put(tmp_path, path)
    put(tmp_path, "cases/a/files/latin.svg", b"\xff")
    put(tmp_path, "cases/b/case.md", b"ok\n\xe9\n")
    os.mkfifo(tmp_path / "cases/a/files/pipe.svg")
    said = refusals(tmp_path)
    assert "type de fichier inconnu" in said["cases/a/notes.txt"]
    assert "type de fichier inconnu" in said["cases/a/run.py"]
    assert "dans le dossier files/ d’un module" in said["cases/a/files/film.webm"]
    assert "pathways/p/10-x/files/film.webm" not in said
    assert "nom ou emplacement impossible" in said["cases/A B/case.md"]
    assert "nom ou emplacement impossible" in said["pathways/p/1-x/module.md"]
    assert said["cases/b/case.md"] == "ligne 2 : ce texte n’est pas en UTF-8"
    assert "fichier ordinaire" in said["cases/a/files/pipe.svg"]
    assert "cases/a/case.md" not in said


def test_papers_of_the_folder_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    for path in ("LICENSE", "README.md", ".DS_Store", "cases/.keep", ".git/config"):
        put(tmp_path, path)
    assert folder.read(tmp_path) == ({}, [])


def test_a_name_that_is_no_text_is_said_and_shown_safely(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    target = os.fsencode(tmp_path / "cases") + b"/\xff\x1b.md"
    Path(os.fsdecode(target)).write_bytes(b"x")
    _files, (problem,) = folder.read(tmp_path)
    assert str(problem).isprintable() or "\u00a0" in str(problem)
    assert "\x1b" not in str(problem)


def test_weights_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LARGEST", 100)
    monkeypatch.setattr(folder, "ALL", 150)
    monkeypatch.setattr(folder, "LARGEST_RECORDING", 120)
    put(tmp_path, "pathways/p/10-x/files/a.webm", b"x" * 121)
    assert "trop lourd" in refusals(tmp_path).pop("pathways/p/10-x/files/a.webm")
    put(tmp_path, "pathways/p/10-x/files/a.webm", b"x" * 119)
    assert refusals(tmp_path) == {}
    (tmp_path / "pathways/p/10-x/files/a.webm").unlink()
    put(tmp_path, "cases/a/case.md", b"x" * 101)
    assert "trop lourd" in refusals(tmp_path)["cases/a/case.md"]
    put(tmp_path, "cases/a/case.md", b"x" * 90)
    put(tmp_path, "cases/b/case.md", b"x" * 90)
    assert "cours trop lourd" in refusals(tmp_path)["cases/b/case.md"]
    monkeypatch.setattr(folder, "MANY", 1)
    assert "trop de fichiers" in refusals(tmp_path)["cases/b/case.md"]


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    assert list(refusals(tmp_path / "no").values()) == ["ce dossier n’existe pas"]


def test_files_are_grouped_by_document() -> None:
    paths = [
        "taxonomy/needs.yaml",
        "taxonomy/paths.yaml",
        "pathways/p/20-b/module.md",
        "pathways/p/20-b/10-x.md",
        "pathways/p/20-b/files/x.svg",
        "pathways/p/10-a/module.md",
        "pathways/p/pathway.md",
        "kits/k/kit.md",
        "kits/k/10-s.md",
        "elsewhere/x.md",
    ]
    found = folder.documents(dict.fromkeys(paths, b""))
    assert [(s.kind, s.slug, s.home, s.position, len(s.files)) for s in found] == [
        ("pathway", "p", "", 0, 1),
        ("module", "a", "p", 10, 1),
        ("module", "b", "p", 20, 3),
        ("kit", "k", "", 0, 2),
        ("taxonomy", "taxonomy", "", 0, 2),
    ]
