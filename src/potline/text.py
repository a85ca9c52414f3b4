"""Text that came from somebody else, made safe where it is shown: no control characters, no formula in a cell."""

from __future__ import annotations

__all__ = ["apart", "cleaned", "first_control", "neutralised", "restored", "wrapped"]

import re
import textwrap
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_COMMAND = re.compile(r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
_FORMULA = re.compile(r"'*\s*[-=+@\t\r\n＝＋－＠]")
_BREAKS = re.compile(
    r"[\u2e80-\u9fff\uff00-\uffef][，。；：、）！？]*|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*[，。；：、）！？]*|\s+"
)
"""What stays on one line: a Chinese character, or a word of other letters, with the marks that end it."""
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(\s*(\.\.|in)\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)*")


def apart(found: float, needed: float) -> tuple[str, str]:
    """Write two unlike numbers with as few digits, six at least, as tell them apart.

    Examples:
        >>> apart(150.0000001, 150.0), apart(200.0, 150.0)
        (('150.0000001', '150'), ('200', '150'))
    """
    for digits in range(6, 17):
        texts = f"{found:.{digits}g}", f"{needed:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return repr(found), repr(needed)


def cleaned(text: str) -> str:
    """Return text without what a terminal obeys or a page cannot hold; line ends and tabs stay.

    Gone are control characters, whole commands to a terminal (a colour, a title), marks that turn the direction of
    writing, and code points that are no characters.

    Examples:
        >>> cleaned("\\x1b]0;title\\x07North \\x1b[31m1\\x1b[0m\\x02"), cleaned("[/b] 抚顺")
        ('North 1', '[/b] 抚顺')
    """
    return _CONTROL.sub("", _COMMAND.sub("", text)) if not text.isprintable() else text


def first_control(text: str) -> tuple[int, str]:
    """Return where the first character stands that :func:`cleaned` takes out, and its name; -1 where there is none.

    A carriage return is a line end here.

    Examples:
        >>> first_control("a\\r\\nb\\x1b"), first_control("North 1")
        ((4, 'U+001B'), (-1, ''))
    """
    if text.isprintable():
        return -1, ""
    for match in _CONTROL.finditer(text):
        if match[0] != "\r":
            return match.start(), f"U+{ord(match[0]):04X}"
    return -1, ""


def neutralised(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula: led by an apostrophe where it could be one.

    Numbers and ranges stay as they are. :func:`restored` gives the text back.

    Examples:
        >>> neutralised("=HYPERLINK(1)"), neutralised("-2+3"), neutralised("-2..3"), neutralised("North 1")
        ("'=HYPERLINK(1)", "'-2+3", '-2..3', 'North 1')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """Return the text that :func:`neutralised` was given.

    Examples:
        >>> restored("'=HYPERLINK(1)"), restored("'t Zand")
        ('=HYPERLINK(1)', "'t Zand")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def wrapped(text: str, width: int) -> list[str]:
    """Return text as lines of a width in letters; a Chinese character is two wide, and a line may end after any.

    Examples:
        >>> wrapped("plants and prices", 11), wrapped("来源：案例，2013年4月", 12)
        (['plants and', 'prices'], ['来源：案例，', '2013年4月'])
    """
    lines = textwrap.wrap(text, width)
    if all(map(str.isascii, lines)) or not any(map(_wide, text)):
        return lines
    lines = [""]
    for part in _BREAKS.findall(text):
        if lines[-1] and _width(lines[-1] + part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def _wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _width(text: str) -> int:
    return sum(1 + _wide(letter) for letter in text)
