"""Shipped cases, and the starter case written into a new folder."""

from __future__ import annotations

__all__ = ["new", "put_file", "put_folder", "shipped", "shipped_folder"]

import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path

from potline.cases.workbooks.reading import is_workbook
from potline.errors import InputError, Problem
from potline.reading import reads

CASE, STARTER, MINIMAL = "case.toml", "starter", "minimal"


@reads
def shipped() -> tuple[str, ...]:
    """Return the names of the cases that come with the package, sorted.

    Examples:
        >>> "starter" in shipped()
        False
    """
    entries = files("potline.cases").iterdir()
    found = (item.name for item in entries if item.is_dir() and item.joinpath("case.toml").is_file())
    return tuple(sorted(name for name in found if name not in (STARTER, MINIMAL)))


def shipped_folder(name: str) -> Traversable:
    """Return the folder of a shipped case."""
    return files("potline.cases").joinpath(name)


@reads
def new(folder: str | PathLike[str], *, minimal: bool = False) -> None:
    """Write the commented starter case into a new or empty folder, or as a workbook to fill in; all of it or nothing.

    ``minimal`` writes a case of four files and fewer than sixty lines instead, which is answered as well.

    A name that ends in ``.xlsx`` is that of a workbook: its headings carry notes, its cells lists of what may stand in
    them, and columns that the starter does not use are there to be filled in. The case takes the name of its place. Its
    numbers are examples for learning the format, not data.

    Raises:
        InputError: the folder is not empty, or is a file; the workbook is there already.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     new(Path(place) / "mine")
        ...     'name = "mine"' in (Path(place) / "mine" / "case.toml").read_text(encoding="utf-8")
        True
    """
    target = Path(folder)
    source = MINIMAL if minimal else STARTER
    given = {item.name: item for item in shipped_folder(source).iterdir() if item.name.endswith((".toml", ".csv"))}
    files = {name: item.read_bytes() for name, item in sorted(given.items())}
    if not is_workbook(target.name):
        put_folder(target, {**files, CASE: _renamed(files[CASE], target.resolve().name, source)})
        return
    from potline.cases.workbooks.writing import workbook_of

    put_file(target, workbook_of({**files, CASE: _renamed(files[CASE], target.stem, source)}, template=True))


def put_folder(folder: str | PathLike[str], files: Mapping[str, bytes]) -> None:
    """Write files into a new or empty folder; all of them or none.

    Raises:
        InputError: the folder is not empty, or is a file, or cannot be written.
    """
    target = Path(folder)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        found = "a file" if target.is_file() else "a folder that is not empty"
        hint = "Nothing was written; choose another name."
        raise InputError([Problem(where=str(folder), found=found, needed="a new or an empty folder", hint=hint)])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".potline-new-") as place:
            written = Path(place) / "case"
            for name, data in files.items():
                (written / name).parent.mkdir(parents=True, exist_ok=True)
                (written / name).write_bytes(data)
            if target.is_dir():
                target.rmdir()
            shutil.move(written, target)
    except OSError as error:
        found, hint = f"a place where nothing can be written ({error.strerror})", "Choose another place."
        raise InputError([Problem(where=str(folder), found=found, needed="a folder of yours", hint=hint)]) from None


def put_file(file: str | PathLike[str], data: bytes) -> None:
    """Write a new file; all of it or nothing.

    Raises:
        InputError: something is there already, or nothing can be written.
    """
    target = Path(file)
    try:
        if target.exists():
            found = "a folder" if target.is_dir() else "a file that is there already"
            hint = "Nothing was written; choose another name."
            raise InputError([Problem(where=str(file), found=found, needed="the name of a new file", hint=hint)])
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".potline-new-") as place:
            written = Path(place) / "file"
            written.write_bytes(data)
            shutil.move(written, target)
    except OSError as error:
        found, hint = f"a place where nothing can be written ({error.strerror})", "Choose another place."
        raise InputError([Problem(where=str(file), found=found, needed="a place of yours", hint=hint)]) from None


def _renamed(data: bytes, place: str, source: str) -> bytes:
    """Write the name of a place, in letters that a case's name may hold, as the name of the case."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", place).strip("-.") or source
    old = f'name = "{source}"'
    new_name = f'name = "{name}"'.ljust(len(old))
    return data.decode("utf-8").replace(old, new_name, 1).encode("utf-8")
