"""Write a case as a folder or as a workbook: the files it was read from, in either form."""

from __future__ import annotations

__all__ = ["files_as_read", "save_case"]

from os import PathLike
from typing import Any

from potline.cases.case_files import files_of
from potline.cases.folders import put_file, put_folder
from potline.cases.schema_1 import is_schema_1_text, renewed
from potline.cases.workbooks.reading import is_workbook
from potline.errors import InputError, Problem


def save_case(case: Any, place: str | PathLike[str]) -> None:
    """Write a case as it was read.

    Args:
        case: the case.
        place: a new file that ends in ``.xlsx``, or a new or empty folder.

    Raises:
        InputError: the place is taken or cannot be written, or the case is not the one that its files say.
    """
    held = files_as_read(case)
    if not is_workbook(str(place)):
        put_folder(place, held)
        return
    if not str(place).casefold().endswith(".xlsx"):
        needed = "a name that ends in .xlsx, or that of a folder"
        raise InputError([Problem(where=str(place), found="the name of another kind of file", needed=needed)])
    from potline.cases.workbooks.writing import workbook_of

    if is_schema_1_text(held["case.toml"]):
        held = dict(renewed(held).files)
    put_file(place, workbook_of(held))


def files_as_read(case: Any) -> dict[str, bytes]:
    """Return the files that a case was read from, by name.

    Raises:
        InputError: the case was made in Python, or holds something else by now.
    """
    where, files = f"case {case.name!r}", files_of(case)
    if files is None:
        needed = "a case that was read from a folder, a workbook or frames"
        raise InputError([Problem(where=where, found="a case made in Python, without files", needed=needed)])
    if changed := files.changed_in(case):
        said = f"; {'; '.join(case.changes)}" if case.changes else ""
        hint = "Save it before it is changed, and change the files; or give the changes after --set."
        found = f"changes that no file holds ({', '.join(changed)}{said})"
        raise InputError([Problem(where=where, found=found, needed="a case as it was read", hint=hint)])
    return files.bytes_by_name()
