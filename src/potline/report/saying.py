"""Say a sentence: the template of a key, its numbers written by the rules of ``words``."""

from __future__ import annotations

__all__ = ["Value", "called", "check_called", "coded", "each_line", "filled", "say"]

import re
from collections.abc import Mapping, Sequence

from potline.report.catalogue import has, template, templates
from potline.report.words import (
    amount,
    counted,
    listing,
    money,
    money_m,
    month_words,
    percent,
    rounded,
    set_text,
    short,
    signed,
    some,
    tonnes,
    unit_words,
)

Value = str | float | Sequence[str]
"""What a field takes: words, a number, or names."""
_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_PART = re.compile("(: |, )")
_SIZED = {"amount": amount, "signed": signed, "percent": percent}
_PLAIN = {"tonnes": tonnes, "rounded": rounded, "short": short}
_MONEY = {"money": money, "money_m": money_m}


def say(key: str, /, **fields: Value) -> str:
    """Return the sentence of a key with its numbers filled in.

    A field says how its number is written: ``{cut:tonnes}``, ``{share:percent.1}``, ``{gain:money_m}`` in the
    ``currency`` named beside, ``{owners:listing.4}``, ``{owners:nouns.owner}`` with the noun in the right number,
    ``{idle:some.idle_lines}`` with "no idle lines" where there are none, or as Python writes it, ``{draws:,}``. A
    choice is called by its name, ``{best:names.rule}``, and a code of the files by its word, ``{verdict:code}``. Where
    a template has forms by number, ``count`` chooses.

    Args:
        key: room and name.
        fields: what stands in it, by name.

    Raises:
        KeyError: no such sentence, or a field that is not named.

    Examples:
        >>> say("numbers.share_with_error", share="31 %", error="1.2 %")
        '31 % ± 1.2 %'
    """
    count = fields.get("count")
    return filled(template(key, count if isinstance(count, (int, float)) else None), fields)


def called(kind: str, name: str) -> str:
    """Return what a choice is called.

    Args:
        kind: of choice, a section of the room ``names``.
        name: of the choice, as in files.

    Examples:
        >>> called("rule", "efficient")
        'dearest tonnes first'
    """
    return template(f"names.{kind}.{name}")


def coded(text: str) -> str:
    """Return what a code of the files is called; the text itself where it is none that the catalogue knows.

    Examples:
        >>> coded("no agreement"), coded("Fushun")
        ('no agreement', 'Fushun')
    """
    return called("code", text) if "." not in text and has(f"names.code.{text}") else text


def check_called(name: str) -> str:
    """Return the name of a check in the words of the language, part by part; a part that it does not know as it is.

    Examples:
        >>> check_called("no deal, observed: waiting"), check_called("toy: my own check")
        ('no deal, observed: waiting', 'toy: my own check')
    """
    return "".join(
        template(f"checks.{part}") if has(f"checks.{part}") else part.replace("_", " ") for part in _PART.split(name)
    )


def each_line(key: str) -> list[str]:
    """Return the lines of a list, which hold no numbers.

    Examples:
        >>> each_line("numbers.months")[3]
        'April'
    """
    room, _, name = key.partition(".")
    return list(templates(room)[name])


def filled(text: str, named: Mapping[str, Value]) -> str:
    """Return a template with its fields filled in.

    Examples:
        >>> filled("{owners:nouns.owner} would idle {cut:tonnes}", {"owners": 1, "cut": 535.0})
        '1 owner would idle 535 kt/year'
    """
    units = {name: unit_words(str(named[name])) for name in ("currency", "unit") if name in named}
    said = {**named, **units}
    return set_text(_FIELD.sub(lambda match: _written(said[match[1]], match[2] or "", said), text))


def _written(value: Value, how: str, named: Mapping[str, Value]) -> str:
    name, _, more = how.partition(".")
    if not isinstance(value, (int, float)):
        if name == "listing":
            return listing([value] if isinstance(value, str) else value, **({"most": int(more)} if more else {}))
        if name in ("names", "code"):
            return called(more, str(value)) if more else coded(str(value))
        return month_words(str(value)) if name == "month" else str(value)
    if name == "nouns":
        return counted(int(value), more)
    if name == "some":
        return some(value, more)
    if name in _MONEY:
        return _MONEY[name](value, str(named["currency"]))
    if name in _SIZED:
        return _SIZED[name](value, int(more or 0))
    return _PLAIN[name](value) if name in _PLAIN else format(value, how)
