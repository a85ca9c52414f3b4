"""Shipped cases, and the starter case written into a new folder."""

from __future__ import annotations

__all__ = ["new", "shipped", "shipped_folder"]

import re
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path

from potline.errors import InputError, Problem
from potline.reading import reads

STARTER = "starter"


@reads
def shipped() -> tuple[str, ...]:
    """Return the names of the cases that come with the package, sorted.

    Examples:
        >>> "starter" in shipped()
        False
    """
    entries = files("potline.cases").iterdir()
    found = (item.name for item in entries if item.is_dir() and item.joinpath("case.toml").is_file())
    return tuple(sorted(name for name in found if name != STARTER))


def shipped_folder(name: str) -> Traversable:
    """Return the folder of a shipped case."""
    return files("potline.cases").joinpath(name)


@reads
def new(folder: str | PathLike[str]) -> None:
    """Write the commented starter case into a new or empty folder; all of it or nothing.

    The case takes the folder's name. Its numbers are examples for learning the format, not data.

    Raises:
        InputError: the folder is not empty, or is a file.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     new(Path(place) / "mine")
        ...     'name = "mine"' in (Path(place) / "mine" / "case.toml").read_text(encoding="utf-8")
        True
    """
    target = Path(folder)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        found = "a file" if target.is_file() else "a folder that is not empty"
        hint = "Nothing was written; choose another name."
        raise InputError([Problem(where=str(folder), found=found, needed="a new or an empty folder", hint=hint)])
    try:
        _write_starter(target)
    except OSError as error:
        found, hint = f"a place where nothing can be written ({error.strerror})", "Choose another place."
        raise InputError([Problem(where=str(folder), found=found, needed="a folder of yours", hint=hint)]) from None


def _write_starter(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".potline-new-") as place:
        written = Path(place) / "case"
        written.mkdir()
        for item in shipped_folder(STARTER).iterdir():
            if item.name.endswith((".toml", ".csv")):
                (written / item.name).write_bytes(item.read_bytes())
        _rename(written / "case.toml", target.resolve().name)
        if target.is_dir():
            target.rmdir()
        shutil.move(written, target)


def _rename(file: Path, folder: str) -> None:
    """Write a folder's name, in letters that a case's name may hold, as the name of the case."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder).strip("-.") or STARTER
    old = f'name = "{STARTER}"'
    new_name = f'name = "{name}"'.ljust(len(old))
    text = file.read_bytes().decode("utf-8").replace(old, new_name, 1)
    file.write_bytes(text.encode("utf-8"))
