"""Look at a workbook before anything parses it: a zip of parts that is small enough and holds nothing that runs.

What passes is packed anew, so that the library that reads cells sees the very parts that were looked at.
"""

from __future__ import annotations

__all__ = ["MOST_CELLS", "Package", "opened"]

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

MOST_PARTS = 2_000
MOST_UNPACKED = 300_000_000
_SQUEEZED, _LOOKED_AT = 200, 10_000_000
"""A part larger than the second may be so many times its packed size."""
MOST_CELLS = 10_000_000
"""Cells of one sheet from A1 to the last that holds something, blanks included."""
MOST_TEXT = 500_000_000
"""Characters of all cells of a workbook."""

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVED = "Save it as Excel workbook (.xlsx)."
_NEEDED = "a workbook (.xlsx)"
_KEPT = re.compile(r"(?!.*(?:^|/)(?:media|drawings|charts|embeddings)/).*\.(?:xml|rels)", re.DOTALL)
_ITEM_END = re.compile(rb"</(?:\w+:)?si>")
_SHARED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\st="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<')

Refusal = tuple[str, str, str]
"""What was found, what is needed, what to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The parts of a workbook, and a zip of them alone.

    Attributes:
        parts: each by its name.
        data: the zip.
    """

    parts: Mapping[str, bytes]
    data: bytes

    def part(self, name: str) -> bytes:
        """Return a part; nothing where there is none."""
        return self.parts.get(name.lstrip("/"), b"")


def opened(data: bytes) -> Package | Refusal:
    """Return the parts of a workbook, or why it is none that is read.

    Examples:
        >>> opened(b"plant,firm")
        ('a file that is no workbook', 'a workbook (.xlsx)', 'Save it as Excel workbook (.xlsx).')
    """
    if data.startswith(_OLD):
        if _ENCRYPTED in data:
            return "an encrypted workbook", "one without a password", "Take the password away and save it again."
        return "a workbook of before 2007 (.xls)", _NEEDED, _SAVED
    if not data.startswith(b"PK"):
        return "a file that is no workbook", _NEEDED, _SAVED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if refusal := _refused_unread(entries):
                return refusal
            parts = {item.filename: archive.read(item) for item in entries if _KEPT.fullmatch(item.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return "a damaged workbook", "one that a spreadsheet program opens", "Open it there and save it again."
    if refusal := _refused_parts(parts):
        return refusal
    return Package(parts=parts, data=_packed(parts))


def _refused_unread(entries: list[zipfile.ZipInfo]) -> Refusal | None:
    """Return why a zip is refused before a part of it is read."""
    names = [item.filename for item in entries]
    if len(entries) > MOST_PARTS:
        return f"a workbook of {len(entries):,} parts", f"at most {MOST_PARTS:,}", ""
    if len({name.casefold() for name in names}) < len(names):
        return "a workbook that holds a part twice", "each part once", "Open it and save it again."
    if any(item.flag_bits & 1 for item in entries):
        return "an encrypted workbook", "one without a password", "Take the password away and save it again."
    if "[Content_Types].xml" not in names:
        other = "an OpenDocument file" if "mimetype" in names else "a zip that is no workbook"
        return other, _NEEDED, _SAVED
    held = [name.casefold() for name in names]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in held):
        return "a workbook with macros", "one without", _SAVED
    if any("/externallinks/" in name for name in held):
        hint = "Break the links (Data, Edit Links), which leaves the values, and save it again."
        return "a workbook with links to other workbooks", "one that stands alone", hint
    unpacked = sum(item.file_size for item in entries)
    for item in entries:
        if item.file_size > _LOOKED_AT and item.file_size > _SQUEEZED * max(1, item.compress_size):
            found = (
                f"a part, {item.filename[:80]}, {item.file_size // max(1, item.compress_size):,} times its packed size"
            )
            return found, f"at most {_SQUEEZED} times", ""
    if unpacked > MOST_UNPACKED:
        most = MOST_UNPACKED // 1_000_000
        return (
            f"a workbook of {unpacked // 1_000_000:,} MB unpacked",
            f"at most {most} MB",
            "Delete what is not needed.",
        )
    return None


def _refused_parts(parts: Mapping[str, bytes]) -> Refusal | None:
    types = parts["[Content_Types].xml"]
    if b"macroEnabled" in types:
        if b"sheet.binary" in types:
            return "a binary workbook (.xlsb)", _NEEDED, _SAVED
        return "a workbook with macros", "one without", _SAVED
    if b"spreadsheetml" not in types:
        return "a file that is no workbook", _NEEDED, _SAVED
    for name, part in parts.items():
        hint = "Open it in a spreadsheet program and save it again."
        if b"\x00" in part:
            return f"a part, {name[:80]}, that is not UTF-8", "parts in UTF-8", hint
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            return f"a part, {name[:80]}, that declares entities of its own", "parts without", hint
    if (characters := _characters(parts)) > MOST_TEXT:
        return f"texts of {characters:,} characters", f"at most {MOST_TEXT:,}", "Delete what is not needed."
    return None


def _characters(parts: Mapping[str, bytes]) -> int:
    """Return how many characters the cells hold that share their texts; a bound where that is small enough."""
    shared = next((part for name, part in parts.items() if name.casefold().endswith("sharedstrings.xml")), b"")
    sheets = [part for name, part in parts.items() if "/worksheets/" in name and name.endswith(".xml")]
    lengths = [len(item) for item in _ITEM_END.split(shared)]
    bound = max(lengths) * sum(part.count(b't="s"') for part in sheets)
    if bound <= MOST_TEXT:
        return bound
    used = Counter(int(number) for part in sheets for number in _SHARED_CELL.findall(part))
    return sum(lengths[place] * count for place, count in used.items() if place < len(lengths))


def _packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return buffer.getvalue()
