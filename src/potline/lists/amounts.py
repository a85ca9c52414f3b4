"""Read a capacity as vendors write it: units, thousands, ranges, bounds; what is not understood is said, never 0."""

from __future__ import annotations

__all__ = ["Amount", "factor_of", "read_amount", "unit_in"]

import re
from dataclasses import dataclass

_SCALES = {
    "t": 0.001, "tonne": 0.001, "tonnes": 0.001, "metric ton": 0.001, "metric tons": 0.001,
    "metric tonnes": 0.001, "kt": 1.0, "kilotonnes": 1.0, "ktonnes": 1.0, "thousand t": 1.0, "000 t": 1.0,
    "thousand tonnes": 1.0, "000 tonnes": 1.0, "thousand metric tons": 1.0, "thousand tons": 1.0, "mt": 1000.0,
    "million t": 1000.0, "million tonnes": 1000.0, "million metric tons": 1000.0, "mmt": 1000.0, "megatonnes": 1000.0,
    "万吨": 10.0, "10 kt": 10.0, "吨": 0.001, "short ton": 0.00090718474, "short tons": 0.00090718474,
    "long ton": 0.0010160469088, "long tons": 0.0010160469088, "kg": 1e-6, "lakh t": 100.0, "lakh tonnes": 100.0,
}  # fmt: skip
"""kt for one of a unit of mass."""
_PERIODS = {
    "year": 1.0, "yr": 1.0, "y": 1.0, "a": 1.0, "annum": 1.0, "年": 1.0, "": 1.0, "day": 365.0, "d": 365.0,
    "日": 365.0, "month": 12.0, "mo": 12.0, "月": 12.0, "hour": 8760.0, "h": 8760.0,
}  # fmt: skip
"""Periods in a year."""
_SHORT = {
    "tpa": "t/year", "tpy": "t/year", "mtpa": "mt/year", "mtpy": "mt/year", "mmtpa": "mmt/year", "mmtpy": "mmt/year",
    "ktpa": "kt/year", "ktpy": "kt/year", "kta": "kt/year", "kty": "kt/year", "tpd": "t/day", "tpm": "t/month",
    "ttpa": "kt/year", "ttpy": "kt/year",
}  # fmt: skip
_NUMBER = r"\d[\d.,'’\s\u00a0\u202f]*"
_FORM = re.compile(
    rf"^(?P<sign>[-−+]?)(?P<bound>[<>≤≥]=?|>=|<=|up to|at least|over|under|more than|less than)?\s*"
    rf"(?P<about>~|≈|c\.?\s|ca\.?\s|circa\s|approx\.?\s|about\s|est\.?\s)?\s*(?P<low>{_NUMBER})"
    rf"(?:\s*(?:-|–|—|to|\.\.|~)\s*(?P<high>{_NUMBER}))?(?P<plus>\+)?\s*(?P<unit>[^\d]*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number read from a cell, in the unit asked, or why it was not.

    Attributes:
        low: smallest value.
        high: largest value; equal to ``low`` where the cell is no range.
        why: "" where it was read, else the reason in words.
        about: whether the cell says that it is approximate.
    """

    low: float = 0.0
    high: float = 0.0
    why: str = ""
    about: bool = False

    @property
    def written(self) -> str:
        """The number as a case writes it."""
        return f"{self.low:.12g}" if self.low == self.high else f"{self.low:.12g}..{self.high:.12g}"


def factor_of(unit: str) -> float | None:
    """Return kt/year for one of a unit, None where the unit is not known.

    Examples:
        >>> factor_of("ktpa"), factor_of("Mt/y"), factor_of("t/day"), factor_of("万吨/年"), factor_of("barrels")
        (1.0, 1000.0, 0.365, 10.0, None)

        A capital M alone is a million: ``mt`` and ``MT`` stand for metric tons as often, and are not known.

        >>> factor_of("MT"), factor_of("MTPA")
        (None, 1000.0)
    """
    if re.match(r"\s*(mt|MT)(?![A-Za-z])", unit):
        return None
    text = " ".join(unit.casefold().replace("'", "").replace("’", "").replace(",000", "000").split())
    text = _SHORT.get(text, text)
    text = re.sub(r"\s*(?:\bper\b|\ba\b(?=\s*year)|/)\s*", "/", text)
    mass, _, period = text.partition("/")
    scale, times = _SCALES.get(mass.strip()), _PERIODS.get(period.strip())
    return None if scale is None or times is None else round(scale * times, 15)


def unit_in(heading: str) -> str:
    """Return the unit that a heading names, "" where it names none.

    Examples:
        >>> unit_in("Capacity (Mt/y)"), unit_in("crude_steel_ktpa"), unit_in("Capacity, '000 t"), unit_in("Size")
        ('Mt/y', 'ktpa', "'000 t", '')
    """
    inner = re.findall(r"[(\[（]([^()\[\]（）]*)[)\]）]", heading)
    parts = [*inner, *re.split(r"[,;:]\s+", heading)[1:], *re.split(r"[\s_]+", heading)[::-1]]
    words = re.split(r"[\s_]+", heading)
    parts += [" ".join(words[-count:]) for count in (2, 3, 4)]
    return next((part.strip() for part in parts if factor_of(part) is not None and part.strip().casefold() != "t"), "")


def read_amount(cell: str, factor: float, decimal: str, *, bounds: str = "drop", approximate: str = "take") -> Amount:
    """Read a cell that is not blank, times ``factor``.

    Args:
        cell: what stands there.
        factor: kt/year for one of the column's unit; a unit in the cell itself comes first.
        decimal: the decimal sign, ``.`` or ``,``.
        bounds: ``take`` reads ``>500`` as 500, ``drop`` says that it is a bound.
        approximate: ``take`` reads ``~500`` as 500, ``drop`` says that it is approximate.

    Examples:
        >>> read_amount("1,200", 1.0, ".").written, read_amount("1.2 Mt", 1.0, ".").written
        ('1200', '1200')
        >>> read_amount("900-1,100", 1.0, ".").written, read_amount(">0", 1.0, ".").why
        ('900..1100', 'a bound, not a number')
        >>> read_amount("12,5", 1.0, ".").why
        'not a number with `.` as decimal sign'
    """
    match = _FORM.match(cell.strip())
    if match is None:
        return Amount(why="not a number")
    unit = match["unit"].strip(" .()")
    own = factor_of(unit) if unit else factor
    if own is None:
        return Amount(why="a unit that is not known")
    low, high = _plain(match["low"], decimal), _plain(match["high"] or match["low"], decimal)
    if low is None or high is None:
        return Amount(why=f"not a number with `{decimal}` as decimal sign")
    if match["sign"] in ("-", "−"):
        return Amount(why="below 0")
    if match["bound"] or match["plus"]:
        if bounds == "drop" or low <= 0.0:
            return Amount(why="a bound, not a number")
    elif match["about"] and approximate == "drop":
        return Amount(why="an approximate number")
    if high < low:
        return Amount(why="a range that ends before it begins")
    if low <= 0.0:
        return Amount(why="0" if high <= 0.0 else "a range from 0")
    if high * own > 1e9:
        return Amount(why="more than 1e9 kt/year")
    if low * own < 1e-6:
        return Amount(why="less than 1e-6 kt/year")
    return Amount(float(f"{low * own:.12g}"), float(f"{high * own:.12g}"), about=bool(match["about"]))


def _plain(text: str, decimal: str) -> float | None:
    """Return a number with groups of three as thousands; None where it is none.

    Examples:
        >>> _plain("1.234.567,5", ","), _plain("1 200", "."), _plain("1,2", "."), _plain("2500", ",")
        (1234567.5, 1200.0, None, 2500.0)
    """
    text = text.strip().rstrip(".,'’")
    group = "." if decimal == "," else ","
    if re.fullmatch(rf"\d+(?:{re.escape(decimal)}\d+)?", text):
        return _finite(text.replace(decimal, "."))
    if re.fullmatch(rf"\d{{1,3}}(?:[{re.escape(group)}'’\s\u00a0\u202f]\d{{3}})+(?:{re.escape(decimal)}\d+)?", text):
        return _finite(re.sub(r"[^\d.]", "", text.replace(group, "").replace(decimal, ".")))
    return None


def _finite(text: str) -> float | None:
    number = float(text) if text.isascii() and len(text) < 60 else float("inf")
    return number if number < 1e300 else None
