"""Numbers in words: thousands apart, a true minus sign, units with every number.

What the brief, the figures' sentences and the command line print goes through these few functions, so that the same
number reads the same everywhere.
"""

from __future__ import annotations

__all__ = [
    "amount",
    "cell_words",
    "counted",
    "headed",
    "listing",
    "money",
    "money_m",
    "month_words",
    "opening",
    "percent",
    "quantity",
    "range_words",
    "rounded",
    "set_text",
    "short",
    "signed",
    "some",
    "tonnes",
    "unit_words",
    "with_error",
]

import math
import re
from collections.abc import Sequence

from potline.report.catalogue import template, templates

MINUS = "−"
_UNIT_PART = re.compile("([ /,])")
_NOTHING = 1e-3  # kt: less is nothing


def amount(value: float, digits: int = 0) -> str:
    """Write a number with thousands apart and a true minus sign.

    Examples:
        >>> amount(14600.4), amount(-1250.26, 1), amount(float("nan")), amount(float("inf"))
        ('14,600', '−1,250.3', 'n/a', 'no limit')
    """
    if math.isnan(value):
        return template("numbers.not_known")
    if math.isinf(value):
        return template("numbers.no_limit") if value > 0 else f"{MINUS}{template('numbers.no_limit')}"
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def cell_words(cell: str | float | bool | None, digits: int = 0) -> str:
    """Write a cell of a table for people: blank for nothing, words as they are, numbers with thousands apart.

    ``digits`` below 0 keeps the decimals a number has, up to six figures.

    Examples:
        >>> cell_words(None), cell_words("Henan"), cell_words(True), cell_words(1234.5, 1), cell_words(0.08, -1)
        ('', 'Henan', 'yes', '1,234.5', '0.08')
    """
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return template("numbers.yes" if cell else "numbers.no")
    if math.isnan(cell):
        return ""
    if digits < 0 and math.isfinite(cell):
        return f"{cell:,.6g}".replace("-", MINUS)
    return amount(float(cell), max(digits, 0))


def quantity(value: float, unit: str, digits: int = 0) -> str:
    """Write a number with its unit.

    Examples:
        >>> quantity(27703.0, "kt/year")
        '27,703 kt/year'
    """
    return set_text(f"{amount(value, digits)} {unit_words(unit)}")


def unit_words(unit: str) -> str:
    """Write a unit or a currency as the language does, part by part; a part it does not know as it is.

    Examples:
        >>> unit_words("m CNY/year"), unit_words("letters")
        ('m CNY/year', 'letters')
    """
    named = templates("numbers.unit")
    if unit in named:
        return named[unit]
    return set_text("".join(named.get(part, part) for part in _UNIT_PART.split(unit)))


def headed(label: str, unit: str) -> str:
    """Write what stands above a column or along an axis, with its unit.

    Examples:
        >>> headed("Capacity", "kt/year"), headed("Owner", "")
        ('Capacity, kt/year', 'Owner')
    """
    return template("numbers.heading").format(label=label, unit=unit_words(unit)) if unit else label


def set_text(text: str) -> str:
    """Return text set by the rules of the language, which say where no blank stands; in English as it is.

    Examples:
        >>> set_text("No agreement. The best group misses.")
        'No agreement. The best group misses.'
    """
    for found, put in templates("numbers").get("setting", ()):
        text = re.sub(found, put, text)
    return text


def signed(value: float, digits: int = 0) -> str:
    """Write a number with its sign, plus included.

    Examples:
        >>> signed(420.0), signed(-310.0), signed(0.2)
        ('+420', '−310', '0')
    """
    text = amount(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def rounded(value: float, figures: int = 3) -> str:
    """Write a number to a count of significant figures, thousands apart, no trailing noise.

    Examples:
        >>> rounded(1234.6), rounded(0.031415), rounded(-18.27), rounded(8.0)
        ('1,235', '0.0314', '−18.3', '8')
    """
    if not math.isfinite(value) or value == round(value):
        return amount(value)
    digits = max(0, figures - 1 - math.floor(math.log10(abs(value))))
    return amount(value, digits)


def short(value: float, figures: int = 3) -> str:
    """Write a number to a count of significant figures without zeros at its end.

    Examples:
        >>> short(0.5), short(0.08), short(1400.0), short(-0.02564)
        ('0.5', '0.08', '1,400', '−0.0256')
    """
    text = rounded(value, figures)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, digits: int = 0) -> str:
    """Write a share as per cent.

    Examples:
        >>> percent(0.347), percent(0.0004, 1), percent(float("nan"))
        ('35 %', '0.0 %', 'n/a')
    """
    if math.isnan(share):
        return template("numbers.not_known")
    return template("numbers.share").format(size=amount(100.0 * share, digits))


