"""The site: every page stands in its navigation, every link of a page laid out leads somewhere, every name is told."""

import ast
import re

import pytest
from docs.building.drawing import drawn
from docs.building.gallery import write_gallery
from docs.building.navigation import HOME, ROOT, navigation
from docs.building.pages import lay_out
from docs.building.picture import PICTURE, picture
from docs.building.reference import rooms, write_reference

import potline

DOCS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}


def test_every_page_stands_in_the_navigation_once():
    named = [page for group in navigation() for page in group.pages]
    assert sorted(named) == sorted(set(named))
    assert {page for page in named if page.startswith("docs/")} == DOCS - {HOME}
    assert all((ROOT / page).is_file() for page in named)


def test_a_navigation_that_names_no_file_is_refused(tmp_path):
    (tmp_path / "docs/building").mkdir(parents=True)
    (tmp_path / "docs/building/navigation.toml").write_text('[[group]]\ntitle = "X"\npages = ["docs/absent.md"]\n')
    with pytest.raises(FileNotFoundError) as told:
        navigation(tmp_path)
    assert str(told.value) == "navigation.toml names 'docs/absent.md', which finds no file; name one that exists"


def test_links_of_pages_laid_out_lead_to_pages_laid_out(tmp_path):
    lay_out(navigation(), tmp_path)
    links = [
        (page.parent / target).resolve()
        for page in tmp_path.rglob("*.md")
        if "files" not in page.relative_to(tmp_path).parts
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    ]
    assert len(links) > 150
    made = {(tmp_path / f"{name}.md").resolve() for group in navigation() for name in group.made}
    assert [link for link in links if not link.is_file() and link not in made] == []
    assert all(link.is_relative_to(tmp_path.resolve()) for link in links)
    architecture = (tmp_path / "architecture.md").read_text(encoding="utf-8")
    assert "](project/CONTRIBUTING.md)" in architecture
    assert "<svg" in architecture
    assert "mermaid" not in architecture


def test_a_page_with_a_link_to_nothing_is_refused(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / HOME).write_text("# Home\n\n[gone](gone.md)\n")
    with pytest.raises(FileNotFoundError) as told:
        lay_out((), tmp_path / "out", tmp_path)
    assert str(told.value) == f"{HOME} links to gone.md, which is not there; mend the link"


def test_every_public_name_stands_in_the_reference_once(tmp_path):
    names = [name for room in rooms() for name in room.names]
    assert sorted(names) == sorted(name for name in potline.__all__ if not name.startswith("__"))
    write_reference(tmp_path)
    written = "".join(page.read_text(encoding="utf-8") for page in tmp_path.glob("*.rst"))
    told = re.findall(r"^\.\. auto\w+:: potline\.(\w+)$", written, re.MULTILINE)
    assert sorted(told) == sorted(names)


def test_the_picture_of_readme_is_that_of_the_flagship_today():
    kept = PICTURE.read_text(encoding="utf-8")
    assert kept == picture(), "remake it: python -m docs.building.picture"
    assert len(kept.encode()) < 60_000
    assert (
        f"]({PICTURE.relative_to(ROOT).as_posix()})" in (ROOT / "README.md").read_text(encoding="utf-8").split("**")[0]
    )


def test_the_gallery_shows_every_figure_it_draws(tmp_path):
    case = tmp_path / "mine"
    potline.new(case, minimal=True)
    place = tmp_path / "pages"
    place.mkdir()
    count = write_gallery(place, case=str(case))
    page = (place / "gallery.md").read_text(encoding="utf-8")
    shown = re.findall(r"\{image\} (figures/.*)", page)
    assert count == len(shown) == len(set(shown)) > 10
    assert all((place / name).read_text(encoding="utf-8").startswith("<svg") for name in shown)
    assert page.count("## ") < count
    assert "## Who loses money, and how much?" in page


def test_a_build_without_figures_says_so(tmp_path):
    assert write_gallery(tmp_path, drawn=False) == 0
    told = "# Gallery\n\nThis build has no figures. `make docs` draws those of `china-aluminium-2013`.\n"
    assert (tmp_path / "gallery.md").read_text(encoding="utf-8") == told


def test_what_imports_stands_above_what_it_imports():
    picture = drawn("graph TD\n    a --> b\n    b --> c\n    a --> c\n")
    height = dict(re.findall(r'y="(\d+)" text-anchor="middle"[^>]*>(\w)<', picture))
    assert {name: int(y) for y, name in height.items()} == {"a": 40, "b": 110, "c": 180}
    assert picture.count("<path d=") == 1 + 3  # the tip, and a line for each arrow
    assert "a imports b; b imports c; a imports c" in picture


def test_the_configuration_names_files_that_stand_there_and_no_other_host():
    here = ROOT / "docs/building"
    text = (here / "conf.py").read_text(encoding="utf-8")
    told = dict(re.findall(r"^(html_\w+) = (\[.*\])$", text, re.MULTILINE))  # the generator is not there to run it
    (static,), styles = (ast.literal_eval(told[name]) for name in ("html_static_path", "html_css_files"))
    folder = here / static
    assert styles
    assert all((folder / name).is_file() for name in styles)
    assert "://" not in text
    assert "://" not in (folder / "potline.css").read_text(encoding="utf-8")
