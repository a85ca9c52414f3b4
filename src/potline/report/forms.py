"""The forms that a brief is written in, by the ending of its file: a page, paper, slides."""

from __future__ import annotations

__all__ = ["check_brief_place", "check_forms", "in_form"]

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from potline.errors import InputError, Problem
from potline.frame import library
from potline.report.blocks import Document
from potline.report.folder import check_writable, unwritable

_LARGEST = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a brief.

    Attributes:
        made: the file, from the brief.
        ours: whether the file at a place is one that Potline made.
        needs: the module of the library that makes it; blank for none.
        install: what pip is told to have it.
    """

    made: Callable[[Document], bytes]
    ours: Callable[[Path], bool]
    needs: str = ""
    install: str = ""


def in_form(document: Document, place: Path) -> bytes:
    """Return a brief in the form that the ending of a file asks for.

    Raises:
        InputError: no form has that ending, or what makes it is not installed.
    """
    return _form(place).made(document)


def check_brief_place(place: Path) -> None:
    """Refuse a place for a brief that is a folder, holds something else, or whose form cannot be made here.

    Raises:
        InputError: with what was found and what is needed.
    """
    try:
        found = "a folder" if place.is_dir() else _other(place) if place.is_file() else ""
    except OSError as error:
        raise InputError([unwritable(place, error)]) from None
    if found:
        needed = "the name of a new file, or of an earlier page to replace"
        raise InputError(
            [Problem(where=f"output {place}", found=found, needed=needed, hint="Try a name such as brief.html.")]
        )
    check_forms([place])
    if place.is_file() or not place.exists():
        check_writable(place)


def check_forms(places: Iterable[str | Path]) -> None:
    """Refuse places whose endings ask for a form that cannot be made here.

    Raises:
        InputError: no form has that ending, or what makes it is not installed.
    """
    for place in map(Path, places):
        form = _form(place)
        if form.needs:
            library(form.needs, f"output {place}", install=form.install)


def _form(place: Path) -> Form:
    ending = place.suffix.lower()
    if ending in FORMS:
        return FORMS[ending]
    endings = ", ".join(name for name in FORMS if name)
    found = f"a name that ends in {ending}"
    hint = "Try brief.html for a page, brief.pdf for paper, brief.pptx for slides."
    raise InputError([Problem(where=f"output {place}", found=found, needed=f"one of {endings}", hint=hint)])


def _other(place: Path) -> str:
    form = FORMS.get(place.suffix.lower(), _PAGE)
    return "" if not place.stat().st_size or form.ours(place) else "a file that is no page of Potline"


def _is_page(place: Path) -> bool:
    with place.open("rb") as file:
        start = file.read(2048)
    written = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    return not written or (written.lower().startswith(b"<!doctype html") and b"Potline" in start)


def _is_paper(place: Path) -> bool:
    if place.stat().st_size > _LARGEST:
        return False
    data = place.read_bytes()
    return data.startswith(b"%PDF-") and b"/Author(Potline)" in data


def _is_slides(place: Path) -> bool:
    try:
        with zipfile.ZipFile(place) as held, held.open("docProps/core.xml") as about:
            return b">Potline</dc:creator>" in about.read(4096)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, ValueError, RuntimeError):
        return False


def _page(document: Document) -> bytes:
    from potline.report.html import page

    return page(document).encode()


def _paper(document: Document) -> bytes:
    from potline.report.paper import pdf

    return pdf(document)


def _slides(document: Document) -> bytes:
    from potline.report.slides import pptx

    return pptx(document)


_PAGE = Form(made=_page, ours=_is_page)
FORMS = {
    "": _PAGE,
    ".html": _PAGE,
    ".htm": _PAGE,
    ".pdf": Form(made=_paper, ours=_is_paper, needs="typst"),
    ".pptx": Form(made=_slides, ours=_is_slides, needs="pptx", install="'potline[slides]'"),
}
"""By the ending of a file, in small letters; a name without one, such as a device, takes a page."""
