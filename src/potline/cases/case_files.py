"""The files that a case was read from, kept with it: what is saved, and copied into a run."""

from __future__ import annotations

__all__ = ["CaseFiles", "files_of", "placed"]

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from potline.cases.problems import Placed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CaseFiles:
    """The files of a case as those of a folder, and what was read from them.

    Attributes:
        texts: text of each file by its name, ``case.toml``, ``plants.csv``, and ``sheets/NAME.csv`` for a sheet of a
            workbook that no case reads.
        places: where in a workbook each of them stands; None for a folder.
        parts: what the case held when it was read, by field: a changed case holds other things.
    """

    texts: Mapping[str, str]
    places: Placed | None
    parts: Mapping[str, Any]

    @classmethod
    def of(cls, files: Mapping[str, bytes], case: Any, places: Placed | None) -> CaseFiles:
        """Return the files of a case just read."""
        held = {item.name: getattr(case, item.name) for item in fields(case) if item.name != "files"}
        texts = {name: data.decode("utf-8") for name, data in files.items()}
        return cls(texts=texts, places=places, parts=held)

    def bytes_by_name(self) -> dict[str, bytes]:
        """Return each file as it was, byte for byte."""
        return {name: text.encode("utf-8") for name, text in self.texts.items()}

    def changed_in(self, case: Any) -> Iterable[str]:
        """Return the fields in which a case holds something else than was read."""
        return tuple(name for name, part in self.parts.items() if getattr(case, name) is not part)

    def __repr__(self) -> str:
        return f"CaseFiles({', '.join(self.texts)})"


def files_of(case: Any) -> CaseFiles | None:
    """Return the files that a case was read from; None for one made in Python."""
    return case.files if isinstance(case.files, CaseFiles) else None


def placed(case: Any, text: str) -> str:
    """Return what is said of a case with its places in the words of what it was read from: cells of a workbook."""
    read = files_of(case)
    return text if read is None or read.places is None else read.places.words(text)
