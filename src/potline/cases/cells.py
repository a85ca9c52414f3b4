"""What a cell or a key may hold; each kind says what it needs, and pydantic reports where it was not met."""

from __future__ import annotations

__all__ = [
    "Cell",
    "Choice",
    "Name",
    "Names",
    "Pattern",
    "Quantity",
    "Text",
    "YesNo",
    "is_list",
    "is_table",
    "read_number",
    "shown",
]

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any, TypeGuard

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from potline.cases.limits import LARGEST, LONGEST_YEARS
from potline.cases.problems import Hint, did_you_mean
from potline.reading import made_unread
from potline.sources import Interval, parse_interval

SMALLEST = 1e-9
"""No number of a case is smaller in size, but 0."""
_LARGEST = {"kt/year": 1e9, "a year": 20.0, "1": 20.0, "share": 100.0, "years": LONGEST_YEARS, "months": 12_000.0}
"""The largest by unit, where it is less."""

_THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_LONGEST = 100
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_ALLOWED = re.compile(r"[-+−0-9.eEinf\s]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The base of all kinds: ``read`` returns the value or raises what :meth:`refuse` makes.

    Attributes:
        meaning: what the column says, for the documentation.
    """

    meaning: str = ""

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return self.meaning or "text"

    def read(self, raw: Any) -> Any:
        """Return the value of what was written."""
        if not isinstance(raw, str):
            raise self.refuse()
        return " ".join(raw.split())

    def refuse(self, hint: Hint = "", needed: str = "") -> PydanticCustomError:
        """Return the error that says what is needed and what to try."""
        return PydanticCustomError("cell", "{needed}", {"needed": needed or self.needed, "hint": hint})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Cell):
    """Any text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Cell):
    """A name; a semicolon separates names.

    Examples:
        >>> Name().read("  Jiaozuo  Wanfang ")
        'Jiaozuo Wanfang'
    """

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return "a name without semicolons"

    def read(self, raw: Any) -> str:
        """Return the name with single spaces."""
        if not isinstance(raw, str) or not raw.strip() or ";" in raw:
            raise self.refuse()
        return " ".join(raw.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Cell):
    """Names separated by semicolons, or in TOML a list of names."""

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return self.meaning or "names separated by semicolons"

    def read(self, raw: Any) -> tuple[str, ...]:
        """Return the names."""
        parts = raw.split(";") if isinstance(raw, str) else raw
        if not is_list(parts) or not all(isinstance(part, str) for part in parts):
            raise self.refuse()
        return tuple(" ".join(part.split()) for part in parts if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Cell):
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return "one of: " + ", ".join(self.words)

    def read(self, raw: Any) -> str:
        """Return the word."""
        word = raw.strip() if isinstance(raw, str) else ""
        if word not in self.words:
            raise self.refuse(lambda: _nearest(word, self.words))
        return word


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Cell):
    """``yes`` or ``no``."""

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return "yes or no"

    def read(self, raw: Any) -> bool:
        """Return whether yes."""
        if isinstance(raw, bool):
            return raw
        word = raw.strip().casefold() if isinstance(raw, str) else ""
        if word not in ("yes", "no"):
            raise self.refuse()
        return word == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(Cell):
    """Text of a form, such as a month."""

    regex: str
    words: str

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        return self.words

    def read(self, raw: Any) -> str:
        """Return the text."""
        text = str(raw).strip()
        if not re.fullmatch(self.regex, text, re.ASCII):
            raise self.refuse()
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Cell):
    """A number, ``low..high`` or ``central in low..high``, within bounds.

    Attributes:
        unit: unit, with ``CUR`` for the case's currency.
        minimum, above, maximum: bounds, ``above`` strict.
        infinite: whether ``inf`` may be written.
        hint: what to try when the number is out of bounds.
        default: what an absent column means, in words.
        blank: what a blank cell means, in words; where empty, a blank cell is refused.

    Examples:
        >>> Quantity(minimum=0.0).read("12..15").central
        13.5
    """

    unit: str = ""
    minimum: float = -math.inf
    above: float = -math.inf
    maximum: float = math.inf
    infinite: bool = False
    hint: str = ""
    default: str = ""
    blank: str = ""

    @property
    def needed(self) -> str:
        """What the cell needs, in words."""
        if math.isfinite(self.above):
            lower = f"above {self.above:g}"
        elif math.isfinite(self.minimum):
            lower = f"{self.minimum:g} or more" if math.isinf(self.maximum) else f"from {self.minimum:g}"
        else:
            lower = ""
        upper = f"{'' if not lower else ' '}to {self.maximum:g}" if math.isfinite(self.maximum) else ""
        return (lower + upper) or "a number"

    @property
    def is_share(self) -> bool:
        """Whether it counts parts of one, which people also write in per cent."""
        return self.unit in ("share", "a year", "1", "")

    @property
    def largest(self) -> float:
        """The largest size accepted."""
        return _LARGEST.get(self.unit, LARGEST)

    def refusal(self, number: float) -> str:
        """Return what is needed where a number lies outside the bounds; nothing where it may stand.

        Examples:
            >>> Quantity(minimum=0.0).refusal(-5.0), Quantity(above=0.0).refusal(5e-324), Quantity().refusal(0.0)
            ('0 or more', 'above 0, of a size from 1e-9 to 1e12', '')
        """
        if math.isnan(number) or (math.isinf(number) and not (self.infinite and number > 0.0)):
            return "a finite number"
        if not (self.minimum <= number <= self.maximum and number > self.above):
            return self.needed
        if number != 0.0 and not math.isinf(number) and not SMALLEST <= abs(number) <= self.largest:
            sizes = (f"{size:g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
                     for size in (SMALLEST, self.largest))  # fmt: skip
            return f"{self.needed}, of a size from {' to '.join(sizes)}"
        return ""

    def read(self, raw: Any) -> Interval:
        """Return the number with its range."""
        try:
            interval = read_number(raw, share=self.is_share)
        except ValueError as error:
            needed, _, hint = str(error).partition("|")
            raise self.refuse(hint, needed) from None
        ends = (interval.low, interval.central, interval.high)
        for end in ends:
            if needed := self.refusal(end):
                raise self.refuse(self.hint if needed == self.needed else "", needed)
        return interval

    def read_plain(self, texts: Iterable[str]) -> dict[str, Interval]:
        """Return all at once the numbers of those texts that are plain numbers within bounds.

        Examples:
            >>> Quantity(minimum=0.0).read_plain(["1", "2..3", "-4"])
            {'1': Interval(central=1.0, low=1.0, high=1.0, stated_central=True)}
        """
        plain = list(filter(_PLAIN.fullmatch, texts))
        numbers = list(map(float, plain))
        least = min((abs(number) for number in numbers if number), default=SMALLEST)
        if numbers and (least < SMALLEST or self.refusal(min(numbers)) or self.refusal(max(numbers))):
            sound = [not self.refusal(number) for number in numbers]
            plain, numbers = list(compress(plain, sound)), list(compress(numbers, sound))
        ends = dict.fromkeys(("central", "low", "high"), numbers)
        made = made_unread(Interval, len(numbers), {**ends, "stated_central": repeat(True)})
        return dict(zip(plain, made, strict=True))