def with_error(share: float, error: float, bound: float = math.nan) -> str:
    """Write a share with its standard error, or with its one-sided bound where it is 0 or 1.

    Examples:
        >>> with_error(0.31, 0.012), with_error(0.0, 0.0, 0.003)
        ('31 % ± 1.2 %', '0 % (at most 0.3 %)')
        >>> with_error(0.0009, 0.001), with_error(0.9963, 0.004)
        ('below 0.1 %', '99.6 % ± 0.4 %')
    """
    if not math.isnan(bound):
        side = template("numbers.at_most" if share < 0.5 else "numbers.at_least")
        return template("numbers.share_with_bound").format(share=percent(share), side=side, bound=percent(bound, 1))
    if 0.0 < share < 0.001:
        return template("numbers.below").format(share=percent(0.001, 1))
    if 0.999 < share < 1.0:
        return template("numbers.above").format(share=percent(0.999, 1))
    near = 0.0 < share < 0.005 or 0.995 <= share < 1.0
    return template("numbers.share_with_error").format(share=percent(share, int(near)), error=percent(error, 1))


def money_m(value_m: float, currency: str) -> str:
    """Write millions, in billions where that reads better.

    Examples:
        >>> money_m(1412.0, "CNY"), money_m(-96.4, "CNY"), money_m(3.27, "CNY")
        ('1.41 bn CNY', '−96 m CNY', '3.3 m CNY')
    """
    if math.isfinite(value_m) and abs(value_m) >= 999.5:
        return template("numbers.billions").format(size=rounded(value_m / 1000.0), currency=unit_words(currency))
    size = amount(value_m, 0 if abs(value_m) >= 10 else 1)
    return template("numbers.millions").format(size=size, currency=unit_words(currency))


def money(value_per_t: float, currency: str) -> str:
    """Write money per tonne.

    Examples:
        >>> money(14600.0, "CNY")
        '14,600 CNY/t'
    """
    return template("numbers.money_per_tonne").format(size=amount(value_per_t), currency=unit_words(currency))


def tonnes(value_kt: float) -> str:
    """Write capacity or output, in million tonnes where that reads better.

    Examples:
        >>> tonnes(21710.0), tonnes(535.0), tonnes(0.0), tonnes(0.7 + 0.1), tonnes(0.02), tonnes(2.0)
        ('21.7 Mt/year', '535 kt/year', 'none', '0.8 kt/year', '0.02 kt/year', '2 kt/year')
    """
    if abs(value_kt) < _NOTHING:
        return template("numbers.no_tonnes")
    if abs(value_kt) < 9.95:
        return template("numbers.thousand_tonnes").format(size=f"{value_kt:.2g}".replace("-", MINUS))
    if math.isfinite(value_kt) and abs(value_kt) >= 9_999.5:
        return template("numbers.million_tonnes").format(size=amount(value_kt / 1000.0, 1))
    return template("numbers.thousand_tonnes").format(size=amount(value_kt))


def some(value_kt: float, noun: str) -> str:
    """Write how much of something there is, as the subject of a sentence in the plural.

    Examples:
        >>> some(535.0, "running_lines"), some(0.0, "running_lines")
        ('535 kt/year of running lines', 'no running lines')
    """
    return template(f"nouns.{noun}", 0 if abs(value_kt) < _NOTHING else None).replace("{n}", tonnes(value_kt))


def opening(text: str) -> str:
    """Write words as the start of a sentence; units keep their letters.

    Examples:
        >>> opening("no running lines"), opening("15.7 Mt/year of running lines")
        ('No running lines', '15.7 Mt/year of running lines')
    """
    return text[:1].upper() + text[1:]


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Examples:
        >>> counted(1, "plant"), counted(12, "plant"), counted(0, "plant")
        ('1 plant', '12 plants', 'no plants')
    """
    return template(f"nouns.{noun}", count).replace("{n}", format(count, ","))


def listing(names: Sequence[str], most: int = 6) -> str:
    """Write names as a list a sentence can hold.

    Examples:
        >>> listing(["Chalco"]), listing(["Chalco", "CPI", "Xinfa"]), listing(["a", "b", "c", "d"], most=2)
        ('Chalco', 'Chalco, CPI and Xinfa', 'a, b and 2 others')
    """
    if not names:
        return template("numbers.nobody")
    shown = list(names[:most])
    if len(names) > most:
        rest = len(names) - most
        shown.append(template("numbers.others", rest).format(n=rest))
    if len(shown) == 1:
        return shown[0]
    return template("numbers.before_last_name").join((template("numbers.between_names").join(shown[:-1]), shown[-1]))


def range_words(low: float, high: float, unit: str = "", digits: int = 0) -> str:
    """Write a range, or one number where both ends agree.

    Examples:
        >>> range_words(2400.0, 2490.0, "CNY/t"), range_words(0.7, 0.7, digits=1)
        ('2,400 to 2,490 CNY/t', '0.7')
    """
    text = amount(low, digits)
    if low != high:
        text = template("numbers.range").format(low=text, high=amount(high, digits))
    return set_text(f"{text} {unit_words(unit)}".rstrip())


def month_words(date: str) -> str:
    """Write ``YYYY-MM`` or ``YYYY-MM-DD`` in words.

    Examples:
        >>> month_words("2013-04"), month_words("2013-04-10"), month_words("soon")
        ('April 2013', '10 April 2013', 'soon')
    """
    parts = date.split("-")
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    name = templates("numbers")["months"][int(parts[1]) - 1]
    if len(parts) == 2:
        return template("numbers.month").format(name=name, year=parts[0])
    return template("numbers.day").format(day=int(parts[2]), name=name, year=parts[0])
