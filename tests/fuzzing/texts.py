"""Texts that a number, a name or a date may be replaced by, and what may happen to any text."""

from __future__ import annotations

from random import Random

NUMBERS = (
    "0", "-0", "1", "-1", "-5", "0.5", "1e-9", "1e-10", "-1e-9", "5e-324", "1e-320", "1e9", "1e12", "1.1e12", "1e15",
    "-1e12", "1e30", "1e300", "1e308", "1e309", "-1e309", "nan", "-nan", "NaN", "inf", "-inf", "Infinity", "+inf",
    "1e999999999", "0x10", "1_000", "1,000", "1.000,5", "0,042", "4.5%", "%", "1..2", "2..1", "0..1e12", "nan..1",
    "1..inf", "-inf..inf", "5 in 1..2", "1 in 1..1", "1.5 in 1..2", "0 in 0..0", "1 in 0.5..1e300", "..", "1..", "in",
    "1 .. 2", "−5", "٣", "１２", "½", "1e", "e1", "--1", "+-1", "1 2", "$5", "5 EUR", "N/A", "#N/A", "-", "?", "true",
    "yes", "TRUE()", "=1+1", "'5", "9" * 99, "9" * 101, "0." + "0" * 80 + "1", "1" * 5000, "0" * 300,
)  # fmt: skip
NAMES = (
    "", " ", "Alpha", "Beta Smelting", "Alpha, Inc.", 'The "new" one', "A;B", "[x]", "a=b", "*", "]. [", "'quoted",
    "Total", "total:", "合计", "Sum", "All", "抚顺", "Ünïcode", "é", "e\u0301", "\u200b", "\u202egnp", "\u2028", "\x85",
    "a\tb", "a\nb", "a\rb", "\x00", "\x1b[31mred", "\x7f", "\ufeff", "\U0001f3ed", "../../etc/passwd", "/dev/zero",
    "CON", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{0}", "%s%n", "$(id)", "x" * 500, "x" * 70_000, ";",
    ";;", ",", '"', '""', "nan", "None", "null", "0", "abroad", "market", "Northland ", "northland",
    "Northland;Southland",
)  # fmt: skip
DATES = (
    "2020", "2020-01", "2020-13", "2020-00", "2020-1", "2020-01-32", "2020-02-30", "0000-01", "9999-12", "10000-01",
    "-2020-01", "2020/01", "Jan 2020", "2020-01-15T00:00:00Z", "43831", "٢٠٢٠-٠١", "2019-12", "2021-01", "1970-01-01",
)  # fmt: skip
WORDS = (
    "yes", "no", "YES", "linear", "isoelastic", "at_cost", "at_market", "pro_rata", "efficient", "stated", "included",
    "excluded", "none", "reported", "assumed", "grid", "captive", "high", "low", "power_subsidy", "lump_sum",
    "state_purchase", "EUR/t", "CNY/t", "EUR/kWh", "kt", "kt/year", "t/year", "m EUR/year", "1", "a year", "set", "add",
    "multiply", "mandate", "pledge", "EUR", "USD", "CUR", "eur", "example", "S1", "plant[*].restart_cost_per_t",
    "demand.elasticity", "price_per_t", "plant[Gamma].capacity_kt", "noise.common_per_t", "meeting.least_cut_kt",
)  # fmt: skip
EVERY = (NUMBERS, NAMES, DATES, WORDS)
INSERTED = "\",;'[]{}=*.+-#\\/\n\r\t\x00\x1b\u202e\u2028\x85\ufeff\U0001f3ed0%é"


def some_text(draw: Random) -> str:
    """Return a text of any kind."""
    return draw.choice(draw.choice(EVERY))


def some_number(draw: Random) -> str:
    """Return a number of any size, or something like one."""
    if draw.random() < 0.6:
        return draw.choice(NUMBERS)
    size = 10.0 ** draw.uniform(-12.0, 14.0)
    return f"{size * draw.choice((1, 1, 1, -1)):.{draw.randint(1, 17)}g}"


def scaled(draw: Random, text: str) -> str:
    """Return a number multiplied by a factor near or far; another number where it is none."""
    try:
        value = float(text)
    except ValueError:
        return some_number(draw)
    factor = draw.choice((0.0, 0.5, 0.9, 1.1, 2.0, 10.0, 1000.0, 1e-3, 1e-6, 1e6, -1.0))
    return f"{value * factor:g}"


def edited(draw: Random, text: str) -> str:
    """Return a text with a few characters cut, put in, doubled or swapped."""
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        at = draw.randint(0, len(text))
        other = draw.randint(0, len(text))
        low, high = min(at, other), max(at, other)
        text = draw.choice(
            (
                text[:at] + draw.choice(INSERTED) + text[at:],
                text[:at] + text[at + 1 :],
                text[:low] + text[high:] if high - low < 40 else text[:at] + text[at + 5 :],
                text[:high] + text[low:high] + text[high:],
                text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
                text[:at] + some_text(draw) + text[at:],
            )
        )
    return text
