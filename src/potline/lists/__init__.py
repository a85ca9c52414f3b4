"""A vendor's list of plants becomes a case, by a mapping file that is written for the user to edit."""

from potline.lists.importing import import_list
from potline.lists.result import DroppedRow, ListGuess, ListImport, ListNote

__all__ = ["DroppedRow", "ListGuess", "ListImport", "ListNote", "import_list"]