def read_number(raw: Any, *, share: bool = True) -> Interval:
    """Read a number or a range as strictly as a table needs; ``share`` says whether one in per cent could be meant.

    Raises:
        ValueError: what is needed, then ``|`` and what to try.

    Examples:
        >>> read_number("13 in 12..15").low
        12.0
        >>> read_number("1,234")
        Traceback (most recent call last):
        ...
        ValueError: a number without commas|Write `1234`; a decimal sign is a point.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise ValueError("a number, `low..high` or `central in low..high`")
    text = str(raw).strip()
    if len(text) > _LONGEST:
        raise ValueError(f"a number of at most {_LONGEST} characters")
    if "," in text:
        raise ValueError(f"a number without commas|Write `{_without_commas(text)}`; a decimal sign is a point.")
    if text.casefold() in ("nan", "+nan", "-nan", "n/a", "na", "#n/a"):
        raise ValueError("a number|Write 0 where there is none.")
    if text.endswith("%"):
        raise ValueError(_without_percent(text) if share else "an amount without %|Write it in the unit of its name.")
    if not _ALLOWED.fullmatch(text):
        plain = "ordinary digits 0-9 in a number" if not text.isascii() else ""
        raise ValueError(plain or "a number, `low..high` or `central in low..high`")
    return parse_interval(text)


def _without_percent(text: str) -> str:
    """Return what is needed in place of a number in per cent, then what to try.

    Examples:
        >>> _without_percent("4.5%"), _without_percent("some %")
        ('a share without %|Write 0.045 for 4.5%.', 'a share without %|Write 0.17 for 17%.')
    """
    try:
        part = float(text.rstrip("% ")) / 100.0
    except ValueError:
        return "a share without %|Write 0.17 for 17%."
    return f"a share without %|Write {part:g} for {text}."


def _without_commas(text: str) -> str:
    """Return what was meant: commas are decimal signs unless all groups are thousands.

    Examples:
        >>> [_without_commas(text) for text in ("0,042", "1,200", "1,234,567.5", "1.234,5", "12,5..13,25")]
        ['0.042', '1200', '1234567.5', '1234.5', '12.5..13.25']
    """
    parts = re.split(r"(\.\.|\s+)", text)
    with_comma = [part for part in parts if "," in part]
    if all(_THOUSANDS.fullmatch(part) for part in with_comma) or any(part.count(",") > 1 for part in with_comma):
        return text.replace(",", "")
    return "".join(part.replace(".", "").replace(",", ".") if "," in part else part for part in parts)


def _nearest(word: str, words: Sequence[str]) -> str:
    near = did_you_mean(word, words) if word else ""
    return near if near.startswith("Did") else ""


def is_table(raw: object) -> TypeGuard[dict[str, Any]]:
    """Whether what was written is a table of TOML, whose keys are always text."""
    return isinstance(raw, dict)


def is_list(raw: object) -> TypeGuard[list[Any]]:
    """Whether what was written is a list of TOML."""
    return isinstance(raw, list)


def shown(raw: Any) -> str:
    """Return what was written as an error shows it.

    Examples:
        >>> shown("-5"), shown("Chaclo"), shown("")
        ('-5', "'Chaclo'", 'nothing')
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return "nothing"
    if isinstance(raw, str):
        with suppress(ValueError):
            if _ALLOWED.fullmatch(raw):  # else it is no number, as is soon seen
                read_number(raw)
                return raw.strip()
        return repr(raw if len(raw) <= 60 else raw[:57] + "...")
    return str(raw) if isinstance(raw, (int, float)) else f"a {type(raw).__name__}"
