"""Rewrite a case folder of an older schema in place, so that nothing is lost whenever it stops."""

from __future__ import annotations

__all__ = ["Upgrade", "upgrade"]

import os
import shutil
import warnings
from os import PathLike
from pathlib import Path

from potline.cases.documents import read_toml
from potline.cases.loading import check, file_bytes
from potline.cases.problems import Problems
from potline.cases.schema_1 import CASE, FILES, KEPT, is_schema_1, renewed
from potline.errors import InputError, Problem
from potline.reading import noun, reads


@noun
class Upgrade:
    """What an upgrade did: the folder, and a line for each change; no change where it is of the newest schema.

    Examples:
        >>> Upgrade(folder="mine", changes=("case.toml: schema is now 2",)).changes[0]
        'case.toml: schema is now 2'
    """

    folder: str
    changes: tuple[str, ...] = ()


@reads
def upgrade(folder: str | PathLike[str]) -> Upgrade:
    """Rewrite a case folder of schema 1 as one of schema 2, in place; comments, order and unknown files stay.

    The old files are kept in the folder ``.schema-1`` inside it until every new one is written. Where the rewriting was
    cut short, the next call puts them back first.

    Args:
        folder: a folder with a case.toml.

    Returns:
        an :class:`Upgrade`.

    Raises:
        InputError: no such folder, a case with problems, or names that would mean something else; nothing is written.
        OSError: a folder that cannot be written; the old files stand as they were.

    Examples:
        >>> upgrade("no-such-case")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        potline.errors.InputError: no-such-case: found no case.toml; needed the folder of a case. ...
    """
    place = Path(folder)
    if (place / KEPT).is_dir():
        _put_back(place)
    if not (place / CASE).is_file():
        hint = "A shipped case needs no upgrade."
        raise InputError([Problem(where=str(folder), found=f"no {CASE}", needed="the folder of a case", hint=hint)])
    problems = Problems()
    data = file_bytes(place / CASE, problems)
    document = read_toml(data, CASE, problems) if data is not None else None
    if document is None:
        raise InputError(problems.sorted())
    if not is_schema_1(document.values):
        return Upgrade(folder=str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        if found := check(folder):
            raise InputError(found)
    old = {item.name: item.read_bytes() for item in sorted(place.iterdir()) if _belongs(item)}
    new = renewed(old)
    changed = {name: data for name, data in new.files.items() if old.get(name) != data}
    _rewrite(place, [name for name in old if old[name] != new.files.get(name)], changed)
    return Upgrade(folder=str(folder), changes=new.changes)


def _belongs(item: Path) -> bool:
    return item.is_file() and (item.name == CASE or (item.suffix == ".csv" and item.name[0] not in ".~"))


def _rewrite(place: Path, gone: list[str], new: dict[str, bytes]) -> None:
    """Write new files over old ones, which stand in :data:`KEPT` meanwhile."""
    making = place / f"{KEPT}-being-made"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        for name in gone:
            shutil.copy2(place / name, making / name)
            _to_disk(making / name)
        for name, data in new.items():
            written = making / f"{name}.new"
            written.write_bytes(data)
            if (place / name).exists():
                shutil.copymode(place / name, written)
            _to_disk(written)
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    making.rename(place / KEPT)
    try:
        for name in new:
            os.replace(place / KEPT / f"{name}.new", place / name)
        for name in gone:
            if name not in new:
                (place / name).unlink()
    except OSError:
        _put_back(place)
        raise
    _forget(place)


def _put_back(place: Path) -> None:
    """Undo a rewriting that was cut short."""
    for item in (place / KEPT).iterdir():
        if not item.name.endswith(".new"):
            shutil.copy2(item, place / item.name)
            _to_disk(place / item.name)
            if item.name in FILES:
                (place / FILES[item.name]).unlink(missing_ok=True)
    _forget(place)


def _forget(place: Path) -> None:
    """Take the old files away, under another name first, so that half of them never stands for all."""
    done = place / f"{KEPT}-being-made"
    shutil.rmtree(done, ignore_errors=True)
    (place / KEPT).rename(done)
    shutil.rmtree(done)


def _to_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
