"""Read and write tables and ranges; the same input gives the same bytes everywhere."""

from __future__ import annotations

__all__ = ["between", "number", "plus", "read", "shifted", "write"]

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from potline.sources import Interval

HERE = Path(__file__).resolve().parents[1]
Row = Mapping[str, str]


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of ``published/...`` or ``compiled/...``."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Sequence[Mapping[str, object]], columns: Iterable[str] = ()) -> None:
    """Write rows with the columns of the first, or those named, in order."""
    names = list(columns) or list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


def number(value: float, digits: int = 4) -> str:
    """Return a number rounded, without needless zeros."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def between(central: float, low: float, high: float, digits: int = 4) -> str:
    """Return ``central in low..high``, or the number alone where there is no range."""
    if low == high:
        return number(central, digits)
    return f"{number(central, digits)} in {number(low, digits)}..{number(high, digits)}"


def shifted(central: float, half_width: float, digits: int = 4) -> str:
    """Return ``central in central-half..central+half``."""
    return between(central, central - half_width, central + half_width, digits)


def plus(*parts: Interval) -> Interval:
    """Return the sum of ranges, ends added to ends."""
    return Interval(
        central=sum(part.central for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
    )
